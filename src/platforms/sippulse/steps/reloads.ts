import type { Finding } from '../../port.ts';
import { customerNativeOf } from '../native.ts';
import { gone, reload, RELOAD_OF_ADDRESSES, reloadOfSubscriber, type Reload } from '../shared/reload.ts';
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
export function hasChanged(ctx: Context, kind: string): boolean {
  const outcome = neededStep(ctx, kind)?.outcome;
  return outcome === 'created' || outcome === 'changed' || outcome === 'skipped';
}

/**
 * A step that makes changes known to the proxies, when there are any. Whether they know already cannot be seen, so it is
 * done again after a doubt: that does no harm. The undo of each change reloads by itself, so this one has none.
 */
export function reloadStep(reloads: (ctx: Context) => readonly Reload[] | Promise<readonly Reload[]>): Kind {
  return {
    nature: 'change',
    opensSecrets: false,
    uses: [],
    resultShape: byHand({}),
    async find(ctx): Promise<Finding> {
      const isNone = (await reloads(ctx)).length === 0;
      return isNone
        ? { state: 'present', ours: ctx.intent !== null, result: {} }
        : { state: 'different', before: null };
    },
    async do(ctx) {
      for (const one of await reloads(ctx)) await reload(ctx, one);
      return {};
    },
    undo: () => Promise.resolve(),
  };
}

/**
 * Once per subscriber, after all its changes.
 * @param more kinds of steps that change the subscriber too
 */
export const reloadSubscriberAfter = (...more: readonly string[]): Kind =>
  reloadStep((ctx) => {
    const isChanged = [...OF_SUBSCRIBER, ...more].some((kind) => hasChanged(ctx, kind));
    const own = isChanged ? [reloadOfSubscriber(userOf(ctx))] : [];
    const group = customerNativeOf(ctx.order.customer.native).accountGroup;
    if (!group || !hasChanged(ctx, 'accountGroup')) return own;
    return [...own, reloadOfSubscriber(managerOf(group.accountManager, userOf(ctx).domain))];
  });

export const reloadSubscriberStep = reloadSubscriberAfter();

/** A step's result names what it made by name, and what it removed. */
export const idsIn = (members: unknown): number[] =>
  Object.values(members ?? {})
    .map(numberOrNull)
    .filter((id) => id !== null);

export const reloadOfDid = (didId: number): Reload => ({ operation: 'reloadDid', args: { didId } });

/** Each DID that was made or removed. */
export const reloadDidStep = reloadStep((ctx) => {
  const { entries, removed } = (hasChanged(ctx, 'numbers') && neededStep(ctx, 'numbers')?.result) || {};
  return [...idsIn(removed).map((didId) => gone(reloadOfDid(didId))), ...idsIn(entries).map(reloadOfDid)];
});

/** All addresses of the target at once: shared by the orders that ask for it at the same time. */
export const reloadAddressStep = reloadStep((ctx) => (hasChanged(ctx, 'addresses') ? [RELOAD_OF_ADDRESSES] : []));
