import { TurnupError } from '../../../errors/index.ts';
import type { Json } from '../../port.ts';
import { TOGGLES } from '../preference-names.ts';
import { sameValue, textOrNull } from '../read.ts';
import { profileId } from '../references.ts';
import { asFound } from '../soap/clean.ts';
import { BILLING_MEMBERS } from '../subscriber-members.ts';
import type { Item, SippulseClient } from '../types.ts';
import { replaceSubscriber } from '../shared/subscriber-record.ts';
import { retrieve, userOf, WS, type Context } from './common.ts';

/** Members of an object, null for one that it shall not have. */
export type Members = { readonly [member: string]: Json };

/** The members of `wanted` that an object has otherwise, as it has them. */
export function otherThan(wanted: Members, found: Item): { [member: string]: Json } {
  const members = Object.keys(wanted).filter((member) => !sameValue(wanted[member], found[member]));
  return Object.fromEntries(members.map((member) => [member, (found[member] ?? null) as Json]));
}

/**
 * Brings members of the subscriber to what is wanted: by their own operations where they have some, the rest in one
 * update. Repeatable; what is as wanted is left alone.
 */
export async function bringSubscriberTo(ctx: Context, found: Item, wanted: Members): Promise<void> {
  const user = userOf(ctx);
  const rest: { [member: string]: Json } = {};
  for (const member of Object.keys(otherThan(wanted, found))) {
    const value = wanted[member] ?? null;
    if (Object.hasOwn(TOGGLES, member)) {
      const [on, off] = TOGGLES[member as keyof typeof TOGGLES];
      await ctx.client.write(WS, value === true ? on : off, user);
    } else if (member === 'lowCreditNotification') {
      await switchLowCredit(ctx, value === true, wanted['lowCreditLimit'] ?? (found['lowCreditLimit'] as Json) ?? 0);
    } else if (member === 'profile') {
      await changeProfile(ctx, textOrNull(value) ?? '');
    } else rest[member] = value;
  }
  if (Object.keys(rest).length === 0) return;
  // The calls before have changed what an update sends back.
  const now = await retrieve(ctx);
  if (!now || Object.keys(otherThan(rest, now)).length === 0) return;
  const isBilling = Object.keys(rest).every((member) => BILLING_MEMBERS.includes(member));
  await (isBilling ? replaceBilling : replaceSubscriber)(ctx.client, user, { ...now, ...rest });
}

/** Billing data alone: what is not sent of it would be cleared, passwords need not be asked for. */
async function replaceBilling(client: SippulseClient, user: Item, whole: Item): Promise<void> {
  const members = Object.fromEntries(BILLING_MEMBERS.map((member) => [member, whole[member]]));
  await client.write(WS, 'updateSubscriberBillingInfo', { subscriber: { ...asFound(members), ...user } });
}

async function switchLowCredit(ctx: Context, on: boolean, lowCreditLimit: Json): Promise<void> {
  const user = userOf(ctx);
  if (on) await ctx.client.write(WS, 'activateLowCreditNotification', { ...user, lowCreditLimit });
  else await ctx.client.write(WS, 'blockLowCreditNotification', user);
}

async function changeProfile(ctx: Context, name: string): Promise<void> {
  const { username, domain } = userOf(ctx);
  const newProfileId = await profileId(ctx.client, domain, name);
  if (newProfileId === null) {
    throw new TurnupError('TURNUP_TARGET_UNEXPECTED', { detail: 'the platform lists profiles without their ids' });
  }
  await ctx.client.write(WS, 'changeProfile', { username, domain, newProfileId });
}

/** Changes class V services; what is not sent would be cleared, so all the others go back as they are. */
export async function bringClassVTo(ctx: Context, found: Item, wanted: Members): Promise<void> {
  if (Object.keys(otherThan(wanted, found)).length === 0) return;
  await ctx.client.write(WS, 'updateSubscriberClassV', {
    subscriber: { ...asFound({ ...found, ...wanted }), ...userOf(ctx) },
  });
}
