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

/** The ranges of the target's ENUM tree. */
export async function enumRanges(client: NgnproClient): Promise<readonly EnumRange[]> {
  const { enumTld } = client.defaults;
  const key = `ranges ${enumTld}`;
  const ranges = (await client.references.get(key, async () =>
    (await rangesIn(client, enumTld)).map((range) => ({
      prefix: (textOrNull(itemOf(range['id'])?.['prefix']) ?? '').replace(/^\+/, ''),
      minDigits: limitOf(range, 'minDigits', 0),
      maxDigits: limitOf(range, 'maxDigits', 15),
    })),
  )) as EnumRange[];
  return ranges;
}

/** Whether a range has a place for a number: digits without plus. */
export function isCovered(ranges: readonly EnumRange[], digits: string): boolean {
  return ranges.some(
    ({ prefix, minDigits, maxDigits }) =>
      digits.startsWith(prefix) && digits.length >= minDigits && digits.length <= maxDigits,
  );
}

/** Forgets what was read, so that a range that somebody has added since is seen. */
export const forgetRanges = (client: NgnproClient): void =>
  client.references.forget(`ranges ${client.defaults.enumTld}`);
