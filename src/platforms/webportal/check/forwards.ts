import type { Path } from '../../check-faults.ts';
import { CALL_FORWARD_TYPES, type CallForward, type CallForwards } from '../../port.ts';
import type { About } from './needs.ts';

/** A forward of a portal is one destination; what orders may say besides has no place. */
export function checkForwards(forwards: CallForwards, path: Path, about: About): void {
  for (const type of CALL_FORWARD_TYPES) {
    const forward = forwards[type];
    if (forward) checkForward(forward, [...path, type], about);
  }
}

function checkForward({ destinations, times }: CallForward, path: Path, { faults }: About): void {
  if (destinations.length !== 1) faults.add([...path, 'destinations'], 'must be one: the portal has no more');
  for (const [index, { to, timeout }] of destinations.entries()) {
    const at = [...path, 'destinations', index];
    if (to === 'voicemail')
      faults.add([...at, 'to'], 'must be a number or an address: the portal forwards to no mailbox');
    if (timeout !== undefined) faults.add([...at, 'timeout'], 'has no place on the portal');
  }
  if (times) faults.add([...path, 'times'], 'have no place on the portal: a forward is always in force');
}
