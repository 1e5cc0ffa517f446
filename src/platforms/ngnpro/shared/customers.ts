import { createHash } from 'node:crypto';
import { TurnupError } from '../../../errors/index.ts';
import { CUSTOMER_MEMBERS, customerNativeOf } from '../native.ts';
import { satisfies } from '../operations/values.ts';
import type { Contact, OrderContent } from '../../port.ts';
import type { Item, NgnproClient } from '../types.ts';
import { accountsOwnedBy, findCustomerNamed } from './lists.ts';
import { markOf, MARKS } from './marks.ts';
import { idOrNull, sameName, textOrNull } from './read.ts';

type Customer = OrderContent['customer'];

const LONGEST_NAME = 64;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/**
 * The customer's login, unique on the platform and its natural key here: the CRM's number, or, where that cannot be one,
 * what is left of it with a digest of the whole.
 */
export function customerUsername({ externalId }: Pick<Customer, 'externalId'>): string {
  if (externalId.length <= LONGEST_NAME && NAME.test(externalId)) return externalId.toLowerCase();
  const left = externalId
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^-/, 'c-')
    .slice(0, 40);
  return `${left}-${createHash('sha256').update(externalId).digest('hex').slice(0, 12)}`;
}

/** Contact members of an order and what the platform calls them (ngnpro.md, CustomerAccount). */
const CONTACT_MEMBERS = {
  firstName: 'firstName',
  lastName: 'lastName',
  company: 'organization',
  email: 'email',
  phone: 'tel',
  mobile: 'mobile',
  postcode: 'postcode',
  city: 'city',
  state: 'state',
  country: 'country',
  taxId: 'vatNumber',
} as const satisfies { readonly [member in keyof Contact]?: string };

/** Of one line each, which the platform has one member for. */
const ADDRESS = ['street', 'houseNumber', 'complement', 'district'] as const satisfies readonly (keyof Contact)[];

/** Names of an order's contact members by the platform's. */
export const CONTACT_NAMES: { readonly [member: string]: readonly string[] } = {
  ...Object.fromEntries(Object.entries(CONTACT_MEMBERS).map(([name, member]) => [member, [name]])),
  address: ADDRESS,
};

/** `Rebgasse 12`, and further lines of the address after commas. */
export function addressOf({ street, houseNumber, complement, district }: Contact): string | undefined {
  const first = [street, houseNumber].filter((part) => part !== undefined).join(' ');
  const all = [first, complement, district].filter((part) => part !== undefined && part !== '');
  return all.length === 0 ? undefined : all.join(', ');
}

/** The contact as members of a customer's account. */
export function contactMembers(contact: Contact): { [member: string]: string } {
  const members: { [member: string]: string } = {};
  for (const [name, member] of Object.entries(CONTACT_MEMBERS)) {
    const value = contact[name as keyof Contact];
    if (value !== undefined) members[member] = member === 'email' ? value.toLowerCase() : value;
  }
  const address = addressOf(contact);
  return address === undefined ? members : { ...members, address };
}

/**
 * What the vendor's own client fills blanks with, so that they are taken to be required (ngnpro.md, CustomerAccount); what
 * is there stays as it is.
 */
export const BLANKS = {
  firstName: 'Unknown',
  lastName: 'Unknown',
  tel: '+0',
  address: 'Unknown',
  postcode: 'Unknown',
  city: 'Unknown',
  state: 'N/A',
  country: 'N/A',
} as const;

/**
 * An administrator's customer without a reseller is made one itself (ngnpro.md, "Rules worth coding"), which nobody may
 * have meant.
 * @throws TurnupError `TURNUP_TARGET_REJECTED`
 */
export function checkReseller(
  { defaults }: Pick<NgnproClient, 'defaults'>,
  reseller: unknown,
  isMeantToBeOne: boolean,
): void {
  if (isMeantToBeOne || defaults.login === 'customer' || (reseller !== undefined && reseller !== null)) return;
  throw new TurnupError('TURNUP_TARGET_REJECTED', {
    detail: 'a customer without a reseller becomes one',
    hint: 'Name the reseller in the order or in the configuration of the target, or say resellerActive, then retry.',
  });
}

/**
 * The customer of that CRM number, by its user name.
 * @returns null where there is none
 * @throws TurnupError `TURNUP_OBJECT_TAKEN` where the name is somebody else's
 */
export async function findCustomer(client: NgnproClient, customer: Customer, key?: string): Promise<Item | null> {
  const username = customerUsername(customer);
  const found = await findCustomerNamed(client, username);
  if (!found) return null;
  const whole = found['properties'] === undefined ? await withProperties(client, found) : found;
  if (await isTheirs(client, customer, whole, key)) return whole;
  throw new TurnupError('TURNUP_OBJECT_TAKEN', {
    detail: `customer ${idOf(whole)} has the user name "${username}" and is not ${customer.externalId}`,
    hint: `Give the customer on the platform another user name, or the property ${MARKS.customer} with the value ${customer.externalId} if it is the one, then retry.`,
  });
}

async function withProperties(client: NgnproClient, found: Item): Promise<Item> {
  return { ...found, properties: await client.call('CustomerPort', 'getProperties', { customer: idOf(found) }) };
}

/**
 * Ours is what bears the CRM's number; without one, what has the same mail address and reseller (ngnpro.md, "Retry"), or an
 * account that Turnup made for that customer.
 */
async function isTheirs(client: NgnproClient, customer: Customer, found: Item, key?: string): Promise<boolean> {
  const number = markOf(found, 'customer');
  if (number !== null) return number === customer.externalId;
  if (key !== undefined && markOf(found, 'key') === key) return true;
  const email = customer.contact?.email;
  const reseller = customerNativeOf(customer.native).reseller ?? client.defaults.reseller;
  const isSameReseller = reseller === null || found['reseller'] === reseller;
  if (email !== undefined && sameName(found['email'], email) && isSameReseller) return true;
  const accounts = await accountsOwnedBy(client, idOf(found));
  return accounts.some((one) => markOf(one, 'customer') === customer.externalId);
}

/** @throws TurnupError: without it nothing could be given to the customer */
export function idOf(found: Item): number {
  const id = idOrNull(found['id']);
  if (id !== null) return id;
  throw new TurnupError('TURNUP_TARGET_UNEXPECTED', {
    detail: `the platform tells no id of the customer "${textOrNull(found['username']) ?? ''}"`,
  });
}

/** Members of the order that a customer has otherwise and that are left alone; passwords are not compared. */
export function otherMembers({ contact = {}, native }: Customer, found: Item): string[] {
  const wanted = contactMembers(contact);
  const contacts = Object.entries(wanted)
    .filter(([member, value]) => !satisfies(value, found[member]))
    .flatMap(([member]) => CONTACT_NAMES[member] ?? [])
    .filter((name) => contact[name as keyof Contact] !== undefined)
    .map((name) => `customer.contact.${name}`);
  const own = customerNativeOf(native) as { readonly [member: string]: unknown };
  const natives = CUSTOMER_MEMBERS.filter(
    (member) => own[member] !== undefined && !satisfies(own[member], found[member]),
  );
  return [...contacts, ...natives.map((member) => `customer.native.${member}`)];
}
