import { CALL_FORWARD_TYPES, type CallForward, type CallForwards } from '../../port.ts';
import { FORWARD_MEMBERS } from '../forwards.ts';
import type { Faults, Path } from '../../check-faults.ts';

const LONGEST_RINGING = 3600;
const SIP_URI =
  /^sip:[A-Za-z0-9\-_.!~*'()&=+$,;?/%#]{1,127}@(?:[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;

/** One SIP URI for each of three cases, and nothing else (sippulse.md, subscriberClassVDTO). */
export function checkCallForwards(forwards: CallForwards, path: Path, faults: Faults): void {
  for (const type of CALL_FORWARD_TYPES) {
    const forward = forwards[type];
    if (forward === undefined) continue;
    const at = [...path, type];
    if (!Object.hasOwn(FORWARD_MEMBERS, type)) {
      faults.add(at, `does not exist on this platform; it has ${Object.keys(FORWARD_MEMBERS).join(', ')}`);
    } else if (forward !== null) checkForward(forward, type === 'noAnswer', at, faults);
  }
}

function checkForward(forward: CallForward, hasRingTimeout: boolean, path: Path, faults: Faults): void {
  const { destinations, ringTimeout, times } = forward;
  if (destinations.length === 0) {
    faults.add([...path, 'destinations'], 'must not be empty; a type that is null is taken away');
  }
  for (const [index, { to, timeout }] of destinations.entries()) {
    const at = [...path, 'destinations', index];
    if (index > 0) faults.add(at, 'is one too many: the platform has one destination');
    if (timeout !== undefined) faults.add([...at, 'timeout'], 'does not exist on this platform');
    faults.add([...at, 'to'], destinationFault(to));
  }
  if (ringTimeout !== undefined) {
    const fits = Number.isInteger(ringTimeout) && ringTimeout >= 1 && ringTimeout <= LONGEST_RINGING;
    const fault = fits ? null : `must be whole seconds from 1 to ${LONGEST_RINGING}`;
    faults.add([...path, 'ringTimeout'], hasRingTimeout ? fault : 'exists only with noAnswer');
  }
  if (times !== undefined && times !== null) {
    faults.add([...path, 'times'], 'does not exist on this platform: a forward is always on');
  }
}

function destinationFault(to: string): string | null {
  if (to === 'voicemail') return 'does not exist on this platform: a subscriber with a mailbox needs no forward to it';
  if (/^\+[1-9]\d{1,14}$/.test(to)) return null;
  return to.length <= 255 && SIP_URI.test(to) ? null : 'must be an E.164 number with a plus, or sip:user@host';
}
