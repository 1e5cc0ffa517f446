import { listAll, type Listing } from '../operations/listing.ts';
import type { Item, NgnproClient, SipId } from '../types.ts';
import { itemOf, itemsOf, sameName, textOrNull } from './read.ts';

const listed = async (client: NgnproClient, listing: Listing, filter: Item): Promise<Item[]> =>
  (await listAll(client, listing, filter)) as Item[];

const ACCOUNTS: Listing = { port: 'SipPort', operation: 'getAccounts', member: 'accounts' };
const ALIASES: Listing = { port: 'SipPort', operation: 'getAliases', member: 'aliases' };
const DOMAINS: Listing = { port: 'SipPort', operation: 'getDomains', member: 'domains' };
const RANGES: Listing = { port: 'EnumPort', operation: 'getRanges', member: 'ranges' };
const NUMBERS: Listing = { port: 'EnumPort', operation: 'getNumbers', member: 'numbers' };
const ZONES: Listing = { port: 'DnsPort', operation: 'getZones', member: 'zones' };
const CUSTOMERS: Listing = { port: 'CustomerPort', operation: 'getCustomers', member: 'accounts' };

/*
 * Lists by a filter. Filters take wildcards in places, so that what is listed is always looked at again (ngnpro.md,
 * "Retry").
 */

export const accountsOwnedBy = async (client: NgnproClient, owner: number): Promise<Item[]> =>
  (await listed(client, ACCOUNTS, { owner })).filter((one) => one['owner'] === owner);

export const aliasesOwnedBy = async (client: NgnproClient, owner: number): Promise<Item[]> =>
  (await listed(client, ALIASES, { owner })).filter((one) => one['owner'] === owner);

export const numbersOwnedBy = async (client: NgnproClient, owner: number): Promise<Item[]> =>
  (await listed(client, NUMBERS, { owner })).filter((one) => one['owner'] === owner);

export const domainsOf = async (client: NgnproClient, customer: number): Promise<Item[]> =>
  (await listed(client, DOMAINS, { customer })).filter((one) => one['customer'] === customer);

export const rangesOf = async (client: NgnproClient, customer: number): Promise<Item[]> =>
  (await listed(client, RANGES, { customer })).filter((one) => one['customer'] === customer);

export const zonesOf = async (client: NgnproClient, customer: number): Promise<Item[]> =>
  (await listed(client, ZONES, { customer })).filter((one) => one['customer'] === customer);

export async function findDomain(client: NgnproClient, domain: string): Promise<Item | null> {
  return (await listed(client, DOMAINS, { domain })).find((one) => sameName(one['domain'], domain)) ?? null;
}

export async function findCustomerNamed(client: NgnproClient, username: string): Promise<Item | null> {
  return (await listed(client, CUSTOMERS, { username })).find((one) => sameName(one['username'], username)) ?? null;
}

export const rangesIn = async (client: NgnproClient, tld: string): Promise<Item[]> =>
  (await listed(client, RANGES, { tld })).filter((one) => sameName(itemOf(one['id'])?.['tld'], tld));

const sameId = (found: Item | null, { username, domain }: SipId): boolean =>
  found !== null && sameName(found['username'], username) && sameName(found['domain'], domain);

/** What calls an account besides its name. */
export async function aliasesOf(client: NgnproClient, { username, domain }: SipId): Promise<Item[]> {
  const all = await listed(client, ALIASES, { targetUsername: username, targetDomain: domain });
  return all.filter((one) => sameId(itemOf(one['target']), { username, domain }));
}

/** Asked as a list, since nothing public tells by which code `getAlias` says that there is none. */
export async function findAlias(client: NgnproClient, { username, domain }: SipId): Promise<Item | null> {
  const all = await listed(client, ALIASES, { aliasUsername: username, aliasDomain: domain });
  return all.find((one) => sameId(itemOf(one['id']), { username, domain })) ?? null;
}

function sipIdFrom(found: Item | null): SipId {
  return { username: textOrNull(found?.['username']) ?? '', domain: textOrNull(found?.['domain']) ?? '' };
}

export const targetOf = (alias: Item): SipId => sipIdFrom(itemOf(alias['target']));

/** The key of an account or an alias. */
export const sipIdIn = (found: Item): SipId => sipIdFrom(itemOf(found['id']));

/** Published numbers by which calls go to an account. */
export async function numbersTo(client: NgnproClient, sipUri: string): Promise<Item[]> {
  const all = await listed(client, NUMBERS, { mapto: sipUri });
  return all.filter((one) => itemsOf(one['mappings']).some((mapping) => sameName(mapping['mapto'], sipUri)));
}

/** Accounts in the domains of a customer, whoever owns them. */
export const accountsOfDomainsOf = async (client: NgnproClient, customer: number): Promise<Item[]> =>
  (await listed(client, ACCOUNTS, { customer })).filter((one) => one['customer'] === customer);

/** Customers of a reseller but itself. */
export const customersOf = async (client: NgnproClient, reseller: number): Promise<Item[]> =>
  (await listed(client, CUSTOMERS, { reseller })).filter(
    (one) => one['reseller'] === reseller && one['id'] !== reseller,
  );
