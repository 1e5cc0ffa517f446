import { auditCredits as auditAll, bearsKey, owedOf, type Credit } from '../../audit/credits.ts';
import { operationOf, stepOf, subscriberOf, type Case, type Told } from '../../audit/evidence.ts';
import type { StepSeen } from '../../seen.ts';
import type { SippulseEvidence, State } from './hand.ts';
import { accountOf } from './things.ts';

const CREDIT_KINDS = ['credit', 'addCredit', 'addResellerCredit'];

/** The remark holds the order's own key. */
function creditOf(one: Case, step: StepSeen): Credit[] {
  const isIts = (obs: string, run: number): boolean => bearsKey(obs, one, run);
  const body = subscriberOf(one, step.item);
  if (body && step.kind === 'credit') {
    const goesAlong = stepOf(one, `${step.item}.subscriber`)?.outcome === 'created';
    return [{ one, step, account: accountOf({ ...body }), value: Number(body.native?.['credit']), goesAlong, isIts }];
  }
  const args = operationOf(one, step.item)?.args ?? {};
  const given = { one, step, value: Number(args['value']), goesAlong: false, isIts };
  if (step.kind === 'addCredit') return [{ ...given, account: accountOf(args) }];
  if (step.kind !== 'addResellerCredit') return [];
  return [{ ...given, account: accountOf({ ...args, username: args['resellerName'] }) }];
}

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
  const { id, run } = one.order;
  return {
    account: credit.account,
    owed: owedOf(credit, [...creditTransactions, ...resellerCreditTransactions]),
    obs: `by hand ${id}:${run}`,
    isReseller: credit.step.kind === 'addResellerCredit',
  };
}

export function auditCredits({ before, after }: SippulseEvidence, cases: readonly Case[], told: Told): void {
  const since = [
    ...after.creditTransactions.slice(before.creditTransactions.length),
    ...after.resellerCreditTransactions.slice(before.resellerCreditTransactions.length),
  ];
  auditAll(
    cases.flatMap((one) => one.order.steps.flatMap((step) => creditOf(one, step))),
    since,
    told,
  );
}
