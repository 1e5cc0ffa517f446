import { z } from 'zod';
import { didNumbers } from '../numbers.ts';
import { gone, reload } from '../shared/reload.ts';
import { subscriberNativeOf } from '../native.ts';
import { itemsOf, numberOrNull, textOrNull } from '../read.ts';
import { accountOf, byHand, objectId, readOfSubscriber, subscriberOf, userOf } from './common.ts';
import { entriesStep, type Entries } from './entries-step.ts';

/** The DIDs of the subscriber. */
export const numberEntries: Entries = {
  nature: 'create',
  uses: ['subscribers.*.number', 'subscribers.*.aliases', 'subscribers.*.native.did'],
  resultShape: byHand({ entries: z.record(z.string(), objectId) }),

  wanted: (ctx) => didNumbers(subscriberOf(ctx), ctx.client.defaults),
  nameOf: (did) => textOrNull(did['aliasUsername']) ?? '',
  list: async (ctx) =>
    (await readOfSubscriber(ctx, async () =>
      itemsOf(await ctx.client.read('DidWS', 'listByAcc', { accountCode: accountOf(ctx) }), 'did'),
    )) ?? [],
  async insert(ctx, aliasUsername) {
    const reply = await ctx.client.write('DidWS', 'insertDid', {
      did: {
        didToRuri: false,
        reverseBilling: false,
        ...subscriberNativeOf(subscriberOf(ctx).native).did,
        ...userOf(ctx),
        accountCode: accountOf(ctx),
        aliasUsername,
      },
    });
    return numberOrNull(reply?.['didId']);
  },
  remove: (ctx, did) => ctx.client.write('DidWS', 'deleteDid', { didId: did['id'] }),
  async reload(ctx, ids) {
    for (const didId of ids) await reload(ctx, gone({ operation: 'reloadDid', args: { didId } }));
  },
};

/** A DID for each number of the subscriber but one that is its user name. `entries` of the result: DID ids by number. */
export const numbersStep = entriesStep(numberEntries);
