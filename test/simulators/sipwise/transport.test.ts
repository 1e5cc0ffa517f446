import { describe, expect, it } from 'vitest';
import { exchange } from '../wire.ts';
import { useSipwise } from './api.ts';

const { admin, reseller, readonly, customer, simulator } = useSipwise();
const raw = (method: string, path: string, headers: Record<string, string> = {}, body?: string) =>
  exchange(simulator().url, { method, path, headers, body });
const json = { 'Content-Type': 'application/json' };

describe('login (§1)', () => {
  it.each(['basic YWRtaW5pc3RyYXRvcjphZG1pbmlzdHJhdG9y', 'Bearer ', 'bearer x', 'Digest x'])(
    'is a 401 in plain text for %s',
    async (authorization) => {
      const reply = await raw('GET', '/api/customers/', { Authorization: authorization });
      expect([reply.status, reply.text]).toEqual([401, 'Authorization required.']);
      expect(reply.headers['content-type']).toBe('text/plain; charset=UTF-8');
    },
  );

  it('needs credentials for HEAD and OPTIONS, checks them before the body, but not before the path', async () => {
    for (const method of ['HEAD', 'OPTIONS']) expect((await raw(method, '/api/customers/')).status).toBe(401);
    expect((await raw('POST', '/api/customers/', json, '{')).status).toBe(401);
    expect((await raw('PUT', '/api/customers/', json, '{')).status).toBe(404);
  });

  it('exchanges a token, takes a form, and fails with a page on what it cannot read', async () => {
    const login = (body: string, headers = json) => raw('POST', '/login_jwt', headers, body);
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const first = JSON.parse((await login('username=reseller&password=reseller', form)).text) as Record<
      string,
      unknown
    >;
    expect(Object.keys(first).toSorted()).toEqual(['id', 'jwt']);
    const second = await login(JSON.stringify({ jwt: first['jwt'] }));
    expect(second.status).toBe(200);
    const bad = await login('{"jwt":"a.b.c"}');
    expect([bad.status, bad.text.trim()]).toEqual([403, '{"code":403,"message":"Forbidden!"}']);
    for (const body of ['', '{', '[]']) {
      const broken = await login(body);
      expect(broken.status).toBe(500);
      expect(broken.headers['content-type']).toMatch(/^text\/html/);
    }
  });

  it('does not know the token of another start', async () => {
    const body = JSON.stringify({ username: 'administrator', password: 'administrator' });
    const { jwt } = JSON.parse((await raw('POST', '/login_jwt', json, body)).text) as { jwt: string };
    const other = await import('../../../src/simulators/index.ts');
    const second = await other.startSimulator({ platform: 'sipwise' });
    try {
      const headers = { Authorization: `Bearer ${jwt}` };
      const reply = await exchange(second.url, { method: 'GET', path: '/api/customers/', headers });
      expect([reply.status, reply.text.trim()]).toEqual([403, '{"code":403,"message":"Invalid user"}']);
    } finally {
      await second.close();
    }
  });

  it('lets a read-only administrator read, and answers his writes without a label', async () => {
    expect((await readonly.get('/api/customers/')).status).toBe(200);
    const headers = { Accept: '*/*' };
    const reply = await readonly.send('POST', '/api/customers/', {}, headers);
    expect([reply.status, reply.message]).toEqual([403, 'Invalid HTTP method for read-only user']);
    expect(reply.headers['content-type']).toBe('');
  });
});

describe('routing', () => {
  it('accepts an item with a final slash, moves a collection without one', async () => {
    const id = await customer('routing');
    expect((await admin.get(`/api/customers/${id}/`)).status).toBe(200);
    const moved = await admin.get('/api/customers');
    expect(moved.status).toBe(301);
    expect(moved.headers.location).toBe(`${simulator().url}/api/customers/`);
  });

  it.each(['X-HTTP-Method-Override', 'X-HTTP-Method'])('honours %s', async (header) => {
    const id = await customer(`override-${header}`);
    const ops = JSON.stringify([{ op: 'replace', path: '/external_id', value: 'overridden' }]);
    const headers = { [header]: 'PATCH', 'Content-Type': 'application/json-patch+json' };
    expect((await admin.send('POST', `/api/customers/${id}`, ops, headers)).status).toBe(204);
  });

  it('has no 405: the method of another kind of path is a 404', async () => {
    for (const [method, path] of [
      ['POST', '/api/customers/1'],
      ['PUT', '/api/customers/'],
      ['POST', '/api/numbers/'],
      ['PATCH', '/api/domains/1'],
      ['POST', '/api/subscriberpreferencedefs/'],
    ] as const) {
      expect((await admin.send(method, path)).message, `${method} ${path}`).toBe('Path not found');
    }
  });

  it('serves what each collection can do', async () => {
    const { json: document } = await admin.get('/api/');
    expect(document?.['subscribers']).toMatchObject({
      actions: expect.arrayContaining(['GET', 'POST']) as unknown,
      item_actions: expect.arrayContaining(['PATCH', 'DELETE']) as unknown,
      query_params: expect.arrayContaining(['username', 'domain', 'subscriber_external_id']) as unknown,
      sorting_cols: expect.arrayContaining(['id']) as unknown,
      fields: expect.arrayContaining([expect.objectContaining({ name: 'primary_number' })]) as unknown,
    });
    expect(document).toHaveProperty('resellers');
    expect((await reseller.get('/api/')).json).not.toHaveProperty('resellers');
    const page = await admin.send('GET', '/api/', undefined, { Accept: '*/*' });
    expect(page.headers['content-type']).toBe('application/xhtml+xml');
  });
});

