import { byHand } from '../../operations/spec.ts';
import type { Finding } from '../../port.ts';
import { during, oneAtATime } from '../../turns.ts';
import { customerId } from '../shared/by-hand.ts';
import { findAccount } from '../shared/accounts.ts';
import { idOf } from '../shared/customers.ts';
import { bringGroupsTo } from '../shared/groups.ts';
import { sipIdOf, turnFor, turnOf, type Context, type Kind } from '../shared/kinds.ts';
import { accountsOwnedBy, sipIdIn } from '../shared/lists.ts';
import { textsOf } from '../shared/read.ts';
import type { Item, NgnproClient, SipId } from '../types.ts';
import { locateAccount, locateCustomer } from './locate.ts';

/** Who is in it can neither register nor call (ngnpro.md, "Groups"). */
const BLOCKED = 'blocked';

const isBlocked = (account: Item): boolean => textsOf(account['groups']).includes(BLOCKED);

async function block(client: NgnproClient, sipId: SipId, isWanted: boolean): Promise<void> {
  const [joined, left] = isWanted ? [[BLOCKED], []] : [[], [BLOCKED]];
  await bringGroupsTo(client, sipId, { joined, left });
}

/** One subscriber. */
function subscriberStep(isWanted: boolean): Kind {
  const step: Kind = {
    nature: 'change',
    opensSecrets: false,
    uses: ['subscribers.*.username', 'subscribers.*.domain'],
    resultShape: byHand({}),

    async find(ctx): Promise<Finding> {
      if (isBlocked(await locateAccount(ctx)) === isWanted) {
        return { state: 'present', ours: ctx.intent !== null, result: {} };
      }
      return { state: 'different', before: { blocked: !isWanted } };
    },

    async do(ctx) {
      await locateAccount(ctx);
      await block(ctx.client, sipIdOf(ctx), isWanted);
      return {};
    },

    async undo(ctx) {
      if (ctx.intent?.state !== 'different') return;
      const found = await findAccount(ctx.client, sipIdOf(ctx));
      if (found && isBlocked(found) === isWanted) await block(ctx.client, sipIdOf(ctx), !isWanted);
    },
  };
  return oneAtATime(step, turnOf);
}

/** All subscribers of the customer; undo leaves alone those that were so before. Result: `{ customerId }`. */
function customerStep(isWanted: boolean): Kind {
  async function othersOf(ctx: Context): Promise<{ id: number; others: SipId[] }> {
    const id = idOf(await locateCustomer(ctx));
    const accounts = await accountsOwnedBy(ctx.client, id);
    return { id, others: accounts.filter((one) => isBlocked(one) !== isWanted).map(sipIdIn) };
  }

  /** What is gone need not be brought back. */
  async function bring(ctx: Context, sipIds: readonly SipId[], to: boolean): Promise<void> {
    for (const sipId of sipIds) {
      await during(ctx, turnFor(sipId), async () => {
        const found = await findAccount(ctx.client, sipId);
        if (found && isBlocked(found) !== to) await block(ctx.client, sipId, to);
      });
    }
  }

  return {
    nature: 'change',
    opensSecrets: false,
    uses: ['customer.externalId'],
    resultShape: byHand({ customerId }),

    async find(ctx): Promise<Finding> {
      const { id, others } = await othersOf(ctx);
      if (others.length > 0) return { state: 'different', before: others.map((one) => ({ ...one })) };
      await endTurns(ctx);
      return { state: 'present', ours: ctx.intent !== null, result: { customerId: id } };
    },

    async do(ctx) {
      const { id, others } = await othersOf(ctx);
      await bring(ctx, others, isWanted);
      return { customerId: id };
    },

    async undo(ctx) {
      if (ctx.intent?.state !== 'different') return;
      await bring(ctx, ctx.intent.before as unknown as readonly SipId[], !isWanted);
    },
  };
}

/** The attempt that did it may have died with a turn in hand. */
async function endTurns({ intent, shared }: Context): Promise<void> {
  if (intent?.state !== 'different') return;
  for (const sipId of intent.before as unknown as readonly SipId[]) await shared.endTurn(turnFor(sipId).at);
}

export const SUSPEND_STEPS = { customer: customerStep(true), subscriber: subscriberStep(true) };
export const RESUME_STEPS = { customer: customerStep(false), subscriber: subscriberStep(false) };
