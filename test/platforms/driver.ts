import { TurnupError } from '../../src/errors/index.ts';
import { stepKind } from '../../src/platforms/port.ts';
import { undoStep } from '../../workers/step/perform.ts';
import type {
  CallHooks,
  CallRecord,
  Connection,
  Finding,
  Intent,
  NeededStep,
  OrderContent,
  PlannedStep,
  Platform,
  SharedWork,
  StepContext,
  StepOutcome,
  StepResult,
} from '../../src/platforms/port.ts';

/** What a run remembers of one step, as the order record would. */
export interface StepRecord {
  intent: Intent | null;
  outcome: StepOutcome | null;
  result: StepResult;
  attempts: number;
}

export type RunRecord = Map<string, StepRecord>;

/** One process, one step after the other: nothing is ever under way elsewhere. Turns are by step, over its attempts. */
function createShared() {
  const turns = new Map<string, { owner: string; number: number; isOver: boolean }>();
  let turn = 0;
  return (owner: string): SharedWork => ({
    coalesced: (_name, work) => work(),
    async takeTurn(name) {
      const last = turns.get(name);
      if (last && last.owner !== owner && !last.isOver) return null;
      const number = last?.owner === owner ? last.number : ++turn;
      turns.set(name, { owner, number, isOver: false });
      return number;
    },
    async endTurn(name) {
      const last = turns.get(name);
      if (last?.owner === owner) last.isOver = true;
    },
  });
}

/** What a test does beside what a step does. */
interface Watch {
  /** Before each call that changes the target. */
  beforeWrite?(): void;
}

/**
 * The step protocol in small: look unless it is proven that nothing is there, keep the intent, act; after doubt look
 * again. What it drives is a platform's adapter alone, without Redis and queues.
 */
export function createDriver(platform: Platform, connection: Connection, watch: Watch = {}) {
  const calls: CallRecord[] = [];
  const shared = createShared();
  const hooks: CallHooks = {
    signal: new AbortController().signal,
    beforeCall: async (write) => {
      if (write) watch.beforeWrite?.();
    },
    afterCall: (call) => calls.push(call),
  };

  function contextOf(order: OrderContent, step: PlannedStep, record: RunRecord, key: string): StepContext {
    const needs: { [id: string]: NeededStep } = {};
    for (const [id, { outcome, result }] of [...record].toReversed()) if (outcome) needs[id] = { outcome, result };
    const { intent = null, attempts = 0 } = record.get(step.id) ?? {};
    // A step of an item sees nothing of the others of its order.
    const isSeen = ({ id }: { readonly id: string }): boolean => step.item === null || id === step.item;
    const [subscribers, operations] = [order.subscribers.filter(isSeen), order.operations.filter(isSeen)];
    return {
      client: connection.bind(hooks),
      order: { ...order, subscribers, operations },
      subscriber: subscribers.find(({ id }) => id === step.item) ?? null,
      operation: operations.find(({ id }) => id === step.item) ?? null,
      move: order.moves?.find(({ id }) => id === step.item) ?? null,
      key,
      needs,
      intent,
      attempt: attempts + 1,
      shared: shared(`${key}.${step.id}`),
    };
  }

  const kindOf = (order: OrderContent, step: PlannedStep) => stepKind(platform, order.action, step.kind)!;

  /** One attempt; throws what the step throws. Keeps the intent, and the result unless told to forget it. */
  async function attempt(order: OrderContent, step: PlannedStep, record: RunRecord, key: string): Promise<void> {
    const kind = kindOf(order, step);
    const ctx = contextOf(order, step, record, key);
    const entry = record.get(step.id) ?? { intent: null, outcome: null, result: {}, attempts: 0 };
    record.set(step.id, entry);
    entry.attempts++;
    const isProven = entry.intent === null && record.get(step.absentAfter ?? '')?.outcome === 'created';
    const finding: Finding = isProven ? { state: 'absent' } : await kind.find(ctx);
    if (finding.state === 'present') {
      const unchanged = kind.nature === 'create' ? 'adopted' : 'unchanged';
      const made = kind.nature === 'create' ? 'created' : 'changed';
      const mine = kind.nature === 'create' ? finding.ours : entry.intent !== null;
      entry.outcome = mine ? made : unchanged;
      entry.result = finding.differs ? { ...finding.result, differs: finding.differs } : finding.result;
      return;
    }
    entry.intent ??= finding.state === 'absent' ? { state: 'absent' } : { state: 'different', before: finding.before };
    entry.result = await kind.do(ctx, finding);
    entry.outcome = kind.nature === 'create' ? 'created' : 'changed';
  }

  async function perform(order: OrderContent, step: PlannedStep, record: RunRecord, key: string): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await attempt(order, step, record, key);
      } catch (error) {
        const retriable = error instanceof TurnupError && (error.class === 'ambiguous' || error.class === 'transient');
        if (!retriable || tries === 4) throw error;
      }
    }
  }

  return {
    calls,
    attempt,
    perform,
    contextOf,
    planOf: (order: OrderContent): PlannedStep[] => platform.plan(order),
    /** What the step sees on the target, in its first attempt or after. */
    find: (order: OrderContent, step: PlannedStep, record: RunRecord, key: string): Promise<Finding> =>
      kindOf(order, step).find(contextOf(order, step, record, key)),
    async run(order: OrderContent, key: string, record: RunRecord = new Map()): Promise<RunRecord> {
      for (const step of platform.plan(order)) await perform(order, step, record, key);
      return record;
    },
    /** Of a step that broke off too: what it did then is looked for, as the engine does. */
    async undo(order: OrderContent, key: string, record: RunRecord): Promise<void> {
      for (const step of platform.plan(order).toReversed()) {
        const entry = record.get(step.id);
        if (!entry || (!entry.outcome && !entry.intent)) continue;
        const { outcome, result } = entry;
        await undoStep(kindOf(order, step), contextOf(order, step, record, key), outcome && { outcome, result });
      }
    },
  };
}

export type Driver = ReturnType<typeof createDriver>;

export const outcomesOf = (record: RunRecord): Record<string, StepOutcome | null> =>
  Object.fromEntries([...record].map(([id, { outcome }]) => [id, outcome]));
