import { describe, expect, it } from 'vitest';
import { webportal } from '../../../src/platforms/webportal/index.ts';
import { BASIC, hooksFor, json, NAMES, profileWith, useLabs } from './lab.ts';
import { failure } from '../../setup/failure.ts';

const { open, serve, connectTo } = useLabs();

const basic = (changes: Readonly<Record<string, unknown>> = {}) => profileWith('status', { ...BASIC, ...changes });

describe('an answer that no rule of the profile matches', () => {
  it.each([
    ['a 200 that does not look like a success', 200, '{"ok":true}'],
    ['a 200 that is no JSON', 200, 'OK'],
    ['a 200 without a body', 200, ''],
    ['another success', 202, '{"items":[]}'],
    ['a teapot', 418, '{}'],
    ['a redirect', 302, ''],
  ])('is a fault, never a success: %s', async (_what, status, body) => {
    const { url } = await serve(() => ({ status, body, headers: { location: 'http://127.0.0.1:1/elsewhere' } }));
    const client = connectTo(url, basic()).bind(hooksFor());
    const error = await failure(client.find('company.find', NAMES));
    expect(error).toMatchObject({ code: 'TURNUP_TARGET_UNEXPECTED', class: 'bug' });
    const { title } = client.profile;
    expect(error.detail).toContain(`profile "${title}"`);
    expect(error.detail).toMatch(/body sha256 [0-9a-f]{16}, \d+ characters/);
  });

  it('is told by its shape alone: no value of it is quoted', async () => {
    const { url } = await serve(() => json(200, { esito: 'segreto', dati: { pin: '4711' } }));
    const error = await failure(connectTo(url, basic()).bind(hooksFor()).find('company.find', NAMES));
    expect(error.detail).toContain('{ esito: string, dati: { pin: string } }');
    expect(error.message).not.toMatch(/segreto|4711/);
  });

  it('of a create is no success either', async () => {
    const { url } = await serve(() => json(200, { id: 1 }));
    const error = await failure(connectTo(url, basic()).bind(hooksFor()).create('office.create', NAMES, { name: 'x' }));
    expect(error.class).toBe('bug');
  });
});

describe('an answer', () => {
  it.each([
    ['a refused login', 401, '', 'auth'],
    ['overload', 429, '', 'throttled'],
    ['maintenance', 503, '<html>', 'outage'],
    ['a lost portal, of a read', 502, '', 'transient'],
  ])('of a server in front is taken as HTTP means it: %s', async (_what, status, body, expected) => {
    const { url } = await serve(() => ({ status, body }));
    const error = await failure(
      connectTo(url, basic({ errors: [] }))
        .bind(hooksFor())
        .find('company.find', NAMES),
    );
    expect(error.class).toBe(expected);
  });

  it('of a server in front that lost a write leaves it open whether it was done', async () => {
    const { url } = await serve(() => ({ status: 504 }));
    const work = connectTo(url, basic({ errors: [] }))
      .bind(hooksFor())
      .create('office.create', NAMES, { name: 'x' });
    expect((await failure(work)).class).toBe('ambiguous');
  });

  it('is quoted by the profile’s place for it, without the secrets that were sent', async () => {
    const { url } = await serve((_request, body) =>
      json(422, { message: `bad password ${JSON.parse(body).sip.password} of portal-password` }),
    );
    const client = connectTo(url, basic()).bind(hooksFor());
    const error = await failure(
      client.create(
        'user.create',
        { ...NAMES, officeId: '1' },
        { number: '+390612345', password: 'sip-secret-1', username: 'a' },
      ),
    );
    expect(error).toMatchObject({ code: 'TURNUP_TARGET_REJECTED', class: 'rejected' });
    expect(error.detail).toContain('bad password ***** of *****');
    expect(error.message).not.toMatch(/sip-secret-1|portal-password/);
  });

  it('carries the hint of the rule, and its class as the platform code', async () => {
    const { url } = await serve(() => json(409, { message: 'in use' }));
    const errors = [{ status: 409, class: 'conflict', text: '/message', hint: 'Ask the number desk.' }];
    const error = await failure(connectTo(url, basic({ errors })).bind(hooksFor()).change('company.remove', NAMES));
    expect(error).toMatchObject({
      hint: 'Ask the number desk.',
      answer: { status: 409, text: 'in use', platformCode: 'conflict', write: true },
    });
  });

  it('with an outcome in it is an error before it is a success', async () => {
    const errors = [{ status: 201, at: '/outcome', equals: 'KO', class: 'rejected' }];
    const done = { status: 201, at: '/id', present: true };
    const { url } = await serve(() => json(201, { id: 5, outcome: 'KO' }));
    const profile = basic({
      errors,
      'operations/office.create/done': done,
      'operations/user.create/done': done,
      'operations/company.create/done': done,
      'operations/wlr.create/done': done,
    });
    expect(
      (await failure(connectTo(url, profile).bind(hooksFor()).create('office.create', NAMES, { name: 'x' }))).class,
    ).toBe('rejected');
  });
});

