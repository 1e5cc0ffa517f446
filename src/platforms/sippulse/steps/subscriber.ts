import { TurnupError } from '../../../errors/index.ts';
import type { Finding } from '../../port.ts';
import { customerNativeOf } from '../native.ts';
import { didNumbers } from '../numbers.ts';
import { gone, reload, reloadOfSubscriber } from '../shared/reload.ts';
import { itemsOf, numberOrNull, sameValue, textOrNull } from '../read.ts';
import { findReferences, ratePlanNamed } from '../references.ts';
import { CONTACT_MEMBERS, contactMembers, mailOf, newSubscriber } from '../subscriber-members.ts';
import { removeAndLook } from '../shared/removal.ts';
import type { Item } from '../types.ts';
import { quoted, strangeOwner, subscriberTaken } from './owner.ts';
import {
  accountOf,
  byHand,
  missing,
  objectId,
  retrieve,
  subscriberOf,
  userOf,
  WS,
  type Context,
  type Kind,
} from './common.ts';

/** The subscriber, by user name and domain; its customer is its `contractNumber`. Result: `{ subscriberId }`. */
export const subscriberStep: Kind = {
  nature: 'create',
  opensSecrets: true,
  uses: [
    'customer.contact',
    'customer.billingProfile',
    'subscribers.*.username',
    'subscribers.*.domain',
    'subscribers.*.password',
    'subscribers.*.webUsername',
    'subscribers.*.webPassword',
    'subscribers.*.number',
    'subscribers.*.voicemail.email',
  ],
  resultShape: byHand({ subscriberId: objectId }),

  async find(ctx): Promise<Finding> {
    const found = await retrieve(ctx);
    if (!found) {
      // Before there is an intent: then it is certain that nothing was done.
      if (!ctx.intent) await checkCreation(ctx);
      return { state: 'absent' };
    }
    await checkOwner(ctx, found);
    const differs = await otherMembers(ctx, found);
    const result = { subscriberId: numberOrNull(found['id']) };
    return { state: 'present', ours: ctx.intent !== null, result, ...(differs.length > 0 && { differs }) };
  },

  async do(ctx) {
    const subscriber = subscriberOf(ctx);
    if (subscriber.password === undefined) throw missing('the password');
    const references = await findReferences(ctx.client, ctx.order, subscriber);
    const all = { ...references, resellerId: resellerIdOf(ctx) };
    const sent = newSubscriber(ctx.order, subscriber, all, ctx.client.defaults);
    const reply = await ctx.client.write(WS, 'insertSubscriber', { subscriber: sent });
    return { subscriberId: numberOrNull(reply?.['subscriberId']) };
  },

  async undo(ctx) {
    if (ctx.done.outcome === 'created') await remove(ctx, ctx.done.result['subscriberId']);
  },

  async discard(ctx, made, recorded) {
    if (made['subscriberId'] !== recorded?.['subscriberId']) await remove(ctx, made['subscriberId']);
  },
};

/** 0: none, which it is only for an order that names none. */
function resellerIdOf({ order, needs }: Context): number {
  if (!customerNativeOf(order.customer.native).reseller) return 0;
  const id = numberOrNull(needs['reseller']?.result['resellerId']);
  if (id === null) throw missing('the id of its reseller');
  return id;
}

/** It is removed by its name, so that another one of that name, made since, must be told by its id. */
async function remove(ctx: Context, id: unknown): Promise<void> {
  const found = await retrieve(ctx);
  if (found && id !== null && id !== undefined && numberOrNull(found['id']) !== numberOrNull(id)) return;
  if (found) {
    await removeAndLook(
      () => ctx.client.write(WS, 'removeSubscriber', userOf(ctx)),
      async () => (await retrieve(ctx)) !== null,
    );
  }
  await reload(ctx, gone(reloadOfSubscriber(userOf(ctx))));
}

async function checkCreation(ctx: Context): Promise<void> {
  const subscriber = subscriberOf(ctx);
  if (mailOf(ctx.order, subscriber) === undefined) {
    throw new TurnupError('TURNUP_CONTACT_REQUIRED', {
      detail: `subscriber ${accountOf(ctx)} is not on the target; to make it the order needs customer.contact with an email`,
    });
  }
  await findReferences(ctx.client, ctx.order, subscriber);
}

/**
 * What makes a subscriber somebody else's (API.md, "Existing subscriber"). The platform has no field for a subscriber's
 * `externalId`, so it takes no part.
 * @throws TurnupError `TURNUP_SUBSCRIBER_TAKEN`
 */
async function checkOwner(ctx: Context, found: Item): Promise<void> {
  // What an attempt of ours made gets its numbers by a later step.
  const why = strangeOwner(found, ctx.order.customer.externalId) ?? (ctx.intent ? null : await otherNumbers(ctx));
  if (why !== null) throw subscriberTaken(userOf(ctx), why);
}

async function otherNumbers(ctx: Context): Promise<string | null> {
  const dids = itemsOf(await ctx.client.read('DidWS', 'listByAcc', { accountCode: accountOf(ctx) }), 'did');
  const there = dids
    .map((did) => textOrNull(did['aliasUsername']) ?? '')
    .toSorted()
    .join(', ');
  const wanted = didNumbers(subscriberOf(ctx), ctx.client.defaults).toSorted().join(', ');
  return there === wanted ? null : `its DIDs are ${quoted(there)}, wanted are ${quoted(wanted)}`;
}

/** Members of the order that an adopted subscriber has otherwise and that are left alone; passwords are not compared. */
async function otherMembers({ client, order, subscriber, intent }: Context, found: Item): Promise<string[]> {
  if (intent) return [];
  const { contact = {}, billingProfile } = order.customer;
  const wanted = contactMembers(contact);
  const differs = Object.entries(CONTACT_MEMBERS)
    .filter(([, member]) => Object.hasOwn(wanted, member) && !sameValue(wanted[member], found[member]))
    .map(([name]) => `customer.contact.${name}`);
  if (billingProfile === undefined || subscriber?.preferences?.['ratePlanId'] !== undefined) return differs;
  const plan = await ratePlanNamed(client, userOf({ subscriber }).domain, billingProfile);
  return plan === numberOrNull(found['ratePlanId']) ? differs : [...differs, 'customer.billingProfile'];
}
