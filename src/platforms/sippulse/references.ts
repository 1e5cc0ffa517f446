import { TurnupError } from '../../errors/index.ts';
import type { OrderContent, SubscriberOrder } from '../port.ts';
import { itemsOf, numberOrNull, textOrNull } from './read.ts';
import type { Item, SippulseClient } from './types.ts';

/** What a domain offers under the name that stands for "the usual one". */
const USUAL = 'default';

function listed(
  client: SippulseClient,
  service: string,
  operation: string,
  element: string,
  args: { readonly [name: string]: string },
): Promise<readonly Item[]> {
  const key = `${operation} ${Object.values(args).join(' ')}`;
  return client.references.get(key, async () =>
    itemsOf(await client.read(service, operation, args), element),
  ) as Promise<readonly Item[]>;
}

/** The domains that the login may touch (sippulse.md, DomainWS; the member's name is assumed there). */
async function checkDomain(client: SippulseClient, domain: string): Promise<void> {
  const domains = await listed(client, 'DomainWS', 'listDomains', 'domain', {});
  if (domains.some((one) => textOrNull(one['domain'])?.toLowerCase() === domain.toLowerCase())) return;
  // Members of other names than the assumed one say nothing.
  if (domains.length > 0 && domains.every((one) => textOrNull(one['domain']) === null)) return;
  client.references.forget('listDomains ');
  throw unknown(`the domain ${domain}, or the login may not touch it`);
}

/** @throws TurnupError `TURNUP_REFERENCE_UNKNOWN` */
async function profileOf(client: SippulseClient, { domain, preferences }: SubscriberOrder): Promise<string> {
  const named = textOrNull(preferences?.['profile']);
  const profiles = await profilesOf(client, domain);
  const names = profiles.map((one) => textOrNull(one['profile']));
  const wanted = named ?? client.defaults.profile;
  if (names.includes(wanted)) return wanted;
  const [only] = names;
  if (named === null && names.length === 1 && typeof only === 'string') return only;
  client.references.forget(`listProfilesByDomain ${domain}`);
  throw unknown(`the profile "${wanted}" in ${domain}`);
}

const profilesOf = (client: SippulseClient, domain: string): Promise<readonly Item[]> =>
  listed(client, 'ProfileWS', 'listProfilesByDomain', 'profile', { domain });

/** What `changeProfile` needs (sippulse.md, ProfileWS; `id` is assumed there). Null where the list has no ids. */
export async function profileId(client: SippulseClient, domain: string, name: string): Promise<number | null> {
  const found = (await profilesOf(client, domain)).find((one) => textOrNull(one['profile']) === name);
  if (found) return numberOrNull(found['id']);
  client.references.forget(`listProfilesByDomain ${domain}`);
  throw unknown(`the profile "${name}" in ${domain}`);
}

const ratePlansOf = (client: SippulseClient, domain: string): Promise<readonly Item[]> =>
  listed(client, 'RatePlanWS', 'listRatePlansByDomain', 'ratePlan', { domain });

const isNamed =
  (wanted: string) =>
  (plan: Item): boolean =>
    textOrNull(plan['name']) === wanted;

const hasId =
  (wanted: string) =>
  (plan: Item): boolean =>
    textOrNull(plan['id']) === wanted;

/** Id of the rate plan of that name, or with that id; null where the domain has none. */
export async function ratePlanNamed(client: SippulseClient, domain: string, wanted: string): Promise<number | null> {
  const plans = await ratePlansOf(client, domain);
  return numberOrNull((plans.find(isNamed(wanted)) ?? plans.find(hasId(wanted)))?.['id']);
}

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
  const plans = await ratePlansOf(client, domain);
  const isFree = given === null && named === undefined;
  const id =
    given === null
      ? ((await ratePlanNamed(client, domain, wanted)) ?? (isFree && plans.length === 1 ? plans[0]?.['id'] : null))
      : plans.find(hasId(wanted))?.['id'];
  const found = numberOrNull(id);
  if (found !== null) return found;
  client.references.forget(`listRatePlansByDomain ${domain}`);
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
