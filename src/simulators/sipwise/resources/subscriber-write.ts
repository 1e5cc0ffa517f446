import { GLOBAL_LOCK } from '../lifecycle.ts';
import { digitsOf, numbersOf, ownerOf, ownerOfDigits, setNumbers, type NumberParts } from '../numbers.ts';
import { invalid, masked, Refusal, type JsonObject } from '../refusal.ts';
import type { Context } from '../resource.ts';
import type { CustomerRow, SubscriberRow } from '../rows.ts';
import { addSubscriber, changeSubscriber, findSubscriber, webUsernameKey } from '../state.ts';
import { pbxNumber, readPbx } from './pbx.ts';
import { readSubscriber, type SubscriberInput } from './subscriber-input.ts';

/** What the database holds of them; longer text is cut in silence (sipwise-ngcp.md §4.1, §8.3). */
const USERNAME_MAX = 127;
const PASSWORD_MAX = 40;
const EXTERNAL_ID_MAX = 255;
/** So that an internal id is never taken for one of the API. */
const INTERNAL_OFFSET = 1000;

const failed = (): Refusal => new Refusal(500, 'Failed to create subscriber');

function cut(value: unknown, max: number): string | null {
  return typeof value === 'string' ? value.slice(0, max) : null;
}

function customerFor(id: number, { state, account }: Context): CustomerRow {
  const customer = state.customers.get(id);
  if (!customer) throw masked();
  const foreign = account.resellerId !== null && customer.reseller_id !== account.resellerId;
  if (foreign || customer.status === 'terminated') throw invalid("Invalid 'customer_id', doesn't exist.");
  return customer;
}

/** Told before a duplicate; only live subscribers count (§8.3). */
function refuseOverQuota(customer: CustomerRow): void {
  if (customer.max_subscribers !== null && customer.subscribers.size >= customer.max_subscribers) {
    throw new Refusal(403, 'Maximum number of customer subscribers reached.');
  }
}

function refuseForeignDomain(input: SubscriberInput, customer: CustomerRow): void {
  if (input.domain.reseller_id === customer.reseller_id) return;
  throw invalid("Invalid 'domain', doesn't belong to the same reseller as subscriber's customer.");
}

const dashed = (parts: NumberParts): string => `${parts.cc}-${parts.ac}-${parts.sn}`;

function refuseTakenPrimary(primary: NumberParts | null, self: SubscriberRow | null, { state }: Context): void {
  if (!primary) return;
  const owner = ownerOf(state, primary);
  if (owner && owner !== self) throw invalid(`Number '${dashed(primary)}' already exists.`);
}

/** The digits of all its numbers have to be its own, and each only once. */
function digitsClash(input: SubscriberInput, self: SubscriberRow | null, { state }: Context): boolean {
  const all = input.primary ? [input.primary, ...input.aliases] : input.aliases;
  const seen = new Set<string>();
  for (const parts of all) {
    const owner = ownerOfDigits(state, parts);
    if (owner && owner !== self) return true;
    const digits = digitsOf(parts);
    if (seen.has(digits)) return true;
    seen.add(digits);
  }
  return false;
}

const ALIASES_NAMED = 10;

/** A change names the taken aliases; a create only fails (§8.3, §4.1). */
function refuseTakenAliases(input: SubscriberInput, self: SubscriberRow, { state }: Context): void {
  const taken = input.aliases.filter((parts) => {
    const owner = ownerOf(state, parts);
    return owner !== null && owner !== self;
  });
  if (taken.length === 0) return;
  const digits = taken.map(digitsOf);
  if (taken.length === 1) throw invalid(`Number '${digits[0]}' already exists.`);
  if (taken.length > ALIASES_NAMED) throw invalid('more than 10 provided aliases already exist');
  throw invalid(`Numbers '${digits.join(',')}' already exist.`);
}

function webUserTaken(
  input: SubscriberInput,
  webusername: string | null,
  self: SubscriberRow | null,
  { state }: Context,
): boolean {
  if (webusername === null) return false;
  const owner = state.subscriberByWebUsername.get(webUsernameKey(input.domain, webusername));
  return owner !== undefined && owner !== self;
}

interface Standing {
  readonly status: string;
  readonly lock: string | null;
}

/** `locked` sets level 4 and wins over another lock sent with it; leaving it does not clear the level (§8.3). */
function standingOf({ values }: SubscriberInput): Standing {
  const status = String(values['status'] ?? 'active');
  const lock = values['lock'];
  return {
    status,
    lock: status === 'locked' ? GLOBAL_LOCK : lock === undefined || lock === null ? null : String(lock),
  };
}

const allDigits = (subscriber: SubscriberRow): string[] => numbersOf(subscriber).map(digitsOf);

/** Keeps `cc`, `ac` and `allowed_clis` in step with the numbers; what else stands in `allowed_clis` stays. */
function syncPreferences(subscriber: SubscriberRow, before: readonly string[], context: Context): void {
  const { preferences, primary } = subscriber;
  const set = (name: string, value: string | undefined): void => {
    if (value) preferences.set(name, value);
    else preferences.delete(name);
  };
  set('cc', primary?.cc);
  set('ac', primary?.ac);
  if (context.query.get('create_primary_acli') === 'false') return;
  const present = preferences.get('allowed_clis');
  const now = allDigits(subscriber);
  const kept = (Array.isArray(present) ? present.map(String) : []).filter(
    (cli) => !before.includes(cli) && !now.includes(cli),
  );
  const clis = [...now, ...kept];
  if (clis.length > 0) preferences.set('allowed_clis', clis);
  else preferences.delete('allowed_clis');
}

