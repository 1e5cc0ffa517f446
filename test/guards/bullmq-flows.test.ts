import { Job, WaitingChildrenError, type FlowJob } from 'bullmq';
import { describe, expect, test } from 'vitest';
import { gate, ORDERS, orderNode, stepNode, STEPS, useBull } from './harness.ts';

/*
 * What the engine takes for granted of BullMQ's flows. A failure here means that an upgrade changed a fact; the rule
 * that rests on it is named with each.
 */
const bull = useBull();

async function fail(): Promise<never> {
  throw new Error('no');
}

/** order ← last ← middle ← first */
const line = (more: FlowJob['opts'] = {}) =>
  orderNode('o', [stepNode('last', [stepNode('middle', [stepNode('first', [], more)], more)], more)]);

describe('a failed step', () => {
  // Rule: forward steps carry no failure option.
  test('without a failure option leaves all that wait for it waiting', async () => {
    await bull.flows.add(line());
    const worker = bull.worker(STEPS, fail);
    await bull.until(bull.steps, 'first', 'failed');
    // A later job has gone through meanwhile, so nothing is merely late.
    await bull.steps.add('after', {}, { jobId: 'after' });
    await bull.until(bull.steps, 'after', 'failed');
    await worker.close();
    for (const id of ['middle', 'last']) expect(await bull.stateOf(bull.steps, id)).toBe('waiting-children');
    expect(await bull.stateOf(bull.orders, 'o')).toBe('waiting-children');
  });

  // Rule: forward steps carry no failure option: this one would end the order beyond a retry.
  test('with failParentOnFailure takes its parents along', async () => {
    await bull.flows.add(line({ failParentOnFailure: true }));
    bull.worker(STEPS, fail);
    bull.worker(ORDERS, async () => 'ran');
    await bull.until(bull.orders, 'o', 'failed');
  });

  // Rule: a retry moves the failed job alone; the jobs above it need nothing (I9).
  test('that is retried and ends well lets its parents go on', async () => {
    await bull.flows.add(line());
    let well = false;
    bull.worker(STEPS, async () => (well ? 'ran' : fail()));
    bull.worker(ORDERS, async () => 'ran');
    const job = await bull.until(bull.steps, 'first', 'failed');
    well = true;
    await job.retry('failed');
    await bull.until(bull.orders, 'o', 'completed');
  });

  // Rule: a parent trusts the record, not the wake-up (I11).
  test('that is removed releases its parent as if it had succeeded', async () => {
    await bull.flows.add(orderNode('o', [stepNode('last', [stepNode('first')])]));
    const ran: string[] = [];
    bull.worker(STEPS, async (job) => {
      ran.push(job.id!);
      if (job.id === 'first') await fail();
    });
    await bull.until(bull.steps, 'first', 'failed');
    await bull.steps.remove('first');
    await bull.until(bull.steps, 'last', 'completed');
    expect(ran).toEqual(['first', 'last']);
  });

  // Rule: no count-based removal of failed steps (I11).
  test('that is evicted by a later one releases its parent as well', async () => {
    await bull.flows.add(orderNode('o', [stepNode('last', [stepNode('first', [], { removeOnFail: { count: 1 } })])]));
    bull.worker(STEPS, async (job) => (job.id === 'last' ? 'ran' : fail()));
    await bull.until(bull.steps, 'first', 'failed');
    await bull.steps.add('other', {}, { jobId: 'other', removeOnFail: { count: 1 } });
    await bull.until(bull.steps, 'last', 'completed');
  });
});

