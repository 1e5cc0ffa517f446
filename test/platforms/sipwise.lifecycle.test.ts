import { describe } from 'vitest';
import { describeLifecycle } from './lifecycle.ts';
import { lifecycle } from './sipwise/lifecycle-fixture.ts';

describe('the life of a subscriber on sipwise', () => {
  describeLifecycle(lifecycle);
});
