import type { Faults, Path } from '../../check-faults.ts';
import { CALL_FORWARD_TYPES, type CallForward, type CallForwards } from '../../port.ts';

/** Seconds; `timeout` of an account (ngnpro.md, SipAccount). */
const LONGEST_RINGING = 900;
const SIP_URI =
  /^sip:[A-Za-z0-9\-_.!~*'()&=+$,;?/%#]{1,127}@(?:[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;

/** One SIP URI, or the mailbox, for each of five cases (ngnpro.md, CallDiversions). */
export function checkCallForwards(forwards: CallForwards, path: Path, faults: Faults): void {
  for (const type of CALL_FORWARD_TYPES) {
    const forward = forwards[type];
    if (forward) checkForward(forward, type === 'noAnswer', [...path, type], faults);
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
    faults.add([...path, 'times'], 'does not exist on this platform: a diversion is always on');
  }
}

function destinationFault(to: string): string | null {
  if (to === 'voicemail' || /^\+[1-9]\d{1,14}$/.test(to)) return null;
  const fits = to.length <= 255 && SIP_URI.test(to);
  return fits ? null : 'must be an E.164 number with a plus, sip:user@host, or voicemail';
}
