import { auditCredits as auditAll, bearsKey, owedOf, type Credit, type Transaction } from '../../audit/credits.ts';
import { casesOf, operationOf, stepOf, type Case, type Told } from '../../audit/evidence.ts';
import type { Row } from '../../audit/things.ts';
import type { StepSeen } from '../../seen.ts';
import type { NgnproEvidence, State } from './hand.ts';
import { accountOf } from './things.ts';

/** Value of each card of the stand-in's fresh data. */
const VOUCHER = 10;

/** The description holds the order's own key, or the number of the card (ngnpro.md, "Retry"). */
function creditOf(one: Case, step: StepSeen): Credit[] {
  const { args } = operationOf(one, step.item) ?? {};
  const { sipId, card, value } = (args ?? {}) as { sipId?: Row; card?: Row; value?: number };
  const given = { one, step, account: accountOf(sipId ?? {}), goesAlong: false };
  if (step.kind === 'addBalance') {
    const part = new RegExp(`/${step.item}\\b`);
    return [{ ...given, value: value ?? 0, isIts: (obs, run) => bearsKey(obs, one, run) && part.test(obs) }];
  }
  if (step.kind !== 'addBalanceFromVoucher') return [];
  const isCard = new RegExp(`card ${String(card?.['id'])}\\b`);
  // A card is good for one run only.
  return [{ ...given, value: VOUCHER, isIts: (obs, run) => run === one.order.run && isCard.test(obs) }];
}

const transactionsOf = ({ accounts }: State): Map<string, Transaction[]> =>
  new Map(
    accounts.map((row) => {
      const account = accountOf(row);
      return [account, row.credits.map(({ value, description: obs }) => ({ account, value, obs }))];
    }),
  );

/** Whether money was given cannot always be seen, and then a person must look (ngnpro.md, "Retry"). */
export function isDoubtfulCredit(one: Case): boolean {
  const { error } = one.order;
  const kind = stepOf(one, error?.step)?.kind ?? '';
  return error?.code === 'TURNUP_OUTCOME_UNKNOWN' && error.class === 'conflict' && kind.startsWith('addBalance');
}

/** What a person finds that is still to be given or taken; null when the order asks for nothing of the kind. */
export function owedCredit(one: Case, state: State) {
  const step = stepOf(one, one.order.error?.step);
  const [credit] = step && isDoubtfulCredit(one) ? creditOf(one, step) : [];
  if (!credit) return null;
  const { id, run } = one.order;
  const all = transactionsOf(state).get(credit.account) ?? [];
  return { account: credit.account, owed: owedOf(credit, all), obs: `by hand ${id}:${run}/${credit.step.item}` };
}

/** Balances are what was given, and each was given once. */
export function auditCredits(evidence: NgnproEvidence, told: Told): void {
  const [before, after] = [transactionsOf(evidence.before), transactionsOf(evidence.after)];
  const since = [...after].flatMap(([account, all]) => all.slice(before.get(account)?.length ?? 0));
  const cases = casesOf(evidence);
  auditAll(
    cases.flatMap((one) => one.order.steps.flatMap((step) => creditOf(one, step))),
    since,
    told,
  );
  for (const row of evidence.after.accounts) {
    const sum = row.credits.reduce((all, { value }) => all + value, 0);
    if (Math.abs(sum - row.balance) > 1e-6)
      told(undefined, 'credit exactly once', `the balance of ${accountOf(row)} is ${row.balance}, given was ${sum}`);
  }
}
