import { TurnupError } from '../../errors/index.ts';
import type { Finding, StepContext, StepResult, UndoContext } from '../port.ts';
import { resellerNamed } from './shared/resellers.ts';
import { takeTurn as takeTurnAt } from './shared/turn.ts';
import type { SippulseClient } from './types.ts';

/*
 * Giving credit is not repeatable and the platform keeps no list of it (sippulse.md, "Retry …"), so it is done exactly
 * once or held for a person: one step at a time per account, the balance before it kept with its intent, and after any
 * doubt the balance tells. It tells only when it is exactly what it was, or that and the value; calls and other people
 * may have moved it.
 */

type Context = StepContext<SippulseClient>;

/** Something that has a balance. */
export interface CreditAccount {
  /** What a person reads, and what the turn is taken at: `john@sip.example.com`. */
  readonly name: string;
  balance(client: SippulseClient): Promise<number>;
  /** @param obs remark that the platform keeps with it */
  add(client: SippulseClient, value: number, obs: string): Promise<void>;
}

interface Before {
  readonly balance: number;
  /** Number of the turn; another one means that somebody else had a turn in between. */
  readonly turn: number;
}

/** Balances are doubles on the wire. */
const SLACK = 1e-6;

const isSame = (one: number, other: number): boolean => Math.abs(one - other) < SLACK;

const turnAt = (account: CreditAccount): string => `credit:${account.name}`;

/** The order's own remark, and the key by which a person finds this very credit. */
const remark = (key: string, obs: string | undefined): string => (obs === undefined ? key : `${obs} [${key}]`);

const takeTurn = (ctx: Context, account: CreditAccount): Promise<number> =>
  takeTurnAt(ctx, turnAt(account), `giving credit to ${account.name}`);

function doubtful(ctx: Context, account: CreditAccount, value: number, before: Before, now: string): TurnupError {
  return new TurnupError('TURNUP_OUTCOME_UNKNOWN', {
    class: 'conflict',
    detail: `whether ${account.name} was given ${value} cannot be told: its balance was ${before.balance} before and ${now}`,
    hint: `Look on the platform for a credit of ${account.name} with the remark ${ctx.key}. Bring its balance right, then skip the step.`,
  });
}

/** Whether the credit is given, by the balance before and the one now. */
async function isGiven(ctx: Context, account: CreditAccount, value: number, before: Before): Promise<boolean> {
  const turn = await takeTurn(ctx, account);
  const balance = await account.balance(ctx.client);
  if (turn === before.turn && isSame(balance, before.balance)) return false;
  if (turn === before.turn && isSame(balance, before.balance + value)) return true;
  await ctx.shared.endTurn(turnAt(account));
  const others = turn === before.turn ? '' : ', and somebody else was given a turn in between';
  throw doubtful(ctx, account, value, before, `is ${balance} now${others}`);
}

/**
 * @returns `different` with the balance before; `present` when an earlier attempt is seen to have given it
 * @throws TurnupError of class `conflict` where the balance does not tell; `TURNUP_OBJECT_BUSY` out of turn
 */
export async function findCredit(ctx: Context, account: CreditAccount, value: number): Promise<Finding> {
  if (ctx.intent?.state === 'different') {
    const before = ctx.intent.before as unknown as Before;
    if (!(await isGiven(ctx, account, value, before))) return { state: 'different', before: { ...before } };
    await ctx.shared.endTurn(turnAt(account));
    return { state: 'present', ours: true, result: resultOf(before, before.balance + value) };
  }
  const turn = await takeTurn(ctx, account);
  try {
    return { state: 'different', before: { balance: await account.balance(ctx.client), turn } };
  } catch (error) {
    // Nothing was meant yet, so nobody need wait for this step.
    await ctx.shared.endTurn(turnAt(account));
    throw error;
  }
}

/** Result: `{ balanceBefore, balanceAfter }`, the latter null where it could not be read. */
export async function giveCredit(
  ctx: Context,
  account: CreditAccount,
  { value, obs }: { readonly value: number; readonly obs?: string | undefined },
  finding: Exclude<Finding, { state: 'present' }>,
): Promise<StepResult> {
  if (finding.state !== 'different')
    throw new TurnupError('TURNUP_TARGET_UNEXPECTED', { detail: 'no balance was read' });
  const before = finding.before as unknown as Before;
  await account.add(ctx.client, value, remark(ctx.key, obs));
  const after = await balanceOrNull(ctx.client, account);
  await ctx.shared.endTurn(turnAt(account));
  return resultOf(before, after);
}

/** Takes it back by a credit of the opposite value, which the platform is assumed to take. */
export async function undoCredit(
  ctx: UndoContext<SippulseClient>,
  account: CreditAccount,
  { value, obs }: { readonly value: number; readonly obs?: string | undefined },
): Promise<void> {
  if (ctx.intent?.state !== 'different') return;
  if (await isGiven(ctx, account, value, ctx.intent.before as unknown as Before)) {
    await account.add(ctx.client, -value, remark(ctx.key, obs));
  }
  await ctx.shared.endTurn(turnAt(account));
}

const resultOf = (before: Before, after: number | null): StepResult => ({
  balanceBefore: before.balance,
  balanceAfter: after,
});

/** The credit is given by now: that nobody can read what it made of the balance must not hold the order. */
async function balanceOrNull(client: SippulseClient, account: CreditAccount): Promise<number | null> {
  try {
    return await account.balance(client);
  } catch {
    return null;
  }
}

/** The balance in an answer. */
function balanceIn(value: unknown, name: string): number {
  const balance = typeof value === 'string' ? Number(value) : value;
  if (typeof balance === 'number' && Number.isFinite(balance)) return balance;
  throw new TurnupError('TURNUP_TARGET_UNEXPECTED', { detail: `the platform tells no balance of ${name}` });
}

export function subscriberAccount(username: string, domain: string): CreditAccount {
  const name = `${username}@${domain}`;
  return {
    name,
    async balance(client) {
      const reply = await client.read('SubscriberWS', 'retrieveCredit', { username, domain });
      return balanceIn(reply?.['return'], name);
    },
    async add(client, value, obs) {
      await client.write('SubscriberWS', 'addCredit', { username, domain, value, obs });
    },
  };
}

/** Credit is given to a reseller by name and read by id. */
export function resellerAccount(resellerName: string, domain: string): CreditAccount {
  const name = `reseller ${resellerName} of ${domain}`;
  return {
    name,
    async balance(client) {
      const found = await resellerNamed(client, domain, resellerName);
      if (!found) throw new TurnupError('TURNUP_REFERENCE_UNKNOWN', { detail: `the platform has no ${name}` });
      const credit = await client.read('ResellerWS', 'retrieveResellerCredit', { resellerId: found['id'] });
      return balanceIn(credit?.['return'], name);
    },
    async add(client, value, obs) {
      await client.write('ResellerWS', 'addResellerCredit', { resellerName, domain, value, obs });
    },
  };
}
