import { TurnupError } from '../../../errors/index.ts';
import type { NeededStep, StepContext, SubscriberOrder } from '../../port.ts';
import type { Item, SipwiseClient } from '../client.ts';
import { isGone } from '../refusal.ts';

type Context = Omit<StepContext, 'client'>;

export function subscriberOf(ctx: Context): SubscriberOrder {
  if (!ctx.subscriber) throw missing('a subscriber');
  return ctx.subscriber;
}

export function neededStep(ctx: Pick<Context, 'needs'>, id: string): NeededStep {
  const step = ctx.needs[id];
  if (!step) throw missing(`the step ${id}`);
  return step;
}

const subscriberStep = (ctx: Context): NeededStep => neededStep(ctx, `${subscriberOf(ctx).id}.subscriber`);

/** Whether this order made the subscriber, so that all it has is this order's and goes with it. */
export const madeSubscriber = (ctx: Context): boolean => subscriberStep(ctx).outcome === 'created';

export function subscriberId(ctx: Context): number {
  return resultId(subscriberStep(ctx), 'subscriberId');
}

export function resultId(step: NeededStep, member: string): number {
  const value = step.result[member];
  if (typeof value !== 'number') throw missing(`${member} in the result of a step before`);
  return value;
}

/**
 * What hangs on a subscriber, by the subscriber's id. Null when the subscriber is gone after a doubt: an undo has nothing
 * to bring back then, and a step that goes on is refused by its own write.
 */
export async function readOfSubscriber(ctx: StepContext<SipwiseClient>, path: string): Promise<Item | null> {
  try {
    return await ctx.client.get(path);
  } catch (error) {
    if (ctx.intent && isGone(error)) return null;
    throw error;
  }
}

/** Only a fault of the engine, or of a person who skipped a step, leads here. */
function missing(what: string): TurnupError {
  return new TurnupError('TURNUP_TARGET_UNEXPECTED', { detail: `the step lacks ${what}` });
}
