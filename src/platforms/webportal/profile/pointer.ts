/** A place in a document, as the steps from its root; empty: the document itself. */
export type Pointer = readonly string[];

/** Names that reach into JavaScript's objects. */
const FORBIDDEN = new Set(['__proto__', 'prototype', 'constructor']);

/** A list that a pointer makes has no more elements than this. */
const MOST_ELEMENTS = 100;

const isIndex = (step: string): boolean => /^(?:0|[1-9]\d*)$/.test(step);

/** What is wrong with a JSON Pointer (RFC 6901), or null. */
export function pointerFault(text: string): string | null {
  if (text === '') return null;
  if (!text.startsWith('/')) return 'must be a JSON Pointer: empty, or "/" before each name';
  if (/~(?![01])/.test(text)) return 'has a "~" that is not "~0" or "~1"';
  const steps = parsePointer(text);
  if (steps.some((step) => FORBIDDEN.has(step))) return 'names a member that no document has';
  if (steps.some((step) => isIndex(step) && Number(step) >= MOST_ELEMENTS)) return `reaches beyond ${MOST_ELEMENTS}`;
  return null;
}

/** Of a text that `pointerFault` has nothing against. */
export function parsePointer(text: string): Pointer {
  if (text === '') return [];
  return text
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

export const pointerText = (pointer: Pointer): string =>
  pointer.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** Undefined where there is nothing. */
export function readAt(document: unknown, pointer: Pointer): unknown {
  let at: unknown = document;
  for (const step of pointer) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    if (Array.isArray(at) && !isIndex(step)) return undefined;
    at = (at as Record<string, unknown>)[step];
  }
  return at;
}

type Holder = Record<string, unknown>;

/** Puts a value there, with what lies between; a step that is a number makes a list. Gives the document. */
export function writeAt(document: unknown, pointer: Pointer, value: unknown): unknown {
  const [step, ...rest] = pointer;
  if (step === undefined) return value;
  const holder = (typeof document === 'object' && document !== null ? document : isIndex(step) ? [] : {}) as Holder;
  holder[step] = writeAt(holder[step], rest, value);
  return holder;
}
