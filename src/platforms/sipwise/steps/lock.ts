import type { Finding, StepContext, StepKind } from '../../port.ts';
import type { SipwiseClient } from '../client.ts';
import { subscriberNativeOf, type SubscriberNative } from '../native.ts';
import { isGone } from '../refusal.ts';
import {
  lockingOf,
  readLocking,
  resumed,
  sameLocking,
  setLocking,
  SUSPENDED,
  UNLOCKED,
  type Locking,
} from '../shared/locking.ts';
import { byHand, objectId } from './by-hand.ts';
import { madeSubscriber, readOfSubscriber, subscriberId, subscriberOf } from './needed.ts';

type Context = StepContext<SipwiseClient>;

const pathOf = (id: number | string): string => `/api/subscribers/${id}`;

export const asksForLock = ({ lock, status }: SubscriberNative): boolean => lock !== undefined || status !== undefined;

/**
 * Status and lock level of the subscriber. They are two things: making a locked subscriber active again leaves its
 * level, so both are set in one call (sipwise-ngcp.md §8.3). Result: `{ subscriberId, lock }`.
 */
export const lockStep: StepKind<SipwiseClient> = {
  nature: 'change',
  opensSecrets: false,
  uses: ['subscribers.*.native.lock', 'subscribers.*.native.status'],
  resultShape: byHand({ subscriberId: objectId.optional() }),

  async find(ctx): Promise<Finding> {
    const subscriber = subscriberId(ctx);
    // It was sent with the subscriber's creation.
    if (madeSubscriber(ctx)) {
      const { lock } = wantedLocking(ctx, UNLOCKED);
      return { state: 'present', ours: true, result: { subscriberId: subscriber, lock } };
    }
    const found = await readOfSubscriber(ctx, pathOf(subscriber));
    if (!found) return { state: 'absent' };
    const now = lockingOf(found);
    const wanted = wantedLocking(ctx, now);
    if (sameLocking(wanted, now))
      return { state: 'present', ours: ctx.intent !== null, result: { subscriberId: subscriber, lock: wanted.lock } };
    const hasStatus = wanted.status === undefined || wanted.status === now.status;
    const differs = [...(hasStatus ? [] : ['native.status']), ...(now.lock === wanted.lock ? [] : ['native.lock'])];
    return { state: 'different', before: { ...now }, differs };
  },

  async do(ctx, finding) {
    const subscriber = subscriberId(ctx);
    const wanted = wantedLocking(ctx, finding.state === 'different' ? readLocking(finding.before) : UNLOCKED);
    await setLocking(ctx.client, subscriber, wanted);
    return { subscriberId: subscriber, lock: wanted.lock };
  },

  async undo(ctx) {
    if (madeSubscriber(ctx) || ctx.intent?.state !== 'different') return;
    try {
      await setLocking(ctx.client, subscriberId(ctx), readLocking(ctx.intent.before));
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  },
};

/** Who is to be active again loses the level that came with the lock, and no other. */
function wantedLocking(ctx: Context, now: Locking): Locking {
  const { lock, status } = subscriberNativeOf(subscriberOf(ctx).native);
  if (status === 'locked') return SUSPENDED;
  if (lock === undefined) return resumed(now);
  return { ...(status === undefined ? {} : { status }), lock: lock === null ? null : String(lock) };
}
