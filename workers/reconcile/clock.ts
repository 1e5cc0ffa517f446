import { stepJobId } from '../../flows/jobs.ts';
import type { Motor } from '../../flows/motor.ts';
import type { Logger } from '../../src/observability/index.ts';
import type { Placement } from '../../src/orders/read.ts';
import type { OrderStore } from '../../src/orders/store.ts';

const BATCH = 200;
const TICK_MS = 1_000;

export interface ClockOptions {
  store: OrderStore;
  motor: Motor;
  log: Logger;
  /** How long a write of the target may take, in ms. */
  writeTimeoutMs(target: string): number;
}

/**
 * What comes with time: orders whose `notBefore` has come go into their mailbox, orders whose deadline has passed stop
 * waiting. Every process looks each second; the scripts let one of them act.
 */
export function createClock({ store, motor, log, writeTimeoutMs }: ClockOptions) {
  let timer: NodeJS.Timeout | undefined;
  let ticking: Promise<void> = Promise.resolve();
  let closed = false;

  async function enter(id: string): Promise<void> {
    if (await store.enterMailbox(id)) await motor.start(id);
  }

  /** A step that a worker has in hand finds out by itself, or finishes. */
  async function stepsInHand(order: Placement): Promise<string[]> {
    const queue = motor.queues.target(order.target);
    const states = await Promise.all(
      order.plan.map((step) => queue.getJobState(stepJobId(order.id, order.run, 'f', step.id))),
    );
    return order.plan.filter((_, at) => states[at] === 'active').map((step) => step.id);
  }

  async function stop(id: string): Promise<void> {
    const order = await store.placement(id);
    const inHand = order ? await stepsInHand(order) : [];
    const stopped = await store.holdOverdue(id, order ? writeTimeoutMs(order.target) : 0, inHand);
    if (stopped === 'turned') await motor.undo(id);
    if (stopped === 'turned' || stopped === 'held') log.warn({ order: id, stopped }, 'the deadline has passed');
  }

  async function each(ids: readonly string[], act: (id: string) => Promise<void>): Promise<void> {
    for (const id of ids) {
      await act(id).catch((error: unknown) => log.warn({ err: error, order: id }, 'what was due could not be done'));
    }
  }

  async function tick(): Promise<void> {
    await each(await store.dueForMailbox(BATCH), enter);
    await each(await store.dueDeadlines(BATCH), stop);
  }

  function schedule(): void {
    if (closed) return;
    timer = setTimeout(() => {
      ticking = tick()
        .catch((error: unknown) => log.debug({ err: error }, 'the clock could not be read'))
        .finally(schedule);
    }, TICK_MS);
    timer.unref();
  }

  return {
    tick,
    start: schedule,
    async close(): Promise<void> {
      closed = true;
      clearTimeout(timer);
      await ticking;
    },
  };
}
