import { z } from 'zod';
import { changeStep } from './change.ts';
import { without } from './look.ts';
import { dailyQuota, monthlyQuota } from './objects.ts';
import { reloadOfSubscriber } from './reload.ts';
import { byHand, objectArg, type Item, type OperationSpec } from './spec.ts';
import { nameOfUser, SUBSCRIBERS, userOf } from './subscriber-record.ts';

/** The counter is read afresh before it is sent: an old one would rewrite it (sippulse.md, "Others"). */
function quota(name: 'daily' | 'monthly', retrieve: string, args: z.ZodType): OperationSpec {
  const element = `${name}QuotaDTO`;
  const prefix = `${name}Quota`;
  const none: Item = { [prefix]: false, [`${prefix}Limit`]: 0, [`${prefix}Consumed`]: 0 };
  const operation = name === 'daily' ? 'updateDailyQuota' : 'updateMonthlyQuota';
  return {
    service: SUBSCRIBERS,
    operation,
    title: `Set the ${name} quota of a subscriber`,
    args: z.strictObject({ [element]: args }),
    class: 'compensatable',
    step: changeStep({
      opensSecrets: false,
      resultShape: byHand({}),
      noun: (ctx) => `${name} quota of ${nameOfUser(objectArg(ctx, element))}`,
      wanted: (ctx) => without(objectArg(ctx, element), ['username', 'domain']),
      async read(ctx) {
        const user = userOf(objectArg(ctx, element));
        const reply = await ctx.client.read(SUBSCRIBERS, retrieve, user);
        return { ...none, ...(reply?.[element] as Item | null | undefined), ...user };
      },
      write: (ctx, whole) => ctx.client.write(SUBSCRIBERS, operation, { [element]: { ...none, ...whole } }),
      result: () => ({}),
      reload: (ctx) => reloadOfSubscriber(objectArg(ctx, element)),
    }),
    calls: [`${SUBSCRIBERS}.${retrieve}`],
    reload: (given) => reloadOfSubscriber(given[element] as Item),
  };
}

export const QUOTAS: readonly OperationSpec[] = [
  quota('daily', 'retrieveDailyQuota', dailyQuota),
  quota('monthly', 'retrieveMonthlyQuotaDTO', monthlyQuota),
];
