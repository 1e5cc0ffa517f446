import { z } from 'zod';
import { TurnupError } from '../../../errors/index.ts';
import type { Finding, StepResult } from '../../port.ts';
import type { SipId } from '../types.ts';
import { balanceOf, creditHistory, DEPTHS, printOf, type CreditHistory } from './credit-history.ts';
import { digits, double, id, sipId, text } from './scalars.ts';
import { argsOf, beforeOf, byHand, noWayBack, type Context, type Item, type Kind, type OperationSpec } from './spec.ts';
import { sipIdIn } from './whole.ts';

/*
 * Money is given exactly once or held for a person. The platform does not keep two gifts apart, so each bears the key of
 * its order in its description, and after any doubt the account's credit history is looked at (ngnpro.md, "Retry …").
 */

/** What was known of an account before: which entries its history had. */
interface Before {
  readonly balance: number | null;
  readonly prints: readonly string[];
}

/** Something that shows as an entry of a credit history. */
interface Gift {
  /** What a person reads: `the voucher 12`. */
  readonly what: string;
  isIt(entry: Item): boolean;
  /** Whether an entry that is not plainly it may be it all the same. */
  mayBeIt(entry: Item): boolean;
}

/** Values are doubles on the wire. */
const SLACK = 1e-6;

const isNear = (value: unknown, wanted: number): boolean =>
  typeof value === 'number' && Math.abs(value - wanted) < SLACK;

const descriptionOf = ({ description }: Item): string => (typeof description === 'string' ? description.trim() : '');

/** @param mark in brackets, so that none is the beginning of another */
const marked = (value: number, mark: string): Gift => ({
  what: `${value} with the description ${mark}`,
  isIt: (entry) => descriptionOf(entry).includes(mark),
  // A platform that keeps no description, or only its beginning.
  mayBeIt: (entry) => isNear(entry['value'], value) && mark.startsWith(descriptionOf(entry)),
});

