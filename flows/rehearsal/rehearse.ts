import type { Order } from '../../src/orders/model/index.ts';
import { TurnupError } from '../../src/errors/index.ts';
import type {
  Finding,
  Intent,
  NeededStep,
  OrderContent,
  Platform,
  RehearsedCall,
  SharedWork,
  StepContext,
  StepKind,
  StepOutcome,
  TargetSettings,
} from '../../src/platforms/port.ts';
import type { StoredStep } from '../../src/orders/plan.ts';
import { planOrder } from '../plan.ts';
import { beforeOf, lookAtTarget, type Look } from './look.ts';
import { redactBody } from './redact.ts';
import { withoutSecrets } from './secrets.ts';
import { createStandIns } from './stand-ins.ts';
import type { PlannedCall, PlannedStepView, PlanView } from './view.ts';

export interface RehearsalInput {
  readonly platform: Platform;
  readonly settings: TargetSettings;
  /** Checked at the door. */
  readonly order: Order & Pick<OrderContent, 'domains'>;
  /** Reads of the target itself; any write through it must throw. Left out: the target is not asked. */
  readonly target?: unknown;
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

/** Bears what the order would create; the order has no id yet. */
const KEY = 'turnup:{orderId}:1';

/** Nobody else is at work in a rehearsal. */
const ALONE: SharedWork = {
  coalesced: (_name, work) => work(),
  takeTurn: () => Promise.resolve(1),
  endTurn: () => Promise.resolve(),
};

/**
 * The plan of an order with the calls of its steps, found by carrying the steps out on a client that sends nothing, so
 * that plan and deed cannot drift apart. The calls are those of an order whose objects are not there yet; where the
 * target is asked, those that follow from what it has.
 *
 * @throws TurnupError where the target was asked and could not tell: classes `outage`, `auth`, `throttled` and the like
 */
export async function rehearseOrder(input: RehearsalInput): Promise<PlanView> {
  const { platform, settings, target } = input;
  const standIns = createStandIns();
  const order = withoutSecrets(input.order, platform.nativeSecrets, standIns);
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

  const subscribers = new Map(order.subscribers.map((one) => [one.id, one]));
  const operations = new Map(order.operations.map((one) => [one.id, one]));

  /** What runs before a step, nearest first. */
  function before(step: StoredStep): Entry[] {
    const found: Entry[] = [];
    for (let at = step.after; at !== null; at = found.at(-1)!.step.after) found.push(entries.get(at)!);
    return found;
  }

  function contextOf(step: StoredStep): Omit<StepContext, 'client' | 'intent'> {
    const [subscriber, operation] = [subscribers.get(step.item ?? ''), operations.get(step.item ?? '')];
    const needs = before(step).map((entry): [string, NeededStep] => [entry.step.id, entry.done]);
    return {
      order: { ...order, subscribers: subscriber ? [subscriber] : [], operations: operation ? [operation] : [] },
      subscriber: subscriber ?? null,
      operation: operation ?? null,
      key: KEY,
      needs: Object.fromEntries(needs),
      attempt: 1,
      shared: ALONE,
    };
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

  async function forward(entry: Entry, look: Look | null): Promise<void> {
    const { step, kind } = entry;
    const given = look?.finding ?? null;
    if (given) entry.client = asTarget;
    const ctx = { ...contextOf(step), client: entry.client, intent: null };
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
    const kind = platform.steps[step.kind]!;
    const { id, needs, class: stepClass } = step;
    const view: PlannedStepView = { id, kind: step.kind, needs, class: stepClass, calls: [], undo: [] };
    const made = kind.nature === 'create' ? 'created' : 'changed';
    const entry: Entry = { step, kind, view, client: newWorld, intent: null, done: { outcome: made, result: {} } };
    entries.set(id, entry);
    const look =
      target === undefined
        ? null
        : await lookAtTarget(
            kind,
            { ...contextOf(step), client: target, intent: null },
            beforeOf(step.item, before(step)),
          );
    if (look) view.found = standIns.tell(look.found) as NonNullable<PlannedStepView['found']>;
    if (look?.isOver) continue;
    if (newWorld === undefined) note(view, 'the calls of this platform are not told');
    else view.calls = await tryOut(entry, () => forward(entry, look));
  }

  for (const entry of [...entries.values()].toReversed()) {
    const { step, kind, view, client, intent, done } = entry;
    if (newWorld === undefined || step.class === 'pivot' || view.found?.error) continue;
    const undo = () => kind.undo({ ...contextOf(step), client, intent, done });
    view.undo = await tryOut(entry, undo);
  }
  const pivot = plan.find((step) => step.class === 'pivot')?.id ?? null;
  return { steps: [...entries.values()].map(({ view }) => view), pivot };
}

function note(view: PlannedStepView, text: string): void {
  view.note = view.note === undefined ? text : `${view.note}; ${text}`;
}

/** @throws what is no fact of the order but a fault of the code */
function reasonOf(error: unknown): string {
  if (error instanceof TurnupError) return error.detail ?? error.title;
  throw error;
}
