import type { PhoneNumber, SubscriberOrder } from '../port.ts';
import type { NgnproDefaults } from './types.ts';

type Format = Pick<NgnproDefaults, 'numberFormat'>;

export const digitsOf = ({ cc, ac, sn }: PhoneNumber): string => `${cc}${ac}${sn}`;

/** A number as the user part of an address. */
export const userPartOf = (digits: string, { numberFormat }: Format): string =>
  numberFormat === 'plus' ? `+${digits}` : digits;

/** The digits of all numbers of a subscriber. */
export const numbersOf = ({ number, aliases }: Pick<SubscriberOrder, 'number' | 'aliases'>): string[] =>
  (number ? [number, ...aliases] : [...aliases]).map(digitsOf);

/** The numbers that need an alias: all, but one that is the user name, by which calls find the account already. */
export const aliasNamesOf = (subscriber: SubscriberOrder, format: Format): string[] =>
  numbersOf(subscriber)
    .map((digits) => userPartOf(digits, format))
    .filter((name) => name !== subscriber.username.toLowerCase());
