import { describe } from 'vitest';
import { describeConformance } from './conformance.ts';
import { fixtureOf, slim } from './sippulse/fixture.ts';

describe('sippulse conforms', () => {
  describeConformance(fixtureOf({}));
});

// What nothing public tells is decided the other way by another server; the adapter must bear both.
describe('sippulse conforms with a server that is otherwise', () => {
  describeConformance(
    fixtureOf({ absent: 'fault', passwordOnRetrieve: true, spelling: 'page', whiteListPath: 'WhitelistWS' }, slim),
  );
});
