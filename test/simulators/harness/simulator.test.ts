import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import {
  FaultPlanError,
  SIMULATORS,
  startSimulator,
  type FaultPlan,
  type Simulator,
} from '../../../src/simulators/index.ts';
import { exchange } from '../wire.ts';

let simulator: Simulator | undefined;

async function start(
  options: { readonly faults?: FaultPlan; readonly tls?: boolean; readonly data?: string } = {},
): Promise<Simulator> {
  simulator = await startSimulator({ platform: 'sipwise', ...options });
  return simulator;
}
afterEach(async () => {
  await simulator?.close();
  simulator = undefined;
});

const AUTH = { Authorization: `Basic ${Buffer.from('administrator:administrator').toString('base64')}` };
const COLLECTION = '/api/customercontacts/';
const create = (base: string, email = 'fault@example.org') =>
  exchange(base, {
    method: 'POST',
    path: COLLECTION,
    headers: { ...AUTH, 'Content-Type': 'application/json' },
    body: JSON.stringify({ email, reseller_id: 1 }),
  });
const get = (base: string, path = COLLECTION) => exchange(base, { method: 'GET', path, headers: AUTH });

function contacts(): string[] {
  const state = simulator?.state() as { customercontacts: { email: string }[] };
  return state.customercontacts.map(({ email }) => email);
}

const lastCall = (): unknown => simulator?.calls().at(-1);

describe('data', () => {
  it('are what they were after the process is gone, also when it was killed while it wrote', async () => {
    const data = join(mkdtempSync(join(tmpdir(), 'stand-in-')), 'data');
    const first = await start({ data, faults: { rules: [{ fault: 'dropReply', times: 1 }] } });
    await expect(create(first.url)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect((await create(first.url, 'other@example.org')).status).toBe(201);
    expect((await create(first.url, 'no address')).status).toBe(422);
    const login = await exchange(first.url, {
      method: 'POST',
      path: '/login_jwt',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ username: 'administrator', password: 'administrator' }),
    });
    const { jwt } = JSON.parse(login.text) as { jwt: string };
    const before = first.state();
    await first.close();
    // Times that are shown are whole seconds.
    await sleep(1_100);
    appendFileSync(data, '{"method":"POST","path":"/api/custo');

    const { url } = await start({ data });
    expect(simulator?.state()).toEqual(before);
    expect(contacts()).toEqual(expect.arrayContaining(['fault@example.org', 'other@example.org']));
    const headers = { Authorization: `Bearer ${jwt}` };
    expect((await exchange(url, { method: 'GET', path: COLLECTION, headers })).status).toBe(200);
  });

  it('begin anew after a reset', async () => {
    const data = join(mkdtempSync(join(tmpdir(), 'stand-in-')), 'data');
    const first = await start({ data });
    const fresh = first.state();
    await create(first.url);
    first.reset();
    await first.close();
    await start({ data });
    expect(simulator?.state()).toEqual(fresh);
  });
});

