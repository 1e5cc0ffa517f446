import { textOf, type Row } from '../../audit/things.ts';
import type { Palette } from '../../lives/palette.ts';
import type { SeenLine, SeenLives, Stray } from '../../lives/words.ts';
import type { Cells } from '../../lives/world.ts';
import type { Secrets } from '../../orders.ts';
import type { Random } from '../../random.ts';
import { DOMAIN, type Account, type State } from './hand.ts';
import { ACCOUNT_CELLS, CLEARABLE, CUSTOMER_CELLS, PLANS } from './life-words.ts';
import { createLines } from './lines.ts';
import { accountOf, propertyCell, rowOfAccount } from './things.ts';

export function createPalette(random: Random, secrets: Secrets): Palette {
  const { forwards, preferences, mailbox } = createLines(random, secrets);
  const some = <T extends object>(all: T): Partial<T> =>
    Object.fromEntries(Object.entries(all).filter(() => random.chance(0.4))) as Partial<T>;
  const mail = (): string => `Mail${random.int(1, 99_999)}@example.com`;
  const phone = (): string => `+3120${random.int(1_000_000, 9_999_999)}`;
  const orNull = <T>(value: T): T | null => (random.chance(0.3) ? null : value);
  return {
    domain: DOMAIN,
    hasCustomers: true,
    profiles: PLANS,
    number: (at) => `+${NUMBERS}${String(at).padStart(6, '0')}`,
    contact: (customer) => ({ firstName: 'Liv', lastName: `${customer} & Zn`, email: mail(), city: 'Den Haag' }),
    contactChange: () => ({
      lastName: `Leven ${random.int(1, 9_999)}`,
      ...some({
        email: mail(),
        company: orNull(`Firma & ${random.int(1, 99)}`),
        phone: orNull(phone()),
        mobile: orNull(phone()),
        city: orNull(`Stad ${random.int(1, 99)}`),
        street: orNull(`Straat ${random.int(1, 99)}`),
        postcode: String(random.int(1000, 9999)),
      }),
    }),
    forwards,
    preferences,
    clearable: CLEARABLE,
    besides: (username) => ({
      ...(random.chance(0.3) && { externalId: `S-${username}` }),
      ...(random.chance(0.3) && {
        native: { properties: [{ name: 'building', value: `B ${random.int(1, 9)}` }], timezone: 'Europe/Rome' },
      }),
    }),
    voicemail: () => mailbox().voicemail!,
    // One that is not there cannot be made without a PIN.
    voicemailChange: () => (random.chance(0.25) ? null : mailbox().voicemail!),
  };
}

/** All numbers of lives, and no others, begin so. */
const NUMBERS = '43730';

const isLife = (account: unknown): boolean => /^life\d/.test(String(account));
const isLifeNumber = (digits: unknown): boolean => String(digits).startsWith(NUMBERS);
const ofLife = {
  customer: ({ username }: { readonly username: string }): boolean => username.startsWith('l-'),
  user: ({ username }: { readonly username: string }): boolean => isLife(username),
  alias: ({ username, target }: State['aliases'][number]): boolean => isLifeNumber(username) || isLife(target),
  number: ({ number }: State['numbers'][number]): boolean => isLifeNumber(number),
  mailbox: ({ account }: Row): boolean => isLife(account),
  profiles: ({ entity }: Row): boolean => isLife(String(entity).replace('subscriber://', '')),
};

/** What is not of lives. */
export function withoutLives(state: State): State {
  const others = <One>(all: readonly One[], isOne: (one: One) => boolean): One[] => all.filter((one) => !isOne(one));
  return {
    ...state,
    customers: others(state.customers, ofLife.customer),
    accounts: others(state.accounts, ofLife.user),
    aliases: others(state.aliases, ofLife.alias),
    numbers: others(state.numbers, ofLife.number),
    mailboxes: others(state.mailboxes, ofLife.mailbox),
    ratingProfiles: others(state.ratingProfiles, ofLife.profiles),
  };
}

