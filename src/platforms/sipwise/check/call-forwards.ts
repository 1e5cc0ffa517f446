import { CALL_FORWARD_TYPES, type CallForward, type CallForwards } from '../../port.ts';
import { FORWARD_TYPES } from '../forwards.ts';
import { windowMinutes } from '../times.ts';
import type { Faults, Path } from '../../check-faults.ts';
import { isE164, isSipUri } from '../../destination.ts';

const LONGEST_SECONDS = 86_400;

/** Platform rules for call forwards (sipwise-ngcp.md §4.1, §8.4). */
export function checkCallForwards(forwards: CallForwards, path: Path, faults: Faults): void {
  for (const type of CALL_FORWARD_TYPES) {
    const forward = forwards[type];
    if (forward === undefined) continue;
    if (!Object.hasOwn(FORWARD_TYPES, type)) {
      faults.add([...path, type], `does not exist on this platform; it has ${Object.keys(FORWARD_TYPES).join(', ')}`);
    } else if (forward !== null) {
      checkForward(forward, type === 'noAnswer', [...path, type], faults);
    }
  }
}

function checkForward(forward: CallForward, hasRingTimeout: boolean, path: Path, faults: Faults): void {
  if (forward.destinations.length === 0) {
    faults.add([...path, 'destinations'], 'must not be empty; a type that is null is taken away');
  }
  for (const [index, { to, timeout }] of forward.destinations.entries()) {
    const at = [...path, 'destinations', index];
    faults.add([...at, 'to'], destinationFault(to));
    if (timeout !== undefined) faults.add([...at, 'timeout'], secondsFault(timeout, 0));
  }
  if (forward.ringTimeout !== undefined) {
    faults.add(
      [...path, 'ringTimeout'],
      hasRingTimeout ? secondsFault(forward.ringTimeout, 1) : 'exists only with noAnswer',
    );
  }
  for (const [index, window] of (forward.times ?? []).entries()) {
    const at = [...path, 'times', index];
    if (window.days.length === 0) faults.add([...at, 'days'], 'must name a day');
    if (!windowMinutes(window))
      faults.add([...at, 'to'], 'must be later than "from"; a window over midnight is given as two');
  }
}

function destinationFault(to: string): string | null {
  const fits = to === 'voicemail' || isE164(to) || isSipUri(to);
  return fits ? null : 'must be an E.164 number with a plus, sip:user@host or voicemail';
}

function secondsFault(seconds: number, least: number): string | null {
  const fits = Number.isInteger(seconds) && seconds >= least && seconds <= LONGEST_SECONDS;
  return fits ? null : `must be whole seconds from ${least} to ${LONGEST_SECONDS}`;
}
