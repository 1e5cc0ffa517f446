import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { TurnupError, withEvidence } from '../../src/errors/index.ts';
import type { Engine } from '../../workers/engine.ts';
import { logIn } from '../dashboard/login-helper.ts';
import { testEngine } from '../engine/harness.ts';
import { createWorld, toyPlatform } from '../engine/toy.ts';
import { useRedis, waitFor } from '../setup/redis.ts';
import { call, sampleOrder, startTestApi, type TestApi } from './harness.ts';

/* Who may read what a target answered and nobody understood, and that it is told. */

const redis = useRedis();
const world = createWorld();
const platform = toyPlatform(world);
let api: TestApi;
let engine: Engine;

const ANSWER = 'an odd answer about <b>Ann</b>';

beforeAll(async () => {
  api = await startTestApi({ redis, platform });
});
beforeEach(async () => {
  world.things.clear();
  engine = testEngine({ redis: redis.client(), platform });
  await engine.start();
});
afterEach(() => engine.close());
afterAll(() => api?.close());

async function heldOrder(): Promise<string> {
  const headers = { 'content-type': 'text/html' };
  const exchanged = { method: 'POST', object: '/people', body: '{"name":"Ann"}', status: 418, headers, text: ANSWER };
  world.trouble = ({ thing, at }) => {
    if (at === 'before' && thing.startsWith('customer'))
      throw withEvidence(new TurnupError('TURNUP_TARGET_UNEXPECTED'), exchanged, []);
  };
  const { body } = await call(api, '/v1/orders', { body: sampleOrder() });
  await waitFor(async () => (await call(api, `/v1/orders/${body.id}`)).body.state === 'held', {
    what: 'the order is held',
    timeoutMs: 15_000,
  });
  return body.id as string;
}

const journalOf = async (id: string): Promise<{ type: string; by: string; detail: object }[]> =>
  (await call(api, `/v1/orders/${id}/journal?limit=200`)).body.items;

describe('GET /v1/orders/{id}/evidence', () => {
  test('I10 is answered to an operator, and the journal says so', async () => {
    const id = await heldOrder();
    const answer = await call(api, `/v1/orders/${id}/evidence`, { token: 'olga' });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        items: [
          {
            step: 'customer',
            run: 1,
            attempt: 3,
            method: 'POST',
            object: '/people',
            sent: { text: '{"name":"Ann"}', characters: 14 },
            status: 418,
            contentType: 'text/html',
            answered: { text: ANSWER, characters: ANSWER.length },
          },
        ],
      },
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect((await journalOf(id)).filter(({ type }) => type === 'evidenceRead')).toMatchObject([
      { by: 'operator:olga', detail: { steps: ['customer'] } },
    ]);
  });

  test('I8 is refused to viewers and clients, who see nothing of it elsewhere either', async () => {
    const id = await heldOrder();
    for (const token of ['vera', 'crm', 'shop'] as const) {
      const refused = await call(api, `/v1/orders/${id}/evidence`, { token });
      expect(refused).toMatchObject({ status: 403, body: { code: 'TURNUP_FORBIDDEN' } });
    }
    const order = await call(api, `/v1/orders/${id}`);
    const journal = await journalOf(id);
    expect(JSON.stringify([order.body, journal])).not.toContain('odd answer');
    expect(journal.filter(({ type }) => type === 'evidenceRead')).toEqual([]);
    expect(api.logged.join('')).not.toContain('odd answer');
  });

  test('is empty where every answer was understood, and not found where there is no order', async () => {
    const { body } = await call(api, '/v1/orders', { body: sampleOrder({ notBefore: '2099-01-01T00:00:00Z' }) });
    expect(await call(api, `/v1/orders/${body.id}/evidence`, { token: 'adam' })).toMatchObject({
      status: 200,
      body: { items: [] },
    });
    const none = '01928f3e-0000-7000-8000-000000000000';
    expect((await call(api, `/v1/orders/${none}/evidence`, { token: 'adam' })).status).toBe(404);
  });

  test('is gone with the order’s archive', async () => {
    const id = await heldOrder();
    await call(api, `/v1/orders/${id}/close`, { token: 'olga', body: { reason: 'a test' } });
    await engine.store.archive(id, 60_000);
    expect((await call(api, `/v1/orders/${id}`)).status).toBe(200);
    const answer = await call(api, `/v1/orders/${id}/evidence`, { token: 'olga' });
    expect(answer).toMatchObject({ status: 404, body: { detail: expect.stringContaining('archived') } });
  });
});

describe('the dashboard', () => {
  test('links it from the order’s page and shows it, escaped, to those who may read it', async () => {
    const id = await heldOrder();
    const olga = await logIn(api, 'olga');
    const link = `/board/orders/${id}/evidence`;
    const order = await (await olga.get(`/board/orders/${id}`)).text();
    expect(order).toContain(`href="${link}"`);
    expect(order).not.toContain('odd answer');
    const page = await (await olga.get(link)).text();
    expect(page).toContain('an odd answer about &lt;b&gt;Ann&lt;/b&gt;');
    expect((await journalOf(id)).at(-1)).toMatchObject({ type: 'evidenceRead', by: 'operator:olga' });
    const vera = await logIn(api, 'vera');
    expect(await (await vera.get(`/board/orders/${id}`)).text()).not.toContain(link);
    expect((await vera.get(link)).status).toBe(403);
  });

  test('says nothing of it where there is none', async () => {
    const { body } = await call(api, '/v1/orders', { body: sampleOrder({ notBefore: '2099-01-01T00:00:00Z' }) });
    const olga = await logIn(api, 'olga');
    expect(await (await olga.get(`/board/orders/${body.id}`)).text()).not.toContain('/evidence');
  });
});
