import { isOfLife, nameOf, subscribersOf, type Case } from '../../audit/evidence.ts';
import type { TappedCall } from '../../tap.ts';

const CHANGE = /^\/api\/(?:callforwards|subscriberpreferences|voicemailsettings)\/(\d+)$/;

/**
 * Creations name their order: the contact by its key, the customer by its contact, the subscriber by its name. What is
 * changed of a subscriber that an order made is that order's too, since its undo takes the subscriber as a whole. Those of
 * lives are changed by many.
 */
export function createOwnerOf(cases: readonly Case[]): (call: TappedCall) => Case | undefined {
  const contacts = new Map<number, Case>();
  const names = Map.groupBy(
    cases
      .filter((one) => !isOfLife(one))
      .flatMap((one) => subscribersOf(one).map((body) => ({ one, name: nameOf(body) }))),
    ({ name }) => name,
  );
  const subscribers = new Map<number, Case>();
  return (call) => {
    if (call.method === 'GET') return undefined;
    const changed = CHANGE.exec(call.path)?.[1];
    if (changed !== undefined) return subscribers.get(Number(changed));
    if (call.method !== 'POST') return undefined;
    const body = parse(call.body);
    const made = madeBy(call);
    let one: Case | undefined;
    if (call.path === '/api/customercontacts/') {
      one = cases.find(({ order }) => String(body['gpp0']).includes(order.id));
      if (one && made !== null) contacts.set(made, one);
    } else if (call.path === '/api/customers/') {
      one = contacts.get(Number(body['contact_id']));
    } else if (call.path === '/api/subscribers/') {
      const owners = names.get(nameOf(body as { username: string; domain: string })) ?? [];
      if (owners.length === 1) one = owners[0]!.one;
      if (one && made !== null) subscribers.set(made, one);
    }
    return one;
  };
}

/** Id at the end of `Location`. */
function madeBy({ answer }: TappedCall): number | null {
  const location = /^location: \S*\/(\d+)\/?\r$/im.exec(answer)?.[1];
  return location === undefined ? null : Number(location);
}

function parse(text: string): Record<string, unknown> {
  try {
    return (JSON.parse(text) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** Passwords that were made up are known from what was sent. */
export function sentSecrets(tapped: readonly TappedCall[]): string[] {
  return tapped.flatMap(({ path, body }) => {
    if (!path.startsWith('/api/subscribers/')) return [];
    const { password, webpassword } = parse(body);
    return [password, webpassword].filter((secret) => typeof secret === 'string');
  });
}
