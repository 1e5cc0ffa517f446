import type { Faults, Path } from './check-faults.ts';
import type { CallForward } from './port.ts';

/** How a platform forwards a call that has one destination and is always on. */
export interface SingleForward {
  /** Whether this type has a ring time-out. */
  readonly hasRingTimeout: boolean;
  /** In s. */
  readonly longestRinging: number;
  /** What the platform says to a destination; null when it fits. */
  destinationFault(to: string): string | null;
}

export function checkSingleForward(rules: SingleForward, forward: CallForward, path: Path, faults: Faults): void {
  const { hasRingTimeout, longestRinging } = rules;
  const { destinations, ringTimeout, times } = forward;
  if (destinations.length === 0) {
    faults.add([...path, 'destinations'], 'must not be empty; a type that is null is taken away');
  }
  for (const [index, { to, timeout }] of destinations.entries()) {
    const at = [...path, 'destinations', index];
    if (index > 0) faults.add(at, 'is one too many: the platform has one destination');
    if (timeout !== undefined) faults.add([...at, 'timeout'], 'does not exist on this platform');
    faults.add([...at, 'to'], rules.destinationFault(to));
  }
  if (ringTimeout !== undefined) {
    const fits = Number.isInteger(ringTimeout) && ringTimeout >= 1 && ringTimeout <= longestRinging;
    const fault = fits ? null : `must be whole seconds from 1 to ${longestRinging}`;
    faults.add([...path, 'ringTimeout'], hasRingTimeout ? fault : 'exists only with noAnswer');
  }
  if (times !== undefined && times !== null) {
    faults.add([...path, 'times'], 'does not exist on this platform: a forward is always on');
  }
}
