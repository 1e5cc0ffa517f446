import type { Finding } from '../../port.ts';
import { noWayBack } from '../operations/spec.ts';
import { byHand, userOf, WS, type Kind } from '../steps/common.ts';
import { ownSubscriber } from '../steps/owner.ts';

/**
 * Blocks or opens a subscriber. Nothing shows whether it is blocked (sippulse.md, "Not visible"), so it is set whenever
 * an order asks for it, and has no way back: undo could not know what it was. Result: `{ isBlocked, wasBlocked }`.
 */
const setting = (operation: 'blockSubscriber' | 'activateSubscriber'): Kind => ({
  nature: 'change',
  opensSecrets: false,
  uses: ['subscribers.*.username', 'subscribers.*.domain'],
  resultShape: byHand({}),
  async find(ctx): Promise<Finding> {
    await ownSubscriber(ctx.client, userOf(ctx), ctx.order.customer.externalId);
    return { state: 'different', before: null };
  },
  async do(ctx) {
    await ctx.client.write(WS, operation, userOf(ctx));
    return { isBlocked: operation === 'blockSubscriber', wasBlocked: 'not told by the platform' };
  },
  undo: noWayBack(operation),
});

export const blockStep = setting('blockSubscriber');
export const activateStep = setting('activateSubscriber');
