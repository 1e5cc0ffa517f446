import type { Fault } from '../../errors/index.ts';
import type { Path } from './paths.ts';
import { shortName } from './paths.ts';

/** More help nobody; a hostile order could have a hundred thousand. */
const MAX_FAULTS = 1000;

const keyOf = (path: Path): string => JSON.stringify(path);

/** Collects faults and knows which members of the order are known to be faulty. */
export interface FaultCollector {
  /** A path or message seen before is not added again. */
  add(path: Path, message: string): void;
  /** Whether this very member is faulty. */
  is(path: Path): boolean;
  /** Whether this very member, or one it lies in, is faulty. */
  covers(path: Path): boolean;
  /** Whether this member, one it lies in or one that lies in it is faulty: then nothing more can be said of it. */
  touches(path: Path): boolean;
  readonly full: boolean;
  readonly list: readonly Fault[];
}

export function createFaults(initial: readonly Fault[] = []): FaultCollector {
  const list: Fault[] = [];
  const seen = new Set<string>();
  const faulty = new Set<string>();
  const ancestors = new Set<string>();

  const covers = (path: Path): boolean => {
    for (let length = 0; length <= path.length; length++) if (faulty.has(keyOf(path.slice(0, length)))) return true;
    return false;
  };

  const collector: FaultCollector = {
    list,
    get full() {
      return list.length >= MAX_FAULTS;
    },
    add(path, message) {
      const clean = path.map((part) => (typeof part === 'string' ? shortName(part) : part));
      const key = keyOf(clean);
      if (seen.has(`${key}${message}`)) return;
      if (list.length >= MAX_FAULTS) return;
      seen.add(`${key}${message}`);
      list.push({ path: clean, message });
      faulty.add(keyOf(path));
      faulty.add(key);
      for (let length = 0; length < path.length; length++) ancestors.add(keyOf(path.slice(0, length)));
      if (list.length === MAX_FAULTS - 1) {
        list.push({ path: [], message: `has more than ${MAX_FAULTS} faults; the rest is not listed` });
      }
    },
    is: (path) => faulty.has(keyOf(path)),
    covers,
    touches: (path) => ancestors.has(keyOf(path)) || covers(path),
  };
  for (const fault of initial) collector.add(fault.path, fault.message);
  return collector;
}

/**
 * Both lists as one; of the second only what says something new. Faults that a platform finds in a draft at or beneath
 * a member that is already known to be faulty are noise: the draft holds a placeholder there.
 */
export function mergeFaults(first: readonly Fault[], second: readonly Fault[]): Fault[] {
  const faults = createFaults(first);
  return [...first, ...second.filter((fault) => !faults.covers(fault.path))];
}
