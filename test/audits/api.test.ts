import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Platform } from '../../src/platforms/port.ts';
import { call, startTestApi, TOKENS, type TestApi } from '../api/harness.ts';
import { turnup } from '../cli/support.ts';
import { logIn } from '../dashboard/login-helper.ts';
import { createWorld, toyPlatform } from '../engine/toy.ts';
import { useRedis } from '../setup/redis.ts';
import { createKeys } from '../../src/redis/keys.ts';
import type { Finding } from '../../src/audits/audit.ts';
import { auditReport } from '../../src/api/openapi/audit-paths.ts';
import { createAuditStore } from '../../src/audits/store.ts';
import { createLedger } from '../../src/ledger/ledger.ts';

/* Audits as they are ordered and read; no worker is there. */

const redis = useRedis();
const keys = createKeys();
const platform = {
  ...(toyPlatform(createWorld()) as unknown as Platform),
  actions: ['provision', 'modify'],
} as Platform;
let api: TestApi;

beforeAll(async () => {
  api = await startTestApi({ redis, platform });
});
afterAll(() => api?.close());

const begin = (body: unknown, token: keyof typeof TOKENS = 'olga') => call(api, '/v1/audits', { token, body });
const faultsOf = async (body: unknown) =>
  Object.fromEntries(
    (await begin(body)).body.errors.map(({ path, message }: Record<string, string>) => [path, message]),
  );

function store() {
  const client = redis.client();
  return createAuditStore({ redis: client, keys, ledger: createLedger({ redis: client, keys }) });
}

const finding = (customer: string, more: Partial<Finding> = {}): Finding => ({
  customer,
  subscriber: { username: customer.toLowerCase(), domain: 'sip.example.com' },
  state: 'differs',
  members: ['aliases'],
  why: null,
  order: null,
  ...more,
});

/** An audit of some customers that were looked at, by hand of a worker. */
async function found(findings: readonly Finding[]): Promise<string> {
  const customers = [...new Set(findings.map(({ customer }) => customer))];
  const audits = store();
  const id = (await begin({ target: 'lab', customers })).body.id as string;
  for (;;) {
    const turn = await audits.begin(id);
    if (typeof turn === 'string') throw new Error(turn);
    if (turn.customer === null) break;
    const own = findings.filter(({ customer }) => customer === turn.customer);
    expect(await audits.advance(turn, { findings: own, putOff: false, orders: 0 })).toBe(true);
    // A worker that thought it still had the turn.
    expect(await audits.advance(turn, { findings: own, putOff: false, orders: 0 })).toBe(false);
  }
  await audits.end(id, 'completed');
  return id;
}

describe('an audit', () => {
  test('is stored, and read as it is', async () => {
    const { status, headers, body } = await begin({ target: 'lab', customers: ['C-1', 'C-1', 'C-2'], repair: true });
    expect(status).toBe(202);
    expect(headers.get('location')).toBe(`/v1/audits/${body.id}`);
    expect(body).toEqual({
      id: expect.any(String),
      target: 'lab',
      customers: ['C-1', 'C-2'],
      repair: true,
      by: 'operator:olga',
      state: 'queued',
      waitsFor: null,
      createdAt: expect.any(String),
      startedAt: null,
      endedAt: null,
      progress: { checked: 0, total: 2 },
      counts: { same: 0, differs: 0, missing: 0, foreign: 0, unknown: 0 },
      orders: 0,
      error: null,
    });
    const read = await call(api, `/v1/audits/${body.id}`, { token: 'vera' });
    expect(read.body).toEqual({ ...body, findings: { items: [], next: null } });
    expect(auditReport.strict().safeParse(read.body).error).toBeUndefined();
  });

  test('is for operators, and is ordered by those who may act', async () => {
    const id = (await begin({ target: 'lab' })).body.id as string;
    expect((await begin({ target: 'lab' }, 'vera')).status).toBe(403);
    for (const path of ['/v1/audits', `/v1/audits/${id}`])
      expect((await call(api, path, { token: 'crm' })).status).toBe(403);
    expect((await begin({ target: 'lab' }, 'crm')).status).toBe(403);
    const cancel = (token: keyof typeof TOKENS) => call(api, `/v1/audits/${id}/cancel`, { token, method: 'POST' });
    expect([(await cancel('crm')).status, (await cancel('vera')).status, (await cancel('olga')).status]).toEqual([
      403, 403, 202,
    ]);
    expect((await call(api, '/v1/audits', { token: null })).status).toBe(401);
  });

  test('I12 that makes no sense is refused, every fault named', async () => {
    expect(await faultsOf({ target: 7, customers: [], repair: 'yes', more: 1 })).toEqual({
      target: expect.any(String),
      customers: expect.any(String),
      repair: expect.any(String),
      more: 'is not known',
    });
    expect(await faultsOf({ target: 'nowhere' })).toEqual({ target: 'is not a configured target' });
    expect((await begin('{')).status).toBe(400);
    for (const id of ['x', '0192f0c1-8f00-7000-8000-0000000000a1'])
      expect((await call(api, `/v1/audits/${id}`, { token: 'vera' })).status).toBe(404);
    const path = `/v1/audits/${(await begin({ target: 'lab' })).body.id}`;
    for (const query of ['limit=0', 'cursor=x', 'state=odd', 'more=1'])
      expect((await call(api, `${path}?${query}`, { token: 'vera' })).status).toBe(422);
  });

  test('of a platform that cannot modify is refused', async () => {
    const other = await startTestApi({ redis, platform: toyPlatform(createWorld()) });
    const { status, body } = await call(other, '/v1/audits', { token: 'olga', body: { target: 'lab' } });
    expect([status, body.errors[0].path]).toEqual([422, 'target']);
    await other.close();
  });

  test('tells what it found, a page at a time and by state', async () => {
    const findings = Array.from({ length: 7 }, (_, at) =>
      finding(`C-${at}`, at % 2 === 0 ? {} : { state: 'same', members: [] }),
    );
    const id = await found(findings);
    const seen: Finding[] = [];
    let query = '?limit=3';
    for (;;) {
      const { body } = await call(api, `/v1/audits/${id}${query}`, { token: 'vera' });
      expect(body.counts).toMatchObject({ same: 3, differs: 4 });
      seen.push(...body.findings.items);
      if (body.findings.next === null) break;
      query = `?limit=3&cursor=${body.findings.next}`;
    }
    expect(seen).toEqual(findings);
    const all = (await call(api, `/v1/audits/${id}`, { token: 'vera' })).body;
    expect(auditReport.strict().safeParse(all).error).toBeUndefined();
    const differing = await call(api, `/v1/audits/${id}?state=differs&limit=2`, { token: 'vera' });
    expect(differing.body.findings.items.map(({ customer }: Finding) => customer)).toEqual(['C-0', 'C-2']);
    const rest = await call(api, `/v1/audits/${id}?state=differs&cursor=${differing.body.findings.next}`, {
      token: 'vera',
    });
    expect(rest.body.findings.items.map(({ customer }: Finding) => customer)).toEqual(['C-4', 'C-6']);
  });

  test('is listed, newest first, and only so many are kept', async () => {
    const ids: string[] = [];
    for (let at = 0; at < 205; at += 1) {
      const id = (await store().create({ target: at % 2 ? 'lab' : 'other', repair: false, by: 'x', owner: 'x' }))!;
      if (at > 2) await store().end(id, 'completed');
      ids.unshift(id);
    }
    const list = async (query: string) => (await call(api, `/v1/audits?${query}`, { token: 'vera' })).body;
    const first = await list('limit=200');
    expect(first.items.map(({ id }: { id: string }) => id)).toEqual(ids.slice(0, 200));
    const second = await list(`limit=200&cursor=${first.next}`);
    // Three that are open are kept, however old.
    expect(second.items.map(({ state }: { state: string }) => state)).toEqual(['queued', 'queued', 'queued']);
    expect((await list('target=lab&limit=3')).items.every(({ target }: { target: string }) => target === 'lab')).toBe(
      true,
    );
  });
});

