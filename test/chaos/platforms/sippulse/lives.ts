import { textOf, type Row } from '../../audit/things.ts';
import type { Palette } from '../../lives/palette.ts';
import type { SeenLine, SeenLives, Stray } from '../../lives/words.ts';
import type { Secrets } from '../../orders.ts';
import type { Random } from '../../random.ts';
import { DOMAIN, type State, type Unreloaded } from './hand.ts';
import { CELLS, RATE_PLANS } from './life-words.ts';
import { createLines } from './lines.ts';
import { accountOf } from './things.ts';

export function createPalette(random: Random, secrets: Secrets): Palette {
  const { forwards, shownPreferences } = createLines(random, secrets);
  const some = <T extends object>(all: T): Partial<T> =>
    Object.fromEntries(Object.entries(all).filter(() => random.chance(0.4))) as Partial<T>;
  const mail = (): string => `mail${random.int(1, 99_999)}@example.com`;
  const phone = (): string => `+5511${random.int(30_000_000, 39_999_999)}`;
  return {
    domain: DOMAIN,
    hasCustomers: false,
    profiles: Object.keys(RATE_PLANS),
    // Half of them of another country, which stand in full.
    number: (at) => (at % 2 === 0 ? `+5512${NUMBERS + at}` : `+4312${NUMBERS + at}`),
    contact: (customer) => ({ firstName: 'Vida', lastName: `${customer} & cia`, email: mail(), city: 'São Paulo' }),
    contactChange: () => ({
      lastName: `Vida ${random.int(1, 9_999)}`,
      ...some({
        email: mail(),
        phone: random.chance(0.3) ? null : phone(),
        mobile: random.chance(0.3) ? null : phone(),
        city: random.chance(0.3) ? null : `Cidade ${random.int(1, 99)}`,
        postcode: String(random.int(10_000, 99_999)),
      }),
    }),
    forwards,
    preferences: shownPreferences,
    clearable: ['callGroup', 'pickupGroup', 'pinCode'],
    besides: () => ({}),
    voicemail: () => ({ pin: secrets.pin(15) }),
    voicemailChange: () => (random.chance(0.25) ? null : { pin: secrets.pin(15) }),
  };
}

/** Numbers of lives and of no others begin here, after country and area. */
const NUMBERS = 30_000_000;

const isLife = (account: unknown): boolean => /^life\d/.test(String(account));
const ofLife = {
  user: (row: Row): boolean => isLife(row['username']),
  account: (row: Row): boolean => isLife(row['account']),
  did: (row: Row): boolean => isLife(row['accountCode']),
};

const accountIn = ({ kind, key, stored, live }: Unreloaded): string =>
  String(kind === 'did' ? (stored ?? live ?? {})['accountCode'] : key);

/** What is not of lives. */
export function withoutLives(state: State): State {
  const others = (rows: readonly Row[], isOne: (row: Row) => boolean): Row[] => rows.filter((row) => !isOne(row));
  return {
    ...state,
    subscribers: others(state.subscribers, ofLife.user),
    dids: others(state.dids, ofLife.did),
    whiteLists: others(state.whiteLists, ofLife.user),
    addresses: others(state.addresses, ofLife.account),
    userLocations: others(state.userLocations, ofLife.account),
    dbAliases: others(state.dbAliases, ofLife.user),
    unreloaded: state.unreloaded.filter((one) => !isLife(accountIn(one))),
  };
}

export function seenLives(state: State): SeenLives {
  const dids = Map.groupBy(state.dids.filter(ofLife.did), (row) => String(row['accountCode']));
  const lines = new Map<string, SeenLine>();
  const strays: Stray[] = [];
  for (const row of state.subscribers.filter(ofLife.user)) {
    const account = accountOf(row);
    const own = (dids.get(account) ?? []).map((did) => String(did['aliasUsername']));
    const rpid = textOf(row['rpid']);
    lines.set(account, {
      customer: textOf(row['contractNumber']),
      numbers: numbersOf(own, rpid),
      cells: Object.fromEntries(CELLS.map((name) => [name, textOf(valueIn(row, name))])),
    });
    if (rpid !== '' && !own.includes(rpid)) strays.push({ what: `${account} shows ${rpid}`, of: account });
  }
  for (const [account, rows] of dids)
    if (!lines.has(account)) strays.push({ what: `${rows.length} DIDs of ${account}, who is gone`, of: account });
  for (const [digits, same] of Map.groupBy([...dids.values()].flat(), (row) => String(row['aliasUsername'])))
    if (same.length > 1) strays.push({ what: `the DID ${digits} is there ${same.length} times`, of: null });
  return { customers: new Map(), lines, strays: [...strays, ...unreloaded(state)] };
}

/** As orders have them; the number is the one that calls show. */
function numbersOf(dids: readonly string[], rpid: string) {
  const full = (digits: string): string => (digits.startsWith('12') ? `55${digits}` : digits);
  const number = dids.includes(rpid) ? full(rpid) : null;
  return { number, aliases: dids.filter((digits) => digits !== rpid).map(full) };
}

/** Quotas are objects within. */
function valueIn(row: Row, name: string): unknown {
  const [member = '', inner] = name.split('.');
  return inner === undefined ? row[member] : (row[member] as Row | undefined)?.[inner];
}

/** Calls go by what the proxies have read. */
function unreloaded(state: State): Stray[] {
  return state.unreloaded
    .filter((one) => isLife(accountIn(one)))
    .map((one) => ({ what: `${one.reload} of ${one.kind} ${one.key} is missing`, of: accountIn(one) }));
}
