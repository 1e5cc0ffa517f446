import { ORDER_STEP_OPERATIONS } from '../../../src/platforms/ngnpro/coverage.ts';
import { callWhatTheyDeclare } from '../coverage-calls.ts';
import { fixtureOf } from './fixture.ts';

callWhatTheyDeclare(fixtureOf(), {
  declared: ORDER_STEP_OPERATIONS,
  nameOf: ({ operation }) => operation?.replace('.', 'Port.') ?? null,
  isWrite: (name) => !name.includes('.get'),
});
