import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  isSimulatorName,
  portalProfile,
  ProfileUnreadable,
  startSimulator,
  type Simulator,
} from '../../../src/simulators/index.ts';
import { exchange, type WireAnswer } from '../wire.ts';

/** A caller that knows the calls of the two profiles by heart: what the portal does is not the profile's to say. */

const BASIC = `Basic ${Buffer.from('portal:portal-password').toString('base64')}`;

describe('a portal with status codes', () => {
  let portal: Simulator;
  let token = '';

  beforeAll(async () => {
    portal = await startSimulator({ platform: 'webportal' });
  });
  beforeEach(async () => {
    portal.reset();
    const answer = await exchange(portal.url, {
      method: 'POST',
      path: '/portal/v1/token',
      headers: { authorization: BASIC, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=client_credentials',
    });
    token = (JSON.parse(answer.text) as { access_token: string }).access_token;
  });
  afterAll(() => portal.close());

  const call = (method: string, path: string, body?: unknown): Promise<WireAnswer> =>
    exchange(portal.url, {
      method,
      path: `/portal/v1${path}`,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  const read = ({ text }: WireAnswer) =>
    JSON.parse(text) as Record<string, unknown> & { items: Record<string, unknown>[] };
  const state = () => portal.state() as Record<string, { id: string }[]>;

  const company = () => call('POST', '/companies', { reference: 'C-1', name: 'Rossi' });
  async function office(): Promise<string> {
    const { headers } = await company();
    const answer = await call('POST', `${String(headers.location).replace('/portal/v1', '')}/offices`, {
      name: 'Sede',
    });
    return String(read(answer)['id']);
  }
  const user = (officeId: string, number = '+390611') =>
    call('POST', `/offices/${officeId}/users`, { number, sip: { user: 'a', password: 'x' } });

  it('wants a login, and one that it gave', async () => {
    expect((await exchange(portal.url, { method: 'GET', path: '/portal/v1/dashboard' })).status).toBe(401);
    token = 'made-up';
    expect((await call('GET', '/dashboard')).status).toBe(401);
    const wrong = await exchange(portal.url, {
      method: 'POST',
      path: '/portal/v1/token',
      headers: { authorization: 'Basic eDp5' },
      body: 'grant_type=client_credentials',
    });
    expect(wrong.status).toBe(401);
  });

  it('makes what it is told to make twice a second time', async () => {
    expect((await company()).status).toBe(201);
    expect((await company()).status).toBe(201);
    expect(read(await call('GET', '/companies?reference=C-1&page=1&size=2')).items).toHaveLength(2);
    await call('POST', '/companies/1001/offices', { name: 'Sede' });
    await call('POST', '/companies/1001/offices', { name: 'Sede' });
    expect(read(await call('GET', '/companies/1001/offices?name=Sede')).items).toHaveLength(2);
  });

  it('gives a number to one user only, however it is written', async () => {
    const officeId = await office();
    expect((await user(officeId)).status).toBe(201);
    expect(await user(officeId)).toMatchObject({ status: 409, text: expect.stringContaining('NUMBER_IN_USE') });
    const more = { number: '+390622', moreNumbers: ['+390611'], sip: { user: 'b' } };
    expect((await call('POST', `/offices/${officeId}/users`, more)).status).toBe(409);
    expect((await call('GET', '/users/390611')).status).toBe(200);
    expect((await call('GET', '/users/390699')).status).toBe(404);
  });

  it('keeps what something hangs on', async () => {
    const officeId = await office();
    const { text } = await user(officeId);
    const { id } = JSON.parse(text) as { id: string };
    expect((await call('DELETE', '/companies/1001')).status).toBe(409);
    expect((await call('DELETE', `/companies/1001/offices/${officeId}`)).status).toBe(409);
    expect((await call('DELETE', `/users/${id}`)).status).toBe(204);
    expect((await call('DELETE', `/companies/1001/offices/${officeId}`)).status).toBe(204);
    expect((await call('DELETE', '/companies/1001')).status).toBe(204);
    expect((await call('DELETE', '/companies/1001')).status).toBe(404);
  });

  it('refuses what lacks something, belongs nowhere, or left to another operator', async () => {
    expect((await call('POST', '/companies', { reference: 'C-1' })).status).toBe(404);
    expect((await call('POST', '/companies/7/offices', { name: 'x' })).status).toBe(404);
    expect((await user(await office(), '+390699999999')).text).toContain('ported out');
    expect(state()['users']).toEqual([]);
  });

  it('keeps only what has a place, takes away what is emptied, and shows its own state', async () => {
    const { id } = JSON.parse((await user(await office())).text) as { id: string };
    await call('PATCH', `/users/${id}/services`, { hideNumber: true, colour: 'red', maxCalls: 3 });
    await call('PATCH', `/users/${id}/services`, { maxCalls: null });
    expect(read(await call('GET', `/users/${id}/services`))).toEqual({ hideNumber: true });
    await call('POST', `/users/${id}/suspension`);
    await call('PATCH', `/users/${id}`, { status: 'ACTIVE' });
    expect(read(await call('GET', '/users/390611'))).toMatchObject({ id, status: 'SUSPENDED', companyId: '1001' });
  });

  it('knows nothing besides its menus', async () => {
    expect((await call('GET', '/somewhere')).status).toBe(404);
    expect((await call('GET', '/companies')).status).toBe(404);
  });

  it('names its operations in the log of calls and obeys a fault plan by them', async () => {
    portal.setFaults({ rules: [{ match: { operation: 'company.create' }, fault: 'status', status: 503, times: 1 }] });
    expect((await company()).status).toBe(503);
    expect((await company()).status).toBe(201);
    expect(portal.calls().map(({ operation }) => operation)).toEqual(['login', 'company.create', 'company.create']);
  });
});

describe('a portal with outcomes and tickets', () => {
  let portal: Simulator;
  let session = '';

  beforeAll(async () => {
    portal = await startSimulator({
      platform: 'webportal',
      webportal: { profile: portalProfile('outcome'), ticketMs: 20 },
    });
  });
  beforeEach(async () => {
    portal.reset();
    const answer = await call('/api/session', { user: 'portal', password: 'portal-password' });
    session = (answer['data'] as { session: string }).session;
  });
  afterAll(() => portal.close());

  async function send(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number } & Record<string, unknown>> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const answer = await exchange(portal.url, {
      method,
      path,
      headers: { 'x-session': session, 'content-type': 'application/json' },
      body: text,
    });
    return { ...(JSON.parse(answer.text) as Record<string, unknown>), status: answer.status };
  }
  const call = (path: string, body: unknown) => send('POST', path, body);
  const company = (crmCode = 'C-1') => call('/api/companies', { action: 'INSERT', record: { crmCode, name: 'Rossi' } });

  async function finished(answer: Record<string, unknown>): Promise<Record<string, unknown>> {
    const { ticket } = answer['data'] as { ticket: string };
    for (;;) {
      const poll = await send('GET', `/api/tickets/${ticket}`);
      if (!['WAITING', 'RUNNING'].includes(String(poll['state']))) return poll;
      await new Promise((done) => setTimeout(done, 5));
    }
  }

  it('answers 200 to everything', async () => {
    session = 'none';
    expect(await call('/api/companies', { action: 'SEARCH', filter: { crmCode: 'x' } })).toMatchObject({
      status: 200,
      outcome: 'SESSION',
    });
    expect(await call('/api/session', { user: 'portal', password: 'no' })).toMatchObject({
      status: 200,
      outcome: 'LOGIN',
    });
  });

  it('says what it did not find, and what it refuses, in its outcome', async () => {
    expect(await call('/api/companies', { action: 'SEARCH', filter: { crmCode: 'x' } })).toMatchObject({
      status: 200,
      outcome: 'NOT_FOUND',
    });
    expect(await finished(await call('/api/companies', { action: 'INSERT', record: {} }))).toMatchObject({
      state: 'FAILED',
      result: { outcome: 'INVALID', message: expect.stringContaining('missing') },
    });
  });

  it('queues its work: it is done later, whether or not anybody asks', async () => {
    const answer = await company();
    expect(answer).toMatchObject({ outcome: 'OK', data: { ticket: 'T1' } });
    expect(await call('/api/companies', { action: 'SEARCH', filter: { crmCode: 'C-1' } })).toMatchObject({
      outcome: 'NOT_FOUND',
    });
    await new Promise((done) => setTimeout(done, 40));
    expect(await call('/api/companies', { action: 'SEARCH', filter: { crmCode: 'C-1' } })).toMatchObject({
      outcome: 'OK',
      data: { code: '1001' },
    });
    expect(await finished(answer)).toMatchObject({ state: 'DONE' });
    expect(await send('GET', '/api/tickets/T99')).toMatchObject({ status: 200, outcome: 'INVALID' });
  });

  it('takes along what hangs on a company, as its profile says, but not what hangs on an office', async () => {
    await finished(await company());
    await finished(await call('/api/offices', { action: 'INSERT', record: { name: 'Sede', company: '1001' } }));
    await finished(await call('/api/users', { action: 'INSERT', record: { number: '0611', office: '2001' } }));
    expect(await finished(await call('/api/offices', { action: 'DELETE', code: '2001' }))).toMatchObject({
      state: 'FAILED',
      result: { outcome: 'IN_USE' },
    });
    expect(
      await finished(await call('/api/users', { action: 'INSERT', record: { number: '0611', office: '2001' } })),
    ).toMatchObject({ result: { outcome: 'DUPLICATE' } });
    expect(await finished(await call('/api/companies', { action: 'DELETE', code: '1001' }))).toMatchObject({
      state: 'DONE',
    });
    expect(portal.state()).toMatchObject({ companies: [], offices: [], users: [] });
  });
});

describe('starting it', () => {
  it('is possible by its name, and refused with what is no profile', async () => {
    expect(isSimulatorName('webportal')).toBe(true);
    for (const profile of ['[]', 'title: x', 'a: [']) {
      await expect(startSimulator({ platform: 'webportal', webportal: { profile } })).rejects.toThrow(
        ProfileUnreadable,
      );
    }
  });
});
