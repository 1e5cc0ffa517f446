import type { OrderContent, Stage } from '../../port.ts';
import { customerNativeOf } from '../native.ts';
import { CUSTOMER } from '../operations/customer.ts';
import { MAILBOX } from '../operations/mailbox.ts';
import type { Thing } from '../operations/thing.ts';
import { RANGE } from '../operations/things-dns.ts';
import { ACCOUNT, DOMAIN } from '../operations/things-sip.ts';
import { customerUsername } from '../shared/customers.ts';
import { accountName, sipIdFor } from '../shared/kinds.ts';
import { mark } from '../shared/marks.ts';
import { isItem } from '../shared/read.ts';
import type { Item, NgnproDefaults, Plain, SipId } from '../types.ts';
import { AS_FOUND } from './as-found.ts';
import { lifeSeeds } from './life-seeds.ts';

/*
 * What an order counts on: objects that it changes or removes are there, and otherwise than it wants them. A plan shows
 * their members as `{as found}`.
 */

/** A value in whose place something else is. */
function otherThan(value: Plain | undefined): Plain {
  if (Array.isArray(value)) return [AS_FOUND];
  if (!isItem(value)) return AS_FOUND;
  return Object.fromEntries(Object.keys(value).map((name) => [name, AS_FOUND]));
}

/** A mailbox is known by its number. */
const knownOf = (thing: Thing): Item => (thing === MAILBOX ? { mailbox: AS_FOUND } : {});

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
export function seedsOf(thing: Thing, stage: Stage, defaults: NgnproDefaults): Item[] {
  const { order } = stage;
  const life = lifeSeeds(thing, stage, defaults);
  const first = ownSeeds(thing, stage, defaults);
  const own = [...life, ...first.filter((one) => !life.some((other) => same(other[thing.name], one[thing.name])))];
  const named = order.operations.flatMap(({ service, operation, args }): Item[] => {
    if (service !== thing.port) return [];
    if (operation === thing.update) {
      const { [thing.name]: name, ...members } = (args[thing.element] ?? {}) as Item;
      const others = Object.entries(members).map(([member, value]) => [member, otherThan(value)] as const);
      return [{ ...knownOf(thing), ...Object.fromEntries(others), [thing.name]: name }];
    }
    return operation === thing.remove ? [{ ...knownOf(thing), [thing.name]: args[thing.nameArg] ?? null }] : [];
  });
  return [...own, ...named.filter((one) => !own.some((other) => same(other[thing.name], one[thing.name])))];
}

const same = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one).toLowerCase() === JSON.stringify(other).toLowerCase();

function ownSeeds(thing: Thing, stage: Stage, defaults: NgnproDefaults): Item[] {
  const { order } = stage;
  const customerId = (): number => stage.numberFor('customerId');
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
    default:
      return [];
  }
}

const isCustomerThere = ({ action, customer, subscribers }: OrderContent): boolean =>
  action === 'provision' && subscribers.length > 0 && customer.contact === undefined;

/** Domains that the order names and does not add. */
function domainsOf({ customer, subscribers, domains = [], operations }: OrderContent): string[] {
  const added = (customerNativeOf(customer.native).domains ?? []).map(({ domain }) => domain);
  const names = [...domains, ...subscribers.map(({ domain }) => domain)].map((name) => name.toLowerCase());
  const own = new Set(
    [
      ...added,
      ...operations
        .filter(({ operation }) => operation === 'addDomain')
        .map(({ args }) => (args['domain'] as { domain: string }).domain),
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
function groupsOf({ operations }: OrderContent, sipId: SipId): string[] {
  const removed = operations.filter(
    ({ operation, args }) => operation === 'removeFromGroup' && same(args['sipId'], sipId),
  );
  return removed.map(({ args }) => args['group'] as string);
}
