import { byHand } from '../../operations/spec.ts';
import type { Finding, Json } from '../../port.ts';
import { without } from '../../operations/items.ts';
import { customerIdOf, missing, type Context, type Kind } from '../shared/kinds.ts';
import { accountsOwnedBy, sipIdIn } from '../shared/lists.ts';
import { entityOf, findProfiles, hasPlan, profilesFor, setProfiles } from '../shared/rating.ts';
import * as remove from '../shared/removals.ts';
import type { Item } from '../types.ts';

/** Entities whose rate plan is another, with what they have; null: none of their own. */
type Before = readonly { readonly entity: string; readonly profiles: Item | null }[];

/** The rate plan of all subscribers of the customer. */
export const changeBillingProfileStep: Kind = {
  nature: 'change',
  opensSecrets: false,
  uses: ['customer.billingProfile'],
  resultShape: byHand({}),

  async find(ctx): Promise<Finding> {
    const before = await othersOf(ctx);
    if (before.length === 0) return { state: 'present', ours: ctx.intent !== null, result: {} };
    return { state: 'different', before: before as unknown as Json, differs: ['customer.billingProfile'] };
  },

  async do(ctx) {
    for (const { entity, profiles } of await othersOf(ctx)) {
      await setProfiles(ctx.client, { ...sentBack(profiles ?? {}), ...profilesFor(ctx.client, entity, planOf(ctx)) });
    }
    return {};
  },

  async undo(ctx) {
    if (ctx.intent?.state !== 'different') return;
    for (const { entity, profiles } of ctx.intent.before as unknown as Before) {
      const found = await findProfiles(ctx.client, entity);
      // Somebody gave it another plan meanwhile, or there is nothing to take away.
      if (!found || !hasPlan(found, planOf(ctx))) continue;
      if (profiles === null) await remove.profiles(ctx.client, entity);
      else await setProfiles(ctx.client, sentBack(profiles));
    }
  },
};

const sentBack = (profiles: Item): Item => without(profiles, ['changeDate']) as Item;

function planOf({ order }: Context): string {
  const { billingProfile } = order.customer;
  if (billingProfile === undefined) throw missing('the billing profile');
  return billingProfile;
}

async function othersOf(ctx: Context): Promise<Before> {
  const others: { entity: string; profiles: Item | null }[] = [];
  for (const account of await accountsOwnedBy(ctx.client, customerIdOf(ctx))) {
    const entity = entityOf(sipIdIn(account));
    const profiles = await findProfiles(ctx.client, entity);
    if (!profiles || !hasPlan(profiles, planOf(ctx))) others.push({ entity, profiles });
  }
  return others;
}
