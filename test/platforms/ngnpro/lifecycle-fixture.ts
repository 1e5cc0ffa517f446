import type { NgnproSettings } from '../../../src/platforms/ngnpro/settings.ts';
import type { NgnproClient } from '../../../src/platforms/ngnpro/types.ts';
import type { NgnproOptions } from '../../../src/simulators/index.ts';
import type { LifecycleFixture } from '../lifecycle.ts';
import { fixtureOf } from './fixture.ts';
import { CASES } from './life-cases.ts';
import { modifications } from './life-modifications.ts';
import { wholeState, world } from './life-world.ts';

export const lifecycleOf = (
  options: NgnproOptions = {},
  native: object = {},
): LifecycleFixture<NgnproClient, NgnproSettings> => ({
  conformance: fixtureOf(options, native),
  world,
  cases: CASES,
  knowsCustomers: true,
  state: (_client, standIn) => wholeState(standIn),
  modifications,
});
