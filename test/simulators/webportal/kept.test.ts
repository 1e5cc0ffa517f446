import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  portalProfile,
  startSimulator,
  type PortalProfileName,
  type Simulator,
} from '../../../src/simulators/index.ts';
import { exchange } from '../wire.ts';

/* What a portal holds that is killed and started again with its file. */

const dir = mkdtempSync(join(tmpdir(), 'portal-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const start = (name: PortalProfileName): Promise<Simulator> =>
  startSimulator({
    platform: 'webportal',
    webportal: { profile: portalProfile(name), ticketMs: 20 },
    data: join(dir, name),
  });

/** A caller of one portal, whose login ends with it. */
interface Caller {
  logIn(url: string): Promise<void>;
  makeCompany(url: string, key: string): Promise<unknown>;
}

const JSON_TYPE = { 'content-type': 'application/json' };

function caller(name: PortalProfileName): Caller {
  let login: Record<string, string> = {};
  const post = async (url: string, path: string, body: string, headers: Record<string, string>) =>
    JSON.parse((await exchange(url, { method: 'POST', path, headers, body })).text || '{}') as Record<string, unknown>;
  if (name === 'status') {
    const basic = `Basic ${Buffer.from('portal:portal-password').toString('base64')}`;
    const form = { authorization: basic, 'content-type': 'application/x-www-form-urlencoded' };
    return {
      async logIn(url) {
        const answer = await post(url, '/portal/v1/token', 'grant_type=client_credentials', form);
        login = { authorization: `Bearer ${String(answer['access_token'])}` };
      },
      makeCompany: (url, reference) =>
        post(url, '/portal/v1/companies', JSON.stringify({ reference, name: 'Rossi' }), { ...JSON_TYPE, ...login }),
    };
  }
  return {
    async logIn(url) {
      const body = JSON.stringify({ user: 'portal', password: 'portal-password' });
      const answer = await post(url, '/api/session', body, JSON_TYPE);
      login = { 'x-session': (answer['data'] as { session: string }).session };
    },
    makeCompany: (url, crmCode) =>
      post(url, '/api/companies', JSON.stringify({ action: 'INSERT', record: { crmCode, name: 'Rossi' } }), {
        ...JSON_TYPE,
        ...login,
      }),
  };
}

describe.each(['status', 'outcome'] as const)('a portal with the profile %s', (name) => {
  it('holds the same after a restart, and has forgotten who was logged in', async () => {
    const { logIn, makeCompany } = caller(name);
    const first = await start(name);
    await logIn(first.url);
    await makeCompany(first.url, 'C-1');
    await makeCompany(first.url, 'C-2');
    const before = first.state();
    expect(before).toMatchObject({ companies: [{ id: '1001' }, { id: '1002' }] });
    await first.close();

    const second = await start(name);
    expect(second.state()).toEqual(before);
    // Of an old login: turned away, whatever is answered, and not made when it is told again.
    await makeCompany(second.url, 'C-3');
    expect(second.state()).toEqual(before);
    await logIn(second.url);
    await makeCompany(second.url, 'C-3');
    const after = second.state();
    expect(after).toMatchObject({ companies: [{ id: '1001' }, { id: '1002' }, { id: '1003' }] });
    await second.close();

    const third = await start(name);
    expect(third.state()).toEqual(after);
    await third.close();
  });
});
