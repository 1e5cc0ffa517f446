import type { StepSeen } from '../../seen.ts';
import { operationOf, stepOf, subscriberOf, type Case, type Told } from '../../audit/evidence.ts';
import { isLeftAsItIs } from './effects.ts';
import type { SippulseEvidence, State, Transaction } from './hand.ts';
import { accountOf } from './things.ts';

/** What one step of an order gives to an account. */
interface Credit {
  readonly one: Case;
  readonly step: StepSeen;
  readonly account: string;
  readonly value: number;
  /** Whether the account goes with the order when it is undone, so that nothing is taken back. */
  readonly goesAlong: boolean;
}

const CREDIT_KINDS = ['credit', 'addCredit', 'addResellerCredit'];

function creditOf(one: Case, step: StepSeen): Credit[] {
  const body = subscriberOf(one, step.item);
  if (body && step.kind === 'credit') {
    const goesAlong = stepOf(one, `${step.item}.subscriber`)?.outcome === 'created';
    return [{ one, step, account: accountOf({ ...body }), value: Number(body.native?.['credit']), goesAlong }];
  }
  const args = operationOf(one, step.item)?.args ?? {};
  const value = Number(args['value']);
  if (step.kind === 'addCredit') return [{ one, step, account: accountOf(args), value, goesAlong: false }];
  if (step.kind !== 'addResellerCredit') return [];
  return [{ one, step, account: accountOf({ ...args, username: args['resellerName'] }), value, goesAlong: false }];
}

/** What calls cost, taken from balances while orders change them. */
export const CALL = 'a call';

/** Whether a credit was given cannot always be seen, and then a person must look (sippulse.md, "Retry"). */
export function isDoubtfulCredit(one: Case): boolean {
  const { error } = one.order;
  const kind = stepOf(one, error?.step)?.kind ?? '';
  return error?.code === 'TURNUP_OUTCOME_UNKNOWN' && error.class === 'conflict' && CREDIT_KINDS.includes(kind);
}

/** What a person finds that is still to be given or taken; null when the order asks for nothing of the kind. */
export function owedCredit(one: Case, { creditTransactions, resellerCreditTransactions }: State) {
  const step = stepOf(one, one.order.error?.step);
  const [credit] = step && isDoubtfulCredit(one) ? creditOf(one, step) : [];
  if (!credit) return null;
  const { account, value } = credit;
  const { id, run, direction } = one.order;
  const own = [...creditTransactions, ...resellerCreditTransactions].filter(
    (transaction) => transaction.account === account && isOf(transaction.obs, one, run),
  );
  const balance = own.reduce((sum, transaction) => sum + transaction.value, 0);
  const owed = (direction === 'forward' ? value : 0) - balance;
  return { account, owed, obs: `by hand ${id}:${run}`, isReseller: credit.step.kind === 'addResellerCredit' };
}

/** Each credit is given exactly once when it is done, at most once when nobody knows, and taken back once. */
export function auditCredits({ before, after }: SippulseEvidence, cases: readonly Case[], told: Told): void {
  const since = [
    ...after.creditTransactions.slice(before.creditTransactions.length),
    ...after.resellerCreditTransactions.slice(before.resellerCreditTransactions.length),
  ];
  const explained = new Set<Transaction>();
  for (const one of cases) {
    for (const credit of one.order.steps.flatMap((step) => creditOf(one, step))) {
      for (let run = 1; run <= one.order.run; run += 1) {
        const own = since.filter(({ account, obs }) => account === credit.account && isOf(obs, one, run));
        for (const transaction of own) explained.add(transaction);
        const fault = run === one.order.run ? faultOf(credit, own) : faultOfTakenBack(credit, own);
        if (fault)
          told(
            one,
            'credit exactly once',
            `${credit.step.id} run ${run} for ${credit.account}: ${fault}, ${listed(own)}`,
          );
      }
    }
  }
  const strays = since.filter((transaction) => !explained.has(transaction) && transaction.obs !== CALL);
  if (strays.length > 0) told(undefined, 'credit exactly once', `nobody ordered ${listed(strays)}`);
}

const listed = (all: readonly Transaction[]): string =>
  `given: ${all.map(({ value, obs }) => `${value} "${obs}"`).join(', ') || 'nothing'}`;

/** The remark holds the order's own key. */
const isOf = (obs: string, { order }: Case, run: number): boolean => new RegExp(`${order.id}:${run}\\b`).test(obs);

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
