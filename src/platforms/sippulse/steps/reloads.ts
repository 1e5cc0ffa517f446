import type { Finding } from '../../port.ts';
import { customerNativeOf } from '../native.ts';
import { reload, RELOAD_OF_ADDRESSES, reloadOfSubscriber, type Reload } from '../shared/reload.ts';
import { numberOrNull } from '../read.ts';
import { managerOf } from '../shared/account-group.ts';
import { byHand, neededStep, userOf, type Context, type Kind } from './common.ts';

/** Steps whose changes the proxies read with the subscriber. */
const OF_SUBSCRIBER = [
  'subscriber',
  'services',
  'callForwards',
  'preferences',
  'switches',
  'quotas',
  'voicemail',
  'whiteList',
];

/** What a person did by hand may have changed anything. */
function hasChanged(ctx: Context, kind: string): boolean {
  const outcome = neededStep(ctx, kind)?.outcome;
  return outcome === 'created' || outcome === 'changed' || outcome === 'skipped';
}

/**
 * A step that makes changes known to the proxies, when there are any. Whether they know already cannot be seen, so it is
 * done again after a doubt: that does no harm. The undo of each change reloads by itself, so this one has none.
 */
function reloadStep(reloads: (ctx: Context) => readonly Reload[]): Kind {
  return {
    nature: 'change',
    opensSecrets: false,
    uses: [],
    resultShape: byHand({}),
    find: (ctx): Promise<Finding> =>
      Promise.resolve(
        reloads(ctx).length === 0
          ? { state: 'present', ours: ctx.intent !== null, result: {} }
          : { state: 'different', before: null },
      ),
    async do(ctx) {
      for (const one of reloads(ctx)) await reload(ctx, one);
      return {};
    },
    undo: () => Promise.resolve(),
  };
}

/** Once per subscriber, after all its changes. */
export const reloadSubscriberStep = reloadStep((ctx) => {
  const own = OF_SUBSCRIBER.some((kind) => hasChanged(ctx, kind)) ? [reloadOfSubscriber(userOf(ctx))] : [];
  const group = customerNativeOf(ctx.order.customer.native).accountGroup;
  if (!group || !hasChanged(ctx, 'accountGroup')) return own;
  return [...own, reloadOfSubscriber(managerOf(group.accountManager, userOf(ctx).domain))];
});

/** Each DID that was made. */
export const reloadDidStep = reloadStep((ctx) => {
  if (!hasChanged(ctx, 'numbers')) return [];
  const entries = neededStep(ctx, 'numbers')?.result['entries'] ?? {};
  return Object.values(entries as object)
    .map(numberOrNull)
    .filter((didId) => didId !== null)
    .map((didId) => ({ operation: 'reloadDid', args: { didId } }) as const);
});

/** All addresses of the target at once: shared by the orders that ask for it at the same time. */
export const reloadAddressStep = reloadStep((ctx) => (hasChanged(ctx, 'addresses') ? [RELOAD_OF_ADDRESSES] : []));
