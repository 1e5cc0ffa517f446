import { characters, echo, REFERENCE } from './text.ts';
import { invalid, type JsonObject } from './refusal.ts';

/** What a form knows of a member of a body. Members it does not know are dropped in silence (sipwise-ngcp.md §2). */
export interface Field {
  readonly name: string;
  /** Stands in `<label> field is required`. */
  readonly label?: string;
  readonly kind: 'text' | 'integer' | 'number' | 'boolean' | 'choice';
  readonly required?: boolean;
  readonly max?: number;
  readonly min?: number;
  /** Of a `choice`. */
  readonly options?: readonly string[];
  /** A further check of a value that is not empty: the error text, or null. */
  readonly check?: (value: string) => string | null;
  /** Never echoed. */
  readonly secret?: boolean;
  /** The server echoes an inner reference instead of the input. */
  readonly echoesReference?: boolean;
  /** For the service document. */
  readonly description?: string;
}

export type FormValue = string | number | boolean | null;
/** The known members that were sent, coerced; a member not sent is absent. */
export type FormValues = Record<string, FormValue>;

export interface FieldFault {
  readonly field: string;
  readonly input: string;
  readonly errors: readonly string[];
}

/** One 422 for all faults of a form (§4). */
export function throwFormFaults(faults: readonly FieldFault[]): void {
  if (faults.length === 0) return;
  const parts = faults.map(
    ({ field, input, errors }) => `field='${field}', input='${input}', errors='${errors.join(',')}'`,
  );
  throw invalid(`Validation failed. ${parts.join('; ')}`);
}

const INTEGER = /^[+-]?\d+$/;
const NUMBER = /^[+-]?\d+(?:\.\d+)?$/;

/** The errors of a whole number that may not be negative, as the server words them together. */
export function integerErrors(text: string): string[] {
  const errors: string[] = [];
  if (!INTEGER.test(text)) errors.push('Value must be an integer');
  if (!/^\+?\d+$/.test(text)) errors.push('Value must be a positive integer');
  return errors;
}

function lengthErrors(field: Field, text: string): string[] {
  const length = characters(text);
  const errors: string[] = [];
  if (field.max !== undefined && length > field.max) {
    errors.push(`Field should not exceed ${field.max} characters. You entered ${length}`);
  }
  if (field.min !== undefined && length < field.min) {
    errors.push(`Field must be at least ${field.min} characters. You entered ${length}`);
  }
  return errors;
}

function rangeErrors(field: Field, text: string): string[] {
  if (!NUMBER.test(text)) return ['Value must be a number'];
  const number = Number(text);
  const { min = -Infinity, max = Infinity } = field;
  return number < min || number > max ? [`Value must be between ${min} and ${max}`] : [];
}

const BOOLEANS: Record<string, boolean> = { '1': true, '0': false, true: true, false: false };

function errorsOf(field: Field, text: string): string[] {
  switch (field.kind) {
    case 'text': {
      const errors = lengthErrors(field, text);
      const further = errors.length === 0 ? field.check?.(text) : null;
      return further ? [further] : errors;
    }
    case 'integer':
      return integerErrors(text);
    case 'number':
      return rangeErrors(field, text);
    case 'boolean':
      return text in BOOLEANS ? [] : [`'${text}' is not a valid value`];
    default:
      return field.options?.includes(text) ? [] : [`'${text}' is not a valid value`];
  }
}

function coerce(field: Field, text: string): FormValue {
  if (field.kind === 'integer' || field.kind === 'number') return Number(text);
  if (field.kind === 'boolean') return BOOLEANS[text] ?? false;
  return text;
}

/** Checks one member; pushes its fault, or stores its value. */
function takeField(field: Field, input: JsonObject, values: FormValues, faults: FieldFault[]): void {
  const raw = input[field.name];
  const shown = field.secret ? '*****' : echo(raw);
  if (raw === undefined || raw === null || raw === '') {
    if (field.required) {
      faults.push({ field: field.name, input: shown, errors: [`${field.label ?? field.name} field is required`] });
    } else if (raw !== undefined) {
      values[field.name] = field.kind === 'text' ? raw : null;
    }
    return;
  }
  const text = field.kind === 'boolean' && typeof raw === 'boolean' ? String(raw) : echo(raw);
  const errors = typeof raw === 'object' ? ['Invalid value'] : errorsOf(field, text);
  if (errors.length > 0) {
    faults.push({ field: field.name, input: field.echoesReference ? REFERENCE : shown, errors });
  } else {
    values[field.name] = coerce(field, text);
  }
}

/** Checks all fields, in their order, and collects the faults. */
export function checkForm(fields: readonly Field[], input: JsonObject): { values: FormValues; faults: FieldFault[] } {
  const values: FormValues = {};
  const faults: FieldFault[] = [];
  for (const field of fields) takeField(field, input, values, faults);
  return { values, faults };
}

/** @throws Refusal 422 naming every fault. */
export function readForm(fields: readonly Field[], input: JsonObject): FormValues {
  const { values, faults } = checkForm(fields, input);
  throwFormFaults(faults);
  return values;
}

const MAIL = /^[^\s@<>(),;:"[\]\\]+@[^\s@<>(),;:"[\]\\.]+(?:\.[^\s@<>(),;:"[\]\\.]+)+$/;

export const mailCheck = (value: string): string | null =>
  MAIL.test(value) ? null : 'Email should be of the format someuser@example.com';

const zones = new Map<string, boolean>();

function isZone(name: string): boolean {
  try {
    if (!/^[A-Za-z]/.test(name)) return false;
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

export function zoneCheck(value: string): string | null {
  let known = zones.get(value);
  if (known === undefined) {
    known = isZone(value);
    if (zones.size < 1000) zones.set(value, known);
  }
  return known ? null : `Invalid timezone name: ${value}`;
}
