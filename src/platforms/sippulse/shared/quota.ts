import { itemOf } from '../read.ts';
import type { Item, SippulseClient } from '../types.ts';
import { ofSubscriber, SUBSCRIBERS, userOf } from './subscriber-record.ts';

/** The daily and the monthly limit of a subscriber (sippulse.md, "Others"). */
export const QUOTAS = {
  daily: { prefix: 'dailyQuota', read: 'retrieveDailyQuota', write: 'updateDailyQuota', element: 'dailyQuotaDTO' },
  monthly: {
    prefix: 'monthlyQuota',
    read: 'retrieveMonthlyQuotaDTO',
    write: 'updateMonthlyQuota',
    element: 'monthlyQuotaDTO',
  },
} as const;
export type Quota = (typeof QUOTAS)[keyof typeof QUOTAS];

/** Numbers and flags that are left out would be read as 0 and false. */
const noneOf = ({ prefix }: Quota): Item => ({ [prefix]: false, [`${prefix}Limit`]: 0, [`${prefix}Consumed`]: 0 });

/** Null when there is no such subscriber. */
export async function quotaOf(client: SippulseClient, user: Item, quota: Quota): Promise<Item | null> {
  const found = await ofSubscriber<Item>(client, user, {}, async () => {
    const reply = await client.read(SUBSCRIBERS, quota.read, userOf(user));
    // The page has another element here than the stubs.
    return itemOf(reply, quota.element) ?? itemOf(reply, 'return');
  });
  return found && { ...noneOf(quota), ...found };
}

/** The counter is sent too: it must have been read just before, else an old one would be brought back. */
export async function replaceQuota(client: SippulseClient, user: Item, quota: Quota, whole: Item): Promise<void> {
  const { write, element } = quota;
  await client.write(SUBSCRIBERS, write, { [element]: { ...noneOf(quota), ...whole, ...userOf(user) } });
}
