import { describe } from 'vitest';
import { describeConformance } from './conformance.ts';
import { fixtureOf } from './webportal/fixture.ts';

describe('webportal conforms by a profile with status codes', () => {
  describeConformance(fixtureOf('status'));
});

// A portal that answers 200 to everything and queues its work: the same adapter, another file.
describe('webportal conforms by a profile with outcomes and tickets', () => {
  describeConformance(fixtureOf('outcome'));
});
