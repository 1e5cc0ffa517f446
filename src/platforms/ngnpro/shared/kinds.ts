import { TurnupError } from '../../../errors/index.ts';
import type { NeededStep, StepContext, StepKind, SubscriberOrder } from '../../port.ts';
import type { TurnAt } from '../../turns.ts';
import type { NgnproClient, SipId } from '../types.ts';

export type Context = StepContext<NgnproClient>;
export type Kind = StepKind<NgnproClient>;

export function subscriberOf(ctx: Pick<Context, 'subscriber'>): SubscriberOrder {
  if (!ctx.subscriber) throw missing('a subscriber');
  return ctx.subscriber;
}

/** In lower case, as the vendor sends keys everywhere (ngnpro.md, "Rules worth coding"). */
export const sipIdFor = ({ username, domain }: SipId): SipId => ({
  username: username.toLowerCase(),
  domain: domain.toLowerCase(),
});

/** The key of the step's subscriber. */
export const sipIdOf = (ctx: Pick<Context, 'subscriber'>): SipId => sipIdFor(subscriberOf(ctx));

/** `user@domain`. */
export const accountName = ({ username, domain }: SipId): string => `${username}@${domain}`;

/** An update of an account and a set of diversions send all there is: one step at a time changes a subscriber. */
export function turnFor(sipId: SipId): TurnAt {
  const name = accountName(sipIdFor(sipId));
  return { at: `subscriber:${name}`, name };
}

export const turnOf = (ctx: Pick<Context, 'subscriber'>): TurnAt => turnFor(sipIdOf(ctx));

export const neededStep = (ctx: Context, kind: string): NeededStep | undefined =>
  ctx.needs[`${subscriberOf(ctx).id}.${kind}`];

/** Id of the customer that a step before found or made. */
export function customerIdOf({ needs }: Pick<Context, 'needs'>): number {
  const id = needs['customer']?.result['customerId'];
  if (typeof id !== 'number') throw missing('the id of its customer');
  return id;
}

/** Only a fault of the engine, or of a person who skipped a step, leads here. */
export function missing(what: string): TurnupError {
  return new TurnupError('TURNUP_TARGET_UNEXPECTED', { detail: `the step lacks ${what}` });
}
