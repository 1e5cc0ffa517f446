import type { Faults, Path } from '../../check-faults.ts';
import { isE164, isSipUri } from '../../destination.ts';
import { CALL_FORWARD_TYPES, type CallForwards } from '../../port.ts';
import { checkSingleForward } from '../../single-forward.ts';

/** Seconds; `timeout` of an account (ngnpro.md, SipAccount). */
const LONGEST_RINGING = 900;

/** One SIP URI, or the mailbox, for each of five cases (ngnpro.md, CallDiversions). */
export function checkCallForwards(forwards: CallForwards, path: Path, faults: Faults): void {
  for (const type of CALL_FORWARD_TYPES) {
    const forward = forwards[type];
    const rules = { hasRingTimeout: type === 'noAnswer', longestRinging: LONGEST_RINGING, destinationFault };
    if (forward) checkSingleForward(rules, forward, [...path, type], faults);
  }
}

function destinationFault(to: string): string | null {
  const fits = to === 'voicemail' || isE164(to) || isSipUri(to);
  return fits ? null : 'must be an E.164 number with a plus, sip:user@host, or voicemail';
}
