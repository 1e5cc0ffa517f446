import { casesOf, tellerOf, type Case, type Told, type Violate } from '../../audit/evidence.ts';
import { auditCredits } from './credits.ts';
import type { Change, Made } from './made.ts';
import { effectsOf, type Effect } from './effects.ts';
import type { Row, SippulseEvidence } from './hand.ts';
import { auditReloads } from './reloads.ts';
import { isSame, MADE_ANEW, textOf, thingsOf, type Thing } from './things.ts';

/** All that bears on one object. */
interface Story {
  readonly base: readonly Thing[];
  readonly found: readonly Thing[];
  readonly makes: readonly (Made & { readonly effect: Effect })[];
  readonly removes: readonly Effect[];
  readonly changes: readonly (Change & { readonly effect: Effect })[];
}

/** The platform holds what the orders' own records say, each thing once, and nothing else. */
export function auditObjects(evidence: SippulseEvidence, violate: Violate): void {
  const { before, after, leftovers, mended } = evidence;
  const told = tellerOf(evidence, violate);
  const cases = casesOf(evidence);
  const effects = effectsOf(cases, leftovers);
  const base = Map.groupBy(thingsOf(before), ({ key }) => key);
  const found = Map.groupBy(thingsOf(after), ({ key }) => key);
  const makes = Map.groupBy(
    effects.flatMap((effect) => effect.makes.map((made) => ({ ...made, effect }))),
    ({ key }) => key,
  );
  const removes = Map.groupBy(
    effects.flatMap((effect) => effect.removes.map((key) => ({ key, effect }))),
    ({ key }) => key,
  );
  const changes = Map.groupBy(
    effects.flatMap((effect) => effect.changes.map((change) => ({ ...change, effect }))),
    ({ key }) => key,
  );
  for (const key of new Set([...base.keys(), ...found.keys(), ...makes.keys()])) {
    if (mended.has(key)) continue;
    const story: Story = {
      base: base.get(key) ?? [],
      found: found.get(key) ?? [],
      makes: makes.get(key) ?? [],
      removes: (removes.get(key) ?? []).map(({ effect }) => effect),
      changes: changes.get(key) ?? [],
    };
    auditNumber(key, story, told);
    auditContent(key, story, told);
  }
  auditMadeUpPasswords(evidence, effects, told);
  auditPool(evidence, told);
  auditCredits(evidence, cases, told);
  auditReloads(evidence, effects, told);
}

function auditNumber(key: string, { base, found, makes, removes }: Story, told: Told): void {
  const count = (all: readonly { stands: Effect['stands'] }[], ...stands: Effect['stands'][]): number =>
    all.filter((effect) => stands.includes(effect.stands)).length;
  const made = makes.map(({ effect }) => effect);
  const least = base.length + count(made, 'yes') - count(removes, 'yes', 'maybe');
  const most = base.length + count(made, 'yes', 'maybe') - count(removes, 'yes');
  if (found.length >= least && found.length <= most) return;
  const owner: Case | undefined = (made.find(({ stands }) => stands === 'yes') ?? made[0] ?? removes.at(-1))?.one;
  const what = `${key} is there ${found.length} times (${found.map(({ row }) => String(row['id'])).join()}), should be ${least === most ? least : `${least} to ${most}`}`;
  if (found.length < least) told(owner, base.length > 0 ? 'I4 adopted is untouched' : 'I3 there', what);
  else told(owner, owner ? (most > 0 ? 'I3 once' : 'I4 nothing left') : 'no stray objects', what);
}

/** What was there is as it was but for the changes that stand; what was made has what was ordered. */
function auditContent(key: string, { base, found, makes, removes, changes }: Story, told: Told): void {
  const [thing] = found;
  if (!thing) return;
  const maker = makes.find(({ effect }) => effect.stands === 'yes');
  if (!maker && base.length === 0) return;
  const standing = changes
    .filter(({ effect }) => effect.stands === 'yes')
    .toSorted((a, b) => ((a.effect.step.finishedAt ?? '') < (b.effect.step.finishedAt ?? '') ? -1 : 1));
  const open = new Set(
    changes.filter(({ effect }) => effect.stands === 'maybe').flatMap(({ members }) => Object.keys(members)),
  );
  const wanted: Row = Object.assign(
    {},
    maker ? maker.members : base[0]!.row,
    ...standing.map(({ members }) => members),
  );
  const judged = new Set(maker ? Object.keys(wanted) : [...Object.keys(wanted), ...Object.keys(thing.row)]);
  for (const member of judged) {
    if (open.has(member) || isSame(wanted[member], thing.row[member])) continue;
    // Removed and made anew.
    if (!maker && removes.length > 0 && MADE_ANEW.includes(member)) continue;
    const last = standing.findLast(({ members }) => member in members) ?? changes.at(-1) ?? maker;
    const rule = maker ? 'content' : standing.length > 0 ? 'I4 restored' : 'I4 adopted is untouched';
    told(
      last?.effect.one,
      rule,
      `${member} of ${key} is ${textOf(thing.row[member])}, should be ${textOf(wanted[member])}`,
    );
  }
  if (maker && maker.id !== null && !isSame(maker.id, thing.row['id']))
    told(
      maker.effect.one,
      'I3 once',
      `${key} has the id ${String(thing.row['id'])}, its record says ${textOf(maker.id)}`,
    );
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
