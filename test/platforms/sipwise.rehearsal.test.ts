import { describe } from 'vitest';
import { describeRehearsal } from './rehearsal.ts';
import { fixture } from './sipwise/fixture.ts';

describe('a plan for sipwise', () => {
  describeRehearsal({
    conformance: fixture,
    read: ({ method, path, body }) =>
      method === 'GET' || !path.startsWith('/api/')
        ? null
        : { method, path, ...(body !== '' && { body: JSON.parse(body) as unknown }) },
    secretsOf: ({ subscribers }) =>
      subscribers.flatMap(({ password, voicemail }) => [password ?? '', voicemail?.pin ?? '']).filter(Boolean),
  });
});
