import { describe } from 'vitest';
import { passwordFor } from '../../src/platforms/ngnpro/password.ts';
import { sipIdFor } from '../../src/platforms/ngnpro/shared/kinds.ts';
import { fixtureOf } from './ngnpro/fixture.ts';
import { asText, readEnvelope } from './ngnpro/read-envelope.ts';
import { describeRehearsal } from './rehearsal.ts';

describe('a plan for ngnpro', () => {
  describeRehearsal({
    conformance: fixtureOf(),
    read: readEnvelope,
    asWritten: asText,
    secretsOf: ({ customer, subscribers }) => [
      customer.native['password'] as string,
      ...subscribers.flatMap((one) => [
        one.password!,
        passwordFor(sipIdFor(one), one.password!, { passwords: 'digest' }),
        one.voicemail!.pin!,
      ]),
    ],
  });
});
