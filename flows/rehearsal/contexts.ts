import type { NeededStep, OrderContent, SharedWork, StepContext } from '../../src/platforms/port.ts';

/** Bears what the order would create; the order has no id yet. */
const KEY = 'turnup:{orderId}:1';

/** Nobody else is at work in a rehearsal. */
const ALONE: SharedWork = {
  coalesced: (_name, work) => work(),
  takeTurn: () => Promise.resolve(1),
  endTurn: () => Promise.resolve(),
};

type Needs = readonly (readonly [id: string, step: NeededStep])[];

/** What a step sees of an order, as the engine would show it: its own subscriber or operation only. */
export function createContexts(order: OrderContent) {
  const subscribers = new Map(order.subscribers.map((one) => [one.id, one]));
  const operations = new Map(order.operations.map((one) => [one.id, one]));
  return (item: string | null, needs: Needs, client: unknown): StepContext => {
    const [subscriber, operation] = [subscribers.get(item ?? ''), operations.get(item ?? '')];
    return {
      client,
      order: { ...order, subscribers: subscriber ? [subscriber] : [], operations: operation ? [operation] : [] },
      subscriber: subscriber ?? null,
      operation: operation ?? null,
      move: order.moves?.find((one) => one.id === item) ?? null,
      key: KEY,
      needs: Object.fromEntries(needs),
      intent: null,
      attempt: 1,
      shared: ALONE,
    };
  };
}
