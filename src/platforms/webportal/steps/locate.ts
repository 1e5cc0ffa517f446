import { TurnupError } from '../../../errors/index.ts';
import type { SubscriberOrder } from '../../port.ts';
import { companyKey } from '../order/company.ts';
import { numberInName } from '../order/user.ts';
import type { Profile } from '../profile/model.ts';
import type { Context, Item } from '../types.ts';
import { isSame, readField, type Values } from '../wire/values.ts';
import { findByKey, isCeased, missing, orderNames } from './common.ts';
import { plainText } from '../text.ts';

/** A company that is there, and what it is called by. */
export interface Located {
  readonly item: Item;
  readonly names: Values;
}

/** The company of an order that changes what is there; null: there is none. */
export async function locateCompany(ctx: Context): Promise<Located | null> {
  const { client, order } = ctx;
  const key = companyKey(order, client.profile);
  if (key === undefined) throw missing(`the company's ${client.profile.keys.company}`);
  const names = { ...orderNames(ctx), companyKey: key };
  const [item, ...more] = await findByKey(client, 'company', names, key);
  if (!item) return null;
  if (more.length > 0) throw ambiguous('company', [item, ...more]);
  return { item, names: { ...names, companyId: item.id } };
}

/** @throws TurnupError `TURNUP_OBJECT_MISSING` */
export async function existingCompany(ctx: Context): Promise<Located> {
  const company = await locateCompany(ctx);
  if (company) return company;
  throw new TurnupError('TURNUP_OBJECT_MISSING', {
    detail: `there is no company with ${ctx.client.profile.keys.company} "${companyKey(ctx.order, ctx.client.profile) ?? ''}"`,
  });
}

/** What an order that only names a subscriber tells of the key of a user; null: nothing. */
export function keyInName({ username }: Pick<SubscriberOrder, 'username'>, { keys, fields }: Profile): string | null {
  if (keys.user === 'username') return username;
  return fields.user.has('username') ? null : (numberInName(username) ?? '');
}

/**
 * The user that a subscriber's user name and domain name, of this company; null: there is none.
 * @throws TurnupError `TURNUP_SUBSCRIBER_TAKEN` when it is another company's
 */
export async function locateUser(ctx: Context, company: Values, subscriber: SubscriberOrder): Promise<Item | null> {
  const { client } = ctx;
  const { profile } = client;
  const { username, domain } = subscriber;
  const key = keyInName(subscriber, profile);
  if (key === '') return null;
  const names: Values = { ...company, username, domain, ...(key !== null && keyNames(profile, key)) };
  const found = key === null ? await usersNamed(ctx, names) : await findByKey(client, 'user', names, key);
  const [user, ...more] = found.filter(({ document }) => isSaid(profile, 'domain', domain, document));
  if (!user) return null;
  if (more.length > 0) throw ambiguous('user', [user, ...more]);
  const owner = otherCompany(profile, company, user);
  if (owner === null && isSaid(profile, 'externalId', externalIdOf(ctx, subscriber), user.document)) return user;
  throw new TurnupError('TURNUP_SUBSCRIBER_TAKEN', {
    detail: `${username}@${domain} is user ${user.id}${owner === null ? ', whose externalId is another' : ` of company ${owner}`}`,
  });
}

/** Of a modify order it is a change. */
const externalIdOf = ({ order }: Context, { externalId }: SubscriberOrder): string | undefined =>
  order.action === 'modify' ? undefined : externalId;

const keyNames = ({ keys }: Profile, key: string): Values => ({ userKey: key, [keys.user]: key });

/** Live users of this user name; of the whole portal where it can be asked for that, else of the company. */
async function usersNamed({ client }: Context, names: Values): Promise<readonly Item[]> {
  const found = await client.find(client.has('user.named') ? 'user.named' : 'user.list', names);
  const { profile } = client;
  return found.filter(
    (item) =>
      isSaid(profile, 'username', plainText(names['username']), item.document) && !isCeased(profile, 'user', item),
  );
}

/**
 * A user that is known by its number may be there under another one: made a second time, none of the two could be told
 * by its name.
 * @throws TurnupError `TURNUP_SUBSCRIBER_TAKEN`
 */
export async function refuseNamesake(ctx: Context, company: Values, subscriber: SubscriberOrder): Promise<void> {
  const { client } = ctx;
  const { profile } = client;
  const { username, domain } = subscriber;
  const isAskable = client.has('user.named') || client.has('user.list');
  if (keyInName(subscriber, profile) !== null || !isAskable) return;
  const found = await usersNamed(ctx, { ...company, username, domain });
  const namesake = found.find(({ document }) => isSaid(profile, 'domain', domain, document));
  if (!namesake) return;
  throw new TurnupError('TURNUP_SUBSCRIBER_TAKEN', {
    detail: `${username}@${domain} is user ${namesake.id}, which has another number`,
  });
}

/** What is not mapped or not given says nothing against it. */
function isSaid({ fields }: Profile, name: string, value: string | undefined, document: unknown): boolean {
  const field = fields.user.get(name);
  return !field || value === undefined || isSame(field, value, document);
}

/** Whose a user is by what it shows, where that is not this company; null where it is, or shows nothing. */
function otherCompany({ fields }: Profile, company: Values, { document }: Item): string | null {
  for (const name of ['companyId', 'companyKey'] as const) {
    const field = fields.user.get(name);
    const wanted = company[name];
    if (!field || wanted === undefined || wanted === null) continue;
    return isSame(field, wanted, document) ? null : plainText(readField(fields.user, name, document) ?? 'none');
  }
  return null;
}

function ambiguous(owner: string, found: readonly Item[]): TurnupError {
  return new TurnupError('TURNUP_OBJECT_AMBIGUOUS', {
    detail: `${found.length} of ${owner} fit: ${found.map(({ id }) => id).join(', ')}`,
  });
}

/** What a located user is called by in further calls. */
export function namesOfLocated({ fields }: Profile, company: Values, subscriber: SubscriberOrder, user: Item): Values {
  const { username, domain } = subscriber;
  const read = (name: string) => readField(fields.user, name, user.document);
  const officeId = read('officeId');
  return {
    ...company,
    username,
    domain,
    userId: user.id,
    number: read('number'),
    officeId: officeId === undefined ? undefined : plainText(officeId),
  };
}

export function missingUser({ username, domain }: SubscriberOrder): TurnupError {
  return new TurnupError('TURNUP_OBJECT_MISSING', { detail: `there is no user ${username}@${domain}` });
}
