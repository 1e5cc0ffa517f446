import { describe } from 'vitest';
import { PORTAL_PROFILES } from '../../src/simulators/index.ts';
import { describeRehearsal } from './rehearsal.ts';
import { fixtureOf } from './webportal/fixture.ts';

/** Of the outcome profile every call is a POST, and its action says what it does. */
const READS = new Set(['READ', 'SEARCH', 'LIST']);

describe.each(PORTAL_PROFILES)('a plan for webportal by the profile %s', (name) => {
  describeRehearsal({
    conformance: fixtureOf(name),
    read({ method, path, body }) {
      if (method === 'GET' || path === '/api/session' || path === '/portal/v1/token') return null;
      const document = body === '' ? undefined : (JSON.parse(body) as Record<string, unknown>);
      if (document && READS.has(String(document['action']))) return null;
      return { method, path, ...(document && { body: document }) };
    },
    secretsOf: ({ subscribers }) =>
      subscribers.flatMap(({ password, voicemail, preferences, native }) =>
        [password, voicemail?.pin, preferences?.['pinCode'], native['deviceSecret']].filter(
          (secret): secret is string => typeof secret === 'string',
        ),
      ),
  });
});
