import type { Order } from '../../src/orders/model/index.ts';
import { TurnupError, type ErrorClass } from '../../src/errors/index.ts';
import {
  secretPaths,
  stepKind,
  type Finding,
  type Intent,
  type NeededStep,
  type OrderContent,
  type Platform,
  type RehearsedCall,
  type StepContext,
  type StepKind,
  type StepOutcome,
  type TargetSettings,
} from '../../src/platforms/port.ts';
import type { StoredStep } from '../../src/orders/plan.ts';
import { planOrder } from '../plan.ts';
import { beforeOf, lookAtTarget, type Look } from './look.ts';
import { createContexts } from './contexts.ts';
import { redactBody } from './redact.ts';
import { withoutSecrets, withStandIns } from './secrets.ts';
import { createStandIns } from './stand-ins.ts';
import type { PlannedCall, PlannedStepView, PlanView } from './view.ts';

export interface RehearsalInput {
  readonly platform: Platform;
  readonly settings: TargetSettings;
  /** Checked at the door. */
  readonly order: Order & Pick<OrderContent, 'domains'>;
  /** Reads of the target itself; any write through it must throw. Left out: the target is not asked. */
  readonly target?: unknown;
  /** What is there is all that is asked for: nobody wants to know how it would be taken back. */
  readonly looksOnly?: boolean;
}

/** What is remembered of a step, as the record of an order would. */
interface Entry {
  readonly step: StoredStep;
  readonly kind: StepKind;
  readonly view: PlannedStepView;
  client: unknown;
  intent: Intent | null;
  done: NeededStep & { readonly outcome: StepOutcome };
}

/**
 * The plan of an order with the calls of its steps, found by carrying the steps out on a client that sends nothing, so
 * that plan and deed cannot drift apart. The calls are those of an order whose objects are not there yet; where the
 * target is asked, those that follow from what it has.
 *
 * @throws TurnupError where the target was asked and could not tell: classes `outage`, `auth`, `throttled` and the like
 */
export async function rehearseOrder(input: RehearsalInput): Promise<PlanView> {
  const { platform, settings, target, looksOnly = false } = input;
  const standIns = createStandIns();
  const secrets = secretPaths(platform, settings);
  const order = withStandIns(input.order, secrets, standIns);
  const plan = planOrder(platform, input.order);
  const entries = new Map<string, Entry>();
  let item: string | null = null;
  let calls: PlannedCall[] = [];

  const stage = {
    order,
    record: (call: RehearsedCall) => void calls.push(redactBody(standIns.tell(call)) as PlannedCall),
    numberFor: (name: string) => standIns.numberFor(item === null || name.includes('.') ? name : `${item}.${name}`),
    secret: () => String(standIns.secret()),
  };
  const newWorld = platform.rehearse?.(settings, stage);
  const asTarget = target === undefined ? undefined : platform.rehearse?.(settings, { ...stage, target });

  /** What runs before a step, nearest first. */
  function before(step: StoredStep): Entry[] {
    const found: Entry[] = [];
    for (let at = step.after; at !== null; at = found.at(-1)!.step.after) found.push(entries.get(at)!);
    return found;
  }

  const contexts = {
    real: createContexts(input.order),
    rehearsed: createContexts(order),
    open: createContexts(withoutSecrets(input.order, secrets)),
  };

  /** The target itself is compared with the real secrets; they go no further. */
  function contextOf({ step, kind, client }: Entry, of: 'real' | 'rehearsed' = 'rehearsed'): StepContext {
    const needs = before(step).map((entry): [string, NeededStep] => [entry.step.id, entry.done]);
    return contexts[kind.opensSecrets ? of : 'open'](step.item, needs, of === 'real' ? target : client);
  }

  /** Whatever a rehearsal cannot know is told, and stops nothing. */
  async function tryOut(entry: Entry, work: () => Promise<void>): Promise<PlannedCall[]> {
    calls = [];
    item = entry.step.item;
    try {
      await work();
    } catch (error) {
      note(entry.view, standIns.tell(reasonOf(error)) as string);
    }
    return calls;
  }

  async function lookAt(entry: Entry): Promise<Look | null> {
    if (target === undefined) return null;
    const { step, kind } = entry;
    return lookAtTarget(kind, contextOf(entry, 'real'), beforeOf(step, kind, before(step)));
  }

  async function forward(entry: Entry, look: Look | null): Promise<void> {
    const { step, kind } = entry;
    const given = look?.finding ?? null;
    if (given) entry.client = asTarget;
    const ctx = contextOf(entry);
    const made = kind.nature === 'create' ? 'created' : 'changed';
    const isNew = entries.get(step.absentAfter ?? '')?.done.outcome === 'created';
    const finding: Finding = given ?? (isNew ? { state: 'absent' } : await kind.find(ctx));
    if (finding.state === 'present') {
      const there = kind.nature === 'create' ? 'adopted' : 'unchanged';
      entry.done = { outcome: finding.ours && kind.nature === 'create' ? made : there, result: finding.result };
      return;
    }
    entry.intent = finding.state === 'absent' ? finding : { state: 'different', before: finding.before };
    entry.done = { outcome: made, result: await kind.do(ctx, finding) };
  }

  for (const step of plan) {
    const kind = stepKind(platform, order.action, step.kind)!;
    const { id, needs, class: stepClass } = step;
    const view: PlannedStepView = { id, kind: step.kind, needs, class: stepClass, calls: [], undo: [] };
    const made = kind.nature === 'create' ? 'created' : 'changed';
    const entry: Entry = { step, kind, view, client: newWorld, intent: null, done: { outcome: made, result: {} } };
    entries.set(id, entry);
    const look = await lookAt(entry);
    if (look) view.found = standIns.tell(look.found) as NonNullable<PlannedStepView['found']>;
    if (look?.isOver) continue;
    if (newWorld === undefined) note(view, 'the calls of this platform are not told');
    else view.calls = await tryOut(entry, () => forward(entry, look));
  }

  for (const entry of looksOnly ? [] : [...entries.values()].toReversed()) {
    const { step, kind, view, intent, done } = entry;
    // Behind the point of no return nothing is taken back.
    const isFinal = [entry, ...before(step)].some((one) => one.step.class === 'pivot');
    if (newWorld === undefined || isFinal || view.found?.error) continue;
    const undo = () => kind.undo({ ...contextOf(entry), intent, done });
    view.undo = await tryOut(entry, undo);
    // It looks at the target, which has nothing to bring back yet.
    if (view.found?.state === 'different' && view.undo.length < view.calls.length)
      note(view, 'undo brings back what is there now; its calls are known once that is changed');
  }
  const pivot = plan.find((step) => step.class === 'pivot')?.id ?? null;
  return { steps: [...entries.values()].map(({ view }) => view), pivot };
}

function note(view: PlannedStepView, text: string): void {
  view.note = view.note === undefined ? text : `${view.note}; ${text}`;
}

/** Of the target that was asked, not of the order. */
const OF_TARGET: ReadonlySet<ErrorClass> = new Set(['outage', 'auth', 'throttled', 'transient', 'ambiguous']);

/** @throws what is no fact of the order */
function reasonOf(error: unknown): string {
  if (error instanceof TurnupError && !OF_TARGET.has(error.class)) return error.detail ?? error.title;
  throw error;
}
