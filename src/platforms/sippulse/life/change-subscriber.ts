import { TurnupError } from '../../../errors/index.ts';
import type { Finding, Json } from '../../port.ts';
import { customerNativeOf } from '../native.ts';
import { numberOrNull } from '../read.ts';
import { ratePlanNamed } from '../references.ts';
import { reload, reloadOfSubscriber } from '../shared/reload.ts';
import { withPasswords } from '../shared/subscriber-record.ts';
import { oneAtATime } from '../shared/turn.ts';
import { bringSubscriberTo, otherThan, type Members } from '../steps/bring-to.ts';
import { byHand, missing, objectId, retrieve, subscriberOf, userOf, type Context, type Kind } from '../steps/common.ts';
import { ownSubscriber } from '../steps/owner.ts';
import { CONTACT_MEMBERS, callingCodeOf, contactMembers, mailOf } from '../subscriber-members.ts';
import type { Item } from '../types.ts';

/** Members of the order by those of the platform, for people. */
const NAMES: { readonly [member: string]: string } = {
  ...Object.fromEntries(Object.entries(CONTACT_MEMBERS).map(([name, member]) => [member, `customer.contact.${name}`])),
  countryCode: 'customer.contact.country',
  ratePlanId: 'customer.billingProfile',
  resellerId: 'customer.native.reseller',
  password: 'password',
  passwordPortal: 'webPassword',
};

/**
 * In a modify order: the customer's subscriber, looked for, and the members of it that the order names. Passwords are
 * read in clear, compared, and kept sealed for undo. Result: `{ subscriberId }`.
 */
const step: Kind = {
  nature: 'change',
  opensSecrets: true,
  uses: [
    'customer.contact',
    'customer.billingProfile',
    'subscribers.*.username',
    'subscribers.*.domain',
    'subscribers.*.password',
    'subscribers.*.webUsername',
    'subscribers.*.webPassword',
    'subscribers.*.voicemail.email',
  ],
  resultShape: byHand({ subscriberId: objectId.optional() }),

  async find(ctx): Promise<Finding> {
    const found = await ownSubscriber(ctx.client, userOf(ctx), ctx.order.customer.externalId);
    const wanted = await wantedOf(ctx);
    const before = otherThan(wanted, await withPasswords(ctx.client, found, wanted));
    const members = Object.keys(before);
    if (members.length === 0) return { state: 'present', ours: ctx.intent !== null, result: resultOf(found) };
    return { state: 'different', before, differs: members.map((member) => NAMES[member] ?? member) };
  },

  async do(ctx) {
    const found = await ownSubscriber(ctx.client, userOf(ctx), ctx.order.customer.externalId);
    await bringSubscriberTo(ctx, found, await wantedOf(ctx));
    return resultOf(found);
  },

  async undo(ctx) {
    if (ctx.intent?.state !== 'different') return;
    const before = ctx.intent.before as Members;
    const found = await retrieve(ctx);
    if (!found) return;
    const known = await withPasswords(ctx.client, found, before);
    if (Object.keys(otherThan(before, known)).length > 0) await bringSubscriberTo(ctx, known, before);
    await reload(ctx, reloadOfSubscriber(userOf(ctx)));
  },
};

export const changeSubscriberStep = oneAtATime(step, userOf);

const resultOf = (found: Item) => ({ subscriberId: numberOrNull(found['id']) });

/** Null takes a member away. */
async function wantedOf(ctx: Context): Promise<Members> {
  const { cleared = [], customer } = ctx.order;
  const subscriber = subscriberOf(ctx);
  const { password, webPassword, number, preferences } = subscriber;
  const cleanContact = Object.entries(CONTACT_MEMBERS)
    .filter(([name]) => cleared.includes(`customer.contact.${name}`))
    .map(([, member]) => [member, null]);
  const country = customer.contact?.country;
  const isCountryOwn = country !== undefined && !number && preferences?.['countryCode'] === undefined;
  return given({
    ...contactMembers(customer.contact ?? {}),
    ...Object.fromEntries(cleanContact),
    emailAddress: mailOf(ctx.order, subscriber),
    countryCode: isCountryOwn ? callingCodeOf(country) : undefined,
    ratePlanId: await ratePlanOf(ctx),
    resellerId: resellerOf(ctx),
    password,
    passwordPortal: webPassword,
  });
}

const given = (members: { readonly [member: string]: Json | undefined }): Members =>
  Object.fromEntries(Object.entries(members).filter((entry): entry is [string, Json] => entry[1] !== undefined));

/** @throws TurnupError `TURNUP_REFERENCE_UNKNOWN` */
async function ratePlanOf(ctx: Context): Promise<number | undefined> {
  const { billingProfile } = ctx.order.customer;
  const { domain, preferences } = subscriberOf(ctx);
  if (billingProfile === undefined || preferences?.['ratePlanId'] !== undefined) return undefined;
  const id = await ratePlanNamed(ctx.client, domain, billingProfile);
  if (id !== null) return id;
  throw new TurnupError('TURNUP_REFERENCE_UNKNOWN', {
    detail: `the target does not have the rate plan "${billingProfile}" in ${domain}`,
  });
}

/** 0: none. */
function resellerOf({ order, needs }: Context): number | undefined {
  const { reseller } = customerNativeOf(order.customer.native);
  if (!reseller) return reseller === null ? 0 : undefined;
  const id = numberOrNull(needs['reseller']?.result['resellerId']);
  if (id === null) throw missing('the id of its reseller');
  return id;
}
