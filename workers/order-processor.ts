import { UnrecoverableError, WaitingChildrenError, type Job } from 'bullmq';
import type { OrderJobData } from '../flows/jobs.ts';
import type { Motor } from '../flows/motor.ts';
import type { Logger } from '../src/observability/index.ts';
import type { OrderStore } from '../src/orders/store.ts';

export interface OrderProcessorOptions {
  store: OrderStore;
  motor: Motor;
  log: Logger;
}

/** More looks than this within one wake mean that record and jobs disagree; the reconciler then sorts it out. */
const LOOKS = 5;

/** The order's own job: on every wake it settles the order, or adds what is missing beneath itself and waits. */
export function createOrderProcessor({ store, motor, log }: OrderProcessorOptions) {
  return async function processOrder(job: Job<OrderJobData>, token = ''): Promise<unknown> {
    const { order: id, run } = job.data;
    for (let look = 0; look < LOOKS; look += 1) {
      const settled = await store.settle(id, run);
      if (settled.kind === 'over') {
        if (settled.state === 'failed' || settled.state === null) throw new UnrecoverableError('superseded');
        return { state: settled.state };
      }
      if (settled.kind === 'settled') {
        log.info({ order: id, state: settled.state }, 'order settled');
        if (settled.next !== null) await motor.start(settled.next);
        return { state: settled.state };
      }
      const order = await store.placement(id);
      if (!order) throw new UnrecoverableError('superseded');
      await motor.addOpenLines(order, { id: job.id!, queue: job.queueQualifiedName });
      if (await job.moveToWaitingChildren(token)) throw new WaitingChildrenError();
    }
    throw new Error(`order ${id} has open steps but no open jobs`);
  };
}
