import { TurnupError } from '../../../errors/index.ts';
import type { Finding, Json } from '../../port.ts';
import { e164, userFields, userKey } from '../order/user.ts';
import type { Context, Item, Kind } from '../types.ts';
import { readField, isSame, type Values } from '../wire/values.ts';
import {
  byHand,
  differing,
  findByKey,
  isOurs,
  lookAfterDoubt,
  missing,
  objectId,
  officeNames,
  onlyOne,
  subscriberOf,
  userNames,
} from './common.ts';
import { refuseNamesake } from './locate.ts';
import { idOfMade } from './made.ts';
import { refusePortedOut } from './ported-out.ts';
import { removeThing } from './removal.ts';
import { plainText } from '../text.ts';

const namesOf = (ctx: Context): Values => ({ ...officeNames(ctx), ...userNames(ctx) });

async function lookForUser(ctx: Context): Promise<readonly Item[]> {
  const key = userKey(subscriberOf(ctx), ctx.client.profile);
  if (key === undefined) throw missing(`the subscriber's ${ctx.client.profile.keys.user}`);
  return findByKey(ctx.client, 'user', namesOf(ctx), key);
}

/** The subscriber, by the profile's key: its number or user name. Result: `{ userId }`. */
export const subscriberStepKind: Kind = {
  nature: 'create',
  opensSecrets: true,
  uses: [
    'subscribers.*.externalId',
    'subscribers.*.username',
    'subscribers.*.domain',
    'subscribers.*.password',
    'subscribers.*.webUsername',
    'subscribers.*.webPassword',
    'subscribers.*.number',
    'subscribers.*.aliases',
    'subscribers.*.native',
  ],
  resultShape: byHand({ userId: objectId }),

  async find(ctx): Promise<Finding> {
    if (!ctx.client.has('user.find')) return { state: 'absent' };
    const found = await lookAfterDoubt(ctx, 'user', () => lookForUser(ctx));
    const user = await onlyOne(ctx, 'user', found, ({ id }) => remove(ctx, id));
    if (!user) {
      // Before there is an intent: then it is certain that nothing was done.
      if (!ctx.intent) {
        await refuseNamesake(ctx, officeNames(ctx), subscriberOf(ctx));
        await refusePortedOut(ctx.client, namesOf(ctx), numbersOf(ctx));
      }
      return { state: 'absent' };
    }
    refuseOthers(ctx, user);
    const { profile } = ctx.client;
    const wanted = userFields(subscriberOf(ctx));
    const differs = differing(profile, 'user', wanted, user.document, (name) =>
      name === 'webUsername' || name.startsWith('native.') ? name : null,
    );
    const office = otherOffice(ctx, user);
    return {
      state: 'present',
      ours: isOurs(ctx, 'user', user),
      result: { userId: user.id },
      ...(differs.length + office.length > 0 && { differs: [...office, ...differs] }),
    };
  },

  async do(ctx) {
    const subscriber = subscriberOf(ctx);
    const { companyId, companyKey, officeId, officeName, orderKey } = officeNames(ctx);
    const owners = { companyId, companyKey, officeId, officeName, orderKey };
    const fields = { ...userFields(subscriber), ...owners };
    const made = await ctx.client.create('user.create', namesOf(ctx), fields);
    const look = async (): Promise<readonly Item[]> => {
      const found = await lookForUser(ctx);
      for (const user of found) refuseOthers(ctx, user);
      return found;
    };
    const { id, existed } = await idOfMade(ctx, 'user', made, look);
    return { userId: id, ...(existed && { existed }) };
  },

  async undo(ctx) {
    const { outcome, result } = ctx.done;
    if (outcome === 'created' && result['existed'] !== true) await remove(ctx, plainText(result['userId']));
  },

  async discard(ctx, made, recorded) {
    if (made['existed'] === true || made['userId'] === recorded?.['userId']) return;
    await remove(ctx, plainText(made['userId']));
  },
};

const numbersOf = (ctx: Context): string[] => {
  const { number, aliases } = subscriberOf(ctx);
  return [...(number ? [number] : []), ...aliases].map(e164);
};

const remove = (ctx: Context, id: string): Promise<void> =>
  removeThing(ctx.client, 'user', { ...namesOf(ctx), userId: id }, id);

/**
 * What makes a user somebody else's (API.md "Existing subscriber").
 * @throws TurnupError `TURNUP_NUMBER_TAKEN` of another company, else `TURNUP_SUBSCRIBER_TAKEN`
 */
function refuseOthers(ctx: Context, user: Item): void {
  const subscriber = subscriberOf(ctx);
  const wanted = userFields(subscriber);
  const { profile } = ctx.client;
  const key = userKey(subscriber, profile) ?? '';
  const owner = otherOwner(ctx, user);
  if (owner !== null) {
    throw new TurnupError(profile.keys.user === 'number' ? 'TURNUP_NUMBER_TAKEN' : 'TURNUP_SUBSCRIBER_TAKEN', {
      detail: `${key} is user ${user.id} of ${owner}`,
    });
  }
  const others = ['username', 'domain', 'number', 'externalId', 'aliases', 'rangeFrom', 'rangeTo'].flatMap((name) => {
    const field = profile.fields.user.get(name);
    const value: Json = wanted[name] ?? null;
    return !field || isSame(field, value, user.document) ? [] : [name];
  });
  if (others.length === 0) return;
  throw new TurnupError('TURNUP_SUBSCRIBER_TAKEN', {
    detail: `${key} is user ${user.id}, which has otherwise: ${others.join(', ')}`,
  });
}

/** Whose it is by what it shows, where that is not this order's company; null where it is, or shows nothing. */
function otherOwner(ctx: Context, { document }: Item): string | null {
  const names = officeNames(ctx);
  const { user } = ctx.client.profile.fields;
  for (const name of ['companyId', 'companyKey', 'officeId'] as const) {
    const field = user.get(name);
    if (!field) continue;
    const wanted = names[name];
    if (wanted !== undefined && wanted !== null && isSame(field, wanted, document)) return null;
    return `another ${name.replace(/(?:Id|Key)$/, '')} (${plainText(readField(user, name, document) ?? 'none')})`;
  }
  return null;
}

/** A user of the company in another office is left where it is. */
function otherOffice(ctx: Context, { document }: Item): string[] {
  const field = ctx.client.profile.fields.user.get('officeId');
  const { officeId } = officeNames(ctx);
  return !field || typeof officeId !== 'string' || isSame(field, officeId, document) ? [] : ['native.office'];
}
