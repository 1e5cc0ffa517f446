import { describe } from 'vitest';
import { describeConformance } from './conformance.ts';
import { fixture } from './sipwise/fixture.ts';

describe('sipwise conforms', () => {
  describeConformance(fixture);
});