describe('a path', () => {
  it('keeps what an order says inside its place', async () => {
    const { url, seen } = await serve(() => json(200, { items: [] }));
    const client = connectTo(url, basic()).bind(hooksFor());
    await client.find('office.find', { ...NAMES, companyId: 'a/b?c=d#e', officeName: 'é & co' });
    expect(seen[0]!.url).toBe('/companies/a%2Fb%3Fc%3Dd%23e/offices?name=%C3%A9%20%26%20co');
  });

  it.each(['.', '..'])('is not left by a value such as "%s"', async (companyId) => {
    const { url, seen } = await serve(() => json(200, { items: [] }));
    const client = connectTo(url, basic()).bind(hooksFor());
    const error = await failure(client.find('office.find', { ...NAMES, companyId }));
    expect(error.class).toBe('rejected');
    expect(seen).toEqual([]);
  });

  it('lies beneath the URL of the target', async () => {
    const { url, seen } = await serve(() => json(200, {}));
    await connectTo(`${url}/hosting`, basic({ basePath: '/v9' }))
      .bind(hooksFor())
      .find('dashboard.get', {});
    expect(seen[0]!.url).toBe('/hosting/v9/dashboard');
  });

  it('that needs what the order does not tell is not called', async () => {
    const { url, seen } = await serve(() => json(200, {}));
    const error = await failure(connectTo(url, basic()).bind(hooksFor()).change('user.remove', {}));
    expect(error).toMatchObject({ class: 'rejected', detail: expect.stringContaining('{userId}') });
    expect(seen).toEqual([]);
  });

  it('I8 of the journal has no query, which may hold names and numbers', async () => {
    const { simulator, client, calls } = await open(profileWith('status'));
    await client.find('company.find', { companyKey: 'Rossi' });
    expect(simulator.calls().length).toBeGreaterThan(0);
    for (const { object } of calls) expect(object).not.toMatch(/[?]|Rossi/);
  });
});

describe('a header', () => {
  it('is sent as the profile says, and cannot be broken by a value', async () => {
    const { url, seen } = await serve(() => json(200, { items: [] }));
    const headers = { 'X-Company': '{companyKey}' };
    const client = connectTo(
      url,
      basic({ 'defaults/headers': { 'Accept-Language': 'it' }, 'operations/company.find/headers': headers }),
    ).bind(hooksFor());
    await client.find('company.find', NAMES);
    expect(seen[0]!.headers).toMatchObject({ 'accept-language': 'it', 'x-company': 'C-1', accept: 'application/json' });
    const error = await failure(client.find('company.find', { companyKey: 'a\r\nX-Evil: 1' }));
    expect(error.class).toBe('rejected');
    expect(seen).toHaveLength(1);
  });
});

