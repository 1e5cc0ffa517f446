import type { PhoneNumber, SubscriberOrder } from '../port.ts';
import type { SubscriberDefaults } from './types.ts';

type Format = Pick<SubscriberDefaults, 'countryCode' | 'numberFormat'>;

export const digitsOf = ({ cc, ac, sn }: PhoneNumber): string => `${cc}${ac}${sn}`;

/**
 * A number as the platform has it: those of the target's own country without its code, as the vendor's examples
 * (sippulse.md, `did`: 1130258080), unless the target is configured otherwise.
 */
export function platformNumber(number: PhoneNumber, { countryCode, numberFormat }: Format): string {
  const isOwn = numberFormat === 'national' && number.cc === String(countryCode);
  return isOwn ? `${number.ac}${number.sn}` : digitsOf(number);
}

/** The same for a number that is one text, `+551130258080`. */
export function platformDigits(e164: string, { countryCode, numberFormat }: Format): string {
  const digits = e164.replace(/^\+/, '');
  const own = String(countryCode);
  return numberFormat === 'national' && digits.startsWith(own) && digits.length > own.length
    ? digits.slice(own.length)
    : digits;
}

/** Whether a number is the user name itself, by which calls find the subscriber without a DID. */
export const isUsername = (username: string, number: PhoneNumber, format: Format): boolean =>
  [digitsOf(number), `+${digitsOf(number)}`, platformNumber(number, format)].includes(username);

/** The same for a number as the platform has it. */
export const isUsernameOf = (username: string, number: string, format: Format): boolean =>
  [username.replace(/^\+/, ''), platformDigits(username, format)].includes(number);

/** Those of a subscriber's numbers that need a DID. */
export const didsOf = (username: string, numbers: readonly PhoneNumber[], format: Format): string[] =>
  numbers.filter((one) => !isUsername(username, one, format)).map((one) => platformNumber(one, format));

export const didNumbers = ({ username, number, aliases }: SubscriberOrder, format: Format): string[] =>
  didsOf(username, number ? [number, ...aliases] : aliases, format);
