import { TurnupError } from '../../../errors/index.ts';
import type { Finding, StepContext, StepKind, UndoContext } from '../../port.ts';
import { idOf, list, numberOrNull, sameName, textOrNull } from '../lookup.ts';
import { subscriberNativeOf } from '../native.ts';
import type { PreferenceImage } from '../preference-values.ts';
import { isGone, isRefusal } from '../refusal.ts';
import { clears } from '../shared/cleared.ts';
import { imageIn } from '../shared/image.ts';
import { findSubscriber, missingSubscriber, refuseOthers } from '../shared/locate.ts';
import { isOddlyLocked, keepLevel, lockingOf, type Locking } from '../shared/locking.ts';
import { imageOf, memberOperations, wantedOf, type Members } from '../shared/members.ts';
import { followersImage, forbidToShow, mayShow, restoreFollowers } from '../shared/number-preferences.ts';
import {
  allDigits,
  numbersAfter,
  numbersIn,
  numbersToWrite,
  refuseTaken,
  type SubscriberNumbers,
} from '../shared/subscriber-numbers.ts';
import { byHand, objectId } from '../steps/by-hand.ts';
import { neededStep, resultId, subscriberOf } from '../steps/needed.ts';
import type { Item, PatchOperation, SipwiseClient } from '../types.ts';

type Context = StepContext<SipwiseClient>;

/** What a change of the subscriber takes away, by the platform's own doing too. */
interface Image {
  readonly subscriberId: number;
  readonly members: Members;
  /** The login may not see the password that is replaced. */
  readonly isPasswordHidden?: true;
  /** Present when the numbers change. */
  readonly numbers?: SubscriberNumbers;
  readonly followers?: PreferenceImage;
  /** Present when any change brings another lock level. */
  readonly locking?: Required<Locking>;
}

const pathOf = (id: number): string => `/api/subscribers/${id}`;

/**
 * The subscriber of a modify order, by user name and domain: found, and given the members that the order names. What the
 * platform does to `cc`, `ac`, `allowed_clis` and the lock along with it is taken back by undo. Result:
 * `{ subscriberId }`.
 */
export const modifySubscriberStep: StepKind<SipwiseClient> = {
  nature: 'change',
  opensSecrets: true,
  uses: [
    'subscribers.*.externalId',
    'subscribers.*.username',
    'subscribers.*.domain',
    'subscribers.*.password',
    'subscribers.*.webUsername',
    'subscribers.*.number',
    'subscribers.*.aliases',
    'subscribers.*.native',
  ],
  resultShape: byHand({ subscriberId: objectId }),

  async find(ctx): Promise<Finding> {
    const subscriber = subscriberOf(ctx);
    const found = await findSubscriber(ctx.client, subscriber);
    if (!found) throw missingSubscriber(subscriber);
    refuseOthers(subscriber, found, resultId(neededStep(ctx, 'customer'), 'customerId'));
    const subscriberId = idOf(found);
    const image = await imageBefore(ctx, subscriberId, found);
    if (image) return { state: 'different', before: image as never, differs: differences(ctx, image) };
    if (await isUnfinished(ctx, found)) return { state: 'different', before: { subscriberId, members: {} } };
    return { state: 'present', ours: ctx.intent !== null, result: { subscriberId } };
  },

  async do(ctx, finding) {
    const now = imageIn(finding) as unknown as Image;
    const { subscriberId } = now;
    const operations = memberOperations(wantedOf(now.members, wantedMembers(ctx)), 'add');
    if (now.numbers) {
      const written = numbersToWrite(numbersAfter(wishesOf(ctx), now.numbers), now.numbers);
      operations.push(...memberOperations(written, 'add'));
    }
    if (operations.length > 0) await send(ctx, subscriberId, operations);
    const first = ctx.intent?.state === 'different' ? (ctx.intent.before as unknown as Image) : now;
    await forbidToShow(ctx.client, subscriberId, released(ctx, first));
    if (first.locking) await keepLevel(ctx.client, subscriberId, first.locking);
    return { subscriberId };
  },

  async undo(ctx) {
    if (ctx.intent?.state !== 'different') return;
    const image = ctx.intent.before as unknown as Image;
    try {
      await restore(ctx, image);
    } catch (error) {
      if (!isGone(error)) throw error;
      return;
    }
    if (image.isPasswordHidden) throw unknownPassword(ctx, image);
  },
};

/** Null when nothing of the subscriber is otherwise than the order wants it. */
async function imageBefore(ctx: Context, subscriberId: number, found: Item): Promise<Image | null> {
  const wanted = wantedMembers(ctx);
  const { password, ...members } = imageOf(wanted, found);
  const isPasswordHidden = password !== undefined && found['password'] === undefined;
  const there = numbersIn(found);
  const isRenumbered = Object.keys(numbersToWrite(numbersAfter(wishesOf(ctx), there), there)).length > 0;
  if (Object.keys(members).length === 0 && password === undefined && !isRenumbered) return null;
  // The number of an extension is derived from it.
  const changesNumbers = isRenumbered || 'pbx_extension' in members;
  const locking = lockingOf(found);
  return {
    subscriberId,
    members: { ...members, ...(password !== undefined && { password }) },
    ...(isPasswordHidden && { isPasswordHidden }),
    ...(changesNumbers && { numbers: there, followers: await followersImage(ctx.client, subscriberId) }),
    ...(isOddlyLocked(locking) && { locking }),
  };
}

