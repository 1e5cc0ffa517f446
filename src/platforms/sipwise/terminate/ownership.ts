import type { StepKind } from '../../port.ts';
import { idOf } from '../lookup.ts';
import { byHand, objectId } from '../steps/by-hand.ts';
import { subscriberOf } from '../steps/needed.ts';
import { findNamed } from '../suspend/subscriber.ts';
import type { SipwiseClient } from '../types.ts';

/**
 * Looks whether the subscriber is the customer's, before the first of an order is removed. Changes nothing. Result:
 * `{ subscriberId }`, null when there is none.
 */
export const ownershipStep: StepKind<SipwiseClient> = {
  nature: 'change',
  opensSecrets: false,
  uses: ['subscribers.*.username', 'subscribers.*.domain', 'subscribers.*.externalId'],
  resultShape: byHand({ subscriberId: objectId.nullable() }),

  async find(ctx) {
    const found = await findNamed(ctx, subscriberOf(ctx));
    return { state: 'present', ours: false, result: { subscriberId: found && idOf(found) } };
  },

  do: async () => ({}),
  undo: async () => {},
};
