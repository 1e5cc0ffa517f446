import { performance } from 'node:perf_hooks';
import { z } from 'zod';
import { TurnupError } from '../../../errors/index.ts';
import type { Json, NeededStep, StepResult, SubscriberOrder, UndoContext } from '../../port.ts';
import { companyKey } from '../order/company.ts';
import { officeName } from '../order/office.ts';
import { numberOf, userKey } from '../order/user.ts';
import type { Field, Profile } from '../profile/model.ts';
import type { OperationName } from '../profile/operations.ts';
import { keyFieldOf } from '../profile/rules.ts';
import type { Context, Item, WebportalClient } from '../types.ts';
import { fromWire, isSame, readField, type Values } from '../wire/values.ts';
import { readAt } from '../profile/pointer.ts';
import { plainText } from '../text.ts';

export type Owner = 'company' | 'office' | 'user';
/** Also what operations of an order make. */
export type Made = Owner | 'wlr';

/** An id of the portal, whatever it looks like. */
export const objectId = z.string().min(1).max(200);

/** What a person who did a step by hand tells of it, and nothing else. */
export function byHand(members: z.ZodRawShape): z.ZodType<StepResult> {
  return z.strictObject(members) as z.ZodType as z.ZodType<StepResult>;
}

/** Only a fault of the engine, or of a person who skipped a step, leads here. */
export function missing(what: string): TurnupError {
  return new TurnupError('TURNUP_TARGET_UNEXPECTED', { detail: `the step lacks ${what}` });
}

export function subscriberOf(ctx: Pick<Context, 'subscriber'>): SubscriberOrder {
  if (!ctx.subscriber) throw missing('a subscriber');
  return ctx.subscriber;
}

function resultText(step: NeededStep | undefined, member: string): string {
  const value = step?.result[member];
  if (typeof value !== 'string') throw missing(`${member} in the result of a step before`);
  return value;
}

export const orderNames = (ctx: Pick<Context, 'key'>): Values => ({ orderKey: ctx.key });

/** What the company of this order is called by, as a step before left it. */
export function companyNames(ctx: Context): Values {
  return {
    ...orderNames(ctx),
    companyId: resultText(ctx.needs['company'], 'companyId'),
    companyKey: companyKey(ctx.order, ctx.client.profile),
  };
}

/** The step that made or found the office of this step's subscriber, and is the last of its kind before it. */
function officeStep({ needs }: Context): NeededStep | undefined {
  const id = Object.keys(needs).find((step) => step.endsWith('.office'));
  return id === undefined ? undefined : needs[id];
}

export const officeNameOf = (ctx: Context): string => officeName(subscriberOf(ctx)) ?? ctx.client.office;

export function officeNames(ctx: Context): Values {
  return { ...companyNames(ctx), officeId: resultText(officeStep(ctx), 'officeId'), officeName: officeNameOf(ctx) };
}

/** What a subscriber is called by, as far as the order tells. */
export function userNames(ctx: Pick<Context, 'subscriber' | 'client'>): Values {
  const subscriber = subscriberOf(ctx);
  const { profile } = ctx.client;
  return {
    userKey: userKey(subscriber, profile),
    number: numberOf(subscriber, profile),
    username: subscriber.username,
    domain: subscriber.domain,
    externalId: subscriber.externalId,
  };
}

const subscriberStep = (ctx: Context): NeededStep | undefined => ctx.needs[`${subscriberOf(ctx).id}.subscriber`];

/** Whether this order made the subscriber, so that all it has is this order's and goes with it. */
export function madeSubscriber(ctx: Context): boolean {
  const step = subscriberStep(ctx);
  if (!step) throw missing('the step of its subscriber');
  return step.outcome === 'created';
}

/** What a user is called by, as the steps before left it: that of a modify order says itself where it is. */
export function namesOfUser(ctx: Context): Values {
  const step = subscriberStep(ctx);
  const office = officeStep(ctx);
  const where = office ? officeNames(ctx) : { ...companyNames(ctx), officeId: step?.result['officeId'] };
  const names = { ...where, ...userNames(ctx), userId: resultText(step, 'userId') };
  const number = step?.result['number'];
  return number === undefined ? names : { ...names, number };
}

export const isCeased = ({ fields }: Profile, owner: Owner, { document }: Item): boolean =>
  readField(fields[owner], 'status', document) === 'ceased';

/** Names of offices that only letter case tells apart are one where the portal finds one by the other. */
const isAlike = (field: Field, key: Json, { document }: Item): boolean =>
  plainText(fromWire(field, readAt(document, field.at)) ?? '').toLowerCase() === plainText(key).toLowerCase();