describe('a flow that is added again with the same ids', () => {
  // Rule: after a crash just add again. Each of the states in which a crash can leave it is tried.
  const flow = () => orderNode('o', [stepNode('b', [stepNode('a')])]);

  async function snapshot() {
    const counts = await Promise.all([bull.orders, bull.steps].map((queue) => queue.getJobCounts()));
    const states = [
      await bull.stateOf(bull.orders, 'o'),
      await bull.stateOf(bull.steps, 'b'),
      await bull.stateOf(bull.steps, 'a'),
    ];
    const jobs = [await bull.orders.getJob('o'), await bull.steps.getJob('b'), await bull.steps.getJob('a')];
    return { counts, states, attempts: jobs.map((job) => job?.attemptsMade) };
  }

  async function expectHarmless(): Promise<void> {
    const before = await snapshot();
    await bull.flows.add(flow());
    expect(await snapshot()).toEqual(before);
  }

  async function expectToEnd(): Promise<void> {
    bull.worker(STEPS, async () => 'ran');
    bull.worker(ORDERS, async () => 'ran');
    await bull.until(bull.orders, 'o', 'completed');
    expect((await bull.steps.getJobCounts())['completed']).toBe(2);
    expect((await bull.orders.getJobCounts())['completed']).toBe(1);
  }

  test('while nothing has begun', async () => {
    await bull.flows.add(flow());
    await expectHarmless();
    await expectToEnd();
  });

  test('while the first step is active', async () => {
    await bull.flows.add(flow());
    const hold = gate();
    const worker = bull.worker(STEPS, async () => hold.promise);
    await bull.until(bull.steps, 'a', 'active');
    await expectHarmless();
    hold.open();
    await worker.close();
    await expectToEnd();
  });

  test('after the first step was done, and after it failed', async () => {
    await bull.flows.add(flow());
    let well = false;
    const worker = bull.worker(STEPS, async () => (well ? 'ran' : fail()));
    await bull.until(bull.steps, 'a', 'failed');
    await expectHarmless();
    await worker.pause();
    well = true;
    await (await bull.steps.getJob('a'))!.retry('failed');
    await expectHarmless();
    void worker.resume();
    await bull.until(bull.steps, 'b', 'completed');
    await expectHarmless();
    await expectToEnd();
  });

  test('while the first step is delayed', async () => {
    await bull.flows.add(orderNode('o', [stepNode('b', [stepNode('a', [], { delay: 3_600_000 })])]));
    expect(await bull.stateOf(bull.steps, 'a')).toBe('delayed');
    await expectHarmless();
  });

  test('while the order itself waits to run, is active, has failed, and has ended', async () => {
    await bull.flows.add(flow());
    bull.worker(STEPS, async () => 'ran');
    await bull.until(bull.orders, 'o', 'waiting');
    await expectHarmless();
    const hold = gate();
    let well = false;
    bull.worker(ORDERS, async () => {
      await hold.promise;
      if (!well) await fail();
    });
    await bull.until(bull.orders, 'o', 'active');
    await expectHarmless();
    hold.open();
    const job = await bull.until(bull.orders, 'o', 'failed');
    await expectHarmless();
    well = true;
    await job.retry('failed');
    await bull.until(bull.orders, 'o', 'completed');
    await expectHarmless();
  });

  // Rule: what is missing can be put back beneath an order's job that waits.
  test('puts back a step that was lost, and the order still waits for it', async () => {
    await bull.flows.add(flow());
    await bull.steps.remove('b', { removeChildren: true });
    expect(await bull.stateOf(bull.steps, 'a')).toBe('unknown');
    await bull.flows.add(flow());
    expect(await bull.stateOf(bull.steps, 'a')).toBe('waiting');
    bull.worker(STEPS, async () => 'ran');
    await bull.until(bull.steps, 'b', 'completed');
  });
});

describe('an order that is at work', () => {
  // Rule: on every wake the order's job adds what is missing beneath itself and waits.
  test('may add steps beneath itself and wait for them', async () => {
    let wakes = 0;
    bull.worker(ORDERS, async (job, token) => {
      wakes += 1;
      if (wakes > 1) return 'settled';
      const parent = { id: job.id!, queue: job.queueQualifiedName };
      await bull.flows.addBulk([
        { ...stepNode('b', [stepNode('a')]), opts: { jobId: 'b', parent } },
        { ...stepNode('c'), opts: { jobId: 'c', parent } },
      ]);
      if (await job.moveToWaitingChildren(token!)) throw new WaitingChildrenError();
      return 'did not wait';
    });
    await bull.orders.add('o', {}, { jobId: 'o' });
    await bull.until(bull.orders, 'o', 'waiting-children');
    bull.worker(STEPS, async () => 'ran');
    const job = await bull.until(bull.orders, 'o', 'completed');
    expect(job.returnvalue).toBe('settled');
    // Waiting is no failure.
    expect([wakes, job.attemptsMade]).toEqual([2, 1]);
    for (const id of ['a', 'b', 'c']) expect(await bull.stateOf(bull.steps, id)).toBe('completed');
  });

  // Rule: the order's job looks again when it may not wait.
  test('is told when there is nothing to wait for', async () => {
    const answers: boolean[] = [];
    bull.worker(ORDERS, async (job, token) => {
      answers.push(await job.moveToWaitingChildren(token!));
    });
    await bull.orders.add('o', {}, { jobId: 'o' });
    await bull.until(bull.orders, 'o', 'completed');
    bull.worker(STEPS, async () => 'ran');
    await bull.flows.add(orderNode('p', [stepNode('a')]));
    await bull.until(bull.orders, 'p', 'completed');
    expect(answers).toEqual([false, false]);
  });

  // Rule: a step whose needs are not done adds them beneath itself although they are there already (I11).
  test('waits for a step that was failed before it was added beneath it', async () => {
    let well = false;
    bull.worker(STEPS, async () => (well ? 'ran' : fail()));
    await bull.steps.add('a', {}, { jobId: 'a' });
    await bull.until(bull.steps, 'a', 'failed');
    let wakes = 0;
    bull.worker(ORDERS, async (job, token) => {
      wakes += 1;
      if (wakes > 1) return;
      const parent = { id: job.id!, queue: job.queueQualifiedName };
      await bull.flows.add({ ...stepNode('a'), opts: { jobId: 'a', parent } });
      if (await job.moveToWaitingChildren(token!)) throw new WaitingChildrenError();
    });
    await bull.orders.add('o', {}, { jobId: 'o' });
    await bull.until(bull.orders, 'o', 'waiting-children');
    well = true;
    await (await bull.steps.getJob('a'))!.retry('failed');
    await bull.until(bull.orders, 'o', 'completed');
  });
});

