import { isE164 } from '../../destination.ts';
import type { Json } from '../../port.ts';
import { readDate, writeDate } from './dates.ts';
import { plainText } from '../text.ts';

/** How one value stands on the wire. */
export interface Converter {
  /** As a profile names it: `bool:S/N`. */
  readonly name: string;
  /** What makes a value of the order one that cannot be sent, or null. */
  fault(value: Json): string | null;
  /** Only for values without a fault. */
  out(value: Json): Json;
  /** The value as an order has it; undefined where there is none, or none that an order could have. */
  in(wire: unknown): Json | undefined;
}

/** What converters need to know of the profile. */
export interface ConverterContext {
  readonly dates: string;
  readonly countryCode: string;
  readonly values: { readonly [list: string]: { readonly [value: string]: Json } };
}

const CONVERTER_NAMES = [
  'text',
  'upper',
  'lower',
  'number',
  'e164',
  'digits',
  'national',
  'date',
  'enum:<list of values>',
  'bool',
  'bool:<true>/<false>',
  'xml-text',
] as const;

const NO_NUMBER = 'must be a number in E.164, with a plus';

const isPlain = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** Absent, null and an empty text are the same on a form. */
const textIn = (wire: unknown): string | undefined => (isPlain(wire) && wire !== '' ? String(wire) : undefined);

const plainFault = (value: Json): string | null => (isPlain(value) ? null : 'must be text, a number or true or false');

function textual(name: string, change: (text: string) => string, back: (text: string) => string = change): Converter {
  return {
    name,
    fault: plainFault,
    out: (value) => change(plainText(value)),
    in(wire) {
      const text = textIn(wire);
      return text === undefined ? undefined : back(text);
    },
  };
}

/** Numbers of any way to write them, told apart by `plus` and `00` where the wire has these. */
function telephone(name: string, out: (e164: string) => string, bare: (digits: string) => string): Converter {
  return {
    name,
    fault: (value) => (typeof value === 'string' && isE164(value) ? null : NO_NUMBER),
    out: (value) => out(plainText(value)),
    in(wire) {
      const text = textIn(wire)?.replaceAll(/[\s()./-]/g, '');
      if (text === undefined || !/^\+?\d+$/.test(text)) return undefined;
      return text.startsWith('+') ? text : `+${bare(text)}`;
    },
  };
}

const withoutZeros = (digits: string): string => digits.replace(/^00/, '');

function national(countryCode: string): Converter {
  const prefix = `+${countryCode}`;
  const base = telephone(
    'national',
    (e164) => e164.slice(prefix.length),
    // Never taken for `00` and a country: what is sent without its country must come back as it was.
    (digits) => `${countryCode}${digits}`,
  );
  return {
    ...base,
    fault(value) {
      const fault = base.fault(value);
      if (fault !== null) return fault;
      const isHome = plainText(value).startsWith(prefix) && plainText(value).length > prefix.length;
      return isHome ? null : `must be a number of +${countryCode}: the target is sent numbers without their country`;
    },
  };
}

function bool(name: string, yes: Json, no: Json): Converter {
  const same = (wire: unknown, one: Json): boolean => wire === one || (typeof one === 'string' && textIn(wire) === one);
  return {
    name,
    fault: (value) => (typeof value === 'boolean' ? null : 'must be true or false'),
    out: (value) => (value === true ? yes : no),
    in: (wire) => (same(wire, yes) ? true : same(wire, no) ? false : undefined),
  };
}

function list(name: string, values: { readonly [value: string]: Json }): Converter {
  const known = Object.keys(values).join(', ');
  return {
    name,
    fault: (value) => (isPlain(value) && Object.hasOwn(values, String(value)) ? null : `must be one of ${known}`),
    out: (value) => values[plainText(value)] ?? null,
    in: (wire) =>
      Object.keys(values).find((value) => values[value] === wire || textIn(wire) === plainText(values[value])),
  };
}

const number: Converter = {
  name: 'number',
  fault: (value) => (typeof value === 'number' && Number.isFinite(value) ? null : 'must be a number'),
  out: (value) => value,
  in(wire) {
    const read = typeof wire === 'number' ? wire : Number(textIn(wire) ?? Number.NaN);
    return Number.isFinite(read) ? read : undefined;
  },
};

function date(pattern: string): Converter {
  return {
    name: 'date',
    fault: (value) =>
      typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? null : 'must be a time in ISO 8601',
    out: (value) => writeDate(plainText(value), pattern),
    in: (wire) => readDate(textIn(wire) ?? '', pattern) ?? undefined,
  };
}

const XML: readonly (readonly [character: string, entity: string])[] = [
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&apos;'],
];

const xmlText = textual(
  'xml-text',
  (text) => XML.reduce((done, [character, entity]) => done.replaceAll(character, entity), text),
  (text) => XML.toReversed().reduce((done, [character, entity]) => done.replaceAll(entity, character), text),
);

/** The converter of that name; in words what is wrong with the name where there is none. */
export function converterNamed(name: string, context: ConverterContext): Converter | string {
  const [kind = '', ...more] = name.split(':');
  const argument = more.join(':');
  if (kind === 'enum') {
    if (!Object.hasOwn(context.values, argument)) return `names the values "${argument}", which are not under values`;
    return list(name, context.values[argument]!);
  }
  if (kind === 'bool' && more.length > 0) {
    const [yes, no, ...rest] = argument.split('/');
    const isPair = yes !== undefined && no !== undefined && rest.length === 0 && yes !== no && yes !== '';
    return isPair ? bool(name, yes, no) : 'must be bool:<true>/<false>, such as bool:S/N';
  }
  switch (name) {
    case 'text':
      return textual(name, (text) => text);
    case 'upper':
      return textual(name, (text) => text.toUpperCase());
    case 'lower':
      return textual(name, (text) => text.toLowerCase());
    case 'number':
      return number;
    case 'e164':
      return telephone(name, (e164) => e164, withoutZeros);
    case 'digits':
      return telephone(name, (e164) => e164.slice(1), withoutZeros);
    case 'national':
      return national(context.countryCode);
    case 'date':
      return date(context.dates);
    case 'bool':
      return bool(name, true, false);
    case 'xml-text':
      return xmlText;
    default:
      return `must be one of ${CONVERTER_NAMES.join(', ')}`;
  }
}
