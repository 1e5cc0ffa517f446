import type { FaultCollector } from './faults.ts';
import { MAX_DEPTH } from './strict-json.ts';
import type { Path } from './paths.ts';

/** Values, members and elements together; a large order of 500 subscribers has about 20,000. */
const MAX_VALUES = 100_000;
const MAX_STRING = 8192;
const MAX_NAME = 255;

// C0, DEL and C1: none has a place in provisioning data, and NUL ends strings early on platforms written in C.
const CONTROL = /\p{Cc}/u;

/** What is wrong with a text wherever it stands, or null. Never quotes it. */
function textFault(text: string): string | null {
  if (CONTROL.test(text)) return 'must not hold control characters';
  if (!text.isWellFormed()) return 'must not hold lone surrogates';
  return null;
}

function scalarFault(value: unknown): string | null {
  if (typeof value === 'string') {
    return value.length > MAX_STRING ? `must be at most ${MAX_STRING} characters long` : textFault(value);
  }
  if (typeof value !== 'number') return null;
  if (!Number.isFinite(value)) return 'must be a finite number';
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    return 'is too large to be kept exactly; send it as a string';
  }
  return null;
}

function nameFault(name: string): string | null {
  // Assigning to it would change the prototype of whatever copies the order.
  if (name === '__proto__') return 'is not allowed as the name of a member';
  if (name.length > MAX_NAME) return `has a name of more than ${MAX_NAME} characters`;
  const fault = textFault(name);
  return fault && `has a name that ${fault}`;
}

/**
 * Faults of every string, number and member name wherever it stands, also inside `native` and `preferences` where the
 * model knows no members.
 * @returns false when the order is too big to look at more closely.
 */
export function checkHygiene(root: unknown, faults: FaultCollector): boolean {
  let values = 0;
  let fits = true;

  const visit = (value: unknown, path: Path): void => {
    values++;
    if (values > MAX_VALUES || path.length > MAX_DEPTH) fits = false;
    if (!fits || faults.full) return;
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) visit(item, [...path, index]);
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, member] of Object.entries(value)) {
        const fault = nameFault(name);
        // Not a step further: a hostile name would be copied into the path of all that lies beneath.
        if (fault) faults.add([...path, name], fault);
        else visit(member, [...path, name]);
      }
    } else {
      const fault = scalarFault(value);
      if (fault) faults.add(path, fault);
    }
  };
  visit(root, []);
  if (!fits) faults.add([], `has more than ${MAX_VALUES} values or more than ${MAX_DEPTH} levels`);
  return fits && !faults.full;
}
