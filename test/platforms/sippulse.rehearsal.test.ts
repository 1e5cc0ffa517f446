import { describe } from 'vitest';
import { describeRehearsal } from './rehearsal.ts';
import { fixtureOf } from './sippulse/fixture.ts';
import { asText, readEnvelope } from './sippulse/read-envelope.ts';

const native = (value: unknown): Record<string, string> => (value ?? {}) as Record<string, string>;

describe('a plan for sippulse', () => {
  describeRehearsal({
    conformance: fixtureOf({}),
    read: readEnvelope,
    asWritten: asText,
    secretsOf: ({ customer, subscribers }) => [
      native(customer.native['reseller'])['password']!,
      ...subscribers.flatMap(({ password, preferences, voicemail }) => [
        password!,
        preferences!['pinCode'] as string,
        voicemail!.pin!,
      ]),
    ],
  });
});
