import { TurnupError } from '../../errors/index.ts';
import type { SipwiseClient } from './client.ts';
import { idOf, list, literal, numberOrNull, sameName } from './lookup.ts';
import { isRefusal } from './refusal.ts';

export const DEFAULT_BILLING_PROFILE = 'default';

const profileKey = (handle: string): string => `billingprofile ${handle}`;
const domainKey = (name: string): string => `domain ${name.toLowerCase()}`;

/**
 * Id of a live billing profile of the target's reseller; remembered for some minutes.
 * @throws TurnupError `TURNUP_REFERENCE_UNKNOWN`
 */
export function billingProfileId(client: SipwiseClient, handle: string): Promise<number> {
  return client.ids.get(profileKey(handle), async () => {
    // Every reseller may have a profile of this handle.
    const hits = await list(client, {
      collection: 'billingprofiles',
      filter: { handle: literal(handle) },
      limit: 5000,
    });
    const exact = hits.filter((hit) => hit['handle'] === handle && ofReseller(client, hit['reseller_id']));
    const [only] = exact;
    if (!only) throw unknown(`billing profile "${handle}"`, client);
    if (exact.length > 1)
      throw new TurnupError('TURNUP_OBJECT_AMBIGUOUS', { detail: `billing profiles with the handle "${handle}"` });
    return idOf(only);
  });
}

/**
 * Does something with a billing profile. One that was terminated since it was looked up may live on under a new id.
 * @throws TurnupError `TURNUP_REFERENCE_UNKNOWN`
 */
export async function withBillingProfile<T>(
  client: SipwiseClient,
  handle: string,
  use: (id: number) => Promise<T>,
): Promise<T> {
  const id = await billingProfileId(client, handle);
  try {
    return await use(id);
  } catch (error) {
    if (!isRefusal(error, 422, /^Invalid 'billing_profile_id'/)) throw error;
    forgetBillingProfile(client, handle);
    const now = await billingProfileId(client, handle);
    if (now === id) throw error;
    return use(now);
  }
}

export function forgetBillingProfile(client: SipwiseClient, handle: string): void {
  client.ids.forget(profileKey(handle));
}

/**
 * Id of a domain; remembered for some minutes.
 * @throws TurnupError `TURNUP_REFERENCE_UNKNOWN`
 */
export function domainId(client: SipwiseClient, name: string): Promise<number> {
  return client.ids.get(domainKey(name), async () => {
    const hits = await list(client, { collection: 'domains', filter: { domain: name } });
    const hit = hits.find((item) => sameName(item['domain'], name));
    if (!hit || !ofReseller(client, hit['reseller_id'])) throw unknown(`domain "${name}"`, client);
    return idOf(hit);
  });
}

export function forgetDomain(client: SipwiseClient, name: string): void {
  client.ids.forget(domainKey(name));
}

/** A login that belongs to a reseller sees only its own and gets no `reseller_id` (sipwise-ngcp.md §1). */
function ofReseller(client: SipwiseClient, resellerId: unknown): boolean {
  const id = numberOrNull(resellerId);
  return id === null || id === client.resellerId;
}

function unknown(what: string, client: SipwiseClient): TurnupError {
  return new TurnupError('TURNUP_REFERENCE_UNKNOWN', { detail: `reseller ${client.resellerId} has no ${what}` });
}
