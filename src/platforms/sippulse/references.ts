import { TurnupError } from '../../errors/index.ts';
import type { OrderContent, SubscriberOrder } from '../port.ts';
import { itemsOf, numberOrNull, textOrNull } from './read.ts';
import { isAmong, outOfReach } from './shared/sound.ts';
import type { Item, SippulseClient } from './types.ts';

/** What a domain offers under the name that stands for "the usual one". */
const USUAL = 'default';

interface Listing {
  readonly service: string;
  readonly operation: string;
  readonly element: string;
  readonly args: { readonly [name: string]: string };
}

const DOMAINS: Listing = { service: 'DomainWS', operation: 'listDomains', element: 'domain', args: {} };

const profilesIn = (domain: string): Listing => ({
  service: 'ProfileWS',
  operation: 'listProfilesByDomain',
  element: 'profile',
  args: { domain },
});

const ratePlansIn = (domain: string): Listing => ({
  service: 'RatePlanWS',
  operation: 'listRatePlansByDomain',
  element: 'ratePlan',
  args: { domain },
});

/**
 * What is looked for in a list of the target. A list that was read before is believed only where it has it: somebody may
 * have added it since, and who mends the target and retries must not be told the same again.
 */
async function among<T>(
  client: SippulseClient,
  { service, operation, element, args }: Listing,
  find: (items: readonly Item[]) => T | null | undefined,
): Promise<T | null> {
  const key = `${operation} ${Object.values(args).join(' ')}`;
  const read = async (): Promise<readonly Item[]> => itemsOf(await client.read(service, operation, args), element);
  let isFresh = false;
  const items = (await client.references.get(key, () => {
    isFresh = true;
    return read();
  })) as readonly Item[];
  const found = find(items) ?? null;
  if (found !== null) return found;
  client.references.forget(key);
  return isFresh ? null : (find(await read()) ?? null);
}

/** @throws TurnupError `TURNUP_REFERENCE_UNKNOWN` */
export async function checkDomain(client: SippulseClient, domain: string): Promise<void> {
  if (!(await among(client, DOMAINS, (domains) => isAmong(domains, domain) || null))) throw outOfReach(domain);
}

/** @throws TurnupError `TURNUP_REFERENCE_UNKNOWN` */
async function profileOf(client: SippulseClient, { domain, preferences }: SubscriberOrder): Promise<string> {
  const named = textOrNull(preferences?.['profile']);
  const wanted = named ?? client.defaults.profile;
  const found = await among(client, profilesIn(domain), (profiles) => {
    const names = profiles.map((one) => textOrNull(one['profile']));
    if (names.includes(wanted)) return wanted;
    return named === null && names.length === 1 ? names[0] : null;
  });
  if (found === null) throw unknown(`the profile "${wanted}" in ${domain}`);
  return found;
}

/** What `changeProfile` needs (sippulse.md, ProfileWS; `id` is assumed there). Null where the list has no ids. */
export async function profileId(client: SippulseClient, domain: string, name: string): Promise<number | null> {
  const found = await among(client, profilesIn(domain), (profiles) =>
    profiles.find((one) => textOrNull(one['profile']) === name),
  );
  if (!found) throw unknown(`the profile "${name}" in ${domain}`);
  return numberOrNull(found['id']);
}

const isNamed =
  (wanted: string) =>
  (plan: Item): boolean =>
    textOrNull(plan['name']) === wanted;

const hasId =
  (wanted: string) =>
  (plan: Item): boolean =>
    textOrNull(plan['id']) === wanted;

/** Id of the rate plan of that name, or with that id; null where the domain has none. */
export const ratePlanNamed = (client: SippulseClient, domain: string, wanted: string): Promise<number | null> =>
  among(client, ratePlansIn(domain), (plans) =>
    numberOrNull((plans.find(isNamed(wanted)) ?? plans.find(hasId(wanted)))?.['id']),
  );

/**
 * The rate plan that an order names in `customer.billingProfile`, by name or id; else that of the target's configuration,
 * the domain's usual one, or its only one.
 */
async function ratePlanOf(
  client: SippulseClient,
  { customer }: Pick<OrderContent, 'customer'>,
  { domain, preferences }: SubscriberOrder,
): Promise<number> {
  const named = customer.billingProfile;
  const given = numberOrNull(preferences?.['ratePlanId']) ?? (named === undefined ? client.defaults.ratePlanId : null);
  const wanted = String(given ?? named ?? USUAL);
  const isFree = given === null && named === undefined;
  const found = await among(client, ratePlansIn(domain), (plans) => {
    const byId = plans.find(hasId(wanted));
    const plan = given === null ? (plans.find(isNamed(wanted)) ?? byId) : byId;
    return numberOrNull((plan ?? (isFree && plans.length === 1 ? plans[0] : undefined))?.['id']);
  });
  if (found !== null) return found;
  throw unknown(
    isFree
      ? `a rate plan "${USUAL}" in ${domain}, nor one only: the order or the target's configuration has to name one`
      : `the rate plan "${wanted}" in ${domain}`,
  );
}

/**
 * Everything of the target that a new subscriber needs. Looked for before anything is made, since a fault of the platform
 * would not say what is missing; that also shows whether the login is good.
 * @throws TurnupError `TURNUP_REFERENCE_UNKNOWN`
 */
export async function findReferences(
  client: SippulseClient,
  order: Pick<OrderContent, 'customer' | 'domains'>,
  subscriber: SubscriberOrder,
): Promise<{ profile: string; ratePlanId: number }> {
  for (const domain of new Set([...(order.domains ?? []), subscriber.domain])) await checkDomain(client, domain);
  return {
    profile: await profileOf(client, subscriber),
    ratePlanId: await ratePlanOf(client, order, subscriber),
  };
}

function unknown(what: string): TurnupError {
  return new TurnupError('TURNUP_REFERENCE_UNKNOWN', { detail: `the target does not have ${what}` });
}