export function seenLives(state: State): SeenLives {
  const live = state.customers.filter(ofLife.customer);
  const names = new Map(live.map(({ id, username }) => [id, username.toUpperCase()]));
  const customers = new Map(live.map((one) => [one.username.toUpperCase(), cellsIn(one, CUSTOMER_CELLS)]));
  const aliases = Map.groupBy(state.aliases.filter(ofLife.alias), ({ target }) => target);
  const lines = new Map(
    state.accounts.filter(ofLife.user).map((row): [string, SeenLine] => {
      const account = accountOf(row);
      const own = (aliases.get(account) ?? []).map(({ username }) => username);
      const numbers = { number: own.find((digits) => digits === row.rpid) ?? null };
      const rest = own.filter((digits) => digits !== row.rpid);
      const customer = names.get(row.owner) ?? `customer ${row.owner}`;
      return [account, { customer, numbers: { ...numbers, aliases: rest }, cells: cellsOf(row, state) }];
    }),
  );
  const own = state.accounts.filter(ofLife.user).flatMap(strayMembers);
  const strays = [...live.flatMap(strayMarks), ...own, ...straysOf(state, lines, names)];
  return { customers, lines, strays };
}

const cellsIn = (row: Row, names: readonly string[]): Cells =>
  Object.fromEntries(names.map((name) => [name, textOf(row[name])]));

function cellsOf(row: Account, { mailboxes, ratingProfiles }: State): Cells {
  const account = accountOf(row);
  const box = mailboxes.find((one) => one['account'] === account);
  const rated = ratingProfiles.find(({ entity }) => entity === `subscriber://${account}`);
  const plans = new Set([rated?.['profileWeekday'], rated?.['profileWeekend']].map(textOf));
  return {
    ...cellsIn(rowOfAccount(row), ACCOUNT_CELLS),
    plan: [...plans].join(' and '),
    'voicemail.pin': textOf(box?.['password']),
    'voicemail.email': textOf(box?.['email']),
  };
}

/** A customer that was changed is still known as the CRM's. */
function strayMarks({ username, properties }: State['customers'][number]): Stray[] {
  const known = properties.find(({ name }) => name === 'turnup.customer')?.['value'];
  const name = username.toUpperCase();
  return known === name ? [] : [{ what: `customer ${name} is known as ${textOf(known)}`, of: name }];
}

/** What no order of lives asks for. */
function strayMembers(account: Account): Stray[] {
  const { phonebook, credits } = account;
  const known = [...ACCOUNT_CELLS, propertyCell('turnup.key')];
  const cells = Object.keys(rowOfAccount(account)).filter((name) => /^(?:group|property)\./.test(name));
  const others = [...cells.filter((name) => !known.includes(name)), ...[...phonebook, ...credits].map(textOf)];
  const of = accountOf(account);
  return others.length === 0 ? [] : [{ what: `${of} has ${others.join(' and ')}`, of: null }];
}

/** A number is published just where it is an alias, and whatever hangs on a subscriber goes with it. */
function straysOf(state: State, lines: ReadonlyMap<string, SeenLine>, names: ReadonlyMap<number, string>): Stray[] {
  const strays: Stray[] = [];
  const stray = (what: string, of: string | null): unknown => strays.push({ what, of });
  const aliases = state.aliases.filter(ofLife.alias);
  const published = new Map(state.numbers.filter(ofLife.number).map((one) => [one.number, one]));
  for (const { username, domain, target, owner } of aliases) {
    if (domain !== DOMAIN) stray(`alias ${username} of ${target} is in ${domain}`, target);
    if (!lines.has(target)) stray(`alias ${username} of ${target}, who is gone`, target);
    if (names.get(owner) !== lines.get(target)?.customer) stray(`alias ${username} of ${target} is ${owner}'s`, target);
    const leadsTo = published.get(username)?.mappings.map(({ mapto }) => textOf(mapto));
    if (leadsTo?.join() !== `sip:${target}`)
      stray(`${username} of ${target} is published for ${leadsTo?.join()}`, target);
  }
  for (const { number, owner, mappings } of published.values()) {
    const account = textOf(mappings[0]?.['mapto']).replace('sip:', '');
    if (!aliases.some(({ username, target }) => username === number && target === account))
      stray(`${number} is published for ${account} and no alias of it`, account);
    if (names.get(owner) !== lines.get(account)?.customer) stray(`${number} of ${account} is ${owner}'s`, account);
  }
  for (const { account } of state.mailboxes.filter(ofLife.mailbox))
    if (!lines.has(textOf(account))) stray(`mailbox of ${textOf(account)}, who is gone`, textOf(account));
  for (const { entity } of state.ratingProfiles.filter(ofLife.profiles)) {
    const account = textOf(entity).replace('subscriber://', '');
    if (!lines.has(account)) stray(`profiles of ${account}, who is gone`, account);
  }
  return strays;
}
