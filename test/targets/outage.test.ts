import { afterEach, describe, expect, test } from 'vitest';
import { TurnupError } from '../../src/errors/index.ts';
import type { Engine } from '../../workers/engine.ts';
import { placeTestOrder, testEngine, untilState } from '../engine/harness.ts';
import { createWorld, toyPlatform } from '../engine/toy.ts';
import { useRedis, waitFor } from '../setup/redis.ts';

const server = useRedis();
const engines: Engine[] = [];
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.close()));
});

describe('a target that is down', () => {
  test('I6 is probed by one call at a time over all workers, and no order burns an attempt', async () => {
    const world = createWorld();
    const platform = toyPlatform(world);
    let down = true;
    let probing = 0;
    let mostProbing = 0;
    let probes = 0;
    let opened = false;
    world.trouble = async ({ at }) => {
      if (!down || at === 'after') return;
      const probe = opened;
      if (probe) {
        probes += 1;
        probing += 1;
        mostProbing = Math.max(mostProbing, probing);
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
      if (probe) probing -= 1;
      throw new TurnupError('TURNUP_TARGET_UNREACHABLE');
    };
    for (const name of ['w1', 'w2']) {
      engines.push(testEngine({ redis: server.client(), platform, concurrency: 4, name }));
    }
    const [engine] = engines as [Engine, Engine];
    await Promise.all(engines.map((one) => one.start()));
    const ids = await Promise.all(
      Array.from({ length: 10 }, (_, at) => placeTestOrder(engine, platform, { usernames: [`u${at}`] })),
    );
    await waitFor(async () => (await engine.targets.breaker('lab')).state !== 'closed');
    // What was under way when it opened has ended.
    await waitFor(() => world.active === 0);
    opened = true;
    await waitFor(() => probes >= 4, { what: 'several probes' });
    const waiting = await Promise.all(ids.map((id) => engine.store.read(id)));
    down = false;
    expect(mostProbing).toBe(1);
    expect(waiting.every((order) => order!.steps.every((step) => step.attempts <= 1))).toBe(true);
    expect(waiting.some((order) => order!.state === 'held')).toBe(false);

    const done = await Promise.all(ids.map((id) => untilState(engine, id, 'completed')));
    expect(done.flatMap((order) => order.steps.map((step) => step.attempts))).toEqual(Array(30).fill(1));
    await waitFor(async () => (await engine.motor.queues.target('lab').getGlobalConcurrency()) === 4);
    expect([...world.things.values()].every((things) => things.length === 1)).toBe(true);
  });
});
