import type { Json, OrderContent, PhoneNumber, SubscriberOrder } from '../../../src/platforms/port.ts';
import { digitsOf, readAliases, readDigits } from '../../../src/platforms/sipwise/numbers.ts';

type Item = { readonly [member: string]: unknown };
type Held = { readonly [collection: string]: Item[] };

/** What the stand-in's state has of a subscriber. */
export function seen(state: Json, { username }: SubscriberOrder) {
  const held = state as unknown as Held;
  const at = held['subscribers']!.findIndex((one) => one['username'] === username);
  // Forwards bear no id: they come in the order of their subscribers.
  return {
    subscriber: held['subscribers']![at],
    forwards: held['callforwards']![at],
    preferences: held['subscriberpreferences']![at],
    voicemail: held['voicemailsettings']![at],
  };
}

export const isGone = (state: Json, one: SubscriberOrder): boolean => seen(state, one).subscriber === undefined;

/** Digits: the primary number or null, then the aliases, sorted; and what the subscriber may show as its own. */
export function numbersIn(state: Json, one: SubscriberOrder) {
  const { subscriber, preferences } = seen(state, one);
  const clis = (preferences?.['allowed_clis'] ?? []) as string[];
  return {
    numbers: [readDigits(subscriber?.['primary_number']), ...readAliases(subscriber?.['alias_numbers'])],
    shown: clis.toSorted((a, b) => (a < b ? -1 : 1)),
  };
}

/** The same, as it is to be. */
export function numbersOf(primary: PhoneNumber | null, aliases: readonly PhoneNumber[]) {
  const others = aliases.map(digitsOf).toSorted((a, b) => (a < b ? -1 : 1));
  const all = [...(primary ? [digitsOf(primary)] : []), ...others];
  return {
    numbers: [primary && digitsOf(primary), ...others],
    shown: all.toSorted((a, b) => (a < b ? -1 : 1)),
  };
}

export function customerIn(state: Json, { customer }: OrderContent): Item | undefined {
  return (state as unknown as Held)['customers']!.find((one) => one['external_id'] === customer.externalId);
}

export function contactIn(state: Json, order: OrderContent): Item | undefined {
  const id = customerIn(state, order)?.['contact_id'];
  return (state as unknown as Held)['customercontacts']!.find((one) => one['id'] === id);
}
