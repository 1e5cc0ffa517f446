import { LIFE_STEP_OPERATIONS, ORDER_STEP_OPERATIONS } from '../../../src/platforms/ngnpro/coverage.ts';
import { ngnpro } from '../../../src/platforms/ngnpro/index.ts';
import { describeLifeCoverage } from '../life-coverage.ts';
import { settings, start } from './fixture.ts';
import { CASES } from './life-cases.ts';
import { world } from './life-world.ts';

describeLifeCoverage({
  platform: ngnpro,
  start,
  connect: (url) => ngnpro.connect(settings(url), { get: async () => null, forget: async () => {} }),
  world,
  cases: CASES,
  declared: { life: LIFE_STEP_OPERATIONS, order: ORDER_STEP_OPERATIONS },
  nameOf: ({ operation }) => operation!.replace('.', 'Port.'),
  isRead: (name) => name.includes('.get'),
});
