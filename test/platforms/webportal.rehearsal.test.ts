import { describe } from 'vitest';
import { PORTAL_PROFILES } from '../../src/simulators/index.ts';
import type { OrderContent } from '../../src/platforms/port.ts';
import { describeRehearsal, type Seen } from './rehearsal.ts';
import { describeRehearsalOfActions } from './rehearsal-actions.ts';
import { fixtureOf } from './webportal/fixture.ts';
import { lifecycleOf } from './webportal/lifecycle-fixture.ts';

/** Of the outcome profile every call is a POST, and its action says what it does. */
const READS = new Set(['READ', 'SEARCH', 'LIST']);

const LOGINS = new Set(['/api/session', '/portal/v1/token']);

function read({ method, path, body }: Seen) {
  if (method === 'GET' || LOGINS.has(path)) return null;
  const document = body === '' ? undefined : (JSON.parse(body) as Record<string, unknown>);
  if (document && READS.has(String(document['action']))) return null;
  return { method, path, ...(document && { body: document }) };
}

const secretsOf = ({ subscribers }: OrderContent): string[] =>
  subscribers.flatMap(({ password, voicemail, preferences, native }) =>
    [password, voicemail?.pin, preferences?.['pinCode'], native['deviceSecret']].filter(
      (secret): secret is string => typeof secret === 'string',
    ),
  );

describe.each(PORTAL_PROFILES)('a plan for webportal by the profile %s', (name) => {
  describeRehearsal({ conformance: fixtureOf(name), read, secretsOf });
  describeRehearsalOfActions({ read, secretsOf }, lifecycleOf(name));
});
