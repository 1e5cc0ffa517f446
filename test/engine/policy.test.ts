import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { ERROR_CLASSES, TurnupError, type FaultRule } from '../../src/errors/index.ts';
import type { Engine } from '../../workers/engine.ts';
import { backoffMs, isFinal, policyOf } from '../../workers/step/policy.ts';
import { useRedis } from '../setup/redis.ts';
import { placeTestOrder, testEngine, untilState } from './harness.ts';
import { createWorld, toyPlatform } from './toy.ts';

describe('the policy of a class', () => {
  test.each(ERROR_CLASSES)('%s: what it does, and how often', (errorClass) => {
    for (const direction of ['f', 'u'] as const) {
      const { does, attempts, firstMs, longestMs } = policyOf(errorClass, direction);
      expect(does === 'retry').toBe(attempts > 1);
      expect(longestMs).toBeGreaterThanOrEqual(firstMs);
      expect(isFinal(errorClass, attempts, direction)).toBe(true);
      expect(isFinal(errorClass, attempts - 1, direction)).toBe(false);
    }
  });

  test.each([
    ['transient', 'retry'],
    ['ambiguous', 'retry'],
    ['bug', 'retry'],
    ['outage', 'park'],
    ['auth', 'park'],
    ['throttled', 'park'],
    ['rejected', 'stop'],
    ['conflict', 'stop'],
  ] as const)('%s: %s', (errorClass, does) => {
    expect(policyOf(errorClass, 'f').does).toBe(does);
  });

  test('pauses double, spread over their upper half, up to the longest', () => {
    const { firstMs, longestMs } = policyOf('transient', 'f');
    const pauses = (random: number) =>
      [1, 2, 3, 20].map((attempt) => backoffMs('transient', attempt, 'f', () => random));
    expect(pauses(1)).toEqual([firstMs, firstMs * 2, firstMs * 4, longestMs]);
    expect(pauses(0)).toEqual([firstMs / 2, firstMs, firstMs * 2, longestMs / 2]);
  });

  test('is what docs/faults.md says', () => {
    const rows = readFileSync(new URL('../../docs/faults.md', import.meta.url), 'utf8').split('\n');
    for (const errorClass of ERROR_CLASSES) {
      const row = rows.find((line) => line.startsWith('|') && line.includes(`\`${errorClass}\``));
      const { does, attempts, firstMs } = policyOf(errorClass, 'f');
      expect(row, errorClass).toContain(does === 'park' ? 'none is counted' : `| ${attempts} |`);
      if (does === 'retry') expect(row, errorClass).toContain(`| ${firstMs / 1000} s, doubled`);
      const undo = policyOf(errorClass, 'u');
      if (undo.attempts !== attempts)
        expect(row, errorClass).toContain(`${undo.attempts} attempts, ${undo.firstMs / 1000} s`);
    }
  });

  test('an undo is more patient', () => {
    for (const errorClass of ['transient', 'ambiguous'] as const) {
      expect(policyOf(errorClass, 'u').attempts).toBeGreaterThan(policyOf(errorClass, 'f').attempts);
      expect(policyOf(errorClass, 'u').longestMs).toBeGreaterThan(policyOf(errorClass, 'f').longestMs);
    }
  });
});

describe("the operators' rules", () => {
  const redis = useRedis();
  const engines: Engine[] = [];
  afterEach(async () => {
    await Promise.all(engines.splice(0).map((engine) => engine.close()));
  });

  test('decide what is done about an answer, for the step they name, and what the operator reads', async () => {
    const world = createWorld();
    const platform = toyPlatform(world);
    const faults: FaultRule[] = [
      { status: 500, text: 'quota', step: 'subscriber', class: 'rejected', hint: 'Raise the quota.' },
    ];
    const engine = testEngine({ redis: redis.client(), platform, faults });
    engines.push(engine);
    await engine.start();
    world.trouble = ({ thing, verb, at }) => {
      if (verb !== 'write' || at !== 'before' || thing.startsWith('customer')) return;
      throw new TurnupError('TURNUP_TARGET_FAILED', { answer: { status: 500, text: 'out of quota' } });
    };
    const id = await placeTestOrder(engine, platform, { usernames: ['ann'] });
    const held = await untilState(engine, id, 'held');
    expect(held.error).toMatchObject({
      code: 'TURNUP_TARGET_FAILED',
      class: 'rejected',
      hint: 'Raise the quota.',
      step: 's1.subscriber',
    });
    expect(held.steps[1]).toMatchObject({ attempts: 1 });
  });
});
