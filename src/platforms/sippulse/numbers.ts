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

/**
 * The numbers of a subscriber that need a DID: all, but one that is its user name, by which calls find it already.
 */
export function didNumbers({ username, number, aliases }: SubscriberOrder, format: Format): string[] {
  const all = number ? [number, ...aliases] : aliases;
  return all
    .filter((one) => ![digitsOf(one), `+${digitsOf(one)}`, platformNumber(one, format)].includes(username))
    .map((one) => platformNumber(one, format));
}