describe('removeUnprocessedChildren', () => {
  // Rule: undo removes what has not run and thereby wakes the order's job.
  test('removes what has not run, leaves what is active, done or failed, and wakes the parent', async () => {
    const hold = gate();
    await bull.flows.add(
      orderNode('o', [
        stepNode('open-step', [stepNode('failed-step')]),
        stepNode('active-step'),
        stepNode('done-step'),
        stepNode('delayed-step', [], { delay: 3_600_000 }),
      ]),
    );
    bull.worker(
      STEPS,
      async (job) => {
        if (job.id === 'failed-step') await fail();
        if (job.id === 'active-step') await hold.promise;
      },
      { concurrency: 4 },
    );
    await bull.until(bull.steps, 'failed-step', 'failed');
    await bull.until(bull.steps, 'active-step', 'active');
    await bull.until(bull.steps, 'done-step', 'completed');
    await (await bull.orders.getJob('o'))!.removeUnprocessedChildren();
    expect(await bull.stateOf(bull.steps, 'open-step')).toBe('unknown');
    expect(await bull.stateOf(bull.steps, 'delayed-step')).toBe('unknown');
    expect(await bull.stateOf(bull.steps, 'active-step')).toBe('active');
    expect(await bull.stateOf(bull.steps, 'done-step')).toBe('completed');
    // Rule: after settling every id is removed by name; a failed grandchild is an orphan that can still be retried,
    // and that is why the fence throws (I7).
    expect(await bull.stateOf(bull.steps, 'failed-step')).toBe('failed');
    expect(await bull.stateOf(bull.orders, 'o')).toBe('waiting-children');
    hold.open();
    await bull.until(bull.orders, 'o', 'waiting');
  });
});

describe('a failed step directly beneath the order', () => {
  // Rule: an undo removes failed steps by name as well.
  test('is left by removeUnprocessedChildren and keeps the order waiting until it is removed', async () => {
    await bull.flows.add(orderNode('o', [stepNode('a')]));
    bull.worker(STEPS, fail);
    await bull.until(bull.steps, 'a', 'failed');
    await (await bull.orders.getJob('o'))!.removeUnprocessedChildren();
    expect(await bull.stateOf(bull.orders, 'o')).toBe('waiting-children');
    await bull.steps.remove('a', { removeChildren: false });
    expect(await bull.stateOf(bull.orders, 'o')).toBe('waiting');
  });
});

describe('removal', () => {
  // Rule: an order's jobs are removed by name, root first.
  test('of a root alone leaves its steps, each removable by its id', async () => {
    await bull.flows.add(line());
    expect(await bull.orders.remove('o', { removeChildren: false })).toBe(1);
    for (const id of ['last', 'middle', 'first']) {
      expect(await bull.stateOf(bull.steps, id)).not.toBe('unknown');
      expect(await bull.steps.remove(id, { removeChildren: false })).toBe(1);
    }
    expect(await keysOfJobs()).toEqual([]);
  });

  // Rule: removing jobs says false while one of them is active.
  test('of an active job is refused', async () => {
    const hold = gate();
    await bull.steps.add('a', {}, { jobId: 'a' });
    bull.worker(STEPS, async () => hold.promise);
    await bull.until(bull.steps, 'a', 'active');
    expect(await bull.steps.remove('a', { removeChildren: false })).toBe(0);
    expect(await bull.stateOf(bull.steps, 'a')).toBe('active');
    hold.open();
  });

  async function keysOfJobs(): Promise<string[]> {
    const keys = await bull.redis.keys('*');
    return keys.filter((key) => /:(o|last|middle|first)(:|$)/.test(key));
  }
});

describe('the keys of a flow', () => {
  // Rule: one hash tag, so that Redis Cluster, Valkey and Dragonfly work.
  test('all share the hash tag of the prefix', async () => {
    await bull.flows.add(line());
    bull.worker(STEPS, async () => 'ran');
    bull.worker(ORDERS, async () => 'ran');
    await bull.until(bull.orders, 'o', 'completed');
    const keys = await bull.redis.keys('*');
    expect(keys.length).toBeGreaterThan(4);
    expect(keys.filter((key) => !key.startsWith('{turnup}:'))).toEqual([]);
  });

  // Rule: the dashboard finds an order's flow by its id alone.
  test('a flow is read back from its root', async () => {
    await bull.flows.add(line());
    const found = await bull.flows.getFlow({ id: 'o', queueName: ORDERS, prefix: '{turnup}' });
    expect(found?.children?.[0]?.children?.[0]?.children?.[0]?.job).toBeInstanceOf(Job);
  });
});
