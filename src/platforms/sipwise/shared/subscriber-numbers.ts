import { TurnupError } from '../../../errors/index.ts';
import type { PhoneNumber, SubscriberOrder } from '../../port.ts';
import { idOf, list, textOrNull } from '../lookup.ts';
import { digitsOf, platformNumber, readAliases, readDigits } from '../numbers.ts';
import type { Item, SipwiseClient } from '../types.ts';

/** A number in the form the platform takes it, split as the platform has it. */
export type WrittenNumber = {
  readonly cc: string;
  readonly ac?: string;
  readonly sn: string;
  readonly is_devid?: boolean;
};

export type SubscriberNumbers = {
  readonly primary_number: WrittenNumber | null;
  readonly alias_numbers: readonly WrittenNumber[];
};

/** More numbers than this are not looked for one by one. */
const MOST_NUMBERS_ASKED = 100;

export const digitsOfWritten = ({ cc, ac = '', sn }: WrittenNumber): string => `${cc}${ac}${sn}`;

function written(value: unknown): WrittenNumber | null {
  if (readDigits(value) === null) return null;
  const { cc, ac, sn, is_devid: devid } = value as Item;
  const parts = { cc: textOrNull(cc) ?? '', ac: textOrNull(ac) ?? '', sn: textOrNull(sn) ?? '' };
  const isDevice = devid === true || devid === 1;
  return { ...platformNumber(parts), ...(isDevice ? { is_devid: true } : {}) };
}

/** All numbers of a subscriber as read. */
export function numbersIn(found: Item): SubscriberNumbers {
  const aliases = found['alias_numbers'];
  return {
    primary_number: written(found['primary_number']),
    alias_numbers: (Array.isArray(aliases) ? aliases : []).map(written).filter((number) => number !== null),
  };
}

export function allDigits({ primary_number: primary, alias_numbers: aliases }: SubscriberNumbers): Set<string> {
  return new Set([...(primary ? [primary] : []), ...aliases].map(digitsOfWritten));
}

export interface NumberWishes {
  readonly number: PhoneNumber | undefined;
  readonly clearsNumber: boolean;
  readonly aliases: readonly PhoneNumber[];
  readonly clearsAliases: boolean;
}

/**
 * The numbers that a subscriber is to have after a modification. Those it has stay split as they are. A primary number
 * that was an alias is none any more: the platform takes no number twice (sipwise-ngcp.md §4.1).
 * @throws TurnupError `TURNUP_TARGET_REJECTED` for an alias that is and stays the primary number
 */
export function numbersAfter(wishes: NumberWishes, found: SubscriberNumbers): SubscriberNumbers {
  const known = new Map(
    [...(found.primary_number ? [found.primary_number] : []), ...found.alias_numbers].map((one) => [
      digitsOfWritten(one),
      one,
    ]),
  );
  const asKnown = (number: PhoneNumber): WrittenNumber => known.get(digitsOf(number)) ?? platformNumber(number);
  const { number, clearsNumber, aliases, clearsAliases } = wishes;
  const primary = number ? withoutUse(asKnown(number)) : clearsNumber ? null : found.primary_number;
  const own = primary && digitsOfWritten(primary);
  if (aliases.length === 0 && !clearsAliases) {
    return {
      primary_number: primary,
      alias_numbers: found.alias_numbers.filter((one) => digitsOfWritten(one) !== own),
    };
  }
  if (aliases.some((alias) => digitsOf(alias) === own)) {
    throw new TurnupError('TURNUP_TARGET_REJECTED', {
      detail: `+${own} is the subscriber's primary number and cannot be an alias too; the order must name another number`,
    });
  }
  return { primary_number: primary, alias_numbers: aliases.map(asKnown) };
}

/** A primary number is no device's. */
function withoutUse({ is_devid: _devid, ...number }: WrittenNumber): WrittenNumber {
  return number;
}

/** The members of `wanted` that differ from what is there. */
export function numbersToWrite(wanted: SubscriberNumbers, found: SubscriberNumbers): Partial<SubscriberNumbers> {
  const own = (numbers: SubscriberNumbers): string | null =>
    numbers.primary_number && digitsOfWritten(numbers.primary_number);
  const others = (numbers: SubscriberNumbers): string => numbers.alias_numbers.map(digitsOfWritten).toSorted().join();
  return {
    ...(own(wanted) === own(found) ? {} : { primary_number: wanted.primary_number }),
    ...(others(wanted) === others(found) ? {} : { alias_numbers: wanted.alias_numbers }),
  };
}

/** Who has the number now, as primary or alias, however it is split; null: nobody. */
export async function ownerOf(client: SipwiseClient, wanted: string): Promise<Item | null> {
  const hits = await list(client, { collection: 'subscribers', filter: { alias: wanted } });
  return (
    hits.find(
      (hit) => readDigits(hit['primary_number']) === wanted || readAliases(hit['alias_numbers']).includes(wanted),
    ) ?? null
  );
}

export function takenBy(wanted: string, owner: Item): TurnupError {
  return new TurnupError('TURNUP_NUMBER_TAKEN', {
    detail: `+${wanted} belongs to subscriber ${idOf(owner)} (${String(owner['username'])}@${String(owner['domain'])})`,
  });
}

/**
 * For a refusal that says nothing of its reason (sipwise-ngcp.md §4.1).
 * @param self whose numbers they may be
 * @throws TurnupError `TURNUP_NUMBER_TAKEN`
 */
export async function refuseTaken(
  client: SipwiseClient,
  { number, aliases }: Pick<SubscriberOrder, 'number' | 'aliases'>,
  self: number | null = null,
): Promise<void> {
  const wanted = [...(number ? [number] : []), ...aliases].map(digitsOf);
  if (wanted.length > MOST_NUMBERS_ASKED) return;
  for (const one of wanted) {
    const owner = await ownerOf(client, one);
    if (owner && idOf(owner) !== self) throw takenBy(one, owner);
  }
}