describe('logging in', () => {
  const SESSION = {
    kind: 'login-session',
    path: '/session',
    set: { '/user': '{username}', '/word': '{password}' },
    done: { status: 200, at: '/ok', equals: true },
    refused: { status: 200, at: '/ok', equals: false },
  };

  it.each([
    ['basic', { kind: 'basic' }],
    ['bearer', { kind: 'bearer' }],
    ['a header', { kind: 'header', name: 'X-Api-Key', prefix: 'Key ' }],
    ['OAuth, login in the header', { kind: 'oauth-client-credentials', path: '/token' }],
    ['OAuth, login in the body', { kind: 'oauth-client-credentials', path: '/token', send: 'body', scope: 'all' }],
    ['a session by token', { ...SESSION, token: '/key', header: { name: 'X-Session', prefix: '' } }],
    ['a session by cookie', { ...SESSION, cookie: 'JSESSIONID' }],
  ])('by %s works, and a wrong one is refused as such', async (_what, auth) => {
    const profile = profileWith('status', { auth });
    const { client, simulator } = await open(profile);
    expect(await client.find('company.find', { companyKey: 'C-0' })).toEqual([]);
    const wrong = connectTo(simulator.url, profile, { password: 'no' }).bind(hooksFor());
    expect((await failure(wrong.find('company.find', { companyKey: 'C-0' }))).class).toBe('auth');
  });

  it('by a client certificate sends nothing of its own', async () => {
    const { url, seen } = await serve(() => json(200, { items: [] }));
    await connectTo(url, basic({ auth: { kind: 'client-certificate' } }))
      .bind(hooksFor())
      .find('company.find', NAMES);
    expect(seen[0]!.headers.authorization).toBeUndefined();
  });

  it('uses further secrets by their names', async () => {
    const { url, seen } = await serve(({ url: path }) =>
      path === '/session' ? json(200, { ok: true, key: 'abc' }) : json(200, { items: [] }),
    );
    const auth = { ...SESSION, set: { ...SESSION.set, '/tenant': '{tenantKey}' }, token: '/key' };
    await connectTo(url, basic({ auth }), { secrets: { tenantKey: 'olo-7' } })
      .bind(hooksFor())
      .find('company.find', NAMES);
    expect(JSON.parse(seen[0]!.body)).toEqual({ user: 'portal', word: 'portal-password', tenant: 'olo-7' });
    expect(seen[1]!.headers.authorization).toBe('Bearer abc');
  });

  it('happens once for all who wait, and again when the session is over', async () => {
    const { simulator, client, connection } = await open(profileWith('status'), { callsPerLogin: 3 });
    const more = Array.from({ length: 3 }, () => connection.bind(hooksFor()).find('company.find', { companyKey: 'x' }));
    await Promise.all(more);
    const logins = () => simulator.calls().filter(({ operation }) => operation === 'login').length;
    expect(logins()).toBe(1);
    await client.find('company.find', { companyKey: 'x' });
    expect(logins()).toBe(2);
  });

  it('that is refused is not tried again by those that wait', async () => {
    const { simulator, connection } = await open(profileWith('status'), {}, 'wrong');
    const all = await Promise.allSettled(
      Array.from({ length: 5 }, () => connection.bind(hooksFor()).find('company.find', { companyKey: 'x' })),
    );
    expect(all.every(({ status }) => status === 'rejected')).toBe(true);
    expect(simulator.calls().filter(({ operation }) => operation === 'login')).toHaveLength(1);
  });

  it('that is refused for an unknown reason still counts as a refused login', async () => {
    const { url } = await serve(() => ({ status: 400, body: 'no' }));
    const auth = { ...SESSION, token: '/key' };
    expect((await failure(connectTo(url, basic({ auth })).bind(hooksFor()).find('company.find', NAMES))).class).toBe(
      'auth',
    );
  });

  it('to a portal that is down is an outage', async () => {
    const { url } = await serve(() => ({ status: 503 }));
    const auth = { ...SESSION, token: '/key' };
    expect((await failure(connectTo(url, basic({ auth })).bind(hooksFor()).find('company.find', NAMES))).class).toBe(
      'outage',
    );
  });

  it('I8 is not quoted by anything that fails', async () => {
    const { url } = await serve(({ url: path }) =>
      path === '/session'
        ? json(200, { ok: true, key: 'token-123' })
        : json(409, { message: 'token-123 portal-password' }),
    );
    const auth = { ...SESSION, token: '/key' };
    const error = await failure(connectTo(url, basic({ auth })).bind(hooksFor()).find('company.find', NAMES));
    expect(error.message).not.toMatch(/token-123|portal-password/);
  });
});

