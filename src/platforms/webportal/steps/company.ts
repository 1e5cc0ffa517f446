import { TurnupError } from '../../../errors/index.ts';
import type { Finding, Json } from '../../port.ts';
import { companyFields, companyKey, companyMember } from '../order/company.ts';
import type { Context, Item, Kind } from '../types.ts';
import type { Values } from '../wire/values.ts';
import {
  byHand,
  differing,
  findByKey,
  isOurs,
  lookAfterDoubt,
  missing,
  objectId,
  onlyOne,
  orderNames,
} from './common.ts';
import { idOfMade } from './made.ts';
import { removeThing } from './removal.ts';

function namesOfCompany(ctx: Context): Values {
  return { ...orderNames(ctx), companyKey: companyKey(ctx.order, ctx.client.profile) };
}

/** Live companies with the key of this order's customer. */
function lookForCompany(ctx: Context): Promise<readonly Item[]> {
  const key = companyKey(ctx.order, ctx.client.profile);
  if (key === undefined) throw missing(`the company's ${ctx.client.profile.keys.company}`);
  return findByKey(ctx.client, 'company', namesOfCompany(ctx), key);
}

/** The company of the customer, by the profile's key. Result: `{ companyId }`. */
export const companyStep: Kind = {
  nature: 'create',
  opensSecrets: true,
  uses: ['customer.contact', 'customer.billingProfile', 'customer.native'],
  resultShape: byHand({ companyId: objectId }),

  async find(ctx): Promise<Finding> {
    if (!ctx.client.has('company.find')) return { state: 'absent' };
    const found = await lookAfterDoubt(ctx, 'company', () => lookForCompany(ctx));
    const company = await onlyOne(ctx, 'company', found, ({ id }) => remove(ctx, id));
    if (company) return presentCompany(ctx, company);
    if (!ctx.order.customer.contact) {
      throw new TurnupError('TURNUP_CONTACT_REQUIRED', {
        detail: `there is no company with ${ctx.client.profile.keys.company} "${companyKey(ctx.order, ctx.client.profile) ?? ''}"; the order needs customer.contact`,
      });
    }
    return { state: 'absent' };
  },

  async do(ctx) {
    const fields = { ...companyFields(ctx.order, ctx.client.profile), orderKey: ctx.key };
    const made = await ctx.client.create('company.create', namesOfCompany(ctx), fields);
    const { id, existed } = await idOfMade(ctx, 'company', made, () => lookForCompany(ctx));
    return { companyId: id, ...(existed && { existed }) };
  },

  async undo(ctx) {
    const { outcome, result } = ctx.done;
    if (outcome === 'created' && result['existed'] !== true) await remove(ctx, textOf(result['companyId']));
  },

  async tidy(ctx, recorded) {
    const { client, key } = ctx;
    const field = client.profile.fields.company.get('orderKey');
    if (!field || !client.has('company.find')) return 0;
    const bearing = await lookForCompany({ ...ctx, key, intent: { state: 'absent' } });
    const extras = bearing.filter(
      (item) => isOurs({ ...ctx, intent: { state: 'absent' } }, 'company', item) && item.id !== recorded?.['companyId'],
    );
    for (const { id } of extras) await remove(ctx, id);
    return extras.length;
  },

  async discard(ctx, made, recorded) {
    if (made['existed'] === true || made['companyId'] === recorded?.['companyId']) return;
    await remove(ctx, textOf(made['companyId']));
  },
};

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

const remove = (ctx: Context, id: string): Promise<void> =>
  removeThing(ctx.client, 'company', { ...namesOfCompany(ctx), companyId: id }, id);

function presentCompany(ctx: Context, company: Item): Finding {
  const { order, client } = ctx;
  const { contact } = order.customer;
  const wanted = contact ? companyFields(order, client.profile) : {};
  const differs = [
    ...new Set(differing(client.profile, 'company', wanted, company.document, (name) => companyMember(order, name))),
  ];
  return {
    state: 'present',
    ours: isOurs(ctx, 'company', company),
    result: { companyId: company.id },
    ...(differs.length > 0 && { differs }),
  };
}
