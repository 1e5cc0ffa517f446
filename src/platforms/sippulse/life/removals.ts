import { TurnupError } from '../../../errors/index.ts';
import type { Finding, Json, StepResult } from '../../port.ts';
import { HUNT_GROUP } from '../operations/collections.ts';
import { beforeOf, noWayBack } from '../operations/spec.ts';
import { itemsOf, numberOrNull, textOrNull } from '../read.ts';
import { ACCOUNT_GROUP_SERVICE, groupOf } from '../shared/account-group.ts';
import { gone, reloadOfSubscriber, type Reload } from '../shared/reload.ts';
import { removeAndLook } from '../shared/removal.ts';
import { takeTurn } from '../shared/turn.ts';
import { asFound } from '../soap/clean.ts';
import { accountOf, byHand, neededStep, retrieve, userOf, WS, type Context, type Kind } from '../steps/common.ts';
import { ownSubscriberIfAny } from '../steps/owner.ts';
import { hasChanged, idsIn, reloadStep } from '../steps/reloads.ts';
import type { Item } from '../types.ts';
import { wasGone } from './ownership.ts';
import { listResult, type ReplacedList } from './replaced-list.ts';

/*
 * What a terminate order takes away: what hangs on a subscriber, then itself, as nothing tells what removing a subscriber
 * takes along (sippulse.md, "Retry …"). There is no way back. What is gone already is success.
 */

const ownOf = (ctx: Context): Promise<Item | null> =>
  ownSubscriberIfAny(ctx.client, userOf(ctx), ctx.order.customer.externalId);

/** @param list what is there; ids of all that was are kept, for the reloads that follow: `{ removed }` */
function removing(
  what: string,
  list: (ctx: Context) => Promise<readonly Item[]>,
  remove: (ctx: Context, item: Item) => Promise<unknown>,
): Kind {
  const idsOf = (items: readonly Item[]): number[] =>
    items.map(({ id }) => numberOrNull(id)).filter((id) => id !== null);
  const known = ({ intent }: Context): number[] => (intent?.state === 'different' ? idsIn(intent.before) : []);
  const resultOf = (ctx: Context, ids: readonly number[] = []): StepResult => ({
    removed: [...new Set([...known(ctx), ...ids])],
  });

  return {
    nature: 'change',
    opensSecrets: false,
    uses: ['subscribers.*.username', 'subscribers.*.domain'],
    resultShape: listResult,
    async find(ctx): Promise<Finding> {
      // An order may be held for days since its owner was looked at, or that step was skipped.
      if (!wasGone(ctx)) await ownOf(ctx);
      const found = wasGone(ctx) ? [] : await list(ctx);
      if (found.length > 0) return { state: 'different', before: idsOf(found) };
      return { state: 'present', ours: ctx.intent !== null, result: resultOf(ctx) };
    },
    async do(ctx, finding) {
      for (const item of await list(ctx)) await remove(ctx, item);
      return resultOf(ctx, idsIn(beforeOf(finding)));
    },
    undo: noWayBack(`removing ${what}`),
  };
}

export const removeListStep = (what: string, { list, nameOf, remove }: ReplacedList): Kind =>
  removing(what, list, (ctx, item) =>
    removeAndLook(
      () => remove(ctx, item),
      async () => (await list(ctx)).some((one) => nameOf(one) === nameOf(item) && one['id'] === item['id']),
    ),
  );

const isMember = (ctx: Context, group: Item): boolean => membersOf(group).includes(userOf(ctx).username);
const membersOf = (group: Item): string[] => (textOrNull(group['groupList']) ?? '').split(';');

async function huntGroups(ctx: Context): Promise<Item[]> {
  const { service, operation, element } = HUNT_GROUP.listing;
  return itemsOf(await ctx.client.read(service, operation, { domain: userOf(ctx).domain }), element);
}

const huntGroupsOf = async (ctx: Context): Promise<Item[]> =>
  (await huntGroups(ctx)).filter((group) => isMember(ctx, group));

/**
 * The subscriber as a member of hunt groups. A group cannot be empty, so one goes with its last member. One at a time per
 * group: its list is sent back whole.
 */