/** The order's names of what is otherwise. */
function differences(ctx: Context, { members, numbers }: Image): string[] {
  const renumbered = numbers ? Object.keys(numbersToWrite(numbersAfter(wishesOf(ctx), numbers), numbers)) : [];
  return [...Object.keys(members), ...renumbered].map((member) => ORDERED[member] ?? `native.${member}`);
}

const ORDERED: Readonly<Record<string, string>> = {
  external_id: 'externalId',
  webusername: 'webUsername',
  password: 'password',
  primary_number: 'number',
  alias_numbers: 'aliases',
};

/** After a doubt: the change itself was made, what comes after it not yet. */
async function isUnfinished(ctx: Context, found: Item): Promise<boolean> {
  if (ctx.intent?.state !== 'different') return false;
  const first = ctx.intent.before as unknown as Image;
  if (first.locking && lockingOf(found).lock !== first.locking.lock) return true;
  return mayShow(ctx.client, idOf(found), released(ctx, first));
}

/** Digits of the numbers that the order takes away. */
function released(ctx: Context, { numbers }: Image): Set<string> {
  if (!numbers) return new Set();
  const kept = allDigits(numbersAfter(wishesOf(ctx), numbers));
  return new Set([...allDigits(numbers)].filter((digits) => !kept.has(digits)));
}

async function restore({ client }: UndoContext<SipwiseClient>, image: Image): Promise<void> {
  const { subscriberId, members, numbers, followers, locking } = image;
  const { password, ...seen } = members;
  const all = {
    ...(image.isPasswordHidden ? seen : { ...seen, ...(password !== undefined && { password }) }),
    ...numbers,
  };
  const operations = memberOperations(all, 'add');
  if (operations.length > 0) await client.patch(pathOf(subscriberId), operations);
  if (followers) await restoreFollowers(client, subscriberId, followers);
  if (locking) await keepLevel(client, subscriberId, locking);
}

/** The lock is a step of its own, and so is the password of the self-care login, which nobody can read. */
function wantedMembers(ctx: Context): Members {
  const one = subscriberOf(ctx);
  const { lock: _lock, status: _status, ...native } = subscriberNativeOf(one.native);
  const given = { external_id: one.externalId, webusername: one.webUsername, password: one.password };
  const nulls = { external_id: 'externalId', webusername: 'webUsername' };
  return {
    ...(native as Members),
    ...Object.fromEntries(
      Object.entries(nulls)
        .filter(([, member]) => clears(ctx.order, `subscribers.${one.id}.${member}`))
        .map(([name]) => [name, null]),
    ),
    ...(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Members),
  };
}

function wishesOf(ctx: Context) {
  const { id, number, aliases } = subscriberOf(ctx);
  return {
    number,
    clearsNumber: clears(ctx.order, `subscribers.${id}.number`),
    aliases,
    clearsAliases: clears(ctx.order, `subscribers.${id}.aliases`),
  };
}

/** The platform answers 500 to what can never succeed as well (sipwise-ngcp.md §4.1); what can be known is looked up. */
async function send(ctx: Context, id: number, operations: readonly PatchOperation[]): Promise<void> {
  try {
    await ctx.client.patch(pathOf(id), operations);
  } catch (error) {
    if (isRefusal(error, 500)) {
      await refuseTaken(ctx.client, subscriberOf(ctx), id);
      await refuseTakenWebUser(ctx, id);
    }
    throw error;
  }
}

async function refuseTakenWebUser({ client, subscriber }: Context, self: number): Promise<void> {
  const { webUsername, domain = '' } = subscriber ?? {};
  if (webUsername === undefined) return;
  const hits = await list(client, { collection: 'subscribers', filter: { webusername: webUsername, domain } });
  const owner = hits.find(
    (hit) =>
      sameName(hit['webusername'], webUsername) && sameName(hit['domain'], domain) && numberOrNull(hit['id']) !== self,
  );
  if (!owner) return;
  throw new TurnupError('TURNUP_WEB_USER_TAKEN', {
    detail: `"${webUsername}" is the web user name of subscriber ${idOf(owner)} (${textOrNull(owner['username'])}@${domain})`,
  });
}

function unknownPassword(ctx: Context, { subscriberId }: Image): TurnupError {
  const { username, domain } = subscriberOf(ctx);
  return new TurnupError('TURNUP_UNDO_FAILED', {
    class: 'conflict',
    detail: `the password of subscriber ${subscriberId} (${username}@${domain}) cannot be brought back, since the login may not see passwords; all else is as it was`,
  });
}
