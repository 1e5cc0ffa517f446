import { z } from 'zod';
import { QUOTAS as BY_SPAN, quotaOf, replaceQuota } from '../shared/quota.ts';
import { reloadOfSubscriber } from '../shared/reload.ts';
import { SOUND_CALLS } from '../shared/sound.ts';
import { nameOfUser, SUBSCRIBERS } from '../shared/subscriber-record.ts';
import { oneAtATime } from '../shared/turn.ts';
import { changeStep } from './change.ts';
import { without } from './look.ts';
import { dailyQuota, monthlyQuota } from './objects.ts';
import { byHand, objectArg, type Context, type Item, type OperationSpec } from './spec.ts';

/** The counter is read afresh before it is sent: an old one would rewrite it (sippulse.md, "Others"). */
function quota(span: keyof typeof BY_SPAN, args: z.ZodType): OperationSpec {
  const of = BY_SPAN[span];
  const { element, read, write } = of;
  const given = (ctx: Context): Item => objectArg(ctx, element);
  const step = changeStep({
    opensSecrets: false,
    resultShape: byHand({}),
    noun: (ctx) => `subscriber ${nameOfUser(given(ctx))}`,
    wanted: (ctx) => without(given(ctx), ['username', 'domain']),
    read: (ctx) => quotaOf(ctx.client, given(ctx), of),
    write: (ctx, whole) => replaceQuota(ctx.client, given(ctx), of, whole),
    result: () => ({}),
    reload: (ctx) => reloadOfSubscriber(given(ctx)),
  });
  return {
    service: SUBSCRIBERS,
    operation: write,
    title: `Set the ${span} quota of a subscriber`,
    args: z.strictObject({ [element]: args }),
    class: 'compensatable',
    step: oneAtATime(step, given),
    calls: [`${SUBSCRIBERS}.${read}`, 'SubscriberWS.retrieveSubscriber', ...SOUND_CALLS],
    reload: (all) => reloadOfSubscriber(all[element] as Item),
  };
}

export const QUOTAS: readonly OperationSpec[] = [quota('daily', dailyQuota), quota('monthly', monthlyQuota)];
