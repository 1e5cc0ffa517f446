import { codesOf, refusalsOf } from '../lives/reasons.ts';
import { effectsOf } from '../lives/effects.ts';
import { concerns, type LifeWords, type SeenLine, type SeenLives } from '../lives/words.ts';
import { apply, copyOf, createWorld, touchedBy, type Cells, type Line, type World } from '../lives/world.ts';
import { isTerminal, type StepSeen } from '../seen.ts';
import {
  casesOf,
  isOfLife,
  subscriberOf,
  tellerOf,
  type Case,
  type Evidence,
  type Told,
  type Violate,
} from './evidence.ts';

const REFUSED = ['rejected', 'conflict'];

interface Story {
  readonly world: World;
  /** Who had to do with a thing last. */
  readonly last: Map<string, Case>;
}

/**
 * Folds the orders of lives in the order in which their turns ended, as the CRM may: what is completed counts whole, what
 * is cancelled or undone counts nothing, and of what a person left as it is each step that is done. Then the platform must
 * hold just that.
 */
export function auditLives(evidence: Evidence, words: LifeWords, seen: SeenLives, violate: Violate): void {
  const told = tellerOf(evidence, violate);
  const cases = casesOf(evidence).filter(isOfLife).toSorted(byEnd);
  const story: Story = { world: createWorld(), last: new Map() };
  const past: Past[] = [{ until: 0, world: copyOf(story.world) }];
  for (const one of cases) {
    const turn = turnOf(one, evidence);
    const beside = cases.filter((other) => other !== one && areBeside(turn, turnOf(other, evidence)));
    const worlds = past
      .filter(({ until }, at) => at === past.length - 1 || until > turn.from)
      .map(({ world }) => world);
    auditReason([...worlds, ...worlds.flatMap((world) => alongside(world, beside, words))], one, words, told);
    auditUndo(one, beside, words, told);
    auditPivot(one, words, told);
    tell(story, one, words, evidence);
    past.at(-1)!.until = turn.to;
    past.push({ until: Number.POSITIVE_INFINITY, world: copyOf(story.world) });
  }
  compareLines(story, seen, told);
  compareCustomers(story, seen, told);
  for (const { what, of, id } of seen.strays) {
    const own = of === null ? [] : cases.filter((one) => concerns(one, of));
    if (own.some((one) => isLeftAsItIs(one) && (id === undefined || madeIt(one, id)))) continue;
    told(own.at(-1), 'life: nothing stray', what);
  }
}

/** The world as it was before the turn of an order ended. */
interface Past {
  until: number;
  readonly world: World;
}

interface Turn {
  readonly from: number;
  readonly to: number;
}

/** From when on an order may have looked at the platform, and until when. Ms since the epoch. */
function turnOf({ order }: Case, { journals }: Evidence): Turn {
  const journal = journals.get(order.id) ?? [];
  const runAt = journal.findLastIndex(({ type }) => type === 'replayed');
  const first = journal.slice(runAt + 1).find(({ step }) => step !== null);
  const at = (time: string | null | undefined): number => (time ? Date.parse(time) : Number.POSITIVE_INFINITY);
  return { from: at(first?.at) - LOOKING_MS, to: at(order.completedAt) };
}

/** What a look took before it was told. */
const LOOKING_MS = 2_000;

/** Orders of other customers go on at the same time. */
const areBeside = (one: Turn, other: Turn): boolean => other.from < one.to && one.from < other.to;

/** The world with what each of these orders may have done so far, whatever became of it. */
function alongside(world: World, others: readonly Case[], words: LifeWords): World[] {
  return others.map((other) => {
    const then = copyOf(world);
    for (const step of other.order.steps)
      for (const effect of effectsOf(then, other, step, words, null)) apply(then, effect, true);
    return then;
  });
}

/** What is held is the last of its line. */
function byEnd({ order: a }: Case, { order: b }: Case): number {
  return (a.completedAt ?? '9') < (b.completedAt ?? '9') ? -1 : 1;
}

/** Held, or ended by a person as it was. */
function isLeftAsItIs({ order, entry }: Case): boolean {
  return (
    !isTerminal(order) || order.state === 'partial' || (order.state === 'failed' && entry.remedies.includes('close'))
  );
}

const madeIt = ({ order }: Case, id: number): boolean =>
  order.steps.some(({ result }) => Object.values(result ?? {}).includes(id));

/** Whether a step did its work: yes, no, or nobody knows. */
function standing(one: Case, step: StepSeen, words: LifeWords): 'yes' | 'no' | 'maybe' {
  const { order } = one;
  if (order.state !== 'completed' && !isLeftAsItIs(one)) return 'no';
  if (step.state === 'done') return 'yes';
  if (step.state === 'undone' || step.attempts === 0) return 'no';
  const isRefused = REFUSED.includes(step.error?.class ?? '') && step.error?.code !== 'TURNUP_DEADLINE_PASSED';
  return isRefused && order.direction === 'forward' && !words.inParts.includes(step.kind) ? 'no' : 'maybe';
}

function tell({ world, last }: Story, one: Case, words: LifeWords, { credentials }: Evidence): void {
  for (const step of one.order.steps) {
    const stands = standing(one, step, words);
    if (stands === 'no') continue;
    const body = subscriberOf(one, step.item);
    const password = body?.password ?? credentials.get(one.order.id)?.[body?.username ?? ''] ?? null;
    for (const effect of effectsOf(world, one, step, words, password)) {
      apply(world, effect, stands === 'yes');
      for (const name of touchedBy(effect)) last.set(name, one);
    }
  }
}

