import type { Finding } from '../../port.ts';
import { preferencesIn } from '../preference-names.ts';
import { textOrNull } from '../read.ts';
import { subscriberOf as subscriberRecordOf } from '../shared/subscriber-record.ts';
import { oneAtATime } from '../shared/turn.ts';
import { EMPTY_TEXT } from '../soap/clean.ts';
import { byHand, cannotRestore, madeSubscriber, subscriberOf, userOf, WS, type Context, type Kind } from './common.ts';

/**
 * Calls per second and keep-alive, which the subscriber itself lacks (sippulse.md, subscriberServicesDTO). Nothing shows
 * them: a new subscriber always gets them, another only where the order names them, and then undo needs a person.
 */
const step: Kind = {
  nature: 'change',
  opensSecrets: false,
  uses: ['subscribers.*.preferences.cps', 'subscribers.*.preferences.keepAlive'],
  resultShape: byHand({}),

  async find(ctx): Promise<Finding> {
    if (madeSubscriber(ctx)) return { state: 'absent' };
    if (Object.keys(namedOf(ctx)).length === 0) return { state: 'present', ours: false, result: {} };
    return { state: 'different', before: null };
  },

  async do(ctx) {
    const found = await subscriberRecordOf(ctx.client, userOf(ctx));
    const { cps, keepAlive } = ctx.client.defaults;
    await ctx.client.write(WS, 'updateSubscriberServices', {
      subscriber: {
        ...userOf(ctx),
        areaCode: found['areaCode'],
        callLimit: found['callLimit'],
        countryCode: found['countryCode'],
        email: found['emailAddress'],
        // The page asks for them of every subscriber; not every one has them.
        cityCode: textOrNull(found['cityCode']) ?? EMPTY_TEXT,
        localArea: textOrNull(found['localArea']) ?? EMPTY_TEXT,
        rpid: textOrNull(found['rpid']) ?? EMPTY_TEXT,
        cps,
        keepAlive,
        ...namedOf(ctx),
      },
    });
    return {};
  },

  async undo(ctx) {
    if (madeSubscriber(ctx) || ctx.done.outcome !== 'changed') return;
    throw cannotRestore(ctx, Object.keys(namedOf(ctx)));
  },
};

export const servicesStep = oneAtATime(step, userOf);

const namedOf = (ctx: Context) => preferencesIn(subscriberOf(ctx).preferences, 'services');
