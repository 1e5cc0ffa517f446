import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DelayedError, RateLimitError, UnrecoverableError, WaitingChildrenError, type Job } from 'bullmq';
import { stepJobId, type StepJobData } from '../../flows/jobs.ts';
import { lineOf } from '../../flows/tree.ts';
import type { Motor } from '../../flows/motor.ts';
import { TurnupError } from '../../src/errors/index.ts';
import type { Logger } from '../../src/observability/index.ts';
import type { Assignment } from '../../src/orders/assignment.ts';
import type { Attempt } from '../../src/orders/begin.ts';
import type { CompleteInput } from '../../src/orders/complete.ts';
import type { OrderStore } from '../../src/orders/store.ts';
import { stepKind, type Intent, type NeededStep, type StepContext, type StepKind } from '../../src/platforms/port.ts';
import type { KeyRing } from '../../src/secrets/index.ts';
import type { Target, Targets } from '../../src/targets/targets.ts';
import type { EngineObserver } from '../observer.ts';
import { sealIntent, stepContext } from './context.ts';
import { toFailure, toTurnupError } from './errors.ts';
import { sealEvidence } from './evidence.ts';
import { createHandedOver } from './handed-over.ts';
import { createCallGuard, type CallGuard } from './hooks.ts';
import { performStep, undoStep, type Performed } from './perform.ts';
import { backoffMs, isFinal } from './policy.ts';

export interface StepProcessorOptions {
  store: OrderStore;
  motor: Motor;
  targets: Targets;
  target: Target;
  keyRing: KeyRing;
  log: Logger;
  observer: EngineObserver;
  /** Name of this worker process, for the journal. */
  worker: string;
  lockEndsAt(jobId: string): number;
}

const HANDED_OVER_MS = 1_000;
const DECISION_EVERY_MS = 500;
/** Between two looks whether it is a step's turn. */
const TURN_MS = 1_000;

/** The wait of a failed attempt, carried to BullMQ's back-off strategy by the error that ends it. */
export class RetryLater extends Error {
  readonly delayMs: number;
  constructor(message: string, delayMs: number) {
    super(message);
    this.name = 'RetryLater';
    this.delayMs = delayMs;
  }
}

export interface StepProcessor {
  process(job: Job<StepJobData>, token?: string, signal?: AbortSignal): Promise<unknown>;
  /** Resolves when all results that steps left behind are recorded. */
  recorded(): Promise<void>;
}

