import { z } from 'zod';
import { TurnupError } from '../../../errors/index.ts';
import type { Finding, StepContext, StepKind, StepResult, SubscriberOrder } from '../../port.ts';
import type { Item, SipwiseClient } from '../client.ts';
import { idOf, numberOrNull, textOrNull } from '../lookup.ts';
import { subscriberNativeOf } from '../native.ts';
import { digitsOf, platformNumber, readAliases, readDigits } from '../numbers.ts';
import { domainId, forgetDomain } from '../references.ts';
import { isGone, isRefusal, type SipwiseRefusal } from '../refusal.ts';
import { findSubscriber as findByName } from '../shared/locate.ts';
import { refuseTaken } from '../shared/subscriber-numbers.ts';
import { byHand, objectId } from './by-hand.ts';
import { neededStep, resultId, subscriberOf } from './needed.ts';

type Context = StepContext<SipwiseClient>;

export function subscriberBody(subscriber: SubscriberOrder, customerId: number | string): Record<string, unknown> {
  const { number, aliases } = subscriber;
  return {
    ...subscriberNativeOf(subscriber.native),
    customer_id: customerId,
    domain: subscriber.domain,
    username: subscriber.username,
    password: subscriber.password,
    webusername: subscriber.webUsername,
    webpassword: subscriber.webPassword,
    external_id: subscriber.externalId,
    ...(number ? { primary_number: platformNumber(number) } : {}),
    ...(aliases.length > 0 ? { alias_numbers: aliases.map(platformNumber) } : {}),
  };
}

/**
 * The subscriber, by user name and domain. Result: `{ subscriberId, uuid? }`. A lock that the order asks for is sent
 * along, so that a subscriber that shall be locked is never open.
 */
export const subscriberStep: StepKind<SipwiseClient> = {
  nature: 'create',
  opensSecrets: true,
  uses: [
    'subscribers.*.externalId',
    'subscribers.*.username',
    'subscribers.*.domain',
    'subscribers.*.password',
    'subscribers.*.webUsername',
    'subscribers.*.webPassword',
    'subscribers.*.number',
    'subscribers.*.aliases',
    'subscribers.*.native',
  ],
  resultShape: byHand({ subscriberId: objectId, uuid: z.uuid().optional() }),

  async find(ctx): Promise<Finding> {
    const found = await findSubscriber(ctx);
    if (!found) {
      // Refused before there is an intent: then it is certain that nothing was done.
      if (!ctx.intent) await domainId(ctx.client, subscriberOf(ctx).domain);
      return { state: 'absent' };
    }
    const differs = otherMembers(subscriberOf(ctx), found);
    return {
      state: 'present',
      ours: ctx.intent !== null,
      result: resultOf(found),
      ...(differs.length > 0 ? { differs } : {}),
    };
  },

  async do(ctx) {
    const subscriber = subscriberOf(ctx);
    if (subscriber.password === undefined) {
      throw new TurnupError('TURNUP_TARGET_UNEXPECTED', { detail: 'the subscriber step lacks the password' });
    }
    try {
      const subscriberId = await ctx.client.create('subscribers', subscriberBody(subscriber, customerIdOf(ctx)));
      return { subscriberId };
    } catch (error) {
      if (isRefusal(error, 422, /^Subscriber already exists/)) return raced(ctx, error);
      if (isRefusal(error, 422, /^Invalid 'domain'/)) forgetDomain(ctx.client, subscriber.domain);
      if (isRefusal(error, 500)) return explainFailure(ctx, error);
      throw error;
    }
  },

  async undo({ client, done }) {
    if (done.outcome === 'created') await removeSubscriber(client, Number(done.result['subscriberId']));
  },

  async discard({ client }, made, recorded) {
    if (made['subscriberId'] !== recorded?.['subscriberId'])
      await removeSubscriber(client, Number(made['subscriberId']));
  },
};

const customerIdOf = (ctx: Context): number => resultId(neededStep(ctx, 'customer'), 'customerId');

