import { TurnupError } from '../../../errors/index.ts';
import type { Finding } from '../../port.ts';
import { byHand, subscriberOf } from '../steps/common.ts';
import { locateCompany, locateUser, namesOfLocated, type Located } from '../steps/locate.ts';
import type { Context, Item, Kind } from '../types.ts';
import { readField, type Values } from '../wire/values.ts';

const USES = ['subscribers.*.username', 'subscribers.*.domain', 'subscribers.*.externalId'];

const GONE: Finding = { state: 'present', ours: true, result: {} };

const gone = (ctx: Context): Finding => ({ ...GONE, ours: ctx.intent !== null });

/** There is no way back from a termination, and the engine never asks for one. */
const noWayBack = (): Promise<void> =>
  Promise.reject(
    new TurnupError('TURNUP_UNDO_FAILED', { class: 'rejected', detail: 'what is terminated cannot be brought back' }),
  );

/** The user of this step, if it is there, and what it is called by. */
async function subject(ctx: Context): Promise<{ item: Item; names: Values } | null> {
  const subscriber = subscriberOf(ctx);
  const company = await locateCompany(ctx);
  // A user of another company is a conflict, whether or not this order's company is there.
  const names = company?.names ?? { orderKey: ctx.key, companyId: '', companyKey: ctx.order.customer.externalId };
  if (!company && !ctx.client.profile.fields.user.has('companyId')) return null;
  const item = await locateUser(ctx, names, subscriber);
  return item && { item, names: namesOfLocated(ctx.client.profile, names, subscriber, item) };
}

/** All users that are named are looked at before the first goes. Result: `{}`. */
export const ownershipStep: Kind = {
  nature: 'change',
  opensSecrets: false,
  uses: USES,
  resultShape: byHand({}),
  async find(ctx): Promise<Finding> {
    await subject(ctx);
    return gone(ctx);
  },
  do: () => Promise.resolve({}),
  undo: () => Promise.resolve(),
};

/** Takes a user away; one that is gone is done. Result: `{}`. */
export const terminateUserStep: Kind = {
  nature: 'change',
  opensSecrets: false,
  uses: USES,
  resultShape: byHand({}),

  async find(ctx): Promise<Finding> {
    const found = await subject(ctx);
    return found ? { state: 'different', before: null } : gone(ctx);
  },

  async do(ctx) {
    const found = await subject(ctx);
    if (found) await ctx.client.change('user.remove', found.names);
    return {};
  },

  undo: noWayBack,
};

/** Takes a company away with all that it has; one that is gone is done. Result: `{}`. */
export const terminateCompanyStep: Kind = {
  nature: 'change',
  opensSecrets: false,
  uses: [],
  resultShape: byHand({}),

  async find(ctx): Promise<Finding> {
    return (await locateCompany(ctx)) ? { state: 'different', before: null } : gone(ctx);
  },

  async do(ctx) {
    const company = await locateCompany(ctx);
    if (!company) return {};
    if (ctx.client.profile.operations.get('company.remove')?.children !== 'taken-along') await empty(ctx, company);
    await ctx.client.change('company.remove', company.names);
    return {};
  },

  undo: noWayBack,
};

/** A portal that keeps what something hangs on wants it emptied first: users, then offices. */
async function empty({ client }: Context, { names }: Located): Promise<void> {
  const { fields } = client.profile;
  for (const user of await client.find('user.list', names)) {
    const officeId = readField(fields.user, 'officeId', user.document);
    const number = readField(fields.user, 'number', user.document);
    await client.change('user.remove', { ...names, userId: user.id, officeId, number });
  }
  for (const office of await client.find('office.list', names)) {
    const officeName = readField(fields.office, 'name', office.document);
    await client.change('office.remove', { ...names, officeId: office.id, officeName });
  }
}
