import { TurnupError } from '../../../errors/index.ts';
import type { Json } from '../../port.ts';
import type { Field, Fields } from '../profile/model.ts';
import { readAt, writeAt } from '../profile/pointer.ts';
import { plainText } from '../text.ts';

/** Values of a thing by the names of its fields. Null clears; undefined is not given. */
export type Values = Readonly<Record<string, Json | undefined>>;

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** Why a value cannot be sent, or null. */
export function valueFault({ converter, list, max }: Field, value: Json): string | null {
  if (value === null) return null;
  const elements = list === null ? [value] : isList(value) ? value : null;
  if (elements === null) return 'must be a list';
  for (const element of elements) {
    const fault = converter.fault(element);
    if (fault !== null) return fault;
    const wire = plainText(converter.out(element));
    if (max !== null && Array.from(wire).length > max) return `must have at most ${max} characters`;
    if (typeof list === 'string' && wire.includes(list))
      return `must not hold "${list}", which stands between the elements`;
  }
  return null;
}

/** @throws TurnupError for what the door should have refused */
export function toWire(field: Field, value: Json): unknown {
  if (value === null) return field.empty;
  const fault = valueFault(field, value);
  if (fault !== null) throw new TurnupError('TURNUP_TARGET_REJECTED', { detail: `${field.name} ${fault}` });
  if (field.list === null) return field.converter.out(value);
  const elements = (value as readonly Json[]).map((element) => field.converter.out(element));
  return field.list === true ? elements : elements.map(plainText).join(field.list);
}

/** The value as an order has it; undefined where there is none. */
export function fromWire({ converter, list, empty }: Field, wire: unknown): Json | undefined {
  if (wire === undefined || wire === null || wire === '') return undefined;
  if (list === null) return wire === empty ? undefined : converter.in(wire);
  const elements = Array.isArray(wire) ? (wire as unknown[]) : plainText(wire).split(list === true ? '\n' : list);
  const read = elements.map((element) => converter.in(element)).filter((element) => element !== undefined);
  return read.length === 0 ? undefined : read;
}

/** The document that says these values, beside what `document` says already. */
export function writeFields(fields: Fields, values: Values, document: unknown = {}): unknown {
  let written = document;
  for (const field of fields.values()) {
    const value = values[field.name];
    if (value !== undefined) written = writeAt(written, field.at, toWire(field, value));
  }
  return written;
}

/** Undefined where there is none. */
export const readField = (fields: Fields, name: string, document: unknown): Json | undefined => {
  const field = fields.get(name);
  return field && fromWire(field, readAt(document, field.at));
};

/** In an order that does not matter. */
const still = (value: Json | undefined): string =>
  JSON.stringify(Array.isArray(value) ? value.map((one) => JSON.stringify(one)).toSorted() : (value ?? null));

/** Whether the document says what the order wants, as far as it can be told apart on the wire. */
export function isSame(field: Field, wanted: Json, document: unknown): boolean {
  const there = fromWire(field, readAt(document, field.at));
  const asRead = wanted === null || isEmptyList(wanted) ? undefined : fromWire(field, toWire(field, wanted));
  return still(there) === still(asRead);
}

const isEmptyList = (value: Json): boolean => Array.isArray(value) && value.length === 0;
