import { isFault } from '../fault.ts';
import { BLANKS, checkReseller } from '../shared/customers.ts';
import type { NgnproClient } from '../types.ts';
import { listAll, type Listing } from './listing.ts';
import { KEY_MARK, marksApart, marksIn } from './marks.ts';
import type { Item } from './spec.ts';
import { callOf, listedBy, type Hanging, type Thing } from './thing.ts';
import { NUMBERS, RANGES, ZONES } from './things-dns.ts';
import { ACCOUNTS, ALIASES, DOMAINS } from './things-sip.ts';
import { isObject, isSame, withLowered } from './values.ts';

const list = (operation: string): Listing => ({ port: 'CustomerPort', operation, member: 'accounts' });

export const CUSTOMERS = list('getCustomers');
export const RESELLERS = list('getResellers');

async function byId(client: NgnproClient, id: unknown): Promise<Item[]> {
  try {
    const found = await client.call('CustomerPort', 'getAccount', { id });
    return isObject(found) ? [found] : [];
  } catch (error) {
    if (isFault(error, 'customerUnknown')) return [];
    throw error;
  }
}

/** A customer that is a reseller need not be among the customers. */
async function look(client: NgnproClient, { id, username }: Item): Promise<Item[]> {
  if (id !== undefined) return byId(client, id);
  const found = await listAll(client, CUSTOMERS, { username });
  return found.length > 0 ? found : listAll(client, RESELLERS, { username });
}

const hanging = (what: string, listing: Listing, ...members: readonly string[]): Hanging[] =>
  members.map((member) =>
    listedBy(
      what,
      listing,
      ({ id }) => ({ [member]: id }),
      (one, { id }) => isSame(one[member], id),
    ),
  );

export const CUSTOMER = {
  noun: 'customer',
  port: 'CustomerPort',
  element: 'account',
  key: ['username'],
  name: 'id',
  nameArg: 'id',
  resultName: 'customerId',
  add: 'addAccount',
  update: 'updateAccount',
  remove: 'deleteAccount',
  looks: [callOf(CUSTOMERS), callOf(RESELLERS), 'CustomerPort.getAccount'],
  look,
  made: ['id', 'changeDate'],
  secrets: ['password'],
  isKept: (member, wanted, found) => isSame(wanted[member], found[member]),
  checkNew: (client, wanted) =>
    checkReseller(client, wanted['reseller'] ?? client.defaults.reseller, wanted['resellerActive'] === true),
  defaults: ({ defaults: { timezone, reseller } }) => ({
    ...BLANKS,
    timezone,
    ...(reseller !== null && { reseller }),
  }),
  normal: (item) => withLowered(item, ['username', 'email', 'billingEmail']),
  read: marksApart,
  sent: (_client, item) => marksIn(item),
  mark: KEY_MARK,
  hanging: [
    ...hanging('SIP accounts', ACCOUNTS, 'owner', 'customer'),
    ...hanging('aliases', ALIASES, 'owner'),
    ...hanging('domains', DOMAINS, 'customer'),
    ...hanging('ENUM ranges', RANGES, 'customer'),
    ...hanging('ENUM numbers', NUMBERS, 'owner'),
    ...hanging('DNS zones', ZONES, 'customer'),
    {
      what: 'customers',
      calls: [callOf(CUSTOMERS)],
      async isThere(client, { id }) {
        const all = await listAll(client, CUSTOMERS, { reseller: id });
        return all.some((one) => isSame(one['reseller'], id) && !isSame(one['id'], id));
      },
    },
  ],
} satisfies Thing;
