import { describe, vi } from 'vitest';
import { describeLifecycle } from './lifecycle.ts';
import { fixtureOf } from './sippulse/fixture.ts';
import { CASES } from './sippulse/life-cases.ts';
import { modifications } from './sippulse/life-modifications.ts';
import { wholeState, world } from './sippulse/life-world.ts';

// A terminate order makes dozens of calls, and each of them is lost twice.
vi.setConfig({ testTimeout: 180_000 });

describe('the life of a subscriber on sippulse', () => {
  describeLifecycle({
    conformance: fixtureOf({}),
    world,
    cases: CASES,
    // A customer is its subscribers' contractNumber: one of another number is somebody else's.
    knowsCustomers: false,
    state: (_client, standIn) => wholeState(standIn),
    modifications,
  });
});
