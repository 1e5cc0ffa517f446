import type { Args, SippulseClient } from '../types.ts';
import { unknownReference } from './look.ts';
import { readOrNothing, SOUND_CALLS } from './sound.ts';
import type { Item } from './spec.ts';
import { SUBSCRIBER_DEFAULTS } from './subscriber-objects.ts';

export const SUBSCRIBERS = 'SubscriberWS';

export const userOf = ({ username, domain }: Item): Args => ({ username, domain });
export const nameOfUser = ({ username, domain }: Item): string => `${String(username)}@${String(domain)}`;

const returned = async (client: SippulseClient, operation: string, user: Item): Promise<unknown> =>
  (await client.read(SUBSCRIBERS, operation, userOf(user)))?.['return'];

/** The subscriber as the platform has it; null when there is none. */
export const findSubscriber = (client: SippulseClient, user: Item): Promise<Item | null> =>
  readOrNothing(
    client,
    user['domain'],
    async () => ((await returned(client, 'retrieveSubscriber', user)) as Item | null | undefined) ?? null,
  );

/** @throws TurnupError `TURNUP_REFERENCE_UNKNOWN` where there is none */
export async function subscriberOf(client: SippulseClient, user: Item): Promise<Item> {
  const found = await findSubscriber(client, user);
  if (!found) throw unknownReference(`the platform has no subscriber ${nameOfUser(user)}`);
  return found;
}

export async function classVOf(client: SippulseClient, user: Item): Promise<Item> {
  return ((await returned(client, 'retrieveSubscriberClassV', user)) as Item | null | undefined) ?? {};
}

/** In clear: for a step that must compare or bring back a password, never for a reader. */
export const PASSWORD_READS = { password: 'retrievePassword', passwordPortal: 'retrievePasswordWEB' } as const;

export async function passwordOf(
  client: SippulseClient,
  user: Item,
  member: keyof typeof PASSWORD_READS,
): Promise<string | null> {
  const found = await returned(client, PASSWORD_READS[member], user);
  return typeof found === 'string' && found !== '' ? found : null;
}

/** With the passwords in `members`, which the retrieved subscriber may lack. */
export async function withPasswords(client: SippulseClient, found: Item, members: Item): Promise<Item> {
  const whole: { [member: string]: unknown } = { ...found };
  for (const member of ['password', 'passwordPortal'] as const) {
    if (member in members && (found[member] ?? '') === '') whole[member] = await passwordOf(client, found, member);
  }
  return whole;
}

/** Sends a subscriber back whole; passwords that reading left out are read first, else they would be gone. */
export async function writeSubscriber(client: SippulseClient, whole: Item): Promise<void> {
  // An update asks for `rings`, which a subscriber need not have been made with (sippulse.md, subscriberDTO).
  const complete = { ...whole, rings: whole['rings'] ?? client.defaults.rings };
  const subscriber = await withPasswords(client, complete, { password: null, passwordPortal: null });
  await client.write(SUBSCRIBERS, 'updateSubscriber', { subscriber: { ...SUBSCRIBER_DEFAULTS, ...subscriber } });
}

export const RECORD_CALLS: readonly string[] = [
  'SubscriberWS.retrieveSubscriber',
  'SubscriberWS.updateSubscriber',
  'SubscriberWS.retrievePassword',
  'SubscriberWS.retrievePasswordWEB',
  ...SOUND_CALLS,
];
