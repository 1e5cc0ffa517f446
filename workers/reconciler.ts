import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Motor } from '../flows/motor.ts';
import type { Ledger } from '../src/ledger/ledger.ts';
import type { Logger } from '../src/observability/index.ts';
import type { OrderStore } from '../src/orders/store.ts';
import type { KeyScheme } from '../src/redis/keys.ts';
import type { BreakerView } from '../src/targets/breaker.ts';
import type { Targets } from '../src/targets/targets.ts';
import type { EngineObserver } from './observer.ts';
import { createClock } from './reconcile/clock.ts';
import { createExaminer, type Fault } from './reconcile/examine.ts';
import { createHouse } from './reconcile/house.ts';
import { REPAIRS, type Repair } from './reconcile/repairs.ts';
import { createTidy } from './reconcile/tidy.ts';
import { createUpkeep } from './reconcile/upkeep.ts';

export interface ReconcilerOptions {
  store: OrderStore;
  motor: Motor;
  targets: Targets;
  ledger: Pick<Ledger, 'fold' | 'awaits'>;
  auditor: { lookAfter(): Promise<void> };
  connection: Redis;
  keys: KeyScheme;
  log: Logger;
  observer: Pick<EngineObserver, 'repaired'>;
  /** Name of this process. */
  name: string;
  everyMs: number;
  /** How long settled orders keep their record and jobs, and after that their archive. */
  retention: { settledMs: number; archiveMs: number };
}

/** What a round did, as the dashboard shows it. */
export interface Round {
  looked: number;
  repaired: number;
  archived: number;
}

const UNCONFIGURED = {
  code: 'TURNUP_CONFIG_INVALID',
  title: 'The target is not configured',
  detail: 'The order goes on once its target is in the configuration of the workers again.',
};
const BATCH = 200;
const AT_ONCE = 16;
/** Between two looks at what seems wrong: time enough for a healthy order to have moved on. */
const CONFIRM_MS = 1_000;
/** Of an order on a target that is no longer configured. */
const DEFAULT_WRITE_MS = 60_000;

type BreakersNotClosed = ReadonlyMap<string, BreakerView>;

/**
 * Repairs what a crash left between two writes (I2): accepted orders without jobs, jobs that failed or vanished without
 * our code, mailboxes that were not passed on, undos that were not begun, what attempts that are gone still hold. And
 * keeps house. One process at a time does a round; where nothing has crashed a round repairs nothing.
 */
export function createReconciler(options: ReconcilerOptions) {
  const { store, motor, targets, ledger, log, observer, everyMs } = options;
  const writeTimeoutMs = (target: string) => targets.get(target)?.settings.timeouts.writeMs ?? DEFAULT_WRITE_MS;
  const examine = createExaminer({ store, motor, writeTimeoutMs });
  const house = createHouse({ store, motor, ledger, retention: options.retention });
  const tidy = createTidy({ store, targets, log, tell });
  const clock = createClock({ store, motor, log, writeTimeoutMs });
  const upkeep = createUpkeep({
    queue: motor.queues.upkeep,
    connection: options.connection,
    keys: options.keys,
    name: options.name,
    everyMs,
    log,
    round,
  });

  async function tell(id: string, repair: Repair, step: string | null): Promise<void> {
    observer.repaired(repair);
    log.warn({ order: id, step, repair }, `repaired: ${REPAIRS[repair]}`);
    await store.note(id, { type: 'repaired', step, by: 'turnup', detail: { what: REPAIRS[repair], repair } });
  }

  /** Mends what is wrong with certainty; gives what only seems to be. */
  async function look(id: string, notClosed: BreakersNotClosed, done: Round): Promise<Fault | null> {
    done.looked += 1;
    const order = await store.placement(id);
    if (!order) return null;
    if (!targets.get(order.target)) {
      log.warn({ order: id, target: order.target }, 'an order waits for a target that is not configured');
      await store.noteParked(id, order.target, { ...UNCONFIGURED, by: null }, true);
      return null;
    }
    if (order.state === 'pending') {
      if (!(await store.passMailbox(id))) return null;
      await motor.start(id);
      await tell(id, 'mailboxNotPassed', null);
      done.repaired += 1;
      return null;
    }
    const breaker = notClosed.get(order.target);
    if (breaker) {
      const { code, title, detail } = breaker.reason ?? { code: '', title: '', detail: null };
      await store.noteParked(id, order.target, { code, title, detail, by: breaker.by });
    }
    return examine(order);
  }

  async function confirm(id: string, suspected: Fault): Promise<boolean> {
    const order = await store.placement(id);
    const fault = order && (await examine(order));
    if (!fault || fault.repair !== suspected.repair || fault.step !== suspected.step) return false;
    if (!(await fault.mend())) return false;
    await tell(id, fault.repair, fault.step);
    return true;
  }

  /** One order that cannot be looked at must not keep the others from it. */
  async function carefully<T>(id: string, work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (error) {
      log.warn({ err: error, order: id }, 'an order could not be looked after');
      return null;
    }
  }

  async function lookAtOrders(until: number, done: Round): Promise<void> {
    const notClosed = await breakersNotClosed();
    const suspects = new Map<string, Fault>();
    for (;;) {
      const ids = await store.dueForLook(BATCH, everyMs * 0.9);
      await inTurn(ids, async (id) => {
        const suspected = await carefully(id, () => look(id, notClosed, done));
        if (suspected) suspects.set(id, suspected);
      });
      if (ids.length < BATCH || performance.now() > until) break;
    }
    if (suspects.size === 0) return;
    await sleep(CONFIRM_MS);
    await inTurn([...suspects.keys()], async (id) => {
      if (await carefully(id, () => confirm(id, suspects.get(id)!))) done.repaired += 1;
    });
  }

  async function breakersNotClosed(): Promise<BreakersNotClosed> {
    const views = await Promise.all(targets.names().map(async (name) => [name, await targets.breaker(name)] as const));
    return new Map(views.filter(([, { state }]) => state !== 'closed'));
  }

  async function restoreTargets(done: Round): Promise<void> {
    for (const { target, repaired } of await targets.restoreLimits()) {
      const repair: Repair = repaired === 'parked' ? 'queueNotParked' : 'queueParkedForNothing';
      done.repaired += 1;
      observer.repaired(repair);
      log.warn({ target, repair }, `repaired: ${REPAIRS[repair]}`);
    }
  }

  /** One round over everything that is due; takes a part of the time between rounds, the rest is for the next one. */
  async function round(): Promise<Round> {
    const done: Round = { looked: 0, repaired: 0, archived: 0 };
    const until = performance.now() + everyMs / 5;
    await clock.tick();
    await restoreTargets(done);
    await lookAtOrders(until, done);
    done.repaired += await tidy.round();
    await ledger.fold();
    await options.auditor.lookAfter();
    done.archived = await house.keep(until);
    return done;
  }

  return {
    round,
    async start(): Promise<void> {
      clock.start();
      await upkeep.start();
    },
    async close(): Promise<void> {
      await Promise.all([clock.close(), upkeep.close()]);
    },
  };
}

/** Some at a time. */
async function inTurn(ids: readonly string[], work: (id: string) => Promise<void>): Promise<void> {
  const left = [...ids];
  const one = async (): Promise<void> => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) await work(id);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, left.length) }, one));
}
