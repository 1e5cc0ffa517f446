import { TurnupError } from '../../../errors/index.ts';
import { asFound } from '../soap/clean.ts';
import type { Args, Item, SippulseClient } from '../types.ts';
import { readOrNothing, SOUND_CALLS } from './sound.ts';

export const SUBSCRIBERS = 'SubscriberWS';

/** Members whose type has no `minOccurs=0` and that a plain zero or false would hurt are sent with these values. */
export const SUBSCRIBER_DEFAULTS = {
  activeIncomingCalls: true,
  activeOutgoingCalls: true,
  addServiceHeader: false,
  blockAnonymousCalls: false,
  blockEntry0303: false,
  callsOnlyByIp: false,
  copyPassertedRpid: false,
  lowCreditLimit: 0,
  lowCreditNotification: false,
  resellerBillingType: 0,
  resellerMarkup: 0,
  softphoneAllowed: false,
  validateSource0303: false,
  voicemail: false,
} as const;

export const userOf = ({ username, domain }: Item): Args => ({ username, domain });
export const nameOfUser = ({ username, domain }: Item): string => `${String(username)}@${String(domain)}`;

/** What `operation` tells of a subscriber. */
async function told(client: SippulseClient, operation: string, user: Item): Promise<unknown> {
  return (await client.read(SUBSCRIBERS, operation, userOf(user)))?.['return'];
}

const itemTold = async (client: SippulseClient, operation: string, user: Item): Promise<Item | null> =>
  ((await told(client, operation, user)) as Item | null | undefined) ?? null;

/** The subscriber as the platform has it; null when there is none. */
export const findSubscriber = (client: SippulseClient, user: Item): Promise<Item | null> =>
  readOrNothing(client, user['domain'], () => itemTold(client, 'retrieveSubscriber', user));

export const unknownSubscriber = (user: Item): TurnupError =>
  new TurnupError('TURNUP_REFERENCE_UNKNOWN', { detail: `the platform has no subscriber ${nameOfUser(user)}` });

/** @throws TurnupError `TURNUP_REFERENCE_UNKNOWN` where there is none */
export async function subscriberOf(client: SippulseClient, user: Item): Promise<Item> {
  const found = await findSubscriber(client, user);
  if (!found) throw unknownSubscriber(user);
  return found;
}

/**
 * What hangs on a subscriber: `none` where the platform tells nothing of it, null only when there is no such subscriber.
 * @param read gives null for an empty answer
 */
export async function ofSubscriber<T>(
  client: SippulseClient,
  user: Item,
  none: T,
  read: () => Promise<T | null>,
): Promise<T | null> {
  const found = await readOrNothing(client, user['domain'], async () => {
    const value = await read();
    return value === null ? null : { value };
  });
  if (found) return found['value'] as T;
  return (await findSubscriber(client, user)) ? none : null;
}

/** Forwards, groups and PIN; null when there is no such subscriber. */
export const classVOf = (client: SippulseClient, user: Item): Promise<Item | null> =>
  ofSubscriber<Item>(client, user, {}, () => itemTold(client, 'retrieveSubscriberClassV', user));

/** In clear: for a step that must compare or bring back a password, never for a reader. */
export const PASSWORD_READS = { password: 'retrievePassword', passwordPortal: 'retrievePasswordWEB' } as const;

function untold(user: Item, what: string): TurnupError {
  return new TurnupError('TURNUP_TARGET_REJECTED', {
    detail: `the platform does not tell the ${what} of ${nameOfUser(user)}, and an update without it could take it away`,
    hint: 'Make the change on the platform by hand, reload the subscriber there, then skip the step.',
  });
}

/**
 * Null where there is none.
 * @throws TurnupError `TURNUP_TARGET_REJECTED` where the server has no call that tells it: `retrievePasswordWEB` is not
 * on the vendor's page
 */
export async function passwordOf(
  client: SippulseClient,
  user: Item,
  member: keyof typeof PASSWORD_READS,
): Promise<string | null> {
  const operation = PASSWORD_READS[member];
  if (member === 'passwordPortal' && !(await client.offers(SUBSCRIBERS, operation))) {
    throw untold(user, 'portal password');
  }
  const found = await told(client, operation, user);
  return typeof found === 'string' && found !== '' ? found : null;
}

/** Every subscriber has one, so that none in the answer means that it is not told. */
async function sipPasswordOf(client: SippulseClient, user: Item): Promise<string> {
  const password = await passwordOf(client, user, 'password');
  if (password === null) throw untold(user, 'password');
  return password;
}

/** With the passwords in `members`, which the retrieved subscriber may lack; null for a portal password it has not. */
export async function withPasswords(client: SippulseClient, found: Item, members: Item): Promise<Item> {
  const isAsked = (member: string): boolean => member in members && (found[member] ?? '') === '';
  return {
    ...found,
    ...(isAsked('password') && { password: await sipPasswordOf(client, found) }),
    ...(isAsked('passwordPortal') && { passwordPortal: await passwordOf(client, found, 'passwordPortal') }),
  };
}

/**
 * Sends a subscriber back whole, since the platform replaces all of it by what it is sent (sippulse.md, subscriberDTO);
 * passwords that reading did not show are asked for first, else they would be gone.
 * @param whole null takes a member away
 */
export async function replaceSubscriber(client: SippulseClient, user: Item, whole: Item): Promise<void> {
  const { id: _id, accountCode: _accountCode, ...members } = whole;
  const password = (members['password'] ?? '') === '' ? await sipPasswordOf(client, user) : members['password'];
  const portal = members['passwordPortal'];
  const passwordPortal = portal === undefined ? await passwordOf(client, user, 'passwordPortal') : portal;
  // An update asks for `rings`, which a subscriber need not have been made with.
  const rings = members['rings'] ?? client.defaults.rings;
  await client.write(SUBSCRIBERS, 'updateSubscriber', {
    subscriber: {
      ...SUBSCRIBER_DEFAULTS,
      ...asFound({ ...members, password, passwordPortal }),
      rings,
      ...userOf(user),
    },
  });
}

/** What reading and replacing a subscriber may call. */
export const RECORD_CALLS: readonly string[] = [
  'SubscriberWS.retrieveSubscriber',
  'SubscriberWS.updateSubscriber',
  'SubscriberWS.retrievePassword',
  'SubscriberWS.retrievePasswordWEB',
  ...SOUND_CALLS,
];
