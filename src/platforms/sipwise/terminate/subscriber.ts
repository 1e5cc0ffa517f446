import type { Finding, StepKind } from '../../port.ts';
import { numberOrNull } from '../lookup.ts';
import { exists } from '../shared/exists.ts';
import { imageIn } from '../shared/image.ts';
import { noWayBack } from '../shared/no-way-back.ts';
import { byHand, objectId } from '../steps/by-hand.ts';
import { neededStep, subscriberOf } from '../steps/needed.ts';
import { removeSubscriber } from '../steps/subscriber.ts';
import type { SipwiseClient } from '../types.ts';

/** Ends a subscriber with all that hangs on it. One that is gone is as wanted. Result: `{ subscriberId }`. */
export const terminateSubscriberStep: StepKind<SipwiseClient> = {
  nature: 'change',
  opensSecrets: false,
  uses: ['subscribers.*.username', 'subscribers.*.domain'],
  resultShape: byHand({ subscriberId: objectId.nullable().optional() }),

  async find(ctx): Promise<Finding> {
    const subscriberId = numberOrNull(neededStep(ctx, `${subscriberOf(ctx).id}.ownership`).result['subscriberId']);
    if (subscriberId === null || !(await exists(ctx.client, `/api/subscribers/${subscriberId}`)))
      return { state: 'present', ours: ctx.intent !== null, result: { subscriberId } };
    return { state: 'different', before: { subscriberId } };
  },

  async do({ client }, finding) {
    const { subscriberId } = imageIn(finding) as unknown as { subscriberId: number };
    await removeSubscriber(client, subscriberId);
    return { subscriberId };
  },

  undo: noWayBack('a terminated subscriber'),
};
