import { TurnupError } from '../../../errors/index.ts';
import type { Finding } from '../../port.ts';
import { customerNativeOf } from '../native.ts';
import { itemsOf, numberOrNull, sameValue, textOrNull } from '../read.ts';
import type { Item } from '../types.ts';
import { byHand, missing, objectId, removeAndLook, type Context, type Kind } from './common.ts';

/** The reseller that the customer's native data names, in the domain of its subscribers. Result: `{ resellerId }`. */
export const resellerStep: Kind = {
  nature: 'create',
  opensSecrets: true,
  uses: ['customer.native.reseller'],
  resultShape: byHand({ resellerId: objectId }),

  async find(ctx): Promise<Finding> {
    const wanted = resellerOf(ctx);
    const [found, ...others] = await named(ctx);
    if (others.length > 0) {
      throw new TurnupError('TURNUP_OBJECT_AMBIGUOUS', {
        detail: `${others.length + 1} resellers of ${domainOf(ctx)} are named "${wanted.name}"`,
      });
    }
    if (found) {
      const { password: _password, ...told } = wanted;
      const differs = Object.entries(told)
        .filter(([member, value]) => !sameValue(value, found[member]))
        .map(([member]) => `customer.native.reseller.${member}`);
      const result = { resellerId: numberOrNull(found['id']) };
      return { state: 'present', ours: ctx.intent !== null, result, ...(differs.length > 0 && { differs }) };
    }
    if (wanted.username === undefined || wanted.password === undefined) {
      throw new TurnupError('TURNUP_REFERENCE_UNKNOWN', {
        detail: `there is no reseller "${wanted.name}" in ${domainOf(ctx)}; to make it the order needs all its members`,
      });
    }
    return { state: 'absent' };
  },

  async do(ctx) {
    const reseller = { ...resellerOf(ctx), domain: domainOf(ctx) };
    const reply = await ctx.client.write('ResellerWS', 'insertReseller', { reseller });
    return { resellerId: numberOrNull(reply?.['resellerId']) };
  },

  async undo(ctx) {
    if (ctx.done.outcome === 'created') await remove(ctx, ctx.done.result['resellerId']);
  },

  async discard(ctx, made, recorded) {
    if (made['resellerId'] !== recorded?.['resellerId']) await remove(ctx, made['resellerId']);
  },
};

function resellerOf(ctx: Context) {
  const { reseller } = customerNativeOf(ctx.order.customer.native);
  if (!reseller) throw missing('the reseller');
  return reseller;
}

function domainOf({ order }: Context): string {
  const domain = order.domains?.[0] ?? order.subscribers[0]?.domain;
  if (domain === undefined) throw missing('the domain');
  return domain;
}

async function named(ctx: Context): Promise<Item[]> {
  const all = itemsOf(await ctx.client.read('ResellerWS', 'listByDomain', { domain: domainOf(ctx) }), 'reseller');
  return all.filter((one) => textOrNull(one['name']) === resellerOf(ctx).name);
}

async function remove(ctx: Context, id: unknown): Promise<void> {
  const isThere = async () => (await named(ctx)).some((one) => numberOrNull(one['id']) === id);
  if (!(await isThere())) return;
  await removeAndLook(() => ctx.client.write('ResellerWS', 'deleteReseller', { resellerId: id }), isThere);
}