export function createSubscriber(body: JsonObject, context: Context): SubscriberRow {
  const input = readSubscriber(body, context, true);
  const { values, domain } = input;
  const { state, now } = context;
  const customer = customerFor(input.customerId, context);
  refuseForeignDomain(input, customer);
  refuseOverQuota(customer);
  const pbx = readPbx(input, customer, null);
  const numbers = { ...input, primary: pbxNumber(pbx, customer, null) ?? input.primary };
  const username = cut(values['username'], USERNAME_MAX) ?? '';
  if (findSubscriber(state, username, domain)) throw invalid('Subscriber already exists.');
  const standing = standingOf(input);
  if (standing.status === 'terminated') throw masked();
  const given = values['webusername'];
  const webusername = given === undefined ? username : cut(given, USERNAME_MAX);
  if (webUserTaken(input, webusername, null, context)) {
    throw invalid(`Webusername-Domain combination '${webusername}-${domain.internalId}' already exists.`);
  }
  refuseTakenPrimary(numbers.primary, null, context);
  if (digitsClash(numbers, null, context)) throw failed();

  const id = state.nextId('subscribers');
  const subscriber: SubscriberRow = {
    id,
    uuid: state.madeUp.uuid(id),
    internalId: id + INTERNAL_OFFSET,
    customer,
    domain,
    username,
    password: cut(values['password'], PASSWORD_MAX) ?? '',
    webusername,
    hasWebPassword: Boolean(values['webpassword']),
    ...standing,
    external_id: cut(values['external_id'], EXTERNAL_ID_MAX),
    email: cut(values['email'], EXTERNAL_ID_MAX),
    timezone: cut(values['timezone'], EXTERNAL_ID_MAX),
    administrative: values['administrative'] === true,
    primary: null,
    aliases: [],
    created: now,
    modified: now,
    preferences: new Map([['emergency_location_format', 'cirpack']]),
    voicemail: { pin: state.madeUp.pin(id), email: '', attach: true, delete: false, sms_number: '' },
    forwards: { mappings: [], destinationSets: [], timeSets: [], sourceSets: [], bnumberSets: [], ringtimeout: null },
    pbx,
  };
  addSubscriber(state, subscriber);
  setNumbers(state, subscriber, numbers.primary, numbers.aliases);
  syncPreferences(subscriber, [], context);
  storeDisplayName(subscriber, values['display_name']);
  return subscriber;
}

/** Only of a PBX customer's; for others it vanishes without a word (§8.3). */
function storeDisplayName(subscriber: SubscriberRow, value: unknown): void {
  if (subscriber.customer.type !== 'pbxaccount' || value === undefined) return;
  if (typeof value === 'string' && value !== '') subscriber.preferences.set('display_name', value);
  else subscriber.preferences.delete('display_name');
}

/**
 * Gives a subscriber the whole new state `body`: what is left out is cleared, passwords excepted (§8.3).
 * @returns true when its status is to become `terminated`; nothing has been written then.
 */
export function replaceSubscriber(subscriber: SubscriberRow, body: JsonObject, context: Context): boolean {
  const input = readSubscriber(body, context, false);
  const { values } = input;
  const { state, now } = context;
  if (input.customerId !== subscriber.customer.id) {
    if (!state.customers.has(input.customerId)) throw invalid("Invalid 'customer_id', doesn't exist.");
    throw invalid("customer_id can't be changed.");
  }
  const named = findSubscriber(state, String(values['username']), input.domain);
  if (named !== subscriber) throw invalid('Subscriber with this username does not exist in the domain.');
  const pbx = readPbx(input, subscriber.customer, subscriber);
  const numbers = { ...input, primary: pbxNumber(pbx, subscriber.customer, subscriber) ?? input.primary };
  const standing = standingOf(input);
  if (standing.status === 'terminated') return true;
  const webusername = cut(values['webusername'], USERNAME_MAX);
  if (webUserTaken(input, webusername, subscriber, context)) throw masked();
  refuseTakenPrimary(numbers.primary, subscriber, context);
  refuseTakenAliases(numbers, subscriber, context);
  if (digitsClash(numbers, subscriber, context)) throw masked();

  const before = allDigits(subscriber);
  const { password, webpassword } = values;
  changeSubscriber(state, subscriber, {
    ...standing,
    webusername,
    password: typeof password === 'string' && password !== '' ? password.slice(0, PASSWORD_MAX) : subscriber.password,
    hasWebPassword: webpassword === undefined ? subscriber.hasWebPassword : Boolean(webpassword),
    external_id: cut(values['external_id'], EXTERNAL_ID_MAX),
    email: cut(values['email'], EXTERNAL_ID_MAX),
    timezone: cut(values['timezone'], EXTERNAL_ID_MAX),
    administrative: values['administrative'] === true,
    modified: now,
    pbx,
  });
  setNumbers(state, subscriber, numbers.primary, numbers.aliases);
  // Same numbers: what somebody wrote into these preferences since then stays.
  if (allDigits(subscriber).join() !== before.join()) syncPreferences(subscriber, before, context);
  storeDisplayName(subscriber, values['display_name'] ?? null);
  return false;
}