describe('a list', () => {
  it.each([
    ['by number', { kind: 'page', param: 'page', first: 1, size: 2 }],
    ['by number from 0', { kind: 'page', param: 'page', first: 0, size: 2, sizeParam: 'n' }],
    ['by what came before', { kind: 'offset', param: 'from', size: 2 }],
    ['by a cursor', { kind: 'cursor', param: 'after', next: '/next' }],
  ])('is read to its end, page by page %s', async (_what, paging) => {
    const profile = profileWith('status', { 'operations/portedOut.list/paging': paging });
    const { client, simulator } = await open(profile);
    expect(await client.find('portedOut.list', {})).toHaveLength(3);
    expect(simulator.calls().filter(({ operation }) => operation === 'portedOut.list')).toHaveLength(2);
  });

  it('without an end is given up', async () => {
    const paging = { kind: 'page', param: 'page', size: 1 };
    const { url } = await serve(() => json(200, { items: [{ id: 1 }] }));
    const work = connectTo(url, basic({ 'operations/portedOut.list/paging': paging }))
      .bind(hooksFor())
      .find('portedOut.list', {});
    expect((await failure(work)).detail).toMatch(/more than 500 pages/);
  });

  it('whose cursor does not move is over', async () => {
    const paging = { kind: 'cursor', param: 'after', next: '/next' };
    const { url } = await serve(() => json(200, { items: [{ id: 1 }], next: 'same' }));
    const found = await connectTo(url, basic({ 'operations/portedOut.list/paging': paging }))
      .bind(hooksFor())
      .find('portedOut.list', {});
    expect(found).toHaveLength(2);
  });
});

describe('bodies', () => {
  it('are sent as a form, or as XML, where the profile says so', async () => {
    const { url, seen } = await serve(() => json(201, { id: 'O-1' }));
    const fields = { name: { at: '/name' } };
    const form = connectTo(url, basic({ 'defaults/format': 'form', 'fields/office': fields })).bind(hooksFor());
    await form.create('office.create', NAMES, { name: 'Sede & Co' });
    expect(seen[0]!.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
    expect(seen[0]!.body).toBe('name=Sede+%26+Co');
    const xmlFields = { name: { at: '/office/name' } };
    const xml = connectTo(url, basic({ 'operations/office.create/format': 'xml', 'fields/office': xmlFields })).bind(
      hooksFor(),
    );
    await xml.create('office.create', NAMES, { name: 'Sede & Co' });
    expect(seen[1]!.headers['content-type']).toMatch(/^application\/xml/);
    expect(seen[1]!.body).toContain('<office><name>Sede &amp; Co</name></office>');
  });

  it('of an answer may be XML', async () => {
    const { url } = await serve(() => ({
      status: 200,
      body: '<list><row><id>1</id><reference>C-1</reference></row></list>',
    }));
    const profile = basic({ 'operations/company.find/found': { status: 200, at: '/list/row', many: true } });
    expect(await connectTo(url, profile).bind(hooksFor()).find('company.find', NAMES)).toEqual([
      { id: '1', document: { id: '1', reference: 'C-1' } },
    ]);
  });
});

it('the table of answers fits what is thrown', async () => {
  const { url } = await serve(() => json(409, {}));
  const error = await failure(connectTo(url, basic()).bind(hooksFor()).find('company.find', NAMES));
  const row = webportal.answers.find(({ platformCode }) => platformCode === error.answer?.platformCode);
  expect(row?.code).toBe(error.code);
});
