import { echo } from './text.ts';
import { invalid, Refusal, type JsonObject, type JsonValue } from './refusal.ts';

export type PatchOp = 'add' | 'replace' | 'remove' | 'copy';

/** The default (sipwise-ngcp.md §6). */
export const NARROW_OPS: readonly PatchOp[] = ['replace', 'copy'];
/** Of subscribers, subscriberpreferences, cfmappings, cftimesets and billingprofiles. */
export const WIDE_OPS: readonly PatchOp[] = ['add', 'replace', 'remove', 'copy'];

const KEYS: Record<PatchOp, { readonly needed: readonly string[]; readonly allowed: readonly string[] }> = {
  add: { needed: ['path', 'value'], allowed: ['mode'] },
  replace: { needed: ['path', 'value'], allowed: [] },
  remove: { needed: ['path'], allowed: ['value', 'index'] },
  copy: { needed: ['from', 'path'], allowed: [] },
};

export interface PatchStep {
  readonly op: PatchOp;
  readonly path: string;
  readonly from?: string;
  readonly value?: JsonValue;
  readonly mode?: JsonValue;
  readonly index?: JsonValue;
}

const quoted = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ');

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readStep(element: JsonValue, ops: readonly PatchOp[]): PatchStep {
  if (!isObject(element) || typeof element['op'] !== 'string') {
    throw new Refusal(400, "PATCH element must have an 'op' field.");
  }
  const op = ops.find((allowed) => allowed === element['op']);
  if (!op) throw new Refusal(400, `Invalid PATCH op '${element['op']}', must be one of ${quoted(ops)}`);
  const { needed, allowed } = KEYS[op];
  for (const key of Object.keys(element)) {
    if (key !== 'op' && !needed.includes(key) && !allowed.includes(key)) {
      throw new Refusal(400, `Invalid PATCH key '${key}' for op '${op}', must be one of ${quoted(['op', ...needed])}`);
    }
  }
  const missing = needed.filter((key) => !(key in element));
  if (missing.length > 0) throw new Refusal(400, `Missing PATCH keys ${quoted(missing)} for op '${op}'`);
  return { ...element, op, path: echo(element['path']), from: echo(element['from']) };
}

/** @throws Refusal 400 (§6). */
export function readPatch(body: JsonValue, ops: readonly PatchOp[]): PatchStep[] {
  if (!Array.isArray(body)) throw new Refusal(400, 'Body for PATCH must be an array.');
  return body.map((element) => readStep(element, ops));
}

const unprocessable = (why: string, pointer: string): Refusal =>
  invalid(`The entity could not be processed: ${why} (pointer: ${pointer})`);
const absent = (pointer: string): Refusal => unprocessable('A pointer that references a non-existent value', pointer);

function segmentsOf(pointer: string): string[] {
  if (pointer !== '' && !pointer.startsWith('/')) throw unprocessable('Invalid pointer syntax', pointer);
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Reads and writes one place of a document. */
interface Place {
  has(): boolean;
  get(): JsonValue;
  set(value: JsonValue): void;
  insert(value: JsonValue): void;
  remove(): void;
}

function inList(list: JsonValue[], segment: string, pointer: string): Place {
  const at = segment === '-' ? list.length : Number(segment);
  if (!/^(?:0|[1-9]\d*|-)$/.test(segment) || at > list.length) throw absent(pointer);
  return {
    has: () => at < list.length,
    get: () => list[at] ?? null,
    set: (value) => {
      list[at] = value;
    },
    insert: (value) => {
      list.splice(at, 0, value);
    },
    remove: () => {
      list.splice(at, 1);
    },
  };
}

function inObject(object: JsonObject, name: string): Place {
  const set = (value: JsonValue): void => {
    object[name] = value;
  };
  return {
    has: () => name in object,
    get: () => object[name] ?? null,
    set,
    insert: set,
    remove: () => {
      delete object[name];
    },
  };
}

function placeOf(document: JsonObject, pointer: string): Place {
  const segments = segmentsOf(pointer);
  const last = segments.pop();
  if (last === undefined) throw absent(pointer);
  let at: JsonValue = document;
  for (const segment of segments) {
    const next: JsonValue | undefined = Array.isArray(at)
      ? at[Number(segment)]
      : isObject(at)
        ? at[segment]
        : undefined;
    if (next === undefined) throw absent(pointer);
    at = next;
  }
  if (Array.isArray(at)) return inList(at, last, pointer);
  if (isObject(at)) return inObject(at, last);
  throw absent(pointer);
}

const sameScalar = (a: JsonValue | undefined, b: JsonValue | undefined): boolean => echo(a) === echo(b);

function matchesGiven(element: JsonValue, given: JsonValue): boolean {
  if (isObject(given)) {
    return isObject(element) && Object.entries(given).every(([name, value]) => sameScalar(element[name], value));
  }
  return sameScalar(element, given);
}

/** `remove` with `value`: takes the matching elements out of a list, or only the one at `index` among them (§6). */
function removeMatching(place: Place, step: PatchStep): void {
  const list = place.get();
  if (!Array.isArray(list)) {
    if (matchesGiven(list, step.value ?? null)) place.remove();
    return;
  }
  const given = Array.isArray(step.value) ? step.value : [step.value ?? null];
  let seen = -1;
  const wanted = step.index === undefined ? null : Number(step.index);
  place.set(
    list.filter((element) => {
      if (!given.some((one) => matchesGiven(element, one))) return true;
      seen += 1;
      return wanted !== null && seen !== wanted;
    }),
  );
}

function applyStep(document: JsonObject, step: PatchStep): void {
  const place = placeOf(document, step.path);
  const value = structuredClone(step.value ?? null);
  switch (step.op) {
    case 'add': {
      const present = place.has() ? place.get() : null;
      if (step.mode === 'append' && Array.isArray(present)) present.push(...(Array.isArray(value) ? value : [value]));
      else place.insert(value);
      return;
    }
    case 'replace':
      if (!place.has()) throw absent(step.path);
      place.set(value);
      return;
    case 'remove':
      if (!place.has()) throw absent(step.path);
      if (step.value === undefined) place.remove();
      else removeMatching(place, step);
      return;
    case 'copy': {
      const source = placeOf(document, step.from ?? '');
      if (!source.has()) throw absent(step.from ?? '');
      place.insert(structuredClone(source.get()));
    }
  }
}

/**
 * Applies the steps to `document`, which must be the caller's own copy.
 * @throws Refusal 422 for a path that is not there; the document is spoiled then (§6).
 */
export function applyPatch(document: JsonObject, steps: readonly PatchStep[]): JsonObject {
  for (const step of steps) applyStep(document, step);
  return document;
}
