import { numberOrNull } from '../read.ts';
import { byHand, neededStep, userOf, type Context, type Kind } from '../steps/common.ts';
import { ownSubscriber, ownSubscriberIfAny } from '../steps/owner.ts';
import type { Item } from '../types.ts';

/** A step that looks and changes nothing: that all subscribers of an order are the customer's before one is touched. */
const looking = (look: (ctx: Context) => Promise<Item | null>): Kind => ({
  nature: 'change',
  opensSecrets: false,
  uses: ['subscribers.*.username', 'subscribers.*.domain'],
  resultShape: byHand({}),
  async find(ctx) {
    const found = await look(ctx);
    const result = found ? { subscriberId: numberOrNull(found['id']) } : { gone: true };
    return { state: 'present', ours: false, result };
  },
  do: () => Promise.resolve({}),
  undo: () => Promise.resolve(),
});

const customerOf = ({ order }: Context): string => order.customer.externalId;

/** Result: `{ subscriberId }`. */
export const ownershipStep = looking((ctx) => ownSubscriber(ctx.client, userOf(ctx), customerOf(ctx)));

/** What is gone already need not be taken away. Result: `{ subscriberId }`, or `{ gone: true }`. */
export const ownershipOrGoneStep = looking((ctx) => ownSubscriberIfAny(ctx.client, userOf(ctx), customerOf(ctx)));

/** Whether the subscriber was not there when the order began: then nothing of its name is touched. */
export const wasGone = (ctx: Context): boolean => neededStep(ctx, 'ownership')?.result['gone'] === true;
