import { TurnupError } from '../../../errors/index.ts';
import { findAccount, noAccount } from '../shared/accounts.ts';
import { findCustomer, idOf } from '../shared/customers.ts';
import { accountName, customerIdOf, sipIdOf, type Context } from '../shared/kinds.ts';
import { idOrNull } from '../shared/read.ts';
import type { Item, SipId } from '../types.ts';

/** @throws TurnupError `TURNUP_OBJECT_MISSING` */
export async function locateCustomer(
  { client, order }: Context,
  externalId = order.customer.externalId,
): Promise<Item> {
  const isOwn = externalId === order.customer.externalId;
  const found = await findCustomer(client, isOwn ? order.customer : { externalId, native: {} });
  if (found) return found;
  throw new TurnupError('TURNUP_OBJECT_MISSING', { detail: `the target has no customer ${externalId}` });
}

/** Id of the order's customer, as a step before found it, or as it is looked up. */
async function idOfCustomer(ctx: Context): Promise<number> {
  return ctx.needs['customer'] ? customerIdOf(ctx) : idOf(await locateCustomer(ctx));
}

/** @throws TurnupError `TURNUP_SUBSCRIBER_TAKEN` where it is another customer's */
export function checkOwner(sipId: SipId, found: Item, customerId: number): void {
  const owner = idOrNull(found['owner']);
  if (owner === customerId) return;
  throw new TurnupError('TURNUP_SUBSCRIBER_TAKEN', {
    detail: `${accountName(sipId)} belongs to customer ${owner ?? 'nobody'}, not to ${customerId}`,
  });
}

/**
 * The account of the step's subscriber, which is the order's customer's.
 * @throws TurnupError `TURNUP_OBJECT_MISSING`, `TURNUP_SUBSCRIBER_TAKEN`
 */
export async function locateAccount(ctx: Context, sipId = sipIdOf(ctx)): Promise<Item> {
  const found = await findAccount(ctx.client, sipId);
  if (!found) throw noAccount(sipId);
  checkOwner(sipId, found, await idOfCustomer(ctx));
  return found;
}
