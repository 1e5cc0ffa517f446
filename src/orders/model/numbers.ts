import { parsePhoneNumberFromString, validatePhoneNumberLength } from 'libphonenumber-js';

/** Digits only. `ac` may be empty: then `sn` is the whole national number. */
export interface PhoneNumber {
  cc: string;
  ac: string;
  sn: string;
}

export type PostedNumber = string | { cc: string; ac?: string | undefined; sn: string };

export type NumberReading =
  | { readonly number: PhoneNumber; readonly fault?: undefined }
  | { readonly fault: string; readonly number?: undefined };

/** ITU-T E.164 §6: country code and national number together. */
const MAX_DIGITS = 15;

export const digitsOf = (number: PhoneNumber): string => `${number.cc}${number.ac}${number.sn}`;

const toE164 = (number: PhoneNumber): string => `+${digitsOf(number)}`;

/**
 * Splits an E.164 string, or checks a number given in parts. Asked is that the number is *possible* (country code and
 * length), not that it is assigned.
 * @param areaCodes prefixes such as `+431`; the longest that fits splits a string into ac and sn.
 */
export function readNumber(posted: PostedNumber, areaCodes: readonly string[]): NumberReading {
  if (typeof posted !== 'string') {
    const number = { cc: posted.cc, ac: posted.ac ?? '', sn: posted.sn };
    const read = readE164(toE164(number));
    if (read.fault !== undefined) return { fault: read.fault };
    if (read.cc !== number.cc) return { fault: `has the country code ${read.cc}; give it alone as cc` };
    return { number };
  }
  const read = readE164(posted);
  if (read.fault !== undefined) return { fault: read.fault };
  return { number: splitByAreaCode(posted.slice(1), read.cc, areaCodes) };
}

/** What is wrong with an E.164 string, or null. */
export function e164Fault(text: string): string | null {
  return readE164(text).fault ?? null;
}

function splitByAreaCode(digits: string, cc: string, areaCodes: readonly string[]): PhoneNumber {
  let longest = cc;
  for (const areaCode of areaCodes) {
    const prefix = areaCode.replace('+', '');
    const fits = prefix.startsWith(cc) && digits.startsWith(prefix) && digits.length > prefix.length;
    if (fits && prefix.length > longest.length) longest = prefix;
  }
  return { cc, ac: longest.slice(cc.length), sn: digits.slice(longest.length) };
}

const LENGTH_FAULTS: Readonly<Record<string, string>> = {
  INVALID_COUNTRY: 'has no known country code',
  TOO_SHORT: 'is too short for its country',
  TOO_LONG: 'is too long for its country',
  INVALID_LENGTH: 'has a length that its country does not use',
};

type Reading = { readonly cc: string; readonly fault?: undefined } | { readonly fault: string };

function readE164(text: string): Reading {
  if (/\p{L}/u.test(text)) return { fault: 'must not hold letters; write it in E.164 form, e.g. +43987610001' };
  if (!/^\+[0-9]+$/.test(text)) return { fault: 'must be a plus and digits (E.164), e.g. +43987610001' };
  const digits = text.slice(1);
  if (digits.length > MAX_DIGITS) return { fault: `must have at most ${MAX_DIGITS} digits (E.164)` };
  const parsed = parsePhoneNumberFromString(text);
  if (!parsed?.isPossible()) {
    return { fault: LENGTH_FAULTS[validatePhoneNumberLength(text) ?? ''] ?? 'is not a possible number' };
  }
  // The library mends what it takes for a trunk prefix; a number stored otherwise than it was ordered is worse than none.
  if (`${parsed.countryCallingCode}${parsed.nationalNumber}` !== digits) {
    return { fault: `is not in international form; it is written ${parsed.number}` };
  }
  return { cc: parsed.countryCallingCode };
}
