import { describe } from 'vitest';
import { passwordFor } from '../../src/platforms/ngnpro/password.ts';
import type { NgnproSettings } from '../../src/platforms/ngnpro/settings.ts';
import { sipIdFor } from '../../src/platforms/ngnpro/shared/kinds.ts';
import type { NgnproClient } from '../../src/platforms/ngnpro/types.ts';
import type { SubscriberOrder } from '../../src/platforms/port.ts';
import { fixtureOf } from './ngnpro/fixture.ts';
import { lifecycleOf } from './ngnpro/lifecycle-fixture.ts';
import { asText, readEnvelope } from './ngnpro/read-envelope.ts';
import { describeRehearsalOfActions } from './rehearsal-actions.ts';
import { describeRehearsal, type RehearsalFixture } from './rehearsal.ts';

/** In clear and as the platform is sent it. */
const passwordsOf = (one: SubscriberOrder): string[] =>
  one.password === undefined ? [] : [one.password, passwordFor(sipIdFor(one), one.password, { passwords: 'digest' })];

const fixture: RehearsalFixture<NgnproClient, NgnproSettings> = {
  conformance: fixtureOf(),
  read: readEnvelope,
  asWritten: asText,
  secretsOf: ({ customer, subscribers }) =>
    [
      customer.native['password'] as string | undefined,
      ...subscribers.flatMap((one) => [...passwordsOf(one), one.voicemail?.pin]),
    ].filter((secret) => secret !== undefined),
};

describe('a plan for ngnpro', () => {
  describeRehearsal(fixture);
});

describe('a plan for a change on ngnpro', () => {
  describeRehearsalOfActions(fixture, lifecycleOf());
});
