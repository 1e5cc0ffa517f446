import type { Motor } from '../../flows/motor.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import type { OrderStore } from '../../src/orders/store.ts';

const BATCH = 200;

export interface HouseOptions {
  store: OrderStore;
  motor: Motor;
  ledger: Pick<Ledger, 'awaits'>;
  /** How long settled orders keep their record and jobs, and after that their archive. */
  retention: { settledMs: number; archiveMs: number };
}

/** Archives settled orders, removes their jobs, forgets what is too old. */
export function createHouse({ store, motor, ledger, retention }: HouseOptions) {
  async function archiveOne(id: string): Promise<boolean> {
    // Its archive does not hold what the ledger is made from.
    if (await ledger.awaits(id)) return false;
    const order = await store.placement(id);
    if (order && !(await motor.removeJobs(order))) return false;
    await store.archive(id, retention.archiveMs);
    return true;
  }

  return {
    /** Goes on until nothing is due or `until` (of the monotonic clock, in ms) has come. Gives how many were archived. */
    async keep(until: number): Promise<number> {
      let archived = 0;
      for (;;) {
        const due = await store.dueForArchive(retention.settledMs, BATCH);
        const before = archived;
        for (const id of due) if (await archiveOne(id)) archived += 1;
        // Those whose job is in hand stay due.
        if (due.length < BATCH || archived === before || performance.now() > until) break;
      }
      while ((await store.forgetExpired(BATCH)) === BATCH && performance.now() <= until);
      return archived;
    },
  };
}
