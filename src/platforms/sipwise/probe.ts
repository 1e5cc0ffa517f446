import { TurnupError } from '../../errors/index.ts';
import type { CheckedCapability } from '../port.ts';
import type { Item, SipwiseClient } from './client.ts';
import { billingProfileId, DEFAULT_BILLING_PROFILE, forgetBillingProfile } from './references.ts';

/** Collections, methods and filters that the steps rely on; a filter that a release lacks is silently ignored (§3). */
const RELIED_ON: readonly { readonly collection: string; readonly filters: readonly string[] }[] = [
  { collection: 'billingprofiles', filters: ['handle'] },
  { collection: 'callforwards', filters: [] },
  { collection: 'customercontacts', filters: ['email'] },
  { collection: 'customers', filters: ['external_id', 'not_status', 'contact_id'] },
  { collection: 'domains', filters: ['domain'] },
  { collection: 'numbers', filters: ['subscriber_id'] },
  { collection: 'subscriberpreferences', filters: [] },
  { collection: 'subscribers', filters: ['username', 'webusername', 'domain', 'alias', 'customer_id'] },
  { collection: 'voicemailsettings', filters: [] },
];

/** What an order needs of the target, one line each. Never throws. */
export async function probe(client: SipwiseClient): Promise<CheckedCapability[]> {
  const checked: CheckedCapability[] = [];
  const login = await attempt(async () => {
    await client.get('/api/billingprofiles/?page=1&rows=1&order_by=id');
    return 'accepted';
  });
  checked.push({ name: 'login', ...login });
  if (!login.ok) return checked;

  const found = await attempt(async () => {
    const document = await client.get('/api/');
    const missing = RELIED_ON.flatMap(({ collection, filters }) => missingOf(document, collection, filters));
    if (missing.length > 0)
      throw new TurnupError('TURNUP_TARGET_UNEXPECTED', { detail: `missing: ${missing.join(', ')}` });
    return 'all collections and filters are there';
  });
  checked.push({ name: 'api', ...found });

  const profile = await attempt(async () => {
    forgetBillingProfile(client, DEFAULT_BILLING_PROFILE);
    return `id ${await billingProfileId(client, DEFAULT_BILLING_PROFILE)}`;
  });
  checked.push({ name: `billing profile "${DEFAULT_BILLING_PROFILE}"`, ...profile });

  const reseller = await attempt(() => resellerState(client));
  checked.push({ name: `reseller ${client.resellerId}`, ...reseller });

  const definitions = await attempt(async () => {
    const { size } = await client.definitions();
    if (size === 0) throw new TurnupError('TURNUP_TARGET_UNEXPECTED', { detail: 'the target names no preference' });
    return `${size} preferences`;
  });
  checked.push({ name: 'preference definitions', ...definitions });
  return checked;
}

async function attempt(check: () => Promise<string>): Promise<{ ok: boolean; detail: string }> {
  try {
    return { ok: true, detail: await check() };
  } catch (error) {
    return { ok: false, detail: error instanceof TurnupError ? error.message : 'failed for an unknown reason' };
  }
}

function missingOf(document: Item, collection: string, filters: readonly string[]): string[] {
  const entry = document[collection] as Item | undefined;
  if (typeof entry !== 'object' || entry === null) return [collection];
  const known = new Set(namesIn(entry['query_params']));
  return filters.filter((filter) => !known.has(filter)).map((filter) => `${collection} filter ${filter}`);
}

/** The filters of a collection in the service document: objects with a `param`, names, or a map by name. */
function namesIn(filters: unknown): string[] {
  if (Array.isArray(filters)) {
    return filters.map((filter: unknown) =>
      typeof filter === 'string' ? filter : String((filter as Item | null)?.['param']),
    );
  }
  return typeof filters === 'object' && filters !== null ? Object.keys(filters) : [];
}

async function resellerState(client: SipwiseClient): Promise<string> {
  try {
    const reseller = await client.get(`/api/resellers/${client.resellerId}`);
    if (reseller['status'] !== 'active') {
      throw new TurnupError('TURNUP_REFERENCE_UNKNOWN', { detail: `the reseller is ${String(reseller['status'])}` });
    }
    return `"${String(reseller['name'])}", active`;
  } catch (error) {
    // A login that belongs to a reseller may not look (sipwise-ngcp.md §1) and works for its own only.
    if (error instanceof TurnupError && error.code === 'TURNUP_TARGET_FORBIDDEN_BY_ROLE')
      return 'the login belongs to a reseller';
    throw error;
  }
}
