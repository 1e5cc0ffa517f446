import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js';
import type { CsvConfig } from '../../config/index.ts';

export type Value = string | number | null;
export type Converted = { readonly value: Value } | { readonly fault: string };

type Conversion = CsvConfig['fields'][string]['as'];

/** Punctuation that people and switches put between digits. */
const BETWEEN = /[\s().\-/]/g;
const DIGITS = /^\+?[0-9]{1,32}$/;
/** What a telephone can dial. */
const DIALLED = /^[0-9*#+]{1,32}$/;

/** E.164, or null where it is no possible number. */
function toE164(text: string, country: CountryCode | undefined): string | null {
  const bare = text.replaceAll(BETWEEN, '');
  if (!DIGITS.test(bare)) return null;
  const parsed = parsePhoneNumberFromString(bare, country ? { defaultCountry: country } : undefined);
  return parsed?.isPossible() ? parsed.number : null;
}

function number(text: string, country: CountryCode | undefined): Converted {
  const value = toE164(text, country);
  if (value !== null) return { value };
  return { fault: `is no possible telephone number${country ? ` of ${country}` : ' with its country code'}` };
}

function dialled(text: string, country: CountryCode | undefined): Converted {
  const value = toE164(text, country);
  if (value !== null) return { value };
  const bare = text.replaceAll(BETWEEN, '');
  return DIALLED.test(bare) ? { value: bare } : { fault: 'is nothing that can be dialled' };
}

function integer(text: string): Converted {
  const value = Number(text);
  return /^-?[0-9]+$/.test(text) && Number.isSafeInteger(value) ? { value } : { fault: 'is no whole number' };
}

/** With a point or a comma; written as text, because a price must not be rounded. */
function decimal(text: string): Converted {
  const value = text.replace(',', '.');
  return /^-?[0-9]{1,20}(\.[0-9]{1,20})?$/.test(value) ? { value } : { fault: 'is no decimal number' };
}

type Converter = (text: string, country: CountryCode | undefined) => Converted;

const CONVERTERS: Readonly<Record<Conversion, Converter>> = {
  text: (text) => ({ value: text }),
  number: (text, country) => number(text.trim(), country),
  dialled: (text, country) => dialled(text.trim(), country),
  integer: (text) => integer(text.trim()),
  decimal: (text) => decimal(text.trim()),
};

/** The value of one column. @param country of numbers without a country code */
export function convert(text: string, as: Conversion, country: string | undefined): Converted {
  return CONVERTERS[as](text, country as CountryCode | undefined);
}
