import type { Finding, StepContext, StepKind } from '../../port.ts';
import { noWayBack } from '../shared/no-way-back.ts';
import { clears } from '../shared/cleared.ts';
import { keepLevel, lockingOf } from '../shared/locking.ts';
import { byHand, objectId } from '../steps/by-hand.ts';
import { subscriberId, subscriberOf } from '../steps/needed.ts';
import type { SipwiseClient } from '../types.ts';

type Context = StepContext<SipwiseClient>;

const pathOf = (id: number): string => `/api/subscribers/${id}`;

/**
 * The password of the self-care login. The platform keeps a hash of it and shows only whether there is one
 * (sipwise-ngcp.md §8.3), so it is set again after a doubt, and there is no way back. Result: `{ subscriberId }`.
 */
export const modifyWebPasswordStep: StepKind<SipwiseClient> = {
  nature: 'change',
  opensSecrets: true,
  uses: ['subscribers.*.webPassword'],
  resultShape: byHand({ subscriberId: objectId.optional() }),

  async find(ctx): Promise<Finding> {
    const id = subscriberId(ctx);
    const found = await ctx.client.get(pathOf(id));
    if (wantedOf(ctx) === null && found['webpassword'] === null)
      return { state: 'present', ours: ctx.intent !== null, result: { subscriberId: id } };
    return { state: 'different', before: { ...lockingOf(found) } };
  },

  async do(ctx, finding) {
    const id = subscriberId(ctx);
    await ctx.client.patch(pathOf(id), [{ op: 'add', path: '/webpassword', value: wantedOf(ctx) }]);
    const intent = ctx.intent ?? finding;
    if (intent.state === 'different') await keepLevel(ctx.client, id, lockingOf(intent.before as never));
    return { subscriberId: id };
  },

  undo: noWayBack('a password of the self-care login'),
};

function wantedOf(ctx: Context): string | null {
  const { id, webPassword } = subscriberOf(ctx);
  return clears(ctx.order, `subscribers.${id}.webPassword`) ? null : (webPassword ?? null);
}