describe('bodies', () => {
  const post = (body: string, headers: Record<string, string> = {}) =>
    admin.send('POST', '/api/customercontacts/', body, headers);

  it('says where the JSON is broken', async () => {
    const why = async (body: string): Promise<string> =>
      String((await post(body)).message).replace("The entity is not a well-formed 'application/json' document. ", '');
    expect(await why('{"a":1,\n "b" 2}')).toBe(
      'Malformed JSON: Expected colon while parsing object at line 2, offset 5',
    );
    expect(await why('{"a":{"b":1,"b":2}}')).toMatch(/duplicate object member name b/);
    expect(await why('{"a":tru}')).toMatch(/Expected string, array, object, number, boolean or null/);
    expect(await why('{"a":"x\u0001"}')).toMatch(/Unexpected character or invalid escape/);
    expect(await why('{"a":"x')).toMatch(/Unterminated string/);
    expect(await why('{} x')).toMatch(/Unexpected data/);
    expect(await why('5')).toBe('Malformed JSON: Expected array or object at line 0, offset 0');
    expect(await why('['.repeat(100_000))).toMatch(/Nesting too deep/);
  });

  it('takes a __proto__ for the unknown member it is', async () => {
    const reply = await post('{"email":"proto@example.org","reseller_id":1,"__proto__":{"gpp0":"x"}}');
    expect(reply.status).toBe(201);
    expect((await admin.get(`/api/customercontacts/${reply.id}`)).json).toMatchObject({ gpp0: null });
  });

  it('takes a charset, refuses a Link header, misses a body', async () => {
    const body = '{"email":"charset@example.org","reseller_id":1}';
    expect((await post(body, { 'Content-Type': 'application/json; charset=utf-8' })).status).toBe(201);
    const linked = await post(body, { Link: '<x>' });
    expect([linked.status, linked.message]).toEqual([
      400,
      "The entity is not a well-formed 'application/json' document. Missing or empty input",
    ]);
    const put = await admin.send('PUT', '/api/customercontacts/1', undefined, json);
    expect([put.status, put.message]).toEqual([400, 'This request is missing a message body.']);
  });

  it('cuts an error that echoes characters beyond ASCII, never a 200', async () => {
    const reply = await post('{"email":"ü@ö","reseller_id":1}');
    expect(reply.status).toBe(422);
    expect(reply.json).toBeNull();
    expect(Number(reply.headers['content-length'])).toBe(Buffer.byteLength(reply.text));
    const one = await post('{"email":"ü","reseller_id":1}');
    expect(one.message).toContain("input='ü'");
    const { id } = await post('{"email":"u@example.org","reseller_id":1,"lastname":"Müller €"}');
    expect((await admin.get(`/api/customercontacts/${id}`)).json).toMatchObject({ lastname: 'Müller €' });
  });

  it('refuses patches that are none', async () => {
    const path = '/api/customercontacts/1';
    const patch = async (ops: unknown) => {
      const { status, message } = await admin.patch(path, ops);
      return `${status} ${String(message)}`;
    };
    expect(await patch([{ path: '/city' }])).toBe("400 PATCH element must have an 'op' field.");
    expect(await patch([{ op: 'replace', path: 'city', value: 'x' }])).toBe(
      '422 The entity could not be processed: Invalid pointer syntax (pointer: city)',
    );
    expect(await patch([])).toBe('204 undefined');
    expect(await patch([{ op: 'copy', from: '/email', path: '/gpp0' }])).toBe('204 undefined');
    expect((await admin.get(path)).json).toMatchObject({ gpp0: 'default-customer@default.invalid' });
    expect(
      await patch([
        { op: 'replace', path: '/city', value: 'Graz' },
        { op: 'replace', path: '/nope', value: 1 },
      ]),
    ).toMatch(/^422/);
    expect((await admin.get(path)).json).toMatchObject({ city: null });
  });
});
