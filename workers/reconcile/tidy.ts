import { TurnupError } from '../../src/errors/index.ts';
import type { StoredContent } from '../../src/orders/content.ts';
import type { Logger } from '../../src/observability/index.ts';
import type { Leftover } from '../../src/orders/leftovers.ts';
import type { OrderView } from '../../src/orders/record.ts';
import { TERMINAL_STATES } from '../../src/orders/states.ts';
import type { OrderStore } from '../../src/orders/store.ts';
import {
  stepKind,
  type CallRecord,
  type NeededStep,
  type OrderContent,
  type StepContext,
  type StepResult,
} from '../../src/platforms/port.ts';
import type { Target, Targets } from '../../src/targets/targets.ts';
import { correlationKey } from '../step/context.ts';
import type { Repair } from './repairs.ts';

export interface TidyOptions {
  store: OrderStore;
  targets: Targets;
  log: Logger;
  /** Tells the journal and the metric of the order. */
  tell(order: string, repair: Repair, step: string | null): Promise<void>;
}

const BATCH = 20;
/** What was refused today is refused tomorrow. */
const FOR_GOOD: readonly string[] = ['rejected', 'conflict'];

/**
 * Looks once more where an attempt vanished in a write: it may have come back after the one that took over had looked, and
 * have died before it could take away what it made (DESIGN §5.6).
 */
export function createTidy({ store, targets, log, tell }: TidyOptions) {
  async function tidy(leftover: Leftover): Promise<number> {
    const { order: id, run, step: stepId } = leftover;
    const [content, order] = await Promise.all([store.content(id), store.read(id)]);
    const target = content && targets.get(content.target);
    const step = order?.steps.find((one) => one.id === stepId);
    const kind = order && step && target && stepKind(target.platform, order.action, step.kind);
    if (!content || !order || !target || !step || !kind?.tidy) {
      await store.clearLeftover(leftover);
      return 0;
    }
    // A run that an amendment began goes on with what the one before made.
    const isCurrent = content.keyRun <= run && run <= order.run;
    const isSettled = TERMINAL_STATES.includes(order.state) || ['done', 'undone'].includes(step.state);
    if (!isSettled) {
      // Whoever is at the step, be it in a later run, or a person's retry, finds what is there.
      await store.noteLeftover(leftover);
      return 0;
    }
    // A later run may go on with what this one left.
    const recorded = step.state === 'done' ? (step.result as StepResult | null) : null;
    if (recorded === null && step.state !== 'undone' && isCurrent) {
      // It was closed as it is: what a step of unknown outcome made is for people.
      await store.clearLeftover(leftover);
      return 0;
    }
    const calls: CallRecord[] = [];
    const removed = await kind.tidy(contextOf(target, content, order, leftover, calls), recorded);
    await store.clearLeftover(leftover);
    await store.note(id, { type: 'lookedAgain', step: stepId, by: 'turnup', detail: { removed, calls } });
    if (removed > 0) await tell(id, 'leftoverRemoved', stepId);
    return removed;
  }

  async function giveUp(leftover: Leftover, error: TurnupError): Promise<void> {
    log.warn({ err: error, ...leftover }, 'what an attempt may have left is not looked for any more');
    await store.clearLeftover(leftover);
    const { order, step } = leftover;
    const { code, detail } = error;
    await store.note(order, {
      type: 'lookedAgain',
      step,
      by: 'turnup',
      detail: { removed: 0, error: { code, detail } },
    });
  }

  return {
    /** Gives how many things were removed. */
    async round(): Promise<number> {
      let removed = 0;
      for (const leftover of await store.dueLeftovers(BATCH)) {
        try {
          removed += await tidy(leftover);
        } catch (error) {
          if (error instanceof TurnupError && FOR_GOOD.includes(error.class)) {
            await giveUp(leftover, error);
            continue;
          }
          // The target is away, say: another time.
          log.warn({ err: error, ...leftover }, 'what an attempt may have left could not be looked for');
          await store.noteLeftover(leftover);
        }
      }
      return removed;
    },
  };
}

function contextOf(
  target: Target,
  content: StoredContent,
  view: OrderView,
  { order: id, run, step: stepId }: Leftover,
  calls: CallRecord[],
): StepContext {
  const { common, subscribers, operations } = content;
  const order = { ...common, subscribers, operations } as unknown as OrderContent;
  const item = view.steps.find((step) => step.id === stepId)?.item ?? null;
  const done = view.steps.filter((step) => step.state === 'done' && step.outcome !== null);
  const needs = done.map(({ id: needed, outcome, result }) => [needed, { outcome, result: result ?? {} }]);
  const { signal } = new AbortController();
  return {
    client: target.connection().bind({
      signal,
      client: view.client,
      beforeCall: () => target.takeCall(signal),
      afterCall: (call) => calls.push({ ...call, durationMs: Math.round(call.durationMs * 10) / 10 }),
    }),
    shared: target.shared({ order: id, run, step: stepId }, signal),
    order,
    subscriber: order.subscribers.find((one) => one.id === item) ?? null,
    operation: order.operations.find((one) => one.id === item) ?? null,
    move: order.moves?.find((one) => one.id === item) ?? null,
    key: correlationKey(id, Math.min(run, content.keyRun)),
    needs: Object.fromEntries(needs) as Record<string, NeededStep>,
    intent: { state: 'absent' },
    attempt: 1,
  };
}
