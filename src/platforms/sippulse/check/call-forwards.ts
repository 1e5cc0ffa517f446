import type { Faults, Path } from '../../check-faults.ts';
import { isE164, isSipUri } from '../../destination.ts';
import { CALL_FORWARD_TYPES, type CallForwards } from '../../port.ts';
import { checkSingleForward } from '../../single-forward.ts';
import { FORWARD_MEMBERS } from '../forwards.ts';

const LONGEST_RINGING = 3600;

/** One SIP URI for each of three cases, and nothing else (sippulse.md, subscriberClassVDTO). */
export function checkCallForwards(forwards: CallForwards, path: Path, faults: Faults): void {
  for (const type of CALL_FORWARD_TYPES) {
    const forward = forwards[type];
    if (forward === undefined) continue;
    const at = [...path, type];
    const rules = { hasRingTimeout: type === 'noAnswer', longestRinging: LONGEST_RINGING, destinationFault };
    if (!Object.hasOwn(FORWARD_MEMBERS, type)) {
      faults.add(at, `does not exist on this platform; it has ${Object.keys(FORWARD_MEMBERS).join(', ')}`);
    } else if (forward !== null) checkSingleForward(rules, forward, at, faults);
  }
}

function destinationFault(to: string): string | null {
  if (to === 'voicemail') return 'does not exist on this platform: a subscriber with a mailbox needs no forward to it';
  return isE164(to) || isSipUri(to) ? null : 'must be an E.164 number with a plus, or sip:user@host';
}