export async function removeSubscriber(client: SipwiseClient, id: number): Promise<void> {
  try {
    await client.remove(`/api/subscribers/${id}`);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

function resultOf(found: Item): StepResult {
  const uuid = textOrNull(found['uuid']);
  return { subscriberId: idOf(found), ...(uuid === null ? {} : { uuid }) };
}

/** @throws TurnupError `TURNUP_SUBSCRIBER_TAKEN` when it is there and not as this order wants it. */
async function findSubscriber(ctx: Context): Promise<Item | null> {
  const subscriber = subscriberOf(ctx);
  const { username, domain } = subscriber;
  const found = await findByName(ctx.client, subscriber);
  if (!found) return null;
  const others = conflicts(subscriber, customerIdOf(ctx), found);
  if (others.length === 0) return found;
  throw new TurnupError('TURNUP_SUBSCRIBER_TAKEN', {
    detail: `subscriber ${idOf(found)} is ${username}@${domain}, but ${others.join('; ')}`,
  });
}

/** What makes a subscriber somebody else's (API.md "Existing subscriber"). */
function conflicts(subscriber: SubscriberOrder, customerId: number, found: Item): string[] {
  const others: string[] = [];
  const customer = numberOrNull(found['customer_id']);
  if (customer !== customerId) others.push(`belongs to customer ${customer}, not ${customerId}`);
  const externalId = textOrNull(found['external_id']);
  if (externalId !== (subscriber.externalId ?? null)) {
    others.push(`its external_id is ${quoted(externalId)}, wanted is ${quoted(subscriber.externalId ?? null)}`);
  }
  // The platform derives the number of a PBX extension from the pilot's.
  const isDerived = subscriberNativeOf(subscriber.native).pbx_extension !== undefined && !subscriber.number;
  const number = readDigits(found['primary_number']);
  const wanted = subscriber.number ? digitsOf(subscriber.number) : null;
  if (number !== wanted && !isDerived) others.push(`its number is ${quoted(number)}, wanted is ${quoted(wanted)}`);
  const aliases = readAliases(found['alias_numbers']).join(', ');
  const wantedAliases = subscriber.aliases.map(digitsOf).toSorted().join(', ');
  if (aliases !== wantedAliases) others.push(`its aliases are ${quoted(aliases)}, wanted are ${quoted(wantedAliases)}`);
  return others;
}

const quoted = (value: string | null): string => (value === null || value === '' ? 'none' : `"${value}"`);

/** Members of an adopted subscriber that are otherwise and left alone; passwords are not compared. */
function otherMembers(subscriber: SubscriberOrder, found: Item): string[] {
  const { lock: _lock, status: _status, ...native } = subscriberNativeOf(subscriber.native);
  const differs = Object.entries(native)
    .filter(([member, value]) => value !== undefined && textOrNull(value) !== textOrNull(found[member]))
    .map(([member]) => `native.${member}`);
  const { webUsername } = subscriber;
  if (webUsername !== undefined && webUsername !== textOrNull(found['webusername'])) differs.unshift('webUsername');
  return differs;
}

/** Somebody was faster since we looked: an attempt of ours that was given up, or a stranger. */
async function raced(ctx: Context, refusal: SipwiseRefusal): Promise<StepResult> {
  const found = await findSubscriber(ctx);
  if (!found) throw refusal;
  return resultOf(found);
}

/**
 * The platform answers 500 to a creation that can never succeed as well as to one that may next time (sipwise-ngcp.md
 * §4.1); what can be known is looked up. Otherwise the refusal stands.
 */
async function explainFailure(ctx: Context, refusal: SipwiseRefusal): Promise<StepResult> {
  const { client } = ctx;
  const found = await findSubscriber(ctx);
  if (found) return resultOf(found);

  await refuseTaken(client, subscriberOf(ctx));
  const customerId = customerIdOf(ctx);
  if (!(await isLive(client, customerId))) {
    throw new TurnupError('TURNUP_REFERENCE_UNKNOWN', {
      detail: `customer ${customerId} is not on the target, or terminated`,
    });
  }
  throw refusal;
}

async function isLive(client: SipwiseClient, customerId: number): Promise<boolean> {
  try {
    return (await client.get(`/api/customers/${customerId}`))['status'] !== 'terminated';
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}
