import type { Condition, ErrorRule, Operation, Profile } from '../profile/model.ts';
import { readAt } from '../profile/pointer.ts';
import { matches, matchesAny, type WireAnswer } from './condition.ts';
import { WebportalRefusal, type JudgedCall } from './refusal.ts';

/** What an answer means, by the profile. */
export type Verdict =
  | { readonly kind: 'absent' }
  | { readonly kind: 'exists'; readonly answer: WireAnswer }
  | { readonly kind: 'found'; readonly items: readonly unknown[]; readonly answer: WireAnswer }
  | { readonly kind: 'done'; readonly answer: WireAnswer };

export function findRule({ errors }: Profile, operation: string, answer: WireAnswer): ErrorRule | null {
  return errors.find((rule) => (rule.on?.includes(operation) ?? true) && matches(rule, answer)) ?? null;
}

/**
 * Errors come before successes, so that a status alone never hides what the answer says; and an answer that nothing
 * matches is not taken for anything (tim-web-portal.md §4, rule 5).
 *
 * @throws WebportalRefusal
 */
export function judge(profile: Profile, operation: Operation, call: JudgedCall, answer: WireAnswer): Verdict {
  if (matchesAny(operation.absent, answer)) return { kind: 'absent' };
  if (matchesAny(operation.exists, answer)) return { kind: 'exists', answer };
  const rule = findRule(profile, operation.name, answer);
  if (rule) throw new WebportalRefusal(profile, call, answer, rule);
  const items = itemsIn(operation, answer);
  if (items !== null) return { kind: 'found', items, answer };
  if (matchesAny(operation.done, answer)) return { kind: 'done', answer };
  throw new WebportalRefusal(profile, call, answer, null);
}

/** The answer of a call that went by ticket, once the job is over. */
export function judgeJob(
  profile: Profile,
  operation: Operation,
  call: JudgedCall,
  poll: WireAnswer,
  result: WireAnswer,
): Verdict | 'pending' {
  const { jobs } = profile;
  if (!jobs) throw new WebportalRefusal(profile, call, poll, null);
  if (matchesAny(jobs.pending, poll)) return 'pending';
  if (matchesAny(jobs.failed, poll)) {
    for (const seen of [result, poll]) {
      if (matchesAny(operation.absent, seen)) return { kind: 'absent' };
      if (matchesAny(operation.exists, seen)) return { kind: 'exists', answer: result };
      const rule = findRule(profile, operation.name, seen);
      if (rule) throw new WebportalRefusal(profile, call, seen, rule);
    }
    throw new WebportalRefusal(profile, call, poll, FAILED, jobs.text);
  }
  const rule = findRule(profile, 'jobs.poll', poll);
  if (rule) throw new WebportalRefusal(profile, call, poll, rule);
  if (matchesAny(jobs.done, poll)) return { kind: 'done', answer: result };
  throw new WebportalRefusal(profile, call, poll, null);
}

const ANY: Condition = { statuses: null, test: null };

/** A job that failed for a reason that no rule knows: trying it again would do the same. */
const FAILED: ErrorRule = { ...ANY, class: 'rejected', on: null, text: null, hint: null };

/** Null where no rule of `found` matches. */
function itemsIn({ found }: Operation, answer: WireAnswer): readonly unknown[] | null {
  for (const rule of found) {
    if (!matches(rule, answer)) continue;
    const item = readAt(answer.document, rule.item);
    if (rule.many && Array.isArray(item)) return item as unknown[];
    if (!rule.many && typeof item === 'object' && item !== null && !Array.isArray(item)) return [item];
    // One element where there could be several: lists of XML are told apart by nothing else.
    if (rule.many && typeof item === 'object' && item !== null) return [item];
  }
  return null;
}
