import { TurnupError } from '../../../errors/index.ts';
import { isFault, type SippulseFault } from '../fault.ts';
import { itemsOf, textOrNull } from '../read.ts';
import type { Item, SippulseClient } from '../types.ts';

/**
 * Nothing, where the platform says so by an empty answer or by a fault: which of both is not known, and a fault has no
 * code (sippulse.md, "Not knowable publicly"). A fault counts as nothing only when the platform proves to be well and
 * the login to reach the domain, and the service then says the same once more; else it is thrown as it is.
 */
export async function readOrNothing(
  client: SippulseClient,
  domain: unknown,
  read: () => Promise<Item | null>,
): Promise<Item | null> {
  try {
    return await read();
  } catch (error) {
    if (!isFault(error)) throw error;
    await checkReach(client, domain, error);
  }
  try {
    return await read();
  } catch (error) {
    if (!isFault(error)) throw error;
    return null;
  }
}

/**
 * That the platform is well and the login reaches the domain, so that a fault is about what was asked for.
 * @throws TurnupError the fault itself where that cannot be seen; `TURNUP_REFERENCE_UNKNOWN` for a domain out of reach
 */
export async function checkReach(client: SippulseClient, domain: unknown, fault: SippulseFault): Promise<void> {
  let domains: Item[];
  try {
    domains = itemsOf(await client.read('DomainWS', 'listDomains', {}), 'domain');
  } catch (error) {
    throw isFault(error) ? fault : error;
  }
  if (!isAmong(domains, String(domain))) throw outOfReach(String(domain), fault);
}

/** Whether a domain is among those that the login may touch (sippulse.md, DomainWS; the member's name is assumed there). */
export function isAmong(domains: readonly Item[], domain: string): boolean {
  const names = domains.map((one) => textOrNull(one['domain'])?.toLowerCase());
  // Members of other names than the assumed one say nothing.
  const saysNothing = names.length > 0 && names.every((name) => name === undefined);
  return saysNothing || names.includes(domain.toLowerCase());
}

export function outOfReach(domain: string, fault?: SippulseFault): TurnupError {
  return new TurnupError('TURNUP_REFERENCE_UNKNOWN', {
    detail: `the target does not have the domain ${domain}, or the login may not touch it`,
    ...(fault && { answer: fault.answer }),
  });
}

/** What `readOrNothing` may call. */
export const SOUND_CALLS: readonly string[] = ['DomainWS.listDomains'];
