import { addressesOf, type Address } from '../native.ts';
import { reload, RELOAD_OF_ADDRESSES } from '../shared/reload.ts';
import { itemOf, itemsOf, numberOrNull, textOrNull } from '../read.ts';
import type { Item } from '../types.ts';
import { accountOf, readOfSubscriber, subscriberOf, userOf, type Context } from './common.ts';
import { entriesStep, type Entries } from './entries-step.ts';

/** What an address is known by again (sippulse.md, "Retry"): all that decides which calls it is for. */
const KEY = ['ipAddress', 'mask', 'port', 'method', 'techPrefix'];

const wantedOf = (ctx: Context): readonly Address[] => addressesOf(subscriberOf(ctx).native);

/** @param key members by which two addresses are the same */
export function addressEntries(key: readonly string[]): Entries {
  const nameOf = (address: Item | Address): string =>
    key.map((member) => textOrNull((address as Item)[member]) ?? '').join(' ');

  return {
    nature: 'change',
    uses: ['subscribers.*.native.addresses'],

    wanted: (ctx) => wantedOf(ctx).map(nameOf),
    nameOf,
    list: async (ctx) =>
      (await readOfSubscriber(ctx, async () =>
        itemsOf(await ctx.client.read('AddressWS', 'lisAddresses', userOf(ctx)), 'address'),
      )) ?? [],
    async insert(ctx, name) {
      const wanted = wantedOf(ctx).find((one) => nameOf(one) === name);
      const address = { ...wanted, ...userOf(ctx), account: accountOf(ctx) };
      const reply = await ctx.client.write('AddressWS', 'insertAddress', { address });
      return numberOrNull(itemOf(reply, 'return')?.['id']);
    },
    remove: (ctx, { id }) =>
      ctx.client.write('AddressWS', 'removeAddress', { domain: userOf(ctx).domain, addressId: id }),
    reload: (ctx) => reload(ctx, RELOAD_OF_ADDRESSES),
  };
}

/** IP addresses from which the subscriber may call, beside those that are there. */
export const addressesStep = entriesStep(addressEntries(KEY));

/** Of a list that is replaced nothing of an address may be another. */
export const WHOLE_ADDRESS: readonly string[] = [...KEY, 'protocol'];
