import type { StepSeen } from '../seen.ts';
import type { Case, Told } from './evidence.ts';
import { isLeftAsItIs } from './things.ts';

/* Money that orders give to accounts: what was given cannot be told from what was given twice but by its remark. */

/** One entry of an account's history. */
export interface Transaction {
  readonly account: string;
  readonly value: number;
  readonly obs: string;
}

/** What one step of an order gives to an account. */
export interface Credit {
  readonly one: Case;
  readonly step: StepSeen;
  readonly account: string;
  readonly value: number;
  /** Whether the account goes with the order when it is undone, so that nothing is taken back. */
  readonly goesAlong: boolean;
  /** Whether an entry of the account is of this credit, by its remark. */
  isIts(obs: string, run: number): boolean;
}

/** What calls cost, taken from balances while orders change them. */
export const CALL = 'a call';

/** Whether a remark holds the key of a run of the order. */
export const bearsKey = (obs: string, { order }: Case, run: number): boolean =>
  new RegExp(`${order.id}:${run}\\b`).test(obs);

const ofCredit = (all: readonly Transaction[], credit: Credit, run: number): Transaction[] =>
  all.filter(({ account, obs }) => account === credit.account && credit.isIts(obs, run));

/** What is still to be given, or with a minus to be taken, so that all is as the order's direction wants it. */
export function owedOf(credit: Credit, all: readonly Transaction[]): number {
  const { run, direction } = credit.one.order;
  const balance = ofCredit(all, credit, run).reduce((sum, { value }) => sum + value, 0);
  return (direction === 'forward' ? credit.value : 0) - balance;
}

/**
 * Each credit is given exactly once when it is done, at most once when nobody knows, and taken back once.
 * @param since all entries that came since the run began
 */
export function auditCredits(credits: readonly Credit[], since: readonly Transaction[], told: Told): void {
  const explained = new Set<Transaction>();
  for (const credit of credits) {
    const { one, step } = credit;
    for (let run = 1; run <= one.order.run; run += 1) {
      const own = ofCredit(since, credit, run);
      for (const transaction of own) explained.add(transaction);
      const fault = run === one.order.run ? faultOf(credit, own) : faultOfTakenBack(credit, own);
      if (fault)
        told(one, 'credit exactly once', `${step.id} run ${run} for ${credit.account}: ${fault}, ${listed(own)}`);
    }
  }
  const strays = since.filter((transaction) => !explained.has(transaction) && transaction.obs !== CALL);
  if (strays.length > 0) told(undefined, 'credit exactly once', `nobody ordered ${listed(strays)}`);
}

const listed = (all: readonly Transaction[]): string =>
  `given: ${all.map(({ value, obs }) => `${value} "${obs}"`).join(', ') || 'nothing'}`;

function faultOf(credit: Credit, own: readonly Transaction[]): string | null {
  const { one, step } = credit;
  if (step.state === 'done' && step.outcome === 'changed') {
    return own.length === 1 && own[0]!.value === credit.value ? null : `done, so ${credit.value} once`;
  }
  // What a person gave, a person takes back.
  if (step.state === 'skipped') return faultOfDoubt(credit, own);
  const isOver = step.state === 'undone' || !isLeftAsItIs(one);
  return isOver ? faultOfTakenBack(credit, own) : faultOfDoubt(credit, own);
}

const given = (own: readonly Transaction[]) => own.filter(({ value }) => value > 0);
const taken = (own: readonly Transaction[]) => own.filter(({ value }) => value < 0);

function faultOfDoubt({ value }: Credit, own: readonly Transaction[]): string | null {
  const [plus, minus] = [given(own), taken(own)];
  if (plus.length > 1 || minus.length > plus.length) return 'at most once, and taken back at most once';
  return own.every((one) => Math.abs(one.value) === value) ? null : `${value} and nothing else`;
}

function faultOfTakenBack(credit: Credit, own: readonly Transaction[]): string | null {
  const fault = faultOfDoubt(credit, own);
  if (fault) return fault;
  return given(own).length === taken(own).length || credit.goesAlong ? null : 'undone, so taken back';
}
