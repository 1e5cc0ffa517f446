import { casesOf, subscriberOf, tellerOf, type Case, type Told, type Violate } from '../../audit/evidence.ts';
import { auditThings, textOf, type Effect, type Row } from '../../audit/things.ts';
import { auditCredits } from './credits.ts';
import { effectsOf } from './effects.ts';
import type { NgnproEvidence } from './hand.ts';
import { digestsOf } from './passwords.ts';
import { accountOf, MADE_ANEW, thingsOf } from './things.ts';
import { digitsOf } from './wanted.ts';

/** The platform holds what the orders' own records say, each thing once, and nothing else. */
export function auditObjects(evidence: NgnproEvidence, violate: Violate): void {
  const { before, after, leftovers, mended } = evidence;
  const told = tellerOf(evidence, violate);
  const cases = casesOf(evidence);
  const effects = effectsOf(cases, leftovers);
  const compared = { before: thingsOf(before), after: thingsOf(after), effects, mended, madeAnew: MADE_ANEW };
  auditThings(compared, told);
  auditMadeUpPasswords(evidence, effects, told);
  auditKeys(evidence, cases, told);
  auditOrphans(evidence, told);
  auditCredits(evidence, told);
}

/** The platform keeps digests: what the CRM can fetch must be what they are of. */
function auditMadeUpPasswords({ credentials, after }: NgnproEvidence, effects: readonly Effect[], told: Told): void {
  for (const { one, step, stands } of effects) {
    const body = subscriberOf(one, step.item);
    if (step.kind !== 'subscriber' || stands !== 'yes' || !body || body.password !== undefined) continue;
    const found = after.accounts.find((row) => accountOf(row) === accountOf({ ...body }));
    const fetched = credentials.get(one.order.id)?.[body.username];
    if (found && (fetched === undefined || digestsOf(body, fetched) !== found.password))
      told(one, 'content', `the password made up for ${body.username} is not the one that can be fetched`);
  }
}

/** What an order made bears its key, so that a lost call can be told from somebody else's (ngnpro.md, "Retry"). */
function auditKeys({ after }: NgnproEvidence, cases: readonly Case[], told: Told): void {
  const accounts = new Map(after.accounts.map((row) => [accountOf(row), row]));
  const numbers = new Map(after.numbers.map((row) => [row.number, row]));
  const customers = new Map(after.customers.map((row) => [row.id, row]));
  for (const one of cases) {
    const check = (what: string, key: unknown): void => {
      if (!textOf(key).includes(one.order.id)) told(one, 'content', `${what} bears the key ${textOf(key)}`);
    };
    for (const step of one.order.steps.filter(({ outcome, state }) => outcome === 'created' && state === 'done')) {
      const body = subscriberOf(one, step.item);
      const customer = step.kind === 'customer' && customers.get(step.result?.['customerId'] as number);
      if (customer) check(`customer ${customer.username}`, keyIn(customer));
      const account = step.kind === 'subscriber' && body && accounts.get(accountOf({ ...body }));
      if (account) check(`account ${account.username}`, keyIn(account));
      for (const digits of step.kind === 'enumNumbers' && body ? digitsOf(body) : [])
        if (numbers.has(digits)) check(`number ${digits}`, numbers.get(digits)!['info']);
    }
  }
}

const keyIn = ({ properties }: { readonly properties: readonly Row[] }): unknown =>
  properties.find(({ name }) => name === 'turnup.key')?.['value'];

/** Nothing leads to an account or belongs to a customer that is not there. */
function auditOrphans({ after }: NgnproEvidence, told: Told): void {
  const accounts = new Set(after.accounts.map(accountOf));
  const customers = new Set([0, ...after.customers.map(({ id }) => id)]);
  const stray = (what: string): void => told(undefined, 'no stray objects', what);
  for (const row of after.aliases) if (!accounts.has(row.target)) stray(`alias ${accountOf(row)} of ${row.target}`);
  for (const row of after.mailboxes)
    if (!accounts.has(String(row['account']))) stray(`mailbox of ${String(row['account'])}`);
  for (const { entity } of after.ratingProfiles)
    if (!accounts.has(String(entity).replace('subscriber://', ''))) stray(`profiles of ${String(entity)}`);
  for (const { number, mappings } of after.numbers)
    for (const { mapto } of mappings)
      if (!accounts.has(String(mapto).replace('sip:', ''))) stray(`number ${number} leads to ${String(mapto)}`);
  for (const row of [...after.accounts, ...after.aliases, ...after.numbers])
    if (!customers.has(row.owner)) stray(`${JSON.stringify(row).slice(0, 120)} has an owner who is gone`);
}
