import { ORDER_STEP_OPERATIONS } from '../../../src/platforms/sippulse/coverage.ts';
import { callWhatTheyDeclare } from '../coverage-calls.ts';
import { fixtureOf } from './fixture.ts';

callWhatTheyDeclare(fixtureOf({}), {
  declared: ORDER_STEP_OPERATIONS,
  nameOf: ({ operation, path }) => (operation === 'wsdl' ? null : `${path.split('/').at(-1)}.${operation}`),
  isWrite: (name) => /\.(?:insert|delete|remove|add|update)/.test(name),
});
