import { TurnupError } from '../../../errors/index.ts';
import { byHand } from '../../operations/spec.ts';
import type { Finding, StepResult } from '../../port.ts';
import { isFault } from '../fault.ts';
import { CUSTOMER_MEMBERS, customerNativeOf } from '../native.ts';
import { customerId } from '../shared/by-hand.ts';
import {
  BLANKS,
  checkReseller,
  contactMembers,
  customerUsername,
  findCustomer,
  idOf,
  otherMembers,
} from '../shared/customers.ts';
import { missing, type Context, type Kind } from '../shared/kinds.ts';
import { accountsOwnedBy, aliasesOwnedBy, domainsOf, findDomain, numbersOwnedBy } from '../shared/lists.ts';
import { isOurs, mark, markOf } from '../shared/marks.ts';
import { idOrNull, itemOf } from '../shared/read.ts';
import * as remove from '../shared/removals.ts';
import { checkDomains } from '../references.ts';
import type { Item, NgnproClient } from '../types.ts';

/**
 * The customer, by its user name, with the contact as its members; it bears the CRM's number and the order's key as
 * properties. Result: `{ customerId }`.
 */
export const customerStep: Kind = {
  nature: 'create',
  opensSecrets: true,
  uses: ['customer.externalId', 'customer.contact', 'customer.native'],
  resultShape: byHand({ customerId }),

  async find(ctx): Promise<Finding> {
    const { client, order } = ctx;
    const found = await findCustomer(client, order.customer, ctx.key);
    if (!found) {
      // Before there is an intent: then it is certain that nothing was done.
      if (!ctx.intent) await checkCreation(ctx);
      return { state: 'absent' };
    }
    const ours = isOurs(ctx, found);
    const differs = ours ? [] : otherMembers(order.customer, found);
    return { state: 'present', ours, result: { customerId: idOf(found) }, ...(differs.length > 0 && { differs }) };
  },

  async do(ctx) {
    const { client, order } = ctx;
    const account = await newCustomer(ctx);
    try {
      const reply = itemOf(await client.call('CustomerPort', 'addAccount', { account }));
      const told = idOrNull(reply?.['id']);
      return told === null ? await resultOf(ctx) : { customerId: told };
    } catch (error) {
      if (!isFault(error, 'customerExists')) throw error;
      // The user name may be somebody else's: the look decides (ngnpro.md, "5001 is ambiguous").
      const found = await findCustomer(client, order.customer, ctx.key);
      if (!found) throw error;
      return { customerId: idOf(found) };
    }
  },

  async undo(ctx) {
    if (ctx.done.outcome === 'created') await removeUnused(ctx, ctx.done.result);
  },

  async discard(ctx, made, recorded) {
    if (made['customerId'] !== recorded?.['customerId']) await removeUnused(ctx, made);
  },

  async tidy(ctx, recorded) {
    const found = await findCustomer(ctx.client, ctx.order.customer, ctx.key);
    if (!found || markOf(found, 'key') !== ctx.key || idOf(found) === recorded?.['customerId']) return 0;
    // Others have come to use it: it is no leftover any more.
    if ((await usedFor(ctx.client, idOf(found))) !== null) return 0;
    await remove.customer(ctx.client, idOf(found));
    return 1;
  },
};

async function checkCreation(ctx: Context): Promise<void> {
  const { client, order } = ctx;
  if (!order.customer.contact) {
    throw new TurnupError('TURNUP_CONTACT_REQUIRED', {
      detail: `customer ${order.customer.externalId} is not on the target; to make it the order needs customer.contact`,
    });
  }
  const added = (customerNativeOf(order.customer.native).domains ?? []).map(({ domain }) => domain.toLowerCase());
  await checkDomains(
    client,
    (order.domains ?? []).filter((domain) => !added.includes(domain.toLowerCase())),
  );
  checkReseller(client, await resellerOf(ctx), customerNativeOf(order.customer.native).resellerActive === true);
}

async function resultOf({ client, order, key }: Context): Promise<StepResult> {
  const found = await findCustomer(client, order.customer, key);
  if (!found) throw missing('the id of the customer that was made');
  return { customerId: idOf(found) };
}

async function newCustomer(ctx: Context): Promise<Item> {
  const { client, order, key } = ctx;
  const { contact = {}, native, externalId } = order.customer;
  const own = customerNativeOf(native);
  const members = Object.fromEntries(
    Object.entries(own).filter(([name, value]) => CUSTOMER_MEMBERS.includes(name) && value !== undefined),
  ) as Item;
  const reseller = await resellerOf(ctx);
  return {
    ...BLANKS,
    timezone: client.defaults.timezone,
    ...contactMembers(contact),
    ...members,
    username: customerUsername(order.customer),
    password: own.password ?? client.throwaway(),
    ...(reseller !== null && { reseller }),
    properties: [{ ...mark('customer', externalId) }, { ...mark('key', key) }],
  };
}

/** As named, as configured, or that of a domain where its subscribers are. */
async function resellerOf({ client, order }: Context): Promise<number | null> {
  const named = customerNativeOf(order.customer.native).reseller ?? client.defaults.reseller;
  if (named !== null) return named;
  for (const domain of order.domains ?? []) {
    const reseller = idOrNull((await findDomain(client, domain))?.['reseller']);
    if (reseller !== null) return reseller;
  }
  return null;
}

/** Before deleting a customer nothing may belong to it (ngnpro.md, "Rules worth coding"). */
async function removeUnused({ client }: Context, result: StepResult): Promise<void> {
  const id = result['customerId'];
  if (typeof id !== 'number') return;
  const others = await usedFor(client, id);
  if (others !== null) {
    throw new TurnupError('TURNUP_UNDO_FAILED', {
      class: 'conflict',
      detail: `customer ${id} has ${others} that this order did not make`,
    });
  }
  await remove.customer(client, id);
}

/** What belongs to a customer; null: nothing. */
async function usedFor(client: NgnproClient, id: number): Promise<string | null> {
  const used: [string, Item[]][] = [
    ['SIP accounts', await accountsOwnedBy(client, id)],
    ['aliases', await aliasesOwnedBy(client, id)],
    ['ENUM numbers', await numbersOwnedBy(client, id)],
    ['domains', await domainsOf(client, id)],
  ];
  return used.find(([, found]) => found.length > 0)?.[0] ?? null;
}
