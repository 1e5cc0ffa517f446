import { describe } from 'vitest';
import { describeRehearsalOfActions } from './rehearsal-actions.ts';
import { describeRehearsal, type RehearsalFixture } from './rehearsal.ts';
import type { SipwiseClient } from '../../src/platforms/sipwise/client.ts';
import type { SipwiseSettings } from '../../src/platforms/sipwise/settings.ts';
import { fixture as conformance } from './sipwise/fixture.ts';
import { lifecycle } from './sipwise/lifecycle-fixture.ts';

const fixture: RehearsalFixture<SipwiseClient, SipwiseSettings> = {
  conformance,
  read: ({ method, path, body }) =>
    method === 'GET' || !path.startsWith('/api/')
      ? null
      : { method, path, ...(body !== '' && { body: JSON.parse(body) as unknown }) },
  secretsOf: ({ subscribers }) =>
    subscribers
      .flatMap(({ password, webPassword, voicemail }) => [password ?? '', webPassword ?? '', voicemail?.pin ?? ''])
      .filter(Boolean),
};

describe('a plan for sipwise', () => {
  describeRehearsal(fixture);
});

describe('a plan for a change on sipwise', () => {
  describeRehearsalOfActions(fixture, lifecycle);
});
