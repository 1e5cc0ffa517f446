import { DelayedError, UnrecoverableError, WaitingChildrenError, type Job } from 'bullmq';
import type { OrderJobData } from '../flows/jobs.ts';
import type { Motor } from '../flows/motor.ts';
import type { Logger } from '../src/observability/index.ts';
import { TERMINAL_STATES } from '../src/orders/states.ts';
import type { OrderStore } from '../src/orders/store.ts';
import type { LedgerKeeper } from './ledger-keeper.ts';
import type { EngineObserver } from './observer.ts';

export interface OrderProcessorOptions {
  store: OrderStore;
  motor: Motor;
  ledger: Pick<LedgerKeeper, 'soon'>;
  log: Logger;
  observer: EngineObserver;
}

/** More looks than this within one wake mean that record and jobs disagree; the reconciler then sorts it out. */
const LOOKS = 5;
/** The step under way wakes the order when it ends; this is for the case that it never does. */
const TURNING_MS = 1_000;

/** The order's own job: on every wake it settles the order, or adds what is missing beneath itself and waits. */
export function createOrderProcessor({ store, motor, ledger, log, observer }: OrderProcessorOptions) {
  return async function processOrder(job: Job<OrderJobData>, token = ''): Promise<unknown> {
    const { order: id } = job.data;
    let { run } = job.data;
    for (let look = 0; look < LOOKS; look += 1) {
      const settled = await store.settle(id, run);
      if (settled.kind === 'over' && settled.state !== null && !TERMINAL_STATES.includes(settled.state)) {
        // The next run began while this job was still ending the one before, so that no other could take its place.
        run = (await store.placement(id))?.run ?? run;
        await job.updateData({ order: id, run });
        continue;
      }
      if (settled.kind === 'over') {
        if (settled.state === 'failed' || settled.state === null) throw new UnrecoverableError('superseded');
        return { state: settled.state };
      }
      if (settled.kind === 'settled') {
        const { state, target, durationMs } = settled;
        observer.orderSettled({ target, state, durationMs });
        log.info({ order: id, state, ms: durationMs }, 'order settled');
        await motor.startAll(settled.next);
        ledger.soon();
        // A failed job is what the dashboard offers to retry: that is the order's next run.
        if (state === 'failed') throw new UnrecoverableError('undone');
        return { state };
      }
      if (settled.kind === 'turning') {
        await job.moveToDelayed(Date.now() + TURNING_MS, token);
        throw new DelayedError();
      }
      const order = await store.placement(id);
      if (!order) throw new UnrecoverableError('superseded');
      await motor.addOpenLines(order, { id: job.id!, queue: job.queueQualifiedName });
      if (await job.moveToWaitingChildren(token)) throw new WaitingChildrenError();
      await motor.runAgain(
        order,
        order.plan.map((step) => step.id),
      );
    }
    throw new Error(`order ${id} has open steps but no open jobs`);
  };
}
