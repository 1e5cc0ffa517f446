import { casesOf, tellerOf, type Told, type Violate } from '../../audit/evidence.ts';
import { auditThings, type Effect } from '../../audit/things.ts';
import { auditCredits } from './credits.ts';
import { effectsOf } from './effects.ts';
import type { SippulseEvidence } from './hand.ts';
import { auditReloads } from './reloads.ts';
import { MADE_ANEW, thingsOf } from './things.ts';

/** The platform holds what the orders' own records say, each thing once, and nothing else. */
export function auditObjects(evidence: SippulseEvidence, violate: Violate): void {
  const { before, after, leftovers, mended } = evidence;
  const told = tellerOf(evidence, violate);
  const cases = casesOf(evidence);
  const effects = effectsOf(cases, leftovers);
  const compared = { before: thingsOf(before), after: thingsOf(after), effects, mended, madeAnew: MADE_ANEW };
  auditThings(compared, told);
  auditMadeUpPasswords(evidence, effects, told);
  auditPool(evidence, told);
  auditCredits(evidence, cases, told);
  auditReloads(evidence, effects, told);
}

function auditMadeUpPasswords({ credentials, after }: SippulseEvidence, effects: readonly Effect[], told: Told): void {
  for (const { one, step, stands, makes } of effects) {
    if (step.kind !== 'subscriber' || stands !== 'yes') continue;
    const { username, domain, password } = makes[0]?.members ?? {};
    const found = after.subscribers.find((row) => row['username'] === username && row['domain'] === domain);
    if (password !== undefined || !found) continue;
    if (credentials.get(one.order.id)?.[String(username)] !== found['password'])
      told(one, 'content', `the password made up for ${String(username)} is not the one that can be fetched`);
  }
}

/** A number that the domain gives away is either had or to be had. */
function auditPool({ before, after }: SippulseEvidence, told: Told): void {
  const had = new Set(after.dids.map((row) => String(row['aliasUsername'])));
  for (const [domain, numbers] of Object.entries(before.availableNumbers)) {
    const free = numbers.filter((number) => !had.has(number)).join();
    const is = after.availableNumbers[domain]?.join();
    if (is !== free) told(undefined, 'content', `numbers to be had in ${domain} are ${is}, should be ${free}`);
  }
}
