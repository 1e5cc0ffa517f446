import { setTimeout as sleep } from 'node:timers/promises';
import { DelayedError, type Job, type Queue } from 'bullmq';
import type { AuditTurn, Finding } from '../../src/audits/audit.ts';
import type { AuditStore, TurnResult } from '../../src/audits/store.ts';
import { TurnupError } from '../../src/errors/index.ts';
import type { Logger } from '../../src/observability/index.ts';
import type { Target, Targets } from '../../src/targets/targets.ts';
import type { EngineObserver } from '../observer.ts';
import { toTurnupError } from '../step/errors.ts';
import type { createCustomerCheck } from './customer.ts';
import { readTarget } from './reading.ts';

export interface AuditJobData {
  readonly audit: string;
  /** How often the turn under way came to nothing. */
  readonly failures?: number;
  /** How often it was waited for orders at the last customers. */
  readonly waited?: number;
}

export interface AuditProcessorOptions {
  readonly audits: AuditStore;
  readonly targets: Targets;
  readonly check: ReturnType<typeof createCustomerCheck>;
  /** The BullMQ queue of a target's steps. */
  queueOf(target: string): Queue;
  readonly observer: Pick<EngineObserver, 'platformCall'>;
  readonly log: Logger;
  readonly customersPerSecond: number;
  /** Aborted when the process stops. */
  readonly closing: AbortSignal;
}

/** Until an audit that waits looks again. */
const LOOK_MS = 1_000;
const LONGEST_LOOK_MS = 5_000;
/** So long an audit lets orders go first at each customer; then it goes on, or it would never end. */
const LONGEST_YIELD_MS = 10_000;
const YIELD_MS = 200;
/** Turns at a customer before it is said that nothing could be told of it. */
const TRIES = 3;
/** Looks in all at customers that orders are at when all others were looked at. */
const PATIENCE = 60;

/** The audit's job waits, its turn is not over. */
class LookLater extends Error {
  readonly delayMs: number;
  constructor(delayMs: number) {
    super('the audit looks again later');
    this.delayMs = delayMs;
  }
}

/**
 * Looks at one customer after the other. How far it is stands in the store after each, so that a crash costs no more
 * than the customer it was at; while its target is down, or asks for fewer calls, the audit waits (I6).
 */
export function createAuditProcessor(options: AuditProcessorOptions) {
  const { audits, targets, check, queueOf, observer, log, customersPerSecond, closing } = options;

  const waits = (ms: number): Promise<unknown> => sleep(ms, undefined, { signal: closing }).catch(() => undefined);

  /** How long the target is to be left alone, in ms; 0: it is not. */
  async function parkedMs(name: string): Promise<number> {
    const [breaker, throttledUntil] = await Promise.all([targets.breaker(name), targets.throttledUntil(name)]);
    const until = breaker.state === 'open' ? breaker.until : throttledUntil;
    if (breaker.state !== 'open' && until === null) return 0;
    const left = until === null ? LONGEST_LOOK_MS : Date.parse(until) - Date.now();
    return Math.min(Math.max(left, LOOK_MS / 4), LONGEST_LOOK_MS);
  }

  /** Orders go first. */
  async function giveWay({ id, target }: AuditTurn): Promise<void> {
    const queue = queueOf(target);
    const until = performance.now() + LONGEST_YIELD_MS;
    let isTold = false;
    while (!closing.aborted && performance.now() < until) {
      if ((await queue.getJobCountByTypes('waiting', 'prioritized')) === 0) return;
      if (!isTold) await audits.waits(id, 'orders');
      isTold = true;
      await waits(YIELD_MS);
    }
  }

  const nothingKnown = (customer: string, error: TurnupError): Finding => ({
    customer,
    subscriber: null,
    state: 'unknown',
    members: [],
    why: [error.title, error.detail].filter(Boolean).join(': '),
    order: null,
  });

  /** What a customer's turn came to. Throws `LookLater` where it is to be had again. */
  async function take(job: Job<AuditJobData>, turn: AuditTurn, target: Target, customer: string): Promise<TurnResult> {
    const reading = readTarget(target, observer, closing);
    try {
      const isPatient = !turn.isLast || (job.data.waited ?? 0) < PATIENCE;
      const result = await check(turn, target, reading.client, customer, isPatient);
      if ((await targets.breaker(target.name)).state !== 'closed') await targets.succeeded(target.name);
      return result;
    } catch (thrown) {
      if (closing.aborted) throw new LookLater(0);
      const error = target.judge(toTurnupError(thrown), 'audit');
      if (error.code === 'TURNUP_STORE_UNAVAILABLE') throw error;
      const parked = await targets.failed(target.name, error, { answered: reading.answered() });
      if (parked > 0) {
        log.warn({ err: error, audit: turn.id, target: target.name }, 'the target of an audit is away');
        await audits.waits(turn.id, 'target');
        throw new LookLater(Math.min(parked, LONGEST_LOOK_MS));
      }
      const failures = (job.data.failures ?? 0) + 1;
      log.warn({ err: error, audit: turn.id, target: target.name, failures }, 'a customer could not be compared');
      const isPassing = error.class === 'transient' || error.class === 'ambiguous';
      if (isPassing && failures < TRIES) {
        await job.updateData({ ...job.data, failures });
        throw new LookLater(LOOK_MS * failures);
      }
      return { findings: [nothingKnown(customer, error)], putOff: false, orders: turn.orders };
    }
  }

  async function run(job: Job<AuditJobData>): Promise<{ state: string }> {
    const id = job.data.audit;
    for (let nextAt = 0; ;) {
      if (closing.aborted) throw new LookLater(0);
      const turn = await audits.begin(id);
      if (turn === 'over') return { state: 'over' };
      if (turn === 'behind') throw new LookLater(LOOK_MS);
      const { customer } = turn;
      if (customer === null) {
        await audits.end(id, 'completed');
        log.info({ audit: id, target: turn.target }, 'audit completed');
        return { state: 'completed' };
      }
      const target = targets.get(turn.target);
      if (!target) throw new TurnupError('TURNUP_NOT_FOUND', { detail: `target ${turn.target}` });
      const parked = await parkedMs(turn.target);
      if (parked > 0) {
        await audits.waits(id, 'target');
        throw new LookLater(parked);
      }
      await waits(Math.max(0, nextAt - performance.now()));
      nextAt = performance.now() + 1_000 / customersPerSecond;
      await giveWay(turn);
      if (closing.aborted) throw new LookLater(0);
      const result = await take(job, turn, target, customer);
      const { failures, ...rest } = job.data;
      if (failures !== undefined) await job.updateData(rest);
      if (turn.isLast && result.putOff) {
        await audits.waits(id, 'orders');
        await job.updateData({ ...rest, waited: (rest.waited ?? 0) + 1 });
        throw new LookLater(LOOK_MS);
      }
      await audits.advance(turn, result);
    }
  }

  return async function process(job: Job<AuditJobData>, token = ''): Promise<unknown> {
    try {
      return await run(job);
    } catch (error) {
      if (!(error instanceof LookLater)) throw error;
      await job.moveToDelayed(Date.now() + error.delayMs, token);
      throw new DelayedError();
    }
  };
}
