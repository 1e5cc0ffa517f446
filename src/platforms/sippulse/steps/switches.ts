import type { Finding } from '../../port.ts';
import { HIDDEN_SWITCHES, preferencesIn } from '../preference-names.ts';
import { byHand, cannotRestore, madeSubscriber, subscriberOf, userOf, WS, type Context, type Kind } from './common.ts';

/**
 * What is switched by a pair of calls and shown by none (sippulse.md, "Not visible"): set whenever the order names it,
 * since setting it again does no harm. What it was before is not known: undo of a subscriber that was there needs a person.
 */
export const switchesStep: Kind = {
  nature: 'change',
  opensSecrets: false,
  uses: Object.keys(HIDDEN_SWITCHES).map((name) => `subscribers.*.preferences.${name}`),
  resultShape: byHand({}),

  find: (ctx): Promise<Finding> =>
    Promise.resolve(madeSubscriber(ctx) ? { state: 'absent' } : { state: 'different', before: null }),

  async do(ctx) {
    for (const [name, value] of Object.entries(wantedOf(ctx))) {
      const [on, off] = HIDDEN_SWITCHES[name as keyof typeof HIDDEN_SWITCHES];
      await ctx.client.write(WS, value === true ? on : off, userOf(ctx));
    }
    return {};
  },

  async undo(ctx) {
    if (madeSubscriber(ctx) || ctx.done.outcome !== 'changed') return;
    throw cannotRestore(ctx, Object.keys(wantedOf(ctx)));
  },
};

const wantedOf = (ctx: Context) => preferencesIn(subscriberOf(ctx).preferences, 'switches');