/**
 * An order fails for what the lives before it explain, and does not succeed where they forbid it.
 * @param worlds as it may have found them: lives of other customers go on beside it
 */
function auditReason(worlds: readonly World[], one: Case, words: LifeWords, told: Told): void {
  const { state, error, steps, direction } = one.order;
  if (state === 'completed') {
    for (const step of steps.filter(({ outcome }) => outcome !== 'adopted')) {
      const verdicts = worlds.map((world) => refusalsOf(world, one, step, words));
      if (verdicts.every((all) => FORBIDDING.some((reason) => all.includes(reason)) && !all.includes('maybe')))
        told(one, 'life: real reasons', `${step.id} is done although: ${verdicts.at(-1)!.join()}`);
    }
    return;
  }
  const isReason = Object.values(words.codes)
    .flat()
    .includes(error?.code ?? '');
  // Other outcomes are of trouble on the way, and judged as those of all orders.
  if (!error || !isReason) return;
  if (direction === 'undo' && state === 'held') return;
  const step = steps.find(({ id }) => id === error.step);
  if (!step) return told(one, 'life: real reasons', `failed at ${error.step}, which it does not have`);
  const codes = [...worlds, ...worlds.map((world) => withRest(world, one, step, words))].map((world) =>
    codesOf(refusalsOf(world, one, step, words), words),
  );
  if (codes.includes(null) || codes.flat().includes(error.code)) return;
  told(
    one,
    'life: real reasons',
    `${error.code} at ${error.step} (${error.detail}), but it could only be refused with ${codes.flat().join() || 'nothing'}`,
  );
}

/** Those that no other step of the same order does away with. */
const FORBIDDING = ['missing', 'lineTaken'] as const;

/** As it is for a step beside which all others of its order are done. */
function withRest(world: World, one: Case, step: StepSeen, words: LifeWords): World {
  const then = copyOf(world);
  for (const other of one.order.steps.filter(({ item }) => item !== step.item))
    for (const effect of effectsOf(then, one, other, words, null)) apply(then, effect, true);
  return then;
}

/** The one reason an undo may have to stop: a number that was given up has gone to another customer meanwhile. */
function auditUndo({ entry, order }: Case, beside: readonly Case[], { codes }: LifeWords, told: Told): void {
  const { state, direction, error } = order;
  if (state !== 'held' || direction !== 'undo' || !error) return;
  const others = beside.filter((other) => other.entry.body.customer?.externalId !== entry.body.customer?.externalId);
  if (codes.numberTaken.includes(error.code) && others.length > 0) return;
  told({ entry, order }, 'life: undone', `held in undoing with ${error.code} at ${error.step} (${error.detail})`);
}

/** What cannot be taken back is not taken back. */
function auditPivot(one: Case, { pivots }: LifeWords, told: Told): void {
  const { state, steps } = one.order;
  for (const { id, kind, state: stepState, outcome } of steps) {
    if (!pivots.includes(`${one.entry.body.action ?? 'provision'}.${kind}`)) continue;
    const isDone = stepState === 'done' && outcome === 'changed';
    if (stepState === 'undone' || (isDone && ['cancelled', 'failed'].includes(state)))
      told(one, 'life: only forward past the pivot', `${id} is ${stepState}`);
  }
}

const listed = (all: readonly string[]): string => all.toSorted().join();

function compareLines({ world, last }: Story, seen: SeenLives, told: Told): void {
  for (const name of new Set([...world.lines.keys(), ...seen.lines.keys()])) {
    const [should, is, one] = [world.lines.get(name), seen.lines.get(name), last.get(name)];
    if (should === null) continue;
    if (!should) told(one, 'life: gone', `${name} is there`);
    else if (!is) told(one, 'life: there', `${name} is not there`);
    else for (const fault of lineFaults(should, is)) told(one, 'life: as ordered', `${name}: ${fault}`);
  }
}

function lineFaults({ customer, numbers, cells }: Line, is: SeenLine): string[] {
  const faults = cellFaults(cells, is.cells);
  if (customer !== is.customer) faults.push(`belongs to ${is.customer}, should to ${customer}`);
  if (!numbers) return faults;
  if (numbers.number !== is.numbers.number) faults.push(`number is ${is.numbers.number}, should be ${numbers.number}`);
  const [should, has] = [listed(numbers.aliases), listed(is.numbers.aliases)];
  return should === has ? faults : [...faults, `aliases are ${has || 'none'}, should be ${should || 'none'}`];
}

function compareCustomers({ world, last }: Story, seen: SeenLives, told: Told): void {
  for (const name of new Set([...world.customers.keys(), ...seen.customers.keys()])) {
    const [should, is, one] = [world.customers.get(name), seen.customers.get(name), last.get(name)];
    if (should === null) continue;
    if (!should) told(one, 'life: gone', `customer ${name} is there`);
    else if (!is) told(one, 'life: there', `customer ${name} is not there`);
    else for (const fault of cellFaults(should, is)) told(one, 'life: as ordered', `customer ${name}: ${fault}`);
  }
}

function cellFaults(should: Cells, is: Cells): string[] {
  return Object.entries(should).flatMap(([name, value]) => {
    const has = is[name] ?? '';
    return value === null || value === has ? [] : [`${name} is "${has}", should be "${value}"`];
  });
}