const ANY_MARK = /\[turnup:/;

const voucher = (number: unknown): Gift => {
  const named = new RegExp(`\\b${String(number)}\\b`);
  return {
    what: `the voucher ${String(number)}`,
    isIt: (entry) =>
      isGiven(entry) &&
      /card|voucher/i.test(`${String(entry['action'])} ${descriptionOf(entry)}`) &&
      named.test(descriptionOf(entry)),
    mayBeIt: (entry) => isGiven(entry) && !ANY_MARK.test(descriptionOf(entry)),
  };
};

const isGiven = ({ value }: Item): boolean => typeof value === 'number' && value > 0;

function doubtful({ what }: Gift, { username, domain }: SipId): TurnupError {
  return new TurnupError('TURNUP_OUTCOME_UNKNOWN', {
    class: 'conflict',
    detail: `whether ${username}@${domain} was given ${what} cannot be told from its credit history`,
    hint: 'Look at its balance and credit history on the platform. Bring the balance right, then skip the step.',
  });
}

/**
 * Whether something was given since.
 * @throws TurnupError of class `conflict` where the history does not tell
 */
async function wasGiven(ctx: Context, gift: Gift, prints: readonly string[]): Promise<boolean> {
  const account = sipIdIn(argsOf(ctx));
  const isNew = (entry: Item): boolean => !prints.includes(printOf(entry));
  for (const depth of DEPTHS) {
    const { entries, isWhole } = await creditHistory(ctx.client, account, depth);
    if (entries.some((entry) => isNew(entry) && gift.isIt(entry))) return true;
    // One that was known before shows that all since then are there.
    if (!isWhole && entries.every(isNew)) continue;
    if (entries.some((entry) => isNew(entry) && gift.mayBeIt(entry))) break;
    return false;
  }
  throw doubtful(gift, account);
}

const resultOf = (before: Before, balanceAfter: number | null): StepResult => ({
  balanceBefore: before.balance,
  balanceAfter,
});

/** The money is given by now: that nobody can read what it made of the balance must not hold the order. */
const balanceOrNull = (ctx: Context): Promise<number | null> =>
  balanceOf(ctx.client, sipIdIn(argsOf(ctx))).catch(() => null);

/** Result: `{ balanceBefore, balanceAfter }`, null where the platform does not tell. */
function giving(giftOf: (ctx: Context) => Gift, give: (ctx: Context) => Promise<unknown>): Omit<Kind, 'undo'> {
  return {
    nature: 'change',
    opensSecrets: false,
    resultShape: byHand({}),
    async find(ctx): Promise<Finding> {
      if (ctx.intent?.state === 'different') {
        const before = ctx.intent.before as unknown as Before;
        if (!(await wasGiven(ctx, giftOf(ctx), before.prints))) return { state: 'different', before: { ...before } };
        return { state: 'present', ours: true, result: resultOf(before, await balanceOrNull(ctx)) };
      }
      const account = sipIdIn(argsOf(ctx));
      const { entries } = await creditHistory(ctx.client, account, DEPTHS[0]);
      return {
        state: 'different',
        before: { balance: await balanceOf(ctx.client, account), prints: entries.map(printOf) },
      };
    },
    async do(ctx, finding) {
      await give(ctx);
      return resultOf(beforeOf(finding) as unknown as Before, await balanceOrNull(ctx));
    },
  };
}

const markOf = ({ key, operation }: Context): string => `[${key}/${operation?.id ?? ''}]`;
const undoMarkOf = ({ key, operation }: Context): string => `[${key}/${operation?.id ?? ''} undone]`;

const valueOf = (ctx: Context): number => Number(argsOf(ctx)['value']);

function addBalance(ctx: Context, value: number, mark: string): Promise<unknown> {
  const words = argsOf(ctx)['description'];
  const description = typeof words === 'string' ? `${mark} ${words}` : mark;
  return ctx.client.call('SipPort', 'addBalance', { sipId: sipIdIn(argsOf(ctx)), value, description });
}

/** A history that reaches back to the gift. */
async function historySince(ctx: Context, gift: Gift): Promise<CreditHistory> {
  const account = sipIdIn(argsOf(ctx));
  for (const depth of DEPTHS) {
    const history = await creditHistory(ctx.client, account, depth);
    if (history.isWhole || history.entries.some((entry) => gift.isIt(entry))) return history;
  }
  throw doubtful(gift, account);
}

const balance: Kind = {
  ...giving(
    (ctx) => marked(valueOf(ctx), markOf(ctx)),
    (ctx) => addBalance(ctx, valueOf(ctx), markOf(ctx)),
  ),
  /** Takes it back by a gift of the opposite value, which the platform is assumed to take. */
  async undo(ctx) {
    if (ctx.intent?.state !== 'different') return;
    const gift = marked(valueOf(ctx), markOf(ctx));
    const { prints } = ctx.intent.before as unknown as Before;
    if (!(await wasGiven(ctx, gift, prints))) return;
    const taken = marked(-valueOf(ctx), undoMarkOf(ctx));
    const { entries } = await historySince(ctx, gift);
    if (entries.some((entry) => taken.isIt(entry))) return;
    if (entries.some((entry) => !prints.includes(printOf(entry)) && taken.mayBeIt(entry))) {
      throw doubtful(taken, sipIdIn(argsOf(ctx)));
    }
    await addBalance(ctx, -valueOf(ctx), undoMarkOf(ctx));
  },
  /** Takes back what the history has by this order's key beside the one gift that the record names. */
  async tidy(ctx, recorded) {
    const [gift, taken] = [marked(valueOf(ctx), markOf(ctx)), marked(-valueOf(ctx), undoMarkOf(ctx))];
    const { entries } = await creditHistory(ctx.client, sipIdIn(argsOf(ctx)), DEPTHS[1]);
    const count = ({ isIt }: Gift): number => entries.filter(isIt).length;
    const extra = count(gift) - count(taken) - (recorded === null ? 0 : 1);
    for (let left = extra; left > 0; left--) await addBalance(ctx, -valueOf(ctx), undoMarkOf(ctx));
    return Math.max(extra, 0);
  },
};

const cardOf = (ctx: Context): Item => argsOf(ctx)['card'] as Item;

/** A card is good once, so trying again gives nothing twice; the number is a secret. */
const fromVoucher: Kind = {
  ...giving(
    (ctx) => voucher(cardOf(ctx)['id']),
    (ctx) => ctx.client.call('SipPort', 'addBalanceFromVoucher', { sipId: sipIdIn(argsOf(ctx)), card: cardOf(ctx) }),
  ),
  opensSecrets: true,
  undo: noWayBack('using a voucher'),
};

const LOOKS = ['SipPort.getCreditHistory', 'SipPort.getPrepaidStatus'];

export const BALANCE: readonly OperationSpec[] = [
  {
    service: 'SipPort',
    operation: 'addBalance',
    title: 'Give a prepaid account money',
    args: z.strictObject({
      sipId,
      value: double(-1e9).refine((value) => Math.abs(value) >= 0.0001, 'must not be 0'),
      /** Stands behind our key. */
      description: text(128).optional(),
    }),
    class: 'compensatable',
    step: balance,
    calls: LOOKS,
  },
  {
    service: 'SipPort',
    operation: 'addBalanceFromVoucher',
    title: 'Give a prepaid account the money of a voucher',
    args: z.strictObject({ sipId, card: z.strictObject({ id, number: digits(64) }) }),
    class: 'pivot',
    step: fromVoucher,
    calls: LOOKS,
  },
];
