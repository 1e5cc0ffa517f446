import type { SippulseClient } from '../types.ts';
import { isFault } from '../fault.ts';
import { itemsOf } from '../read.ts';
import type { Item } from './spec.ts';

/**
 * Nothing, where the platform says so by an empty answer or by a fault: which of both is not known, and a fault has no
 * code (sippulse.md, "Not knowable publicly"). A fault counts as nothing only when the platform proves to be well and
 * the login to reach the domain; else it is thrown as it is.
 */
export async function readOrNothing(
  client: SippulseClient,
  domain: unknown,
  read: () => Promise<Item | null>,
): Promise<Item | null> {
  try {
    return await read();
  } catch (error) {
    if (!isFault(error) || !(await isReached(client, domain))) throw error;
    return null;
  }
}

async function isReached(client: SippulseClient, domain: unknown): Promise<boolean> {
  const domains = itemsOf(await client.read('DomainWS', 'listDomains', {}), 'domain');
  return domains.some((found) => String(found['domain']).toLowerCase() === String(domain).toLowerCase());
}

/** What `readOrNothing` may call. */
export const SOUND_CALLS: readonly string[] = ['DomainWS.listDomains'];
