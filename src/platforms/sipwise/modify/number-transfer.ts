import { idOf, list, numberOrNull } from '../lookup.ts';
import { readDigits } from '../numbers.ts';
import { digitsOfWritten, numbersIn, type WrittenNumber } from '../shared/subscriber-numbers.ts';
import type { Item, SipwiseClient } from '../types.ts';

export interface OwnedNumber {
  readonly written: WrittenNumber;
  readonly isPrimary: boolean;
}

const pathOf = (id: number): string => `/api/subscribers/${id}`;

/** A number that the subscriber has, in the form the platform takes it; null when it has not. */
export function numberIn(owner: Item, digits: string): OwnedNumber | null {
  const { primary_number: primary, alias_numbers: aliases } = numbersIn(owner);
  if (primary && digitsOfWritten(primary) === digits) return { written: primary, isPrimary: true };
  const alias = aliases.find((one) => digitsOfWritten(one) === digits);
  return alias ? { written: alias, isPrimary: false } : null;
}

/**
 * Hands a number over. An alias goes in one call, unless its owner has no primary number (sipwise-ngcp.md §4.1); all
 * else is taken away and then given, so that nobody has it for a moment.
 */
export async function transfer(
  client: SipwiseClient,
  number: OwnedNumber,
  from: number,
  to: number,
  asPrimary = false,
): Promise<void> {
  const owner = await client.get(pathOf(from));
  const isWhole = numbersIn(owner).primary_number === null;
  if (!number.isPrimary && !asPrimary && !isWhole) {
    const id = await numberId(client, owner, digitsOfWritten(number.written));
    if (id !== null) {
      await client.patch(`/api/numbers/${id}`, [{ op: 'replace', path: '/subscriber_id', value: to }]);
      return;
    }
  }
  await take(client, number, from, owner);
  await give(client, number, to, asPrimary);
}

/** @param owner as read, when it was */
export async function take(client: SipwiseClient, number: OwnedNumber, from: number, owner?: Item): Promise<void> {
  const path = pathOf(from);
  if (number.isPrimary) {
    await client.patch(path, [{ op: 'replace', path: '/primary_number', value: null }]);
    return;
  }
  const { alias_numbers: aliases } = numbersIn(owner ?? (await client.get(path)));
  const digits = digitsOfWritten(number.written);
  const kept = aliases.filter((one) => digitsOfWritten(one) !== digits);
  await client.patch(path, [{ op: 'add', path: '/alias_numbers', value: kept }]);
}

export async function give(
  client: SipwiseClient,
  { written }: OwnedNumber,
  to: number,
  asPrimary = false,
): Promise<void> {
  const path = pathOf(to);
  if (asPrimary) {
    await client.patch(path, [{ op: 'add', path: '/primary_number', value: written }]);
    return;
  }
  const { alias_numbers: aliases } = numbersIn(await client.get(path));
  await client.patch(path, [{ op: 'add', path: '/alias_numbers', value: [...aliases, written] }]);
}

/** The platform's id of an alias; older releases tell it only among the numbers. Null: not there either. */
async function numberId(client: SipwiseClient, owner: Item, digits: string): Promise<number | null> {
  const aliases = (owner['alias_numbers'] ?? []) as Item[];
  const own = numberOrNull(aliases.find((one) => readDigits(one) === digits)?.['number_id']);
  if (own !== null) return own;
  const all = await list(client, { collection: 'numbers', filter: { subscriber_id: idOf(owner) }, limit: 5000 });
  const hit = all.find((one) => readDigits(one) === digits && numberOrNull(one['subscriber_id']) === idOf(owner));
  return hit ? idOf(hit) : null;
}