export const removeFromHuntGroupsStep = removing('a member of hunt groups', huntGroupsOf, async (ctx, { id }) => {
  const at = `huntGroup:${String(id)}`;
  await takeTurn(ctx, at, `changing hunt group ${String(id)}`);
  try {
    const group = (await huntGroupsOf(ctx)).find((one) => one['id'] === id);
    if (group) await leave(ctx, group);
  } finally {
    await ctx.shared.endTurn(at);
  }
});

async function leave(ctx: Context, group: Item): Promise<void> {
  const { service, element, update, remove, removeArgs } = HUNT_GROUP;
  const others = membersOf(group).filter((member) => member !== userOf(ctx).username);
  await removeAndLook(
    () =>
      others.length > 0
        ? ctx.client.write(service, update, { [element]: asFound({ ...group, groupList: others.join(';') }) })
        : ctx.client.write(service, remove, removeArgs(group, group['id'])),
    async () => (await huntGroupsOf(ctx)).some((one) => one['id'] === group['id']),
  );
}

const ownGroup = (ctx: Context) => groupOf(ctx.client, accountOf(ctx), userOf(ctx).domain);

/**
 * The group of accounts that the subscriber manages. Groups that it is in are known to their managers only: nothing lists
 * them by member.
 */
export const removeAccountGroupStep: Kind = removing(
  'a group of accounts',
  async (ctx) => ((await ownGroup(ctx)).accounts.length > 0 ? [{ accountManager: accountOf(ctx) }] : []),
  async (ctx, { accountManager }) => {
    const { accounts, managerProfile } = await ownGroup(ctx);
    if (managerProfile === null) {
      throw new TurnupError('TURNUP_TARGET_REJECTED', {
        detail: `the platform does not tell the profile of the group that ${accountOf(ctx)} manages`,
        hint: 'Take the accounts out of the group on the platform, then retry.',
      });
    }
    await removeAndLook(
      () =>
        ctx.client.write(ACCOUNT_GROUP_SERVICE, 'removeAccountGroup', {
          accountManager,
          managerProfile,
          account: accounts,
        }),
      async () => (await ownGroup(ctx)).accounts.length > 0,
    );
  },
);

/** The subscriber itself; who has its name now is looked at once more. Result: `{}`. */
export const removeSubscriberStep: Kind = {
  nature: 'change',
  opensSecrets: false,
  uses: ['subscribers.*.username', 'subscribers.*.domain'],
  resultShape: byHand({}),
  async find(ctx): Promise<Finding> {
    const found = wasGone(ctx) ? null : await ownOf(ctx);
    if (!found) return { state: 'present', ours: ctx.intent !== null, result: {} };
    return { state: 'different', before: numberOrNull(found['id']) as Json };
  },
  async do(ctx) {
    await removeAndLook(
      () => ctx.client.write(WS, 'removeSubscriber', userOf(ctx)),
      async () => (await retrieve(ctx)) !== null,
    );
    return {};
  },
  undo: noWayBack('removing a subscriber'),
};

const OF_SUBSCRIBER = ['whiteList', 'huntGroups', 'accountGroup', 'subscriber'];

export const reloadGoneSubscriberStep = reloadStep((ctx) =>
  OF_SUBSCRIBER.some((kind) => hasChanged(ctx, kind)) ? [gone(reloadOfSubscriber(userOf(ctx)))] : [],
);

const reloadOfHuntGroup = (huntGroupId: number): Reload => ({ operation: 'reloadHuntGroup', args: { huntGroupId } });

/** Each hunt group that the subscriber was in; some went with it. */
export const reloadHuntGroupsStep = reloadStep(async (ctx) => {
  const ids = hasChanged(ctx, 'huntGroups') ? idsIn(neededStep(ctx, 'huntGroups')?.result['removed']) : [];
  if (ids.length === 0) return [];
  const left = (await huntGroups(ctx)).map(({ id }) => numberOrNull(id));
  return ids.map((id) => (left.includes(id) ? reloadOfHuntGroup(id) : gone(reloadOfHuntGroup(id))));
});
