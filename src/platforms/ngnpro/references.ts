import { TurnupError } from '../../errors/index.ts';
import { findDomain, rangesIn } from './shared/lists.ts';
import { itemOf, textOrNull } from './shared/read.ts';
import type { Item, NgnproClient } from './types.ts';

/**
 * That the platform has the domains. What was seen is believed for a while; what was not seen is looked for again, since
 * somebody may have added it since.
 * @throws TurnupError `TURNUP_REFERENCE_UNKNOWN`
 */
export async function checkDomains(client: NgnproClient, domains: readonly string[]): Promise<void> {
  for (const domain of domains) {
    const key = `domain ${domain.toLowerCase()}`;
    const found = await client.references.get(key, () => findDomain(client, domain));
    if (found) continue;
    client.references.forget(key);
    throw new TurnupError('TURNUP_REFERENCE_UNKNOWN', {
      detail: `the target does not have the domain ${domain}, or the login may not touch it`,
      hint: 'Add the domain on the platform, or name it in customer.native.domains, then retry.',
    });
  }
}

interface EnumRange {
  readonly prefix: string;
  readonly minDigits: number;
  readonly maxDigits: number;
}

const limitOf = (range: Item, member: string, none: number): number => {
  const value = range[member];
  return typeof value === 'number' && value > 0 ? value : none;
};

/**
 * The ranges of the target's ENUM tree.
 * @param isEnough those that were seen before are believed if they are; somebody may have added one since
 */
async function enumRanges(
  client: NgnproClient,
  isEnough: (ranges: readonly EnumRange[]) => boolean,
): Promise<readonly EnumRange[]> {
  const { references, defaults } = client;
  const key = `ranges ${defaults.enumTld}`;
  let isNew = false;
  const read = async (): Promise<readonly EnumRange[]> => {
    isNew = true;
    return (await rangesIn(client, defaults.enumTld)).map((range) => ({
      prefix: (textOrNull(itemOf(range['id'])?.['prefix']) ?? '').replace(/^\+/, ''),
      minDigits: limitOf(range, 'minDigits', 0),
      maxDigits: limitOf(range, 'maxDigits', 15),
    }));
  };
  const known = (await references.get(key, read)) as readonly EnumRange[];
  if (isNew || isEnough(known)) return known;
  references.forget(key);
  return (await references.get(key, read)) as readonly EnumRange[];
}

/** Whether a range has a place for a number: digits without plus. */
function isCovered(ranges: readonly EnumRange[], digits: string): boolean {
  return ranges.some(
    ({ prefix, minDigits, maxDigits }) =>
      digits.startsWith(prefix) && digits.length >= minDigits && digits.length <= maxDigits,
  );
}

/**
 * Those of a subscriber's numbers, digits without plus, that are to be published; none where the target does not use ENUM.
 * @param isDoubted whether an attempt may have published them, so that there was a range
 * @throws TurnupError `TURNUP_REFERENCE_UNKNOWN` for a number that no range has a place for
 */
export async function publishable(
  client: NgnproClient,
  numbers: readonly string[],
  isDoubted: boolean,
): Promise<readonly string[]> {
  const { enum: publish, enumTld } = client.defaults;
  if (publish === 'never' || numbers.length === 0) return [];
  const uncoveredIn = (all: readonly EnumRange[]): string[] => numbers.filter((number) => !isCovered(all, number));
  const ranges = await enumRanges(client, (all) => all.length > 0 && uncoveredIn(all).length === 0);
  if (ranges.length === 0 && publish === 'auto') return [];
  const uncovered = uncoveredIn(ranges);
  if (uncovered.length === 0 || isDoubted) return numbers;
  throw new TurnupError('TURNUP_REFERENCE_UNKNOWN', {
    detail: `no ENUM range of ${enumTld} has a place for ${uncovered.map((number) => `+${number}`).join(', ')}`,
    hint: 'Add the range on the platform, or set "enum: never" for the target, then retry.',
  });
}