/**
 * What is on the portal under exactly this key. A portal may find more than was asked for.
 * @throws TurnupError where what it found shows no key at all: then nobody knows what is there
 */
export async function findByKey(
  client: WebportalClient,
  owner: Owner,
  names: Values,
  key: Json,
): Promise<readonly Item[]> {
  const { profile } = client;
  const found = await client.find(`${owner}.find`, names);
  const field = profile.fields[owner].get(keyFieldOf(profile, owner));
  if (!field || found.length === 0) return found.filter((item) => !isCeased(profile, owner, item));
  const isKeyless = found.every(({ document }) => fromWire(field, readAt(document, field.at)) === undefined);
  if (isKeyless) {
    throw new TurnupError('TURNUP_TARGET_UNEXPECTED', {
      detail: `${owner}.find found ${found.length}, none of which shows the key that the profile "${profile.title}" has for it (${field.name})`,
      hint: 'Look where the portal shows the key, and mend the field in the profile.',
    });
  }
  const live = found.filter((item) => !isCeased(profile, owner, item));
  const exact = live.filter((item) => isSame(field, key, item.document));
  return exact.length > 0 || owner !== 'office' ? exact : live.filter((item) => isAlike(field, key, item));
}

/** Looks, and where an attempt before may have queued the work, again until the portal must have done it. */
export async function lookAfterDoubt(
  ctx: Context,
  owner: Made,
  look: () => Promise<readonly Item[]>,
): Promise<readonly Item[]> {
  let found = await look();
  const { jobs, operations } = ctx.client.profile;
  if (ctx.intent === null || !jobs || !operations.get(`${owner}.create`)?.ticket) return found;
  const end = performance.now() + jobs.forMs;
  // The last look comes after the end.
  for (let isLast = false; found.length === 0 && !isLast;) {
    isLast = performance.now() >= end;
    await ctx.client.pause(jobs.everyMs);
    found = await look();
  }
  return found;
}

/**
 * Before an undo of a change whose reply was lost: a queued call may be carried out after the undo has looked, or even
 * after what it sent. Looks until the change is seen, or the portal must have done with it.
 */
export async function settleDoubt(
  ctx: UndoContext<WebportalClient>,
  operation: OperationName,
  isSeen: () => Promise<boolean>,
): Promise<void> {
  const { jobs, operations } = ctx.client.profile;
  // Of an attempt that ended its result tells something.
  const isRecorded = Object.keys(ctx.done.result).length > 0;
  if (isRecorded || !jobs || !operations.get(operation)?.ticket) return;
  const end = performance.now() + jobs.forMs;
  while (performance.now() < end && !(await isSeen())) await ctx.client.pause(jobs.everyMs);
}

/** Whether this order made it: it bears the order's key, or, where the portal has no place for that, was absent before. */
export function isOurs(ctx: Context, owner: Made, { document }: Item): boolean {
  if (ctx.intent === null) return false;
  const field = ctx.client.profile.fields[owner].get('orderKey');
  return !field || isSame(field, ctx.key, document);
}

/**
 * The one that counts of several under one key. Extras of what this order made are taken away (DESIGN §5.6).
 * @throws TurnupError `TURNUP_OBJECT_AMBIGUOUS`
 */
export async function onlyOne(
  ctx: Context,
  owner: Owner,
  found: readonly Item[],
  remove: (item: Item) => Promise<void>,
): Promise<Item | null> {
  const [first, ...more] = found;
  if (!first || more.length === 0) return first ?? null;
  const ours = found.filter((item) => isOurs(ctx, owner, item));
  const [kept, ...extras] = ours;
  if (kept && ours.length === found.length) {
    for (const extra of extras) await remove(extra);
    return kept;
  }
  throw new TurnupError('TURNUP_OBJECT_AMBIGUOUS', {
    detail: `${owner}.find found ${found.length} under one key: ${found.map(({ id }) => id).join(', ')}`,
  });
}

/** Members of the order that what is there has otherwise, by their place in the order. */
export function differing(
  { fields }: Profile,
  owner: Owner,
  wanted: Values,
  document: unknown,
  pathOf: (name: string) => string | null,
): string[] {
  return [...fields[owner].values()].flatMap((field) => {
    const value = wanted[field.name];
    const path = pathOf(field.name);
    const counts = value !== undefined && value !== null && path !== null && !field.isSecret;
    return counts && !isSame(field, value, document) ? [path] : [];
  });
}
