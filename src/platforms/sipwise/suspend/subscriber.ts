import type { Finding, StepContext, StepKind, SubscriberOrder } from '../../port.ts';
import { TurnupError } from '../../../errors/index.ts';
import { idOf, textOrNull } from '../lookup.ts';
import { isGone } from '../refusal.ts';
import { imageIn } from '../shared/image.ts';
import { findOwn, missingSubscriber } from '../shared/locate.ts';
import { lockingOf, resumed, sameLocking, setLocking, SUSPENDED, type Locking } from '../shared/locking.ts';
import { byHand, objectId } from '../steps/by-hand.ts';
import { subscriberOf } from '../steps/needed.ts';
import type { Item, SipwiseClient } from '../types.ts';

type Context = StepContext<SipwiseClient>;

interface Image extends Required<Locking> {
  readonly subscriberId: number;
}

/** Locks or unlocks one subscriber of the order's customer. Result: `{ subscriberId, status, lock }`. */
function lockingStep(wantedOf: (now: Locking) => Required<Locking>): StepKind<SipwiseClient> {
  return {
    nature: 'change',
    opensSecrets: false,
    uses: ['subscribers.*.username', 'subscribers.*.domain', 'subscribers.*.externalId'],
    resultShape: byHand({ subscriberId: objectId.optional() }),

    async find(ctx): Promise<Finding> {
      const subscriber = subscriberOf(ctx);
      const found = await findNamed(ctx, subscriber);
      if (!found) throw missingSubscriber(subscriber);
      const now = lockingOf(found);
      const subscriberId = idOf(found);
      if (sameLocking(wantedOf(now), now))
        return { state: 'present', ours: ctx.intent !== null, result: { subscriberId, ...now } };
      return { state: 'different', before: { subscriberId, ...now } };
    },

    async do({ client }, finding) {
      const { subscriberId, ...now } = imageIn(finding) as unknown as Image;
      const wanted = wantedOf(now);
      await setLocking(client, subscriberId, wanted);
      return { subscriberId, ...wanted };
    },

    async undo({ client, intent }) {
      if (intent?.state !== 'different') return;
      const { subscriberId, ...before } = intent.before as unknown as Image;
      try {
        await setLocking(client, subscriberId, before);
      } catch (error) {
        if (!isGone(error)) throw error;
      }
    },
  };
}

export const suspendSubscriberStep = lockingStep(() => SUSPENDED);
export const resumeSubscriberStep = lockingStep(resumed);

/**
 * The subscriber that an order only names; null when there is none.
 * @throws TurnupError `TURNUP_SUBSCRIBER_TAKEN` when it is another customer's, or bears another number of the CRM
 */
export async function findNamed({ client, order }: Context, subscriber: SubscriberOrder): Promise<Item | null> {
  const found = await findOwn(client, subscriber, order.customer.externalId);
  const { externalId, username, domain } = subscriber;
  if (!found || externalId === undefined || externalId === textOrNull(found['external_id'])) return found;
  throw new TurnupError('TURNUP_SUBSCRIBER_TAKEN', {
    detail: `subscriber ${idOf(found)} is ${username}@${domain}, but its external_id is not "${externalId}"`,
  });
}
