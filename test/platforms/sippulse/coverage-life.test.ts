import { connect } from '../../../src/platforms/sippulse/client.ts';
import { LIFE_STEP_OPERATIONS, ORDER_STEP_OPERATIONS } from '../../../src/platforms/sippulse/coverage.ts';
import { sippulse } from '../../../src/platforms/sippulse/index.ts';
import type { SippulseClient } from '../../../src/platforms/sippulse/types.ts';
import { describeLifeCoverage } from '../life-coverage.ts';
import { fixtureOf, settings, start, stateOf } from './fixture.ts';
import { CASES } from './life-cases.ts';
import { world } from './life-world.ts';

describeLifeCoverage<SippulseClient>({
  platform: sippulse,
  start,
  connect: (url) => connect(settings(url)),
  world,
  cases: CASES,
  declared: { life: LIFE_STEP_OPERATIONS, order: ORDER_STEP_OPERATIONS },
  nameOf: ({ operation, path }) => (operation === 'wsdl' ? null : `${path.split('/').at(-1)}.${operation}`),
  isRead: (name) => /\.(?:retrieve|list|lis[A-Z])/.test(name),
  prepare: async (client) => fixtureOf({}).prepare?.(client),
  unfinished: async (simulator) => (await stateOf(simulator))['unreloaded'] ?? [],
});
