import { byHand } from '../../operations/spec.ts';
import type { Finding } from '../../port.ts';
import { missing, sipIdOf, type Context, type Kind } from '../shared/kinds.ts';
import { hasNoOtherAccount } from '../shared/leftovers.ts';
import { entityOf, findProfiles, hasPlan, profilesFor, setProfiles } from '../shared/rating.ts';
import * as remove from '../shared/removals.ts';

/** The rate plan of a new subscriber, as rating profiles of the account; another one that is there is left alone. */
export const billingProfileStep: Kind = {
  nature: 'create',
  opensSecrets: false,
  uses: ['customer.billingProfile'],
  resultShape: byHand({}),

  async find(ctx): Promise<Finding> {
    const found = await findProfiles(ctx.client, entityOf(sipIdOf(ctx)));
    if (!found) return { state: 'absent' };
    const differs = hasPlan(found, planOf(ctx)) ? [] : ['customer.billingProfile'];
    return { state: 'present', ours: ctx.intent !== null, result: {}, ...(differs.length > 0 && { differs }) };
  },

  async do(ctx) {
    await setProfiles(ctx.client, profilesFor(ctx.client, entityOf(sipIdOf(ctx)), planOf(ctx)));
    return {};
  },

  async undo(ctx) {
    if (ctx.done.outcome === 'created') await removeOwn(ctx);
  },

  async discard(ctx, _made, recorded) {
    if (recorded === null) await removeOwn(ctx);
  },

  async tidy(ctx, recorded) {
    return recorded === null && (await hasNoOtherAccount(ctx)) ? removeOwn(ctx) : 0;
  },
};

function planOf({ order }: Context): string {
  const { billingProfile } = order.customer;
  if (billingProfile === undefined) throw missing('the billing profile');
  return billingProfile;
}

/** @returns how many sets of profiles */
async function removeOwn(ctx: Context): Promise<number> {
  const entity = entityOf(sipIdOf(ctx));
  const found = await findProfiles(ctx.client, entity);
  if (!found || !hasPlan(found, planOf(ctx))) return 0;
  await remove.profiles(ctx.client, entity);
  return 1;
}
