import type { Attempt, Begun } from '../../src/orders/begin.ts';
import type { Orders } from './harness.ts';
import { REFUSED, WRITE_MS } from './harness.ts';

/** One thing that happens to an attempt, with a number that picks which. */
export interface Happening {
  verb: 'start' | 'go on' | 'lose reply' | 'vanish' | 'freeze' | 'awake' | 'cancel';
  at: number;
}

interface Running extends Attempt {
  phase: 'looked' | 'may write' | 'writing' | 'landed';
  /** Objects it saw. */
  seen: string[];
  made: string | null;
  frozen: boolean;
}

const CHAIN = ['customer', 's1.subscriber', 's1.preferences'];

/**
 * Attempts at the steps of one order and the platform they write to, after the step protocol (DESIGN §5): attempts may
 * vanish or freeze at any point, replies get lost, a new attempt is started while an old one may still be writing. What
 * the record allows is all that keeps an object from being made twice.
 */
export function protocol(on: Orders, order: string) {
  const objects = new Map<string, string[]>(CHAIN.map((step) => [step, []]));
  const starts = new Map<string, number>();
  let running: Running[] = [];
  let count = 0;

  const forget = (attempt: Running) => (running = running.filter((one) => one !== attempt));

  /** As long as a write may take, and a little longer: whatever is under way has arrived or never will. */
  async function waitForWrites(step: string, arrives: boolean): Promise<void> {
    for (const attempt of running.filter((one) => one.step === step && one.phase === 'writing')) {
      if (arrives) land(attempt);
      else forget(attempt);
    }
    // By its own clock a frozen attempt knows that its lock is gone.
    for (const attempt of running.filter((one) => one.step === step && one.phase === 'may write')) forget(attempt);
    const field = `s:${step}:w`;
    const written = Number(await on.field(order, field));
    if (written) await on.redis.hset(on.keys.order(order), field, written - WRITE_MS - 2_000);
  }

  function land(attempt: Running): void {
    if (attempt.direction === 'u') {
      objects.set(attempt.step, []);
    } else {
      attempt.made = `${attempt.step} by ${attempt.token} ${(count += 1)}`;
      objects.get(attempt.step)!.push(attempt.made);
    }
    attempt.phase = 'landed';
  }

  async function start(at: number): Promise<void> {
    const placed = await on.store.placement(order);
    if (!placed || ['completed', 'cancelled'].includes(placed.state)) return;
    const forward = placed.direction === 'f';
    const open = forward
      ? CHAIN.filter((step) => placed.stepStates[step] !== 'done').slice(0, 1)
      : [...CHAIN.filter((step) => placed.stepStates[step] === 'active'), ...placed.toUndo.toReversed()];
    const step = open[0];
    if (!step) return;
    // BullMQ starts a job again only when whoever was at it is gone, or seems to be.
    if (running.some((one) => one.step === step && !one.frozen)) return;
    const direction = forward || placed.stepStates[step] === 'active' ? 'f' : 'u';
    const key = `${step} ${direction}`;
    starts.set(key, (starts.get(key) ?? 0) + 1);
    const attempt: Attempt = { order, run: 1, direction, step, token: `a${(count += 1)}` };
    const index = CHAIN.indexOf(step);
    const begun: Begun = await on.begin(order, step, {
      ...attempt,
      absentAfter: direction === 'f' ? (CHAIN[index - 1] ?? null) : null,
      firstOfJob: starts.get(key) === 1 ? 1_000 : null,
    });
    if (begun.kind === 'takeover') await waitForWrites(step, at % 2 === 0);
    if (begun.kind !== 'go') return;
    const { token, blind } = begun.assignment;
    const phase = blind || direction === 'u' ? 'may write' : 'looked';
    running.push({ ...attempt, token, phase, seen: [...objects.get(step)!], made: null, frozen: false });
  }

  async function goOn(attempt: Running): Promise<void> {
    const common = { ...attempt, outcome: 'created' as const, calls: [] };
    if (attempt.phase === 'looked' && attempt.seen.length > 0) {
      forget(attempt);
      await on.store.complete({ ...common, result: { object: attempt.seen[0]! }, next: nextOf(attempt) });
    } else if (attempt.phase === 'looked') {
      const may = await on.store.intend({ ...attempt, intent: 'absent', verb: 'create', calls: [] });
      if (may) attempt.phase = 'may write';
      else forget(attempt);
    } else if (attempt.phase === 'may write') {
      if (attempt.frozen || !(await on.store.confirmLease(attempt))) forget(attempt);
      else attempt.phase = 'writing';
    } else if (attempt.phase === 'writing') land(attempt);
    else {
      forget(attempt);
      const completed = await on.store.complete({ ...common, result: { object: attempt.made }, next: nextOf(attempt) });
      if (typeof completed === 'object' && 'refused' in completed && (completed.fenced || completed.recorded)) {
        if (completed.recorded?.['object'] !== attempt.made) discard(attempt);
      }
    }
  }

  function discard(attempt: Running): void {
    objects.set(
      attempt.step,
      objects.get(attempt.step)!.filter((one) => one !== attempt.made),
    );
  }

  function nextOf({ step }: Attempt) {
    const next = CHAIN[CHAIN.indexOf(step) + 1];
    return next === undefined ? null : { step: next, absentAfter: step, item: null, needs: [step] };
  }

  async function happen({ verb, at }: Happening): Promise<void> {
    const attempt = running[at % Math.max(running.length, 1)];
    if (verb === 'start') return start(at);
    if (verb === 'cancel') return void (at % 4 === 0 && (await on.store.turn(order, 'cancel', 'client:crm', 'no')));
    if (!attempt) return undefined;
    if (verb === 'go on') return goOn(attempt);
    if (verb === 'freeze') attempt.frozen = true;
    if (verb === 'awake') return attempt.frozen ? goOn(attempt) : undefined;
    if (verb === 'vanish') {
      // What was sent arrives or not.
      if (attempt.phase === 'writing' && at % 2 === 0) land(attempt);
      forget(attempt);
    }
    if (verb === 'lose reply' && attempt.phase === 'writing') {
      land(attempt);
      forget(attempt);
      await on.store.fail({ ...attempt, failure: REFUSED, final: false, calls: [] });
    }
    return undefined;
  }

  return {
    objects,
    happen,
    /** From here on nothing goes wrong any more. */
    async finish(): Promise<string | undefined> {
      for (let round = 0; round < 100; round += 1) {
        for (const attempt of running) await goOn(attempt);
        const placed = await on.store.placement(order);
        const settled = await on.store.settle(order, 1);
        if (settled.kind === 'settled') return settled.state;
        if (!placed) break;
        await start(round);
      }
      return (await on.store.placement(order))?.state;
    },
  };
}