describe('faults', () => {
  it('dropReply does the work and closes without an answer', async () => {
    const { url } = await start({ faults: { rules: [{ match: { method: 'POST' }, fault: 'dropReply', times: 1 }] } });
    await expect(create(url)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(contacts()).toContain('fault@example.org');
    expect(lastCall()).toMatchObject({
      method: 'POST',
      path: COLLECTION,
      operation: 'customercontacts.create',
      status: null,
    });
    expect((await create(url)).status).toBe(201);
  });

  it('dropRequest closes without doing the work', async () => {
    const { url } = await start({ faults: { rules: [{ fault: 'dropRequest', times: 1 }] } });
    await expect(create(url)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(contacts()).not.toContain('fault@example.org');
    expect(lastCall()).toMatchObject({ status: null });
  });

  it('status answers without doing the work, in the form of the platform', async () => {
    const { url, setFaults } = await start();
    for (const [status, type, text] of [
      [503, '', /^$/],
      [500, 'application/json', /"Internal Server Error"/],
      [401, 'text/plain; charset=UTF-8', /^Authorization required\.$/],
      [502, 'text/html; charset=utf-8', /Bad Gateway/],
    ] as const) {
      setFaults({ rules: [{ fault: 'status', status }] });
      const reply = await create(url);
      expect([reply.status, reply.headers['content-type']]).toEqual([status, type]);
      expect(reply.text).toMatch(text);
    }
    expect(contacts()).toHaveLength(1);
  });

  it('slow waits, then does the work and answers', async () => {
    const { url } = await start({ faults: { rules: [{ fault: 'slow', ms: 150 }] } });
    const began = performance.now();
    expect((await create(url)).status).toBe(201);
    expect(performance.now() - began).toBeGreaterThan(140);
  });

  it('slow does the work also when nobody waits for it any more', async () => {
    const { url } = await start({ faults: { rules: [{ match: { method: 'POST' }, fault: 'slow', ms: 500 }] } });
    const headers = { ...AUTH, 'Content-Type': 'application/json' };
    const body = JSON.stringify({ email: 'late@example.org', reseller_id: 1 });
    const leaving = new AbortController();
    const gone = fetch(new URL(COLLECTION, url), { method: 'POST', headers, body, signal: leaving.signal }).catch(
      (error: unknown) => error,
    );
    await expect.poll(() => simulator?.calls(), { interval: 10 }).toHaveLength(1);
    leaving.abort();
    await expect(gone).resolves.toMatchObject({ name: 'AbortError' });
    expect(contacts()).not.toContain('late@example.org');
    await expect.poll(contacts).toContain('late@example.org');
    expect(lastCall()).toMatchObject({ status: null });
  });

  it('stall says nothing for so long, then closes', async () => {
    const { url } = await start({ faults: { rules: [{ fault: 'stall', ms: 120 }] } });
    const began = performance.now();
    await expect(create(url)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(performance.now() - began).toBeGreaterThan(110);
    expect(contacts()).toHaveLength(1);
  });

  it.each([false, true])('reset sends a RST and does no work (TLS: %s)', async (tls) => {
    const { url } = await start({ tls, faults: { rules: [{ fault: 'reset' }] } });
    // `read` is the RST; a plain close would be a hang-up, which bears the same code.
    await expect(create(url)).rejects.toMatchObject({ code: 'ECONNRESET', syscall: 'read' });
    expect(contacts()).toHaveLength(1);
  });

  it('hits kept connections, and only that one', async () => {
    const { url } = await start({ faults: { rules: [{ match: { method: 'DELETE' }, fault: 'dropRequest' }] } });
    const target = new URL(COLLECTION, url);
    await (await fetch(target, { headers: AUTH })).text();
    await expect(fetch(target, { method: 'DELETE', headers: AUTH })).rejects.toThrow('fetch failed');
    expect((await fetch(target, { headers: AUTH })).status).toBe(200);
  });

  it('refuses a plan that is none', async () => {
    const plan = { rules: [{ fault: 'nonsense' }] } as unknown as FaultPlan;
    await expect(start({ faults: plan })).rejects.toThrow(FaultPlanError);
    const running = await start();
    expect(() => {
      running.setFaults(plan);
    }).toThrow(/rules\.0\.fault/);
  });
});

describe('paths under /__', () => {
  it('need no login, are not counted and escape all faults', async () => {
    const { url } = await start({ faults: { rules: [{ fault: 'dropRequest' }] } });
    const reply = await exchange(url, { method: 'GET', path: '/__calls' });
    expect([reply.status, JSON.parse(reply.text)]).toEqual([200, []]);
    expect((await exchange(url, { method: 'GET', path: '/__nothing' })).status).toBe(404);
    expect((await exchange(url, { method: 'GET', path: '/__reset' })).status).toBe(404);
  });

  it('show the state and the calls, oldest first, without queries or bodies', async () => {
    const { url } = await start();
    await create(url, 'shown@example.org');
    await get(url, `${COLLECTION}?email=shown@example.org`);
    await get(url, '/nothing');
    const state = JSON.parse((await exchange(url, { method: 'GET', path: '/__state' })).text) as Record<
      string,
      unknown[]
    >;
    expect(state['customercontacts']).toMatchObject([{ id: 1 }, { email: 'shown@example.org', reseller_id: 1 }]);
    expect(state['domains']).toEqual([{ id: 1, domain: 'sip.example.com', reseller_id: 1 }]);
    const calls = JSON.parse((await exchange(url, { method: 'GET', path: '/__calls' })).text) as unknown[];
    const at = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as unknown;
    expect(calls).toEqual([
      { at, method: 'POST', path: COLLECTION, operation: 'customercontacts.create', status: 201 },
      { at, method: 'GET', path: COLLECTION, operation: 'customercontacts.list', status: 200 },
      { at, method: 'GET', path: '/nothing', operation: null, status: 404 },
    ]);
  });

  it('set faults, and name all faults of a plan that is none', async () => {
    const { url } = await start();
    const post = (body: string) => exchange(url, { method: 'POST', path: '/__faults', body });
    const bad = await post('{"rules":[{"fault":"x"},{"fault":"slow"}]}');
    expect(bad.status).toBe(400);
    expect(JSON.parse(bad.text)).toMatchObject({
      errors: [{ path: ['rules', 0, 'fault'] }, { path: ['rules', 1, 'ms'] }],
    });
    expect((await post('{')).status).toBe(400);
    expect((await post('{"rules":[{"fault":"status","status":503}]}')).status).toBe(200);
    expect((await get(url)).status).toBe(503);
  });

  it('go back to the start: data, calls and the fault plan of the start', async () => {
    const { url } = await start({
      faults: { rules: [{ match: { method: 'GET' }, fault: 'status', status: 503, times: 1 }] },
    });
    await create(url);
    expect((await get(url)).status).toBe(503);
    expect((await get(url)).status).toBe(200);
    expect((await exchange(url, { method: 'POST', path: '/__reset' })).status).toBe(200);
    expect(contacts()).toHaveLength(1);
    expect(simulator?.calls()).toEqual([]);
    expect((await get(url)).status).toBe(503);
    expect((await create(url)).headers.location).toBe(`${COLLECTION}3`);
  });
});

describe('starting and stopping', () => {
  it('knows its platforms, holds data of its own per start', async () => {
    expect(SIMULATORS).toContain('sipwise');
    const one = await start();
    const two = await startSimulator({ platform: 'sipwise' });
    try {
      await create(two.url);
      expect(contacts()).toHaveLength(1);
      expect(two.port).not.toBe(one.port);
    } finally {
      await two.close();
    }
  });

  it('fails on a port that is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    await expect(startSimulator({ platform: 'sipwise', port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    server.close();
  });

  it('stops at once, also with a stalled call and idle connections', async () => {
    const { url, close } = await start({
      faults: { rules: [{ match: { method: 'POST' }, fault: 'stall', ms: 60_000 }] },
    });
    await (await fetch(new URL(COLLECTION, url), { headers: AUTH })).text();
    const stalled = create(url).catch((error: unknown) => error);
    await expect.poll(() => simulator?.calls()).toHaveLength(2);
    await close();
    await expect(stalled).resolves.toMatchObject({ code: 'ECONNRESET' });
  });

  it('refuses a body beyond its limit', async () => {
    const { url } = await start();
    const headers = { ...AUTH, 'Content-Type': 'application/json' };
    const body = Buffer.alloc(9 * 1024 * 1024, 'x');
    const outcome = await exchange(url, { method: 'POST', path: COLLECTION, headers, body }).then(
      ({ status }) => status,
      // The server closes while the client still writes; which of the two is seen first is chance.
      (error: { code?: string }) => error.code,
    );
    expect([413, 'EPIPE', 'ECONNRESET']).toContain(outcome);
    expect(lastCall()).toMatchObject({ status: 413 });
  });

  it('lets a client trust its certificate', async () => {
    const { certificate, url } = await start({ tls: true });
    expect(url).toMatch(/^https:/);
    const { Agent, request } = await import('undici');
    const dispatcher = new Agent({ connect: { ca: certificate ?? '' } });
    const { statusCode, body } = await request(new URL(COLLECTION, url), { dispatcher, headers: AUTH });
    await body.dump();
    expect(statusCode).toBe(200);
    await dispatcher.close();
  });
});

describe('as a process', () => {
  const PROGRAM = fileURLToPath(new URL('../../../src/simulators/main.ts', import.meta.url));
  const run = (...args: string[]) => spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });

  it('prints its URL when it listens and stops on SIGTERM', async () => {
    const faults = join(mkdtempSync(join(tmpdir(), 'simulator-')), 'faults.json');
    writeFileSync(faults, JSON.stringify({ rules: [{ fault: 'status', status: 503 }] }));
    const child = run('sipwise', '--faults', faults);
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const { url } = JSON.parse(line.toString()) as { url: string };
    expect((await get(url)).status).toBe(503);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it.each([
    [[]],
    [['nothing']],
    [['sipwise', '--port', 'x']],
    [['sipwise', '--faults', '/nowhere']],
    [['sipwise', '--x']],
  ])('ends with 2 for the command line %j', async (args) => {
    const child = run(...args);
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(2);
  });
});
