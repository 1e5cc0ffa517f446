import { TurnupError } from '../../../errors/index.ts';
import { itemsOf, textOrNull } from '../read.ts';
import type { Item, SippulseClient } from '../types.ts';

/**
 * The reseller of that name in the domain; null when there is none.
 * @throws TurnupError `TURNUP_OBJECT_AMBIGUOUS` when there are several: nothing keeps names apart
 */
export async function resellerNamed(client: SippulseClient, domain: string, name: string): Promise<Item | null> {
  const all = itemsOf(await client.read('ResellerWS', 'listByDomain', { domain }), 'reseller');
  const [found, ...others] = all.filter((one) => textOrNull(one['name']) === name);
  if (others.length === 0) return found ?? null;
  throw new TurnupError('TURNUP_OBJECT_AMBIGUOUS', {
    detail: `${others.length + 1} resellers of ${domain} are named "${name}"`,
  });
}
