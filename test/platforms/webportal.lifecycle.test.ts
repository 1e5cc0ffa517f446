import { describe } from 'vitest';
import { PORTAL_PROFILES } from '../../src/simulators/index.ts';
import { describeLifecycle } from './lifecycle.ts';
import { lifecycleOf } from './webportal/lifecycle-fixture.ts';

describe.each(PORTAL_PROFILES)('the life of a subscriber on webportal by the profile %s', (name) => {
  describeLifecycle(lifecycleOf(name));
});
