import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { TurnupError } from '../../src/errors/index.ts';
import type { OrderView } from '../../src/orders/record.ts';
import type { Engine } from '../../workers/engine.ts';
import { call, sampleOrder, startTestApi, type TestApi } from '../api/harness.ts';
import { testEngine } from '../engine/harness.ts';
import { createWorld, toyPlatform } from '../engine/toy.ts';
import { useRedis, waitFor } from '../setup/redis.ts';
import { formToken, logIn, type Visitor } from './login-helper.ts';

/* The buttons of an order's page. */

const redis = useRedis();
const world = createWorld();
const platform = toyPlatform(world);
let api: TestApi;
let engine: Engine;

beforeAll(async () => {
  api = await startTestApi({ redis, platform });
});
beforeEach(async () => {
  world.things.clear();
  world.trouble = () => {};
  engine = testEngine({ redis: redis.client(), platform });
  await engine.start();
});
afterEach(() => engine.close());
afterAll(() => api?.close());

async function untilState(id: string, state: string): Promise<OrderView> {
  return waitFor(
    async () => {
      const { body } = await call(api, `/v1/orders/${id}`);
      return body.state === state && (body as OrderView);
    },
    { what: `order ${id} is ${state}`, timeoutMs: 15_000 },
  );
}

async function holdOrder(): Promise<string> {
  world.trouble = ({ thing, at }) => {
    if (thing.startsWith('subscriber') && at === 'before') throw new TurnupError('TURNUP_TARGET_REJECTED');
  };
  const placed = await call(api, '/v1/orders', { body: sampleOrder() });
  await untilState(placed.body.id, 'held');
  world.trouble = () => {};
  return placed.body.id as string;
}

const pathOf = (id: string) => `/board/orders/${id}`;
const buttonsOf = (page: string) =>
  [...page.matchAll(/<button type="submit"(?: formaction="[^"]+")?>([^<]+)</g)].map((match) => match[1]);

async function press(visitor: Visitor, id: string, act: string, reason?: string): Promise<Response> {
  const csrf = await formToken(await visitor.get(pathOf(id)));
  const form = new URLSearchParams({ csrf, ...(reason !== undefined && { reason }) });
  return visitor.send('POST', `${pathOf(id)}/${act}`, form);
}

describe('the buttons of an order', () => {
  test('are those that its state may allow, for who may press them', async () => {
    const id = await holdOrder();
    const olga = await logIn(api, 'olga');
    const page = await (await olga.get(pathOf(id))).text();
    expect(buttonsOf(page)).toEqual(['Retry', 'Undo', 'Cancel', 'Close', 'Release']);
    expect(page).toMatch(/<input id="reason"[^>]* required/);
    // What the Enter key presses.
    expect(page.indexOf('<button type="submit" disabled hidden>')).toBeLessThan(page.indexOf('formaction'));
    const vera = await logIn(api, 'vera');
    expect(buttonsOf(await (await vera.get(pathOf(id))).text())).toEqual([]);
    const waiting = await call(api, '/v1/orders', { body: sampleOrder({ notBefore: '2030-01-01T00:00:00Z' }) });
    expect(buttonsOf(await (await olga.get(pathOf(waiting.body.id))).text())).toEqual(['Cancel']);
    const ended = await call(api, '/v1/orders', { body: sampleOrder() });
    await untilState(ended.body.id, 'completed');
    expect(buttonsOf(await (await olga.get(pathOf(ended.body.id))).text())).toEqual([]);
  });

  test.each([
    ['undo', 'failed', 'undoRequested'],
    ['cancel', 'cancelled', 'cancelRequested'],
    ['close', 'partial', 'closed'],
    ['release', 'held', 'released'],
  ])('%s: the order is %s, the journal has the reason, the page says so', async (act, state, type) => {
    const id = await holdOrder();
    const visitor = await logIn(api, 'olga');
    const response = await press(visitor, id, act, 'the <b>reason</b>');
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe(`${pathOf(id)}?done=${act}`);
    await untilState(id, state);
    const { body } = await call(api, `/v1/orders/${id}/journal`);
    expect(body.items).toContainEqual(
      expect.objectContaining({ type, by: 'operator:olga', detail: { reason: 'the <b>reason</b>' } }),
    );
    const page = await (await visitor.get(`${pathOf(id)}?done=${act}`)).text();
    expect(page).toContain('role="status"');
    expect(page).not.toContain('the <b>');
  });

  test('without a reason, or when it is not possible, the page says why and nothing happens', async () => {
    const id = await holdOrder();
    const visitor = await logIn(api, 'olga');
    for (const reason of [undefined, '  ', 'x'.repeat(600)]) {
      const response = await press(visitor, id, 'close', reason);
      expect(response.status).toBe(422);
      expect(await response.text()).toMatch(/role="alert">Give a reason/);
    }
    await press(visitor, id, 'release', 'once');
    const twice = await press(visitor, id, 'release', 'twice');
    expect(twice.status).toBe(409);
    expect(await twice.text()).toMatch(/role="alert">It was released before/);
    expect((await untilState(id, 'held')).state).toBe('held');
  });

  test('need the form of the page, its site, and the role', async () => {
    const id = await holdOrder();
    const visitor = await logIn(api, 'olga');
    const csrf = await formToken(await visitor.get(pathOf(id)));
    const form = new URLSearchParams({ csrf, reason: 'x' });
    const forged = new URLSearchParams({ csrf: 'x', reason: 'x' });
    expect((await visitor.send('POST', `${pathOf(id)}/close`, forged)).status).toBe(403);
    const foreign = { origin: 'https://evil.example.com', 'sec-fetch-site': 'cross-site' };
    expect((await visitor.send('POST', `${pathOf(id)}/close`, form, foreign)).status).toBe(403);
    expect((await visitor.get(`${pathOf(id)}/close`)).status).toBe(405);
    const viewer = await logIn(api, 'vera');
    const theirs = new URLSearchParams({ csrf: await formToken(await viewer.get('/board/logout')), reason: 'x' });
    expect((await viewer.send('POST', `${pathOf(id)}/close`, theirs)).status).toBe(403);
    expect((await untilState(id, 'held')).state).toBe('held');
  });

  test('a query that no act of ours made says nothing', async () => {
    const id = await holdOrder();
    const visitor = await logIn(api, 'olga');
    const page = await (await visitor.get(`${pathOf(id)}?done=%3Cscript%3E`)).text();
    expect(page).not.toContain('role="status"');
    expect(page).not.toContain('<script');
  });
});
