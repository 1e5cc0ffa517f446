import { isTerminal, type StepSeen } from '../seen.ts';
import type { Case, Told } from './evidence.ts';

/* What a platform holds as things with names, compared with what the steps of orders made, removed and changed. */

export type Row = Readonly<Record<string, unknown>>;

/** One object of the platform: what it is known by, and its members. */
export interface Thing {
  readonly key: string;
  readonly row: Row;
}

export interface Made {
  readonly key: string;
  /** Members it must have; others it may, but for those that are closed. */
  readonly members: Row;
  /** Whether a member that nobody ordered must be nothing. */
  isClosed?(member: string): boolean;
  /** Id that the order's record tells; null where it tells none. */
  readonly id: unknown;
}

export interface Change {
  readonly key: string;
  readonly members: Row;
}

/** What one step of an order does to the platform. */
export interface Effect {
  readonly one: Case;
  readonly step: StepSeen;
  /** By the order's own record: done, not done or taken back, or broken off with nobody having taken it back yet. */
  readonly stands: 'yes' | 'no' | 'maybe';
  readonly makes: readonly Made[];
  readonly removes: readonly string[];
  readonly changes: readonly Change[];
}

/** A value as a person reads it; what is not there is the empty text, as to the platform. */
export function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const isSame = (one: unknown, other: unknown): boolean => textOf(one) === textOf(other);

/** Whether a person ended it as it was, or it waits for one: then what was begun is nobody's yet. */
export function isLeftAsItIs({ order, entry }: Case): boolean {
  if (!isTerminal(order)) return true;
  return order.state === 'partial' || (order.state === 'failed' && entry.remedies.includes('close'));
}

export function standingOf(one: Case, step: StepSeen): Effect['stands'] {
  if (step.state === 'undone') return 'no';
  if (step.state === 'done') return step.outcome === 'created' || step.outcome === 'changed' ? 'yes' : 'no';
  // A step that failed on its way back has the outcome of its way there.
  return isLeftAsItIs(one) && (step.attempts > 0 || step.state !== 'waiting') ? 'maybe' : 'no';
}

/** All that bears on one object. */
interface Story {
  readonly base: readonly Thing[];
  readonly found: readonly Thing[];
  readonly makes: readonly (Made & { readonly effect: Effect })[];
  readonly removes: readonly Effect[];
  readonly changes: readonly (Change & { readonly effect: Effect })[];
}

interface Compared {
  readonly before: readonly Thing[];
  readonly after: readonly Thing[];
  readonly effects: readonly Effect[];
  /** Keys of what a person added or changed meanwhile. */
  readonly mended: ReadonlySet<string>;
  /** Members that the platform makes itself, so that an object that is made anew has them otherwise. */
  readonly madeAnew: readonly string[];
}

/** Each thing once, as ordered, and nothing else; what was there as it was, but for the changes that stand. */
export function auditThings({ before, after, effects, mended, madeAnew }: Compared, told: Told): void {
  const base = Map.groupBy(before, ({ key }) => key);
  const found = Map.groupBy(after, ({ key }) => key);
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
    auditContent(key, story, madeAnew, told);
  }
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
function auditContent(
  key: string,
  { base, found, makes, removes, changes }: Story,
  madeAnew: readonly string[],
  told: Told,
): void {
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
  const isJudged = (member: string): boolean => !maker || (maker.isClosed?.(member) ?? false);
  const judged = new Set([...Object.keys(wanted), ...Object.keys(thing.row).filter(isJudged)]);
  for (const member of judged) {
    if (open.has(member) || isSame(wanted[member], thing.row[member])) continue;
    // Removed and made anew.
    if (!maker && removes.length > 0 && madeAnew.includes(member)) continue;
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
