import { z } from 'zod';
import { TurnupError } from '../../../errors/index.ts';
import type { NeededStep, StepContext, StepKind, StepResult, SubscriberOrder } from '../../port.ts';
import { isFault } from '../fault.ts';
import { itemOf } from '../read.ts';
import { asFound } from '../soap/clean.ts';
import type { Item, SippulseClient } from '../types.ts';

export type Context = StepContext<SippulseClient>;
export type Kind = StepKind<SippulseClient>;

export const WS = 'SubscriberWS';

export function subscriberOf(ctx: Pick<Context, 'subscriber'>): SubscriberOrder {
  if (!ctx.subscriber) throw missing('a subscriber');
  return ctx.subscriber;
}

/** What most calls take. */
export function userOf(ctx: Pick<Context, 'subscriber'>): { username: string; domain: string } {
  const { username, domain } = subscriberOf(ctx);
  return { username, domain };
}

/** The platform's account code: `username@domain`. */
export function accountOf(ctx: Pick<Context, 'subscriber'>): string {
  const { username, domain } = userOf(ctx);
  return `${username}@${domain}`;
}

export const neededStep = (ctx: Context, kind: string): NeededStep | undefined =>
  ctx.needs[`${subscriberOf(ctx).id}.${kind}`];

/** Whether this order made the subscriber, so that all it has is this order's and goes with it. */
export function madeSubscriber(ctx: Context): boolean {
  const step = neededStep(ctx, 'subscriber');
  if (!step) throw missing('the step of its subscriber');
  return step.outcome === 'created';
}

/**
 * The subscriber as the platform has it. One that is not there is no element, or a fault: which, is not known
 * (sippulse.md, "Retry"), and that the login is good was looked at by the client.
 */
export async function retrieve(ctx: Pick<Context, 'client' | 'subscriber'>): Promise<Item | null> {
  try {
    return itemOf(await ctx.client.read(WS, 'retrieveSubscriber', userOf(ctx)), 'return');
  } catch (error) {
    if (isFault(error)) return null;
    throw error;
  }
}

/** @throws TurnupError when it is gone: somebody took it away under way */
export async function retrieveNeeded(ctx: Context): Promise<Item> {
  const found = await retrieve(ctx);
  if (found) return found;
  throw goneSubscriber(ctx);
}

export function goneSubscriber(ctx: Pick<Context, 'subscriber'>): TurnupError {
  return new TurnupError('TURNUP_REFERENCE_UNKNOWN', { detail: `subscriber ${accountOf(ctx)} is not on the target` });
}

/** A read of what hangs on a subscriber; null when it faults because the subscriber is gone. */
export async function readOfSubscriber<T>(ctx: Context, read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (isFault(error) && (await retrieve(ctx)) === null) return null;
    throw error;
  }
}

/** A removal whose fault may only mean that there is nothing to remove: the look decides. */
export async function removeAndLook(remove: () => Promise<unknown>, isThere: () => Promise<boolean>): Promise<void> {
  try {
    await remove();
  } catch (error) {
    if (!isFault(error) || (await isThere())) throw error;
  }
}

/**
 * Changes members of a subscriber. The platform replaces all of it by what it is sent (sippulse.md, subscriberDTO), so
 * all that is there goes back; passwords it does not show are asked for.
 * @param changes `null` takes a member away
 */
export async function updateSubscriber(ctx: Context, found: Item, changes: Item): Promise<void> {
  const { id: _id, accountCode: _accountCode, ...members } = found;
  const user = userOf(ctx);
  const ask = async (operation: string) => (await ctx.client.read(WS, operation, user))?.['return'];
  const password = members['password'] ?? (await ask('retrievePassword'));
  const passwordPortal = members['passwordPortal'] ?? (await ask('retrievePasswordWEB'));
  const rings = members['rings'] ?? ctx.client.defaults.rings;
  await ctx.client.write(WS, 'updateSubscriber', {
    subscriber: { ...asFound(members), rings, password, passwordPortal, ...changes, ...user },
  });
}

/** What a person who did a step by hand tells of it, and nothing else. */
export function byHand(members: z.ZodRawShape): z.ZodType<StepResult> {
  return z.strictObject(members) as z.ZodType as z.ZodType<StepResult>;
}

export const objectId = z.int().min(1).max(2_147_483_647);

/** Only a fault of the engine, or of a person who skipped a step, leads here. */
export function missing(what: string): TurnupError {
  return new TurnupError('TURNUP_TARGET_UNEXPECTED', { detail: `the step lacks ${what}` });
}

/** The platform never shows these, so what they were cannot be brought back (I4): a person has to. */
export function cannotRestore(ctx: Context, members: readonly string[]): TurnupError {
  return new TurnupError('TURNUP_UNDO_FAILED', {
    class: 'rejected',
    detail: `the platform does not tell what ${members.join(', ')} of ${accountOf(ctx)} was before this order`,
    hint: 'Set it on the platform as it should be, reload the subscriber there, then skip this step.',
  });
}
