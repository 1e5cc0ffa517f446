import { describe } from 'vitest';
import { describeConformance } from './conformance.ts';
import { fixtureOf } from './ngnpro/fixture.ts';

describe('ngnpro conforms', () => {
  describeConformance(fixtureOf());
});

// What nothing public tells is decided the other way by another server; the adapter must bear both.
describe('ngnpro conforms with a server that is otherwise', () => {
  describeConformance(
    fixtureOf(
      {
        storeClearTextPasswords: true,
        types: 'everywhere',
        replyPart: 'result',
        item: 'entry',
        nil: true,
        authHeader: 'unqualified',
        voicemail: 'own',
        emptyDiversions: 'fault',
        orphans: 'left',
        codes: { aliasAbsent: 8001, aliasPresent: 8002, numberPresent: 8003, loginFailed: 8004, domainAbsent: 8005 },
      },
      { passwords: 'clear', numberFormat: 'plus', xsiTypes: true },
    ),
  );
});
