import { digitsOf, nameOf } from '../../audit/evidence.ts';
import type { Palette } from '../../lives/palette.ts';
import type { SeenLives, Stray } from '../../lives/words.ts';
import type { Cells } from '../../lives/world.ts';
import type { Secrets } from '../../orders.ts';
import type { Random } from '../../random.ts';
import { linesOf, read, TYPES, type Line } from './contents.ts';
import { createDraws } from './draws.ts';
import { numbersOf, type Contact, type Customer, type Digits, type State } from './hand.ts';
import { DOMAIN } from './leftovers.ts';
import { CONTACT_CELLS, PREFERENCES, preferenceCell, PROFILES } from './life-words.ts';

export function createPalette(random: Random, secrets: Secrets): Palette {
  const { forwards, preferences } = createDraws(random);
  const some = <T extends object>(all: T): Partial<T> =>
    Object.fromEntries(Object.entries(all).filter(() => random.chance(0.4))) as Partial<T>;
  const mail = (): string => `mail${random.int(1, 99_999)}@example.com`;
  return {
    domain: DOMAIN,
    hasCustomers: true,
    profiles: PROFILES,
    number: (at) => `+43${NUMBERS}${String(at).padStart(6, '0')}`,
    // The company stays: by it the auditor knows whose a contact is.
    contact: (customer) => ({ firstName: 'Lea', lastName: 'Leben', company: customer, email: mail(), city: 'Wien' }),
    contactChange: () => ({
      lastName: `Leben${random.int(1, 9_999)}`,
      ...some({
        email: mail(),
        phone: random.chance(0.3) ? null : `+43${random.int(100_000, 999_999)}`,
        city: random.chance(0.3) ? null : `City ${random.int(1, 99)}`,
        street: random.chance(0.3) ? null : `Street ${random.int(1, 99)}`,
        postcode: String(random.int(1000, 9999)),
      }),
    }),
    forwards,
    preferences,
    clearable: PREFERENCES,
    besides: (username) => ({
      ...(random.chance(0.3) && { externalId: `S-${username}` }),
      ...(random.chance(0.3) && { webUsername: `web.${username}.${random.int(1, 999)}` }),
      ...(random.chance(0.35) && { native: { lock: random.int(1, 3) } }),
    }),
    voicemail: () => ({ pin: secrets.pin(17), ...(random.chance(0.5) && { email: mail() }) }),
    voicemailChange: () =>
      random.pick([() => ({ pin: secrets.pin(17) }), () => ({ email: mail() }), () => ({ email: null })])(),
  };
}

/** The area of all numbers of lives, and of no others. */
const NUMBERS = '730';

const isLife = (customer: string | null): customer is string => customer?.startsWith('L-') ?? false;
const isLifeNumber = (number: Digits): boolean => digitsOf(number).startsWith(`43${NUMBERS}`);
const ofLife = {
  contact: ({ company }: Contact): boolean => isLife(company),
  customer: ({ external_id: id }: Customer): boolean => isLife(id),
};

/** What is not of lives. */
export function withoutLives(state: State): State {
  const customers = new Set(state.customers.filter(ofLife.customer).map(({ id }) => id));
  const isOther = (at: number): boolean => !customers.has(state.subscribers[at]!.customer_id);
  const lives = new Set(state.subscribers.filter((_, at) => !isOther(at)).map(({ id }) => id));
  const others = <T extends { id: number }>(all: readonly T[]): T[] => all.filter(({ id }) => !lives.has(id));
  return {
    customercontacts: state.customercontacts.filter((contact) => !ofLife.contact(contact)),
    customers: state.customers.filter(({ id }) => !customers.has(id)),
    subscribers: others(state.subscribers),
    callforwards: state.callforwards.filter((_, at) => isOther(at)),
    subscriberpreferences: others(state.subscriberpreferences),
    voicemailsettings: others(state.voicemailsettings),
    numbers: state.numbers.filter((number) => !isLifeNumber(number)),
  };
}

export function seenLives(state: State): SeenLives {
  const strays: Stray[] = [];
  const live = state.customers.filter((one) => ofLife.customer(one) && one.status !== 'terminated');
  const contacts = new Map(state.customercontacts.map((one) => [one.id, one]));
  const customers = new Map<string, Cells>();
  for (const one of live) {
    const name = one.external_id!;
    if (customers.has(name)) strays.push({ what: `customer ${name} is there twice`, of: null });
    customers.set(name, customerCells(one, contacts.get(one.contact_id)));
  }
  for (const contact of state.customercontacts.filter(ofLife.contact)) {
    if (live.some(({ contact_id: id, external_id: name }) => id === contact.id && name === contact.company)) continue;
    strays.push({
      what: `contact ${contact.id} of ${contact.company} is no customer's`,
      of: contact.company,
      id: contact.id,
    });
  }
  const owners = new Map(live.map(({ id, external_id: name }) => [id, name!]));
  const lines = new Map(
    [...linesOf(state).values()].flatMap((line) => {
      const customer = owners.get(line.subscriber.customer_id);
      return customer === undefined ? [] : [[nameOf(line.subscriber), { customer, ...seenLine(line) }] as const];
    }),
  );
  return { customers, lines, strays: [...strays, ...strayNumbers(state)] };
}

function customerCells(one: Customer, contact: Contact | undefined): Cells {
  const members = (contact ?? {}) as Readonly<Record<string, unknown>>;
  return {
    status: one.status,
    billingProfile: String(one.billing_profile_id),
    ...Object.fromEntries(CONTACT_CELLS.map((name) => [name, preferenceCell(members[name])])),
  };
}

function seenLine({ subscriber, forwards, preferences, voicebox }: Line) {
  const { primary_number: primary, alias_numbers: aliases } = subscriber;
  const cells: Cells = {
    status: subscriber.status,
    lock: subscriber.lock ?? '',
    externalId: subscriber.external_id ?? '',
    webUsername: subscriber.webusername ?? '',
    password: subscriber.password,
    'voicemail.pin': voicebox.pin,
    'voicemail.email': voicebox.email,
    ...Object.fromEntries(Object.values(TYPES).map((type) => [type, read(forwards[type])])),
    ...Object.fromEntries(PREFERENCES.map((name) => [name, preferenceCell(preferences[name])])),
  };
  return { numbers: { number: primary ? digitsOf(primary) : null, aliases: aliases.map(digitsOf) }, cells };
}

/** A number is one subscriber's, and nobody shows one that is not its own. */
function strayNumbers(state: State): Stray[] {
  const strays: Stray[] = [];
  const live = new Map(state.subscribers.map((one) => [one.id, one]));
  const all = state.numbers.filter(isLifeNumber);
  for (const [digits, same] of Map.groupBy(all, digitsOf)) {
    if (same.length > 1) strays.push({ what: `number ${digits} is there ${same.length} times`, of: null });
    for (const { subscriber_id: owner } of same)
      if (!live.has(owner)) strays.push({ what: `number ${digits} of subscriber ${owner}, who is gone`, of: null });
  }
  for (const { subscriber, preferences } of linesOf(state).values()) {
    const own = numbersOf(subscriber);
    const shown = ((preferences['allowed_clis'] ?? []) as readonly unknown[]).map(String);
    const foreign = shown.filter((cli) => cli.startsWith(`43${NUMBERS}`) && !own.includes(cli));
    if (foreign.length > 0)
      strays.push({ what: `${nameOf(subscriber)} may show ${foreign.join()}`, of: nameOf(subscriber) });
  }
  return strays;
}
