import { subscriberNativeOf } from '../native.ts';
import { itemsOf, textOrNull } from '../read.ts';
import { readOfSubscriber, subscriberOf, userOf } from './common.ts';
import { entriesStep, type Entries } from './entries-step.ts';

/** No reload is known for them. */
export const locationEntries: Entries = {
  nature: 'change',
  uses: ['subscribers.*.native.locations'],

  wanted: (ctx) => subscriberNativeOf(subscriberOf(ctx).native).locations ?? [],
  nameOf: (location) => textOrNull(location['contact']) ?? '',
  list: async (ctx) =>
    (await readOfSubscriber(ctx, async () =>
      itemsOf(await ctx.client.read('UserLocationWS', 'listUserLocations', userOf(ctx)), 'userLocation'),
    )) ?? [],
  async insert(ctx, contact) {
    await ctx.client.write('UserLocationWS', 'addUserLocation', { ...userOf(ctx), contact });
    return null;
  },
  remove: (ctx, { contact }) => ctx.client.write('UserLocationWS', 'removeUserLocation', { ...userOf(ctx), contact }),
  reload: () => Promise.resolve(),
};

/** Permanent locations of the subscriber, beside those that are there. */
export const locationsStep = entriesStep(locationEntries);
