import { describe, expect, it } from 'vitest';
import { createFaultInjector } from '../../../src/simulators/harness/fault-injector.ts';
import { FaultPlanError, parseFaultPlan, type FaultPlan } from '../../../src/simulators/index.ts';

const call = (path = '/api/subscribers/', method = 'POST', operation: string | null = 'subscribers.create') => ({
  path,
  method,
  operation,
});

function faultsOf(value: unknown): string[] {
  try {
    parseFaultPlan(value);
    return [];
  } catch (error) {
    if (!(error instanceof FaultPlanError)) throw error;
    return error.issues.map(({ path }) => path.join('.'));
  }
}

describe('a fault plan', () => {
  it('may be as the documentation shows it', () => {
    const rule = {
      match: { method: 'POST', path: '/api/subscribers/*', operation: 'insertSubscriber' },
      fault: 'status',
      status: 503,
      ms: 5000,
      probability: 0.1,
      times: 3,
    };
    expect(faultsOf({ seed: 1, rules: [rule] })).toEqual([]);
    expect(faultsOf({ rules: [{ fault: 'dropReply' }] })).toEqual([]);
  });

  it('has every fault named at once', () => {
    const plan = {
      seed: 'x',
      rules: [
        { fault: 'explode' },
        { fault: 'status' },
        { fault: 'stall', ms: -1 },
        { fault: 'slow' },
        { fault: 'reset', probability: 2, times: 0 },
        { fault: 'reset', match: { verb: 'GET' } },
      ],
    };
    expect(faultsOf(plan)).toEqual([
      'seed',
      'rules.0.fault',
      'rules.1.status',
      'rules.2.ms',
      'rules.3.ms',
      'rules.4.probability',
      'rules.4.times',
      'rules.5.match',
    ]);
    for (const none of [null, [], 5, {}, { rules: {} }, { rules: [], more: 1 }]) {
      expect(faultsOf(none), JSON.stringify(none)).not.toEqual([]);
    }
  });
});

describe('rules', () => {
  const fires = (plan: FaultPlan, calls: ReturnType<typeof call>[]): (string | null)[] => {
    const injector = createFaultInjector(plan);
    return calls.map((one) => injector.decide(one)?.fault ?? null);
  };

  it('match method, path with stars, and operation', () => {
    const on = (match: NonNullable<FaultPlan['rules'][number]['match']>): FaultPlan => ({
      rules: [{ match, fault: 'reset' }],
    });
    expect(fires(on({ method: 'post' }), [call(), call('/', 'GET')])).toEqual(['reset', null]);
    const paths = [call('/api/subscribers/'), call('/api/subscribers/12'), call('/api/subscriberpreferences/12')];
    expect(fires(on({ path: '/api/subscribers/*' }), paths)).toEqual(['reset', 'reset', null]);
    expect(fires(on({ path: '/api/*/12' }), paths)).toEqual([null, 'reset', 'reset']);
    expect(fires(on({ path: '/api.subscribers/' }), paths)).toEqual([null, null, null]);
    expect(fires(on({ operation: 'subscribers.create' }), [call(), call('/', 'POST', null)])).toEqual(['reset', null]);
  });

  it('fire so many times, then leave it to the next one', () => {
    const plan: FaultPlan = {
      rules: [
        { fault: 'reset', times: 2 },
        { fault: 'dropReply', times: 1 },
      ],
    };
    expect(fires(plan, [call(), call(), call(), call()])).toEqual(['reset', 'reset', 'dropReply', null]);
  });

  it('fire with their probability, the same way for the same seed', () => {
    const calls = Array.from({ length: 2000 }, () => call());
    const plan = (seed: number): FaultPlan => ({ seed, rules: [{ fault: 'reset', probability: 0.25 }] });
    const first = fires(plan(7), calls);
    expect(fires(plan(7), calls)).toEqual(first);
    expect(fires(plan(8), calls)).not.toEqual(first);
    const hits = first.filter((fault) => fault !== null).length;
    expect(hits).toBeGreaterThan(400);
    expect(hits).toBeLessThan(600);
    expect(fires({ rules: [{ fault: 'reset', probability: 0 }] }, calls)).not.toContain('reset');
  });
});
