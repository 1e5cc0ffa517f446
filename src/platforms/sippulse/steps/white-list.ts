import { subscriberNativeOf } from '../native.ts';
import { gone, reload, reloadOfSubscriber } from '../shared/reload.ts';
import { itemsOf, numberOrNull, textOrNull } from '../read.ts';
import { readOfSubscriber, subscriberOf, userOf } from './common.ts';
import { entriesStep, type Entries } from './entries-step.ts';

export const whiteListEntries: Entries = {
  nature: 'change',
  uses: ['subscribers.*.native.whiteList'],

  wanted: (ctx) => subscriberNativeOf(subscriberOf(ctx).native).whiteList ?? [],
  nameOf: (entry) => textOrNull(entry['prefix']) ?? '',
  list: async (ctx) =>
    (await readOfSubscriber(ctx, async () =>
      itemsOf(await ctx.client.read('WhiteListWS', 'listWhiteList', userOf(ctx)), 'whiteList'),
    )) ?? [],
  async insert(ctx, prefix) {
    const reply = await ctx.client.write('WhiteListWS', 'insertWhiteList', { whiteList: { ...userOf(ctx), prefix } });
    return numberOrNull(reply?.['whiteListId']);
  },
  remove: (ctx, entry) => ctx.client.write('WhiteListWS', 'deletetWhiteList', { whiteListId: entry['id'] }),
  reload: (ctx) => reload(ctx, gone(reloadOfSubscriber(userOf(ctx)))),
};

/** Prefixes on the subscriber's white list, beside those that are there. */
export const whiteListStep = entriesStep(whiteListEntries);
