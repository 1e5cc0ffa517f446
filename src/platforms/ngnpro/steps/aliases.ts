import { z } from 'zod';
import { TurnupError } from '../../../errors/index.ts';
import { byHand } from '../../operations/spec.ts';
import { aliasNamesOf } from '../numbers.ts';
import { hasNoOtherAccount } from '../shared/leftovers.ts';
import { accountName, customerIdOf, sipIdOf, subscriberOf, type Context } from '../shared/kinds.ts';
import { findAlias, targetOf } from '../shared/lists.ts';
import { sameName } from '../shared/read.ts';
import * as remove from '../shared/removals.ts';
import type { Item, SipId } from '../types.ts';
import { entriesStep } from './entries-step.ts';

/** An alias for each number of the subscriber but one that is its user name. */
export const aliasesStep = entriesStep({
  uses: ['subscribers.*.number', 'subscribers.*.aliases'],
  differs: ['number', 'aliases'],
  resultShape: byHand({ entries: z.array(z.string()).optional() }),

  wanted: async (ctx) => aliasNamesOf(subscriberOf(ctx), ctx.client.defaults),

  async has(ctx, name) {
    const found = await findAlias(ctx.client, aliasId(ctx, name));
    if (!found) return false;
    if (leadsToOwn(ctx, found)) return true;
    const target = targetOf(found);
    throw new TurnupError('TURNUP_NUMBER_TAKEN', {
      detail: `the alias ${accountName(aliasId(ctx, name))} belongs to ${accountName(target)}`,
    });
  },

  add: (ctx, name) =>
    ctx.client.call('SipPort', 'addAlias', {
      alias: { id: aliasId(ctx, name), target: sipIdOf(ctx), owner: customerIdOf(ctx) },
    }),

  remove: (ctx, name) => remove.alias(ctx.client, aliasId(ctx, name)),

  async isLeft(ctx, name) {
    const found = await findAlias(ctx.client, aliasId(ctx, name));
    return found !== null && leadsToOwn(ctx, found) && hasNoOtherAccount(ctx);
  },
});

function leadsToOwn(ctx: Context, alias: Item): boolean {
  const target = targetOf(alias);
  const own = sipIdOf(ctx);
  return sameName(target.username, own.username) && sameName(target.domain, own.domain);
}

const aliasId = (ctx: Context, username: string): SipId => ({ username, domain: sipIdOf(ctx).domain });
