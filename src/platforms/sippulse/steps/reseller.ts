import { TurnupError } from '../../../errors/index.ts';
import type { Finding } from '../../port.ts';
import { customerNativeOf } from '../native.ts';
import { itemsOf, numberOrNull, sameValue } from '../read.ts';
import { checkDomain } from '../references.ts';
import { removeAndLook } from '../shared/removal.ts';
import { resellerNamed } from '../shared/resellers.ts';
import type { Item } from '../types.ts';
import { byHand, missing, objectId, type Context, type Kind } from './common.ts';

/** The reseller that the customer's native data names, in the domain of its subscribers. Result: `{ resellerId }`. */
export const resellerStep: Kind = {
  nature: 'create',
  opensSecrets: true,
  uses: ['customer.native.reseller'],
  resultShape: byHand({ resellerId: objectId }),

  async find(ctx): Promise<Finding> {
    const wanted = resellerOf(ctx);
    // The list of a domain that is not there is a fault, and a fault says nothing.
    if (ctx.intent === null) await checkDomain(ctx.client, domainOf(ctx));
    const found = await named(ctx);
    if (found) {
      const { password: _password, ...told } = wanted;
      const differs = Object.entries(told)
        .filter(([member, value]) => !sameValue(value, found[member]))
        .map(([member]) => `customer.native.reseller.${member}`);
      const result = { resellerId: idOf(ctx, found) };
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
    // The name of this member is assumed (sippulse.md, ResellerWS).
    const told = numberOrNull(reply?.['resellerId']);
    return { resellerId: told ?? idOf(ctx, await named(ctx)) };
  },

  async undo(ctx) {
    if (ctx.done.outcome === 'created') await remove(ctx, numberOrNull(ctx.done.result['resellerId']));
  },

  async discard(ctx, made, recorded) {
    if (made['resellerId'] !== recorded?.['resellerId']) await remove(ctx, numberOrNull(made['resellerId']));
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

const named = (ctx: Context): Promise<Item | null> => resellerNamed(ctx.client, domainOf(ctx), resellerOf(ctx).name);

/** @throws TurnupError: without it no subscriber could be given to the reseller, and undo could not take it away */
function idOf(ctx: Context, found: Item | null): number {
  const id = numberOrNull(found?.['id']);
  if (id !== null) return id;
  throw new TurnupError('TURNUP_TARGET_UNEXPECTED', {
    detail: `the platform tells no id of the reseller "${resellerOf(ctx).name}" in ${domainOf(ctx)}`,
    hint: 'Look the id up on the platform, then skip the step and tell its result.',
  });
}

async function remove(ctx: Context, made: number | null): Promise<void> {
  const id = made ?? (await idOfOwn(ctx));
  if (id === null) return;
  const isThere = async (): Promise<boolean> => {
    const all = itemsOf(await ctx.client.read('ResellerWS', 'listByDomain', { domain: domainOf(ctx) }), 'reseller');
    return all.some((one) => numberOrNull(one['id']) === id);
  };
  if (!(await isThere())) return;
  await removeAndLook(() => ctx.client.write('ResellerWS', 'deleteReseller', { resellerId: id }), isThere);
}

/** Of a result that has none: the one of its name. */
async function idOfOwn(ctx: Context): Promise<number | null> {
  const found = await named(ctx);
  return found && idOf(ctx, found);
}