/** Carries one step out. What it may do is decided by the record alone; the job is only the wake-up (I11). */
export function createStepProcessor(options: StepProcessorOptions): StepProcessor {
  const { store, motor, targets, target, worker } = options;
  const recording = new Set<Promise<void>>();
  const handedOver = createHandedOver();
  // A lease must never look like that of an earlier process, which may have had the same name and number.
  const process = randomBytes(6).toString('base64url');
  let attempts = 0;

  /** Made only where something is said: most attempts say nothing at the usual level. */
  const logOf = (data: StepJobData): Logger =>
    options.log.child({ order: data.order, step: data.step, target: target.name });

  async function processStep(
    job: Job<StepJobData>,
    token = '',
    signal = new AbortController().signal,
  ): Promise<unknown> {
    const { data } = job;
    attempts += 1;
    const own: Attempt = { ...pick(data), token: `${process}.${attempts}` };
    const kept = handedOver.take(job);
    if (kept) {
      await store.handedOver();
      return run(job, { ...own, token: kept.assignment.token }, kept.assignment, signal, kept.since);
    }
    const askedAt = performance.now();
    const begun = await store.begin({
      ...own,
      item: data.item,
      needs: data.needs,
      exclusive: data.exclusive,
      absentAfter: data.absentAfter,
      firstOfJob: job.attemptsStarted === 1 ? job.timestamp : null,
      writeTimeoutMs: target.settings.timeouts.writeMs,
      worker,
    });
    switch (begun.kind) {
      case 'done':
        return { outcome: begun.outcome };
      case 'superseded':
        throw new UnrecoverableError('superseded');
      case 'takeover':
      case 'busy':
        await job.moveToDelayed(Date.now() + begun.waitMs, token);
        throw new DelayedError();
      case 'needs':
        return waitForNeeds(job, token, begun.missing);
      case 'deadline':
        if (begun.recorded) throw new UnrecoverableError('the deadline has passed');
        return endAttempt(new TurnupError('TURNUP_DEADLINE_PASSED'), own, data, 1, null);
      default:
        return run(job, { ...own, token: begun.assignment.token }, begun.assignment, signal, askedAt);
    }
  }

  /** @param since when the record was asked for the assignment, on the monotonic clock, in ms */
  async function run(
    job: Job<StepJobData>,
    attempt: Attempt,
    assignment: Assignment,
    signal: AbortSignal,
    since: number,
  ) {
    const { data } = job;
    const startedAt = performance.now();
    const guard = createCallGuard({
      attempt,
      store,
      takeCall: target.takeCall,
      signal,
      lockEndsAt: () => options.lockEndsAt(job.id!),
      kind: data.kind,
      client: assignment.client,
      onCall: (call) => options.observer.platformCall(target.name, call),
      takeLease: async () => data.direction === 'f' && intend({ state: 'absent' }),
    });
    async function intend(intent: Intent): Promise<boolean> {
      const intendedAt = performance.now();
      const stored = await store.intend({
        ...attempt,
        intent: sealIntent(intent, options.keyRing, data.order),
        verb: intent.state === 'absent' ? 'create' : 'change',
        worker,
        calls: guard.takeCalls(),
      });
      if (stored) guard.leaseConfirmed(intendedAt);
      return stored;
    }
    if (assignment.blind) guard.leaseConfirmed(since);
    const ended = (outcome: string) =>
      options.observer.stepFinished({
        target: target.name,
        kind: data.kind,
        direction: data.direction === 'f' ? 'forward' : 'undo',
        outcome,
        durationMs: performance.now() - startedAt,
      });
    try {
      const kind = kindOf(target, data);
      const ctx: StepContext = {
        ...stepContext(assignment, data, options.keyRing, kind.opensSecrets),
        client: target.connection().bind(guard),
        shared: target.shared(data, signal),
      };
      const performed =
        data.direction === 'u'
          ? await takeBack(kind, ctx, assignment)
          : await performStep(kind, ctx, assignment.blind, intend);
      const more = { next: data.next, durationMs: performance.now() - startedAt };
      const recorded = record(performed, kind, ctx, attempt, guard, more);
      if (data.direction === 'u') await recorded;
      else leaveBehind(recorded, data);
      if (assignment.unsteady) await targets.succeeded(target.name);
      const { outcome } = performed;
      ended(outcome);
      if (options.log.isLevelEnabled('info')) {
        const ms = Math.round(performance.now() - startedAt);
        logOf(data).info({ attempt: assignment.attempt, outcome, ms }, 'step done');
      }
      return { outcome };
    } catch (error) {
      if (error instanceof UnrecoverableError) throw error;
      // What an attempt that was stopped stumbles over says nothing of the target.
      const isStopped = signal.aborted && !(error instanceof TurnupError);
      const known = isStopped ? new TurnupError('TURNUP_LEASE_LOST', { cause: error }) : judged(error, data.kind);
      ended(known.class);
      if (known.code === 'TURNUP_OBJECT_BUSY') return await waitForTurn(known, attempt, job, guard);
      return await endAttempt(known, attempt, data, assignment.attempt, guard, assignment.unsteady ? job : null);
    }
  }

  /**
   * The result and BullMQ's own end of the job go out on one connection, in this order, so waiting for the first before
   * sending the second would only make Redis write to its disk twice. Whoever comes next asks the record, not the job
   * (I11); a result that is refused is dealt with all the same.
   */
  function leaveBehind(recorded: Promise<void>, data: StepJobData): void {
    const settled = recorded
      .catch((error: unknown) => {
        // It was the last that kept an order from being undone, and its job has ended well: nothing else would begin it.
        if (error instanceof UnrecoverableError) return motor.undo(data.order);
        throw error;
      })
      .catch((error: unknown) => logOf(data).warn({ err: error }, 'the result of a step was not taken'))
      .finally(() => recording.delete(settled));
    recording.add(settled);
  }

  /** What was thrown, as the target's rules take it. */
  const judged = (error: unknown, kind: string): TurnupError => target.judge(toTurnupError(error), kind);

  async function takeBack(kind: StepKind, ctx: StepContext, assignment: Assignment): Promise<Performed> {
    await undoStep(kind, ctx, assignment.done as NeededStep | null);
    return { outcome: 'changed', result: {}, made: false };
  }

  /** What the record in the end has of the step; null: nothing; undefined: it did not decide in good time. */
  async function decision(attempt: Attempt): Promise<Record<string, unknown> | null | undefined> {
    const until = performance.now() + 3 * target.settings.timeouts.writeMs;
    while (performance.now() < until) {
      const order = await store.read(attempt.order);
      if (!order || order.run !== attempt.run) return null;
      const step = order.steps.find(({ id }) => id === attempt.step);
      if (step?.state === 'done') return step.result;
      if (order.direction === 'undo' || step?.state === 'skipped') return null;
      await sleep(DECISION_EVERY_MS);
    }
    return undefined;
  }

  /** Stores the result; an attempt that lost its lease takes away what it alone made instead. */
  async function record(
    performed: Performed,
    kind: StepKind,
    ctx: StepContext,
    attempt: Attempt,
    guard: CallGuard,
    more: Pick<CompleteInput, 'durationMs'> & Pick<StepJobData, 'next'>,
  ): Promise<void> {
    const { outcome, result, made } = performed;
    const sentAt = performance.now();
    const completed = await store.complete({ ...attempt, outcome, result, calls: guard.takeCalls(), ...more });
    if (completed === 'completed') return;
    if (typeof completed === 'object' && 'handedOver' in completed) {
      const next = stepJobId(attempt.order, attempt.run, 'f', more.next!.step);
      if (!more.next!.exclusive) handedOver.keep(next, completed.handedOver, sentAt);
      return;
    }
    if (completed === 'turned') throw new UnrecoverableError('superseded');
    options.log.warn({ ...attempt, made, result }, 'finished too late: another attempt or run rules');
    // The attempt that took over may find what this one made and keep it, or may have looked before it was there: only
    // when the record has decided is it known whether this one's is to go.
    const decided = completed.fenced || !made ? completed.recorded : await decision(attempt);
    const discards = made && decided !== undefined && kind.discard !== undefined;
    const detail = { result, discarded: discards };
    await store.note(attempt.order, { type: 'lateFinish', step: attempt.step, by: 'turnup', detail });
    if (discards) {
      guard.discarding();
      await kind.discard?.(ctx, result, decided as typeof result | null).catch(async (error: unknown) => {
        await store.noteLeftover(attempt);
        throw error;
      });
    }
    throw new TurnupError('TURNUP_LEASE_LOST');
  }

  /** Decides what follows from a failed attempt: park the target, try again later, or wait for a person. Always throws. */
  async function endAttempt(
    error: TurnupError,
    attempt: Attempt,
    data: StepJobData,
    count: number,
    guard: CallGuard | null,
    probe: Job | null = null,
  ): Promise<never> {
    const log = logOf(data).child({ attempt: count });
    if (error.code === 'TURNUP_STORE_UNAVAILABLE') throw error;
    if (error.code === 'TURNUP_LEASE_LOST') {
      log.warn({ err: error }, 'step handed over');
      // What was sent may do its work now that somebody else has looked already.
      if (attempt.direction === 'f' && guard?.wrote()) await store.noteLeftover(attempt);
      // Whether anything is left to do is for the record to say at the next beginning.
      throw new RetryLater(error.message, HANDED_OVER_MS);
    }
    const failure = toFailure(error);
    const calls = guard?.takeCalls() ?? [];
    const parkedMs = await targets.failed(target.name, error, { answered: guard?.answered() ?? false });
    if (parkedMs > 0) {
      await store.park({ ...attempt, target: target.name, failure, calls });
      log.warn({ err: error, parkedMs }, 'target parked');
      // The next probe is another job: one that fails whatever the target does must not speak for all the others.
      if (probe && error.class !== 'throttled') {
        await probe.moveToDelayed(Date.now(), probe.token);
        throw new DelayedError();
      }
      throw new RateLimitError();
    }
    const { direction } = attempt;
    const final = isFinal(error.class, count, direction);
    const retryInMs = final ? undefined : backoffMs(error.class, count, direction);
    const evidence = sealEvidence(error, attempt, options.keyRing);
    await store.fail({
      ...attempt,
      failure,
      final,
      ...(retryInMs !== undefined && { retryInMs }),
      calls,
      ...(evidence && { evidence }),
    });
    log[final ? 'error' : 'warn']({ err: error, kind: data.kind, final, retryInMs }, 'step failed');
    const message = `${error.code}: ${error.message}`;
    if (retryInMs !== undefined) throw new RetryLater(message, retryInMs);
    const ended = new UnrecoverableError(message);
    // The dashboard shows it to people for whom the way through our code says nothing; the log has it.
    if (error.class !== 'bug') ended.stack = message;
    throw ended;
  }

  /** Another step is at the same thing: that is no failure of this one, nor of the target (I6). Always throws. */
  async function waitForTurn(error: TurnupError, attempt: Attempt, job: Job, guard: CallGuard): Promise<never> {
    const failure = toFailure(error);
    await store.park({ ...attempt, target: target.name, failure, calls: guard.takeCalls() });
    await job.moveToDelayed(Date.now() + TURN_MS / 2 + Math.random() * TURN_MS, job.token);
    throw new DelayedError();
  }

  async function waitForNeeds(job: Job<StepJobData>, token: string, missing: readonly string[]): Promise<unknown> {
    const order = await store.placement(job.data.order);
    if (!order) throw new UnrecoverableError('superseded');
    const steps = order.plan.filter((step) => missing.includes(step.id));
    // What was built last is taken back first.
    const line = job.data.direction === 'u' ? steps.toReversed() : steps;
    await motor.addBeneath(lineOf(order, line), { id: job.id!, queue: job.queueQualifiedName });
    await motor.runAgain(order, missing);
    await store.note(order.id, { type: 'needsAdded', step: job.data.step, by: 'turnup', detail: { missing } });
    if (await job.moveToWaitingChildren(token)) throw new WaitingChildrenError();
    // The needed steps were done between the look and now.
    throw new RetryLater('needed steps have just been done', 50);
  }

  return {
    process: processStep,
    async recorded() {
      await Promise.allSettled(recording);
    },
  };
}

function pick({ order, run, direction, step }: StepJobData) {
  return { order, run, direction, step };
}

function kindOf({ platform }: Target, { action, kind }: StepJobData): StepKind {
  const found = stepKind(platform, action, kind);
  if (!found) {
    throw new TurnupError('TURNUP_INTERNAL', { detail: `${platform.name} has no step ${kind} in ${action} orders` });
  }
  return found;
}
