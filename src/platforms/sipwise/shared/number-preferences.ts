import type { Json } from '../../port.ts';
import { preferenceOperations, type PreferenceImage } from '../preference-values.ts';
import type { Item, SipwiseClient } from '../types.ts';

/** What the platform fills and empties by itself when the numbers of a subscriber change (sipwise-ngcp.md §8.3, §8.12). */
const FOLLOWERS = ['cc', 'ac', 'allowed_clis', 'cli'] as const;

const ALLOWED = 'allowed_clis';

const pathOf = (id: number): string => `/api/subscriberpreferences/${id}`;

/** The preferences that follow the numbers, as they are; null = unset. */
export async function followersImage(client: SipwiseClient, id: number): Promise<PreferenceImage> {
  const found = await client.get(pathOf(id));
  return Object.fromEntries(FOLLOWERS.map((name) => [name, (found[name] ?? null) as Json]));
}

/** Brings them back, exactly: a list in its order too. */
export async function restoreFollowers(client: SipwiseClient, id: number, image: PreferenceImage): Promise<void> {
  const found = await client.get(pathOf(id));
  const changed = Object.entries(image).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(found[name] ?? null),
  );
  const operations = preferenceOperations(Object.fromEntries(changed), (name) => (found[name] ?? null) !== null);
  if (operations.length > 0) await client.patch(pathOf(id), operations);
}

function allowedOf(found: Item): string[] {
  const clis = found[ALLOWED];
  return (Array.isArray(clis) ? clis : clis === undefined || clis === null ? [] : [clis]).map(String);
}

/** Whether the subscriber may still show one of these numbers as its own to those it calls. */
export async function mayShow(client: SipwiseClient, id: number, digits: ReadonlySet<string>): Promise<boolean> {
  return digits.size > 0 && allowedOf(await client.get(pathOf(id))).some((cli) => digits.has(cli));
}

/** Takes numbers that are no longer the subscriber's from those it may show (sipwise-ngcp.md §8.12). */
export async function forbidToShow(client: SipwiseClient, id: number, digits: ReadonlySet<string>): Promise<void> {
  if (digits.size === 0) return;
  const allowed = allowedOf(await client.get(pathOf(id)));
  const kept = allowed.filter((cli) => !digits.has(cli));
  if (kept.length === allowed.length) return;
  const wanted = { [ALLOWED]: kept.length > 0 ? kept : null };
  await client.patch(
    pathOf(id),
    preferenceOperations(wanted, () => true),
  );
}
