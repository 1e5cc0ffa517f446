import { TurnupError } from '../../../errors/index.ts';
import type { Condition, Profile } from '../profile/model.ts';
import { readAt } from '../profile/pointer.ts';
import { matchesAny, type WireAnswer } from '../wire/condition.ts';
import { findRule } from '../wire/judge.ts';
import { WebportalRefusal } from '../wire/refusal.ts';
import type { WireCall } from '../wire/request.ts';

/** @throws TurnupError unless the answer lets us in */
export function judgeLogin(
  profile: Profile,
  sent: WireCall,
  answer: WireAnswer,
  rules: { readonly done: readonly Condition[]; readonly refused: readonly Condition[] },
  secrets: readonly string[],
): void {
  const call = { operation: 'login', sent, write: false, secrets: [...secrets, ...tokensIn(profile, answer)] };
  const isRefused = matchesAny(rules.refused, answer);
  if (!isRefused && matchesAny(rules.done, answer)) return;
  const refusal = new WebportalRefusal(profile, call, answer, findRule(profile, 'login', answer));
  // Whatever a login is refused with is about the login, be it that nothing says so: one wrong try more may lock it.
  const isOurs = answer.status >= 400 && answer.status < 500 && answer.status !== 429;
  if (!isRefused && !isOurs) throw refusal;
  throw new TurnupError('TURNUP_TARGET_LOGIN_REFUSED', { detail: refusal.detail ?? '', answer: refusal.answer });
}

/** An answer that nobody understands may hold what lets everybody in all the same. */
function tokensIn({ auth }: Profile, { document }: WireAnswer): string[] {
  const places = [['access_token'], ...(auth.kind === 'login-session' && auth.token ? [auth.token] : [])];
  return places.map((at) => readAt(document, at)).filter((token) => typeof token === 'string');
}