describe('the figures of a scrape', () => {
  test('are those of the last audit of a whole target', async () => {
    await found([finding('C-1')]);
    const page = async () => (await call(api, '/metrics', { token: null })).body as string;
    expect(await page()).not.toMatch(/^turnup_audit_findings\{/m);
    const id = (await begin({ target: 'lab' })).body.id as string;
    await redis.client().zadd(keys.ledgerCustomers('lab'), 0, 'C-1');
    const audits = store();
    const turn = await audits.begin(id);
    if (typeof turn === 'string') throw new Error(turn);
    await audits.advance(turn, {
      findings: [finding('C-1'), finding('C-1', { state: 'missing' })],
      putOff: false,
      orders: 0,
    });
    await audits.end(id, 'completed');
    expect((await page()).split('\n')).toEqual(
      expect.arrayContaining([
        'turnup_audit_findings{target="lab",state="differs"} 1',
        'turnup_audit_findings{target="lab",state="missing"} 1',
        'turnup_audit_findings{target="lab",state="same"} 0',
        expect.stringMatching(/^turnup_audit_completed_timestamp_seconds\{target="lab"\} \d+/),
      ]),
    );
  });
});

describe('people', () => {
  const shell = (...args: string[]) =>
    turnup(['audit', ...args], { env: { TURNUP_URL: api.url, TURNUP_TOKEN: TOKENS.olga } });

  test('order and read audits from a terminal', async () => {
    const ordered = await shell('lab', '--customer', 'C-1', 'C-2', '--repair', '--json');
    expect(ordered.code).toBe(0);
    const { id } = JSON.parse(ordered.stdout) as { id: string };
    expect(JSON.parse(ordered.stdout)).toMatchObject({ customers: ['C-1', 'C-2'], repair: true });
    expect((await shell('list')).stdout).toContain(id);
    const late = await shell('lab', '--wait', '--timeout', '0.1');
    expect([late.code, late.stderr]).toEqual([1, expect.stringContaining('turnup audit show')]);
    expect((await shell('cancel', id)).stdout).toContain('cancelled');
    const done = await found([finding('C-7', { order: '0192f0c1-8f00-7000-8000-0000000000b2' })]).catch(() => null);
    expect(done).toBeNull();
  });

  test('see in a terminal and on the board what was found', async () => {
    const id = await found([
      finding('C-7', { order: '0192f0c1-8f00-7000-8000-0000000000b2' }),
      finding('<b>C-8</b>', { state: 'missing', members: [], why: 'its password is not kept' }),
    ]);
    const shown = await shell('show', id);
    expect([shown.code, shown.stdout]).toEqual([
      0,
      expect.stringMatching(/C-7 +c-7@sip.example.com +differs +aliases +order 0192/),
    ]);
    expect(shown.stdout).toContain('its password is not kept');

    const vera = await logIn(api, 'vera');
    const list = await (await vera.get('/board/audits')).text();
    expect(list).toContain(`/board/audits/${id}`);
    const page = await (await vera.get(`/board/audits/${id}`)).text();
    expect(page).toContain('<code>aliases</code>');
    expect(page).toContain('href="/board/orders/0192f0c1-8f00-7000-8000-0000000000b2"');
    expect(page).toContain('&lt;b&gt;C-8&lt;/b&gt;');
    expect((await vera.get('/board/audits/0192f0c1-8f00-7000-8000-0000000000ff')).status).toBe(404);
  });
});
