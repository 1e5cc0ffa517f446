import type { Finding, Json, StepContext, StepKind } from '../../port.ts';
import type { Item, PatchOperation, SipwiseClient } from '../client.ts';
import { textOrNull } from '../lookup.ts';
import { subscriberNativeOf, type SubscriberNative } from '../native.ts';
import { isGone } from '../refusal.ts';
import { byHand, objectId } from './by-hand.ts';
import { madeSubscriber, readOfSubscriber, subscriberId, subscriberOf } from './needed.ts';

type Context = StepContext<SipwiseClient>;

/** The lock level that comes with the status `locked` (sipwise-ngcp.md §8.3). */
const GLOBAL_LOCK = '4';

const pathOf = (id: number | string): string => `/api/subscribers/${id}`;

interface Locking {
  readonly status?: string;
  readonly lock: string | null;
}

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
    const id = subscriberId(ctx);
    const wanted = wantedLocking(ctx);
    const result = { subscriberId: id, lock: wanted.lock };
    // It was sent with the subscriber's creation.
    if (madeSubscriber(ctx)) return { state: 'present', ours: true, result };
    const found = await readOfSubscriber(ctx, pathOf(id));
    if (!found) return { state: 'absent' };
    const hasStatus = wanted.status === undefined || found['status'] === wanted.status;
    if (hasStatus && lockOf(found) === wanted.lock) return { state: 'present', ours: ctx.intent !== null, result };
    return { state: 'different', before: { status: found['status'] as Json, lock: lockOf(found) } };
  },

  async do(ctx) {
    const id = subscriberId(ctx);
    const wanted = wantedLocking(ctx);
    await ctx.client.patch(pathOf(id), lockOperations(wanted));
    return { subscriberId: id, lock: wanted.lock };
  },

  async undo(ctx) {
    if (madeSubscriber(ctx) || ctx.intent?.state !== 'different') return;
    try {
      await ctx.client.patch(pathOf(subscriberId(ctx)), lockOperations(ctx.intent.before as unknown as Locking));
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  },
};

function wantedLocking(ctx: Context): Locking {
  const { lock, status } = subscriberNativeOf(subscriberOf(ctx).native);
  const level = lock === undefined || lock === null ? null : String(lock);
  if (status === 'locked') return { status, lock: GLOBAL_LOCK };
  return { ...(status === undefined ? {} : { status }), lock: level };
}

const lockOf = (found: Item): string | null => textOrNull(found['lock']);

/** `add` because `replace` needs the member to be there. */
function lockOperations({ status, lock }: Locking): PatchOperation[] {
  return [
    ...(status === undefined ? [] : [{ op: 'add', path: '/status', value: status } as const]),
    { op: 'add', path: '/lock', value: lock },
  ];
}
