import type { Finding, Json } from '../../port.ts';
import { preferencesIn } from '../preference-names.ts';
import { QUOTAS as BY_SPAN, quotaOf, replaceQuota, type Quota } from '../shared/quota.ts';
import { reload, reloadOfSubscriber } from '../shared/reload.ts';
import { oneAtATime } from '../shared/turn.ts';
import { otherThan, type Members } from './bring-to.ts';
import { byHand, madeSubscriber, retrieve, subscriberOf, userOf, type Context, type Kind } from './common.ts';

const QUOTAS = Object.values(BY_SPAN);

/** The daily and monthly limits that the order names. What is used up already stays (sippulse.md, subscriberDailyQuotaDTO). */
const step: Kind = {
  nature: 'change',
  opensSecrets: false,
  uses: ['subscribers.*.preferences'],
  resultShape: byHand({}),

  async find(ctx): Promise<Finding> {
    const before: { [member: string]: Json } = {};
    for (const quota of QUOTAS) {
      const wanted = wantedOf(ctx, quota);
      if (Object.keys(wanted).length === 0) continue;
      const found = await quotaOf(ctx.client, userOf(ctx), quota);
      if (!found) return { state: 'absent' };
      Object.assign(before, otherThan(wanted, found));
    }
    if (Object.keys(before).length === 0) return { state: 'present', ours: ctx.intent !== null, result: {} };
    if (madeSubscriber(ctx)) return { state: 'absent' };
    return { state: 'different', before, differs: Object.keys(before).map((name) => `preferences.${name}`) };
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

export const quotasStep = oneAtATime(step, userOf);

async function bringTo(ctx: Context, quota: Quota, wanted: Members): Promise<void> {
  if (Object.keys(wanted).length === 0) return;
  const found = await quotaOf(ctx.client, userOf(ctx), quota);
  if (!found || Object.keys(otherThan(wanted, found)).length === 0) return;
  await replaceQuota(ctx.client, userOf(ctx), quota, { ...found, ...wanted });
}

const membersOf = (members: Members, { prefix }: Quota): Members =>
  Object.fromEntries(Object.entries(members).filter(([name]) => name.startsWith(prefix)));

const wantedOf = (ctx: Context, quota: Quota): Members =>
  membersOf(preferencesIn(subscriberOf(ctx).preferences, 'quotas'), quota);
