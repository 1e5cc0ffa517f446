import { describe } from 'vitest';
import { describeLifecycle } from './lifecycle.ts';
import { lifecycleOf } from './ngnpro/lifecycle-fixture.ts';

describe('the life of a subscriber on ngnpro', () => {
  describeLifecycle(lifecycleOf());
});
