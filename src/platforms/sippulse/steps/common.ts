import { z } from 'zod';
import { TurnupError } from '../../../errors/index.ts';
import type { NeededStep, SubscriberOrder } from '../../port.ts';
import { isFault } from '../fault.ts';
import { byHand, type Context, type Kind } from '../shared/kinds.ts';
import { findSubscriber, SUBSCRIBERS } from '../shared/subscriber-record.ts';
import type { Item } from '../types.ts';

export { byHand };
export type { Context, Kind };

export const WS = SUBSCRIBERS;

export function subscriberOf(ctx: Pick<Context, 'subscriber'>): SubscriberOrder {
  if (!ctx.subscriber) throw missing('a subscriber');
  return ctx.subscriber;
}

/** What most calls take. */
export function userOf(ctx: Pick<Context, 'subscriber'>): { username: string; domain: string } {
  const { username, domain } = subscriberOf(ctx);
  return { username, domain };
}

/** Whether a modify order clears a member of the step's subscriber, e.g. `aliases`, `voicemail`. */
export const isCleared = (ctx: Pick<Context, 'order' | 'subscriber'>, member: string): boolean =>
  ctx.order.cleared?.includes(`subscribers.${subscriberOf(ctx).id}.${member}`) ?? false;

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

/** The subscriber as the platform has it; null when there is none. */
export const retrieve = (ctx: Pick<Context, 'client' | 'subscriber'>): Promise<Item | null> =>
  findSubscriber(ctx.client, userOf(ctx));

/** A read of what hangs on a subscriber; null when it faults because the subscriber is gone. */
export async function readOfSubscriber<T>(ctx: Context, read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (isFault(error) && (await retrieve(ctx)) === null) return null;
    throw error;
  }
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
