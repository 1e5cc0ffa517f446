import { casesOf, tellerOf, type Case, type Told, type Violate } from '../../audit/evidence.ts';
import { auditThings, type Effect, type Thing } from '../../audit/things.ts';
import { effectsOf } from './effects.ts';
import type { PortalEvidence } from './hand.ts';
import { KEYS, thingsOf } from './things.ts';

/** The portal holds what the orders' own records say, each thing once, and nothing else. */
export function auditObjects(evidence: PortalEvidence, violate: Violate): void {
  const { before, after, dialect, mended, leftovers } = evidence;
  const told = tellerOf(evidence, violate);
  const effects = effectsOf(casesOf(evidence), dialect, leftovers);
  const [was, is] = [thingsOf(before, dialect), thingsOf(after, dialect)];
  const mendedKeys = new Set([...mended].map(KEYS.company));
  auditThings({ before: was, after: is, effects, mended: mendedKeys, madeAnew: [] }, told);
  auditOnce(is, told);
  auditOrigins(evidence, effects, told);
  auditMadeUpPasswords(evidence, effects, told);
  auditNumbers(evidence, told);
}

/** Of what is there twice no order could tell which is meant, whoever made it. */
function auditOnce(things: readonly Thing[], told: Told): void {
  for (const [key, same] of Map.groupBy(things, (one) => one.key)) {
    const ids = same.map(({ row }) => String(row['id'])).join();
    if (same.length > 1) told(undefined, 'I3 once', `${key} is there ${same.length} times: ${ids}`);
  }
}

/** Where the portal has a place for it, what an order made bears the order's own key. */
function auditOrigins({ after, dialect }: PortalEvidence, effects: readonly Effect[], told: Told): void {
  const origins = new Map(thingsOf(after, dialect).map(({ key, row }) => [key, row['orderKey']]));
  for (const { one, stands, makes } of effects) {
    for (const { key } of stands === 'yes' ? makes : []) {
      const origin = origins.get(key);
      if (typeof origin === 'string' && !origin.includes(one.order.id))
        told(one, 'content', `${key} bears the key "${origin}"`);
    }
  }
}

function auditMadeUpPasswords(
  { credentials, after, dialect }: PortalEvidence,
  effects: readonly Effect[],
  told: Told,
): void {
  const passwords = new Map(thingsOf(after, dialect).map(({ key, row }) => [key, row['password']]));
  for (const { one, step, stands, makes } of effects) {
    if (step.kind !== 'subscriber' || stands !== 'yes') continue;
    for (const { key, members } of makes) {
      if ('password' in members || !passwords.has(key)) continue;
      const fetched = credentials.get(one.order.id)?.[usernameOf(one, step.item)];
      if (passwords.get(key) !== fetched)
        told(one, 'content', `the password made up for ${key} is not the one that can be fetched`);
    }
  }
}

const usernameOf = ({ entry }: Case, item: string | null): string =>
  entry.body.subscribers?.find(({ id }, at) => (id ?? `s${at + 1}`) === item)?.username ?? '';

/** A number is one user's, and one that left to another operator is nobody's. */
function auditNumbers({ before, after }: PortalEvidence, told: Told): void {
  const all = after.users.flatMap(({ id, numbers }) => numbers.map((number) => ({ id, number })));
  for (const [number, same] of Map.groupBy(all, (one) => one.number)) {
    const ids = new Set(same.map(({ id }) => id));
    if (ids.size > 1) told(undefined, 'I3 once', `${number} is that of ${[...ids].join(' and ')}`);
    if (after.portedOut.includes(number)) told(undefined, 'content', `${number} was ported out and is used`);
  }
  if (after.portedOut.join() !== before.portedOut.join())
    told(undefined, 'I4 adopted is untouched', `ported out are ${after.portedOut.join()}`);
}
