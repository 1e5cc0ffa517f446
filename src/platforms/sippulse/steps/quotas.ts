import type { Finding, Json } from '../../port.ts';
import { preferencesIn } from '../preference-names.ts';
import { reload, reloadOfSubscriber } from '../operations/reload.ts';
import { itemOf } from '../read.ts';
import type { Item } from '../types.ts';
import { otherThan, type Members } from './bring-to.ts';
import {
  byHand,
  madeSubscriber,
  readOfSubscriber,
  retrieve,
  subscriberOf,
  userOf,
  WS,
  type Context,
  type Kind,
} from './common.ts';

const QUOTAS = [
  { prefix: 'dailyQuota', read: 'retrieveDailyQuota', write: 'updateDailyQuota', element: 'dailyQuotaDTO' },
  { prefix: 'monthlyQuota', read: 'retrieveMonthlyQuotaDTO', write: 'updateMonthlyQuota', element: 'monthlyQuotaDTO' },
] as const;
type Quota = (typeof QUOTAS)[number];

/** The daily and monthly limits that the order names. What is used up already stays (sippulse.md, subscriberDailyQuotaDTO). */
export const quotasStep: Kind = {
  nature: 'change',
  opensSecrets: false,
  uses: ['subscribers.*.preferences'],
  resultShape: byHand({}),

  async find(ctx): Promise<Finding> {
    const before: { [member: string]: Json } = {};
    for (const quota of QUOTAS) {
      const wanted = wantedOf(ctx, quota);
      if (Object.keys(wanted).length === 0) continue;
      const found = await readQuota(ctx, quota);
      if (!found) return { state: 'absent' };
      Object.assign(before, otherThan(wanted, found));
    }
    if (Object.keys(before).length === 0) return { state: 'present', ours: ctx.intent !== null, result: {} };
    return madeSubscriber(ctx) ? { state: 'absent' } : { state: 'different', before };
  },

  async do(ctx) {
    for (const quota of QUOTAS) await bringTo(ctx, quota, wantedOf(ctx, quota));
    return {};
  },

  async undo(ctx) {
    if (madeSubscriber(ctx) || ctx.intent?.state !== 'different') return;
    for (const quota of QUOTAS) await bringTo(ctx, quota, membersOf(ctx.intent.before as Members, quota));
    if ((await retrieve(ctx)) !== null) await reload(ctx, reloadOfSubscriber(userOf(ctx)));
  },
};

const readQuota = (ctx: Context, { read, element }: Quota): Promise<Item | null> =>
  readOfSubscriber(ctx, async () => {
    const reply = await ctx.client.read(WS, read, userOf(ctx));
    // The page has another element here than the stubs.
    return itemOf(reply, element) ?? itemOf(reply, 'return') ?? {};
  });

async function bringTo(ctx: Context, quota: Quota, wanted: Members): Promise<void> {
  if (Object.keys(wanted).length === 0) return;
  const found = await readQuota(ctx, quota);
  if (!found || Object.keys(otherThan(wanted, found)).length === 0) return;
  const { prefix, write, element } = quota;
  // Numbers and flags that are left out would be read as 0 and false; the counter is sent back as it was just read.
  const blank = { [prefix]: false, [`${prefix}Limit`]: 0, [`${prefix}Consumed`]: 0 };
  await ctx.client.write(WS, write, { [element]: { ...blank, ...found, ...wanted, ...userOf(ctx) } });
}

const membersOf = (members: Members, { prefix }: Quota): Members =>
  Object.fromEntries(Object.entries(members).filter(([name]) => name.startsWith(prefix)));

const wantedOf = (ctx: Context, quota: Quota): Members =>
  membersOf(preferencesIn(subscriberOf(ctx).preferences, 'quotas'), quota);
