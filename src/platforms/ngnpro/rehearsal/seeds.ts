import type { OrderContent, Stage } from '../../port.ts';
import { customerNativeOf } from '../native.ts';
import { CUSTOMER } from '../operations/customer.ts';
import type { Thing } from '../operations/thing.ts';
import { RANGE } from '../operations/things-dns.ts';
import { ACCOUNT, ALIAS, DOMAIN } from '../operations/things-sip.ts';
import { customerUsername } from '../shared/customers.ts';
import { accountName, sipIdFor } from '../shared/kinds.ts';
import { mark } from '../shared/marks.ts';
import type { Item, NgnproDefaults, SipId } from '../types.ts';

/*
 * What an order counts on: objects that it changes or removes are there, and otherwise than it wants them. A plan shows
 * their members as `{as found}`.
 */

export const AS_FOUND = '{as found}';

/** What is known of things by their names alone. */
const NAMES: ReadonlySet<string> = new Set(['id', 'domain', 'sipId', 'ip', 'uri', 'name', 'zone']);

const asFound = (members: Item): Item =>
  Object.fromEntries(
    Object.entries(members).map(([name, value]) => [
      name,
      NAMES.has(name) || typeof value === 'object' ? value : AS_FOUND,
    ]),
  );

/** Subscribers that the order makes. */
export const madeBy = (order: OrderContent): ReadonlySet<string> =>
  new Set([
    ...(order.action === 'provision' ? order.subscribers : []).map((one) => accountName(sipIdFor(one))),
    ...order.operations
      .filter(({ service, operation }) => service === 'SipPort' && operation === 'addAccount')
      .map(({ args }) =>
        accountName(sipIdFor((args['account'] as { id?: SipId } | undefined)?.id ?? { username: '', domain: '' })),
      ),
  ]);

/** Things of one kind that are there. */
export function seedsOf(thing: Thing, stage: Stage, defaults: NgnproDefaults, customerId: () => number): Item[] {
  const { order } = stage;
  const own = ownSeeds(thing, stage, defaults, customerId);
  const named = order.operations.flatMap(({ service, operation, args }): Item[] => {
    if (service !== thing.port) return [];
    if (operation === thing.update) {
      const { [thing.name]: name, ...members } = asFound((args[thing.element] ?? {}) as Item);
      return [{ ...members, [thing.name]: name }];
    }
    return operation === thing.remove ? [{ [thing.name]: args[thing.nameArg] } as Item] : [];
  });
  return [...own, ...named.filter((one) => !own.some((other) => same(other[thing.name], one[thing.name])))];
}

const same = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one).toLowerCase() === JSON.stringify(other).toLowerCase();

function ownSeeds(thing: Thing, stage: Stage, defaults: NgnproDefaults, customerId: () => number): Item[] {
  const { order } = stage;
  switch (thing) {
    case DOMAIN:
      return domainsOf(order).map((domain) => ({ domain, reseller: stage.numberFor('resellerId') }));
    case RANGE:
      return [{ id: { prefix: '', tld: defaults.enumTld } }];
    case CUSTOMER:
      return isCustomerThere(order)
        ? [
            {
              id: customerId(),
              username: customerUsername(order.customer),
              properties: [{ ...mark('customer', order.customer.externalId) }],
            },
          ]
        : [];
    case ACCOUNT:
      return accountsOf(order).map((sipId) => ({
        id: { ...sipId },
        ...(isCustomerThere(order) && { owner: customerId() }),
        timeout: 35,
        groups: [...groupsOf(order, sipId)],
        properties: [],
      }));
    case ALIAS:
      return [];
    default:
      return [];
  }
}

const isCustomerThere = ({ action, customer, subscribers }: OrderContent): boolean =>
  action === 'provision' ? subscribers.length > 0 && customer.contact === undefined : true;

/** Domains that the order names and does not add. */
function domainsOf({ action, customer, subscribers, domains = [], operations }: OrderContent): string[] {
  const added =
    action === 'provision' ? (customerNativeOf(customer.native).domains ?? []).map(({ domain }) => domain) : [];
  const names = [...domains, ...subscribers.map(({ domain }) => domain)].map((name) => name.toLowerCase());
  const own = new Set(
    [
      ...added,
      ...operations
        .filter(({ operation }) => operation === 'addDomain')
        .map(({ args }) => String((args['domain'] as Item | undefined)?.['domain'])),
    ].map((name) => name.toLowerCase()),
  );
  return [...new Set(names)].filter((name) => !own.has(name));
}

/** Accounts that the order does not make. */
function accountsOf(order: OrderContent): SipId[] {
  const made = madeBy(order);
  const named = order.operations.flatMap(({ args }) =>
    args['sipId'] === undefined ? [] : [args['sipId'] as unknown as SipId],
  );
  const all = [...order.subscribers, ...named].map((one) => sipIdFor(one));
  const distinct = new Map(all.map((sipId) => [accountName(sipId), sipId]));
  return [...distinct.values()].filter((sipId) => !made.has(accountName(sipId)));
}

/** The groups it is in, of those that the order changes. */
function groupsOf({ action, operations }: OrderContent, sipId: SipId): string[] {
  const removed = operations.filter(
    ({ operation, args }) => operation === 'removeFromGroup' && same(args['sipId'], sipId),
  );
  return [...removed.map(({ args }) => String(args['group'])), ...(action === 'resume' ? ['blocked'] : [])];
}
