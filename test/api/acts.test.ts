import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { OrderView } from '../../src/orders/record.ts';
import { parseFaultPlan } from '../../src/simulators/index.ts';
import { turnup } from '../cli/support.ts';
import { formToken, logIn } from '../dashboard/login-helper.ts';
import { useRedis, waitFor } from '../setup/redis.ts';
import { call, TOKENS } from './harness.ts';
import { startLab, type Lab } from './lab.ts';

const redis = useRedis({ flush: 'never' });
let lab: Lab;

beforeAll(async () => {
  lab = await startLab(redis);
});
beforeEach(() => lab.simulator.setFaults({ rules: [] }));
afterAll(() => lab?.close());

function refuse(method: string, path: string, status = 422): void {
  lab.simulator.setFaults(parseFaultPlan({ rules: [{ match: { method, path }, fault: 'status', status }] }));
}

/** An order that the target refuses at its subscriber, and that is held there. */
async function hold(change: Record<string, unknown> = {}): Promise<string> {
  refuse('POST', '/api/subscribers/*');
  const id = await lab.place(lab.order(change));
  await lab.until(id, 'held');
  lab.simulator.setFaults({ rules: [] });
  return id;
}

const ACTS = ['cancel', 'undo', 'close', 'release'] as const;

/** Live objects besides the fresh ones. */
function left(): string[] {
  const { customers, customercontacts, subscribers } = lab.held();
  return [
    ...customers.filter(({ status }) => status !== 'terminated').map((one) => `customer ${one.external_id}`),
    ...customercontacts.map(({ email }) => `contact ${email}`),
    ...subscribers.map(({ username }) => `subscriber ${username}`),
  ].toSorted();
}

const journaled = async (id: string, type: string) => (await lab.journal(id)).filter((entry) => entry.type === type);

describe('every act', () => {
  test.each(ACTS)('%s needs a reason, an order, and who may do it', async (act) => {
    const id = await hold();
    const path = `/v1/orders/${id}/${act}`;
    expect((await call(lab.api, path, { token: null, body: { reason: 'x' } })).status).toBe(401);
    expect((await call(lab.api, path, { token: 'olga', method: 'POST' })).status).toBe(415);
    expect((await call(lab.api, path, { token: 'olga', body: '{' })).status).toBe(400);
    for (const body of [{}, { reason: '' }, { reason: ' ' }, { reason: 'x'.repeat(501) }, { reason: 1 }]) {
      const answer = await call(lab.api, path, { token: 'olga', body });
      expect(answer).toMatchObject({
        status: 422,
        body: { code: 'TURNUP_INVALID_REQUEST', errors: [{ path: 'reason' }] },
      });
    }
    const unknown = await call(lab.api, path, { token: 'olga', body: { reason: 'x', force: true } });
    expect(unknown).toMatchObject({ status: 422, body: { errors: [{ path: 'force' }] } });
    const large = await call(lab.api, path, { token: 'olga', body: { reason: 'x'.repeat(20_000) } });
    expect(large.status).toBe(413);
    expect((await call(lab.api, path, { token: 'vera', body: { reason: 'x' } })).status).toBe(403);
    expect((await call(lab.api, path, { token: 'shop', body: { reason: 'x' } })).status).toBe(404);
    const missing = '/v1/orders/018f6d2e-0000-7000-8000-000000000000';
    expect((await call(lab.api, `${missing}/${act}`, { token: 'olga', body: { reason: 'x' } })).status).toBe(404);
    const byClient = await call(lab.api, path, { body: { reason: 'x' } });
    expect(byClient.status).toBe(act === 'cancel' ? 202 : 403);
    expect((await lab.journal(id)).filter(({ type }) => type === 'closed' || type === 'released')).toEqual([]);
  });

  test.each(ACTS)('%s of an order that has ended is a 409 that says why, also when it is archived', async (act) => {
    const id = await lab.place(lab.order());
    await lab.until(id, 'completed');
    const answer = await lab.act(id, act);
    expect(answer).toMatchObject({ status: 409, body: { code: 'TURNUP_STATE_CONFLICT' } });
    expect(answer.body.detail).toContain('completed');
    await lab.engine.store.archive(id, 60_000);
    const later = await lab.act(id, act);
    expect(later).toMatchObject({ status: 409, body: { code: 'TURNUP_STATE_CONFLICT' } });
    expect(later.body.detail).toContain('archived');
  });

  test.each(['undo', 'close', 'release'] as const)('%s of an order that is not held is a 409', async (act) => {
    const id = await lab.place(lab.order({ notBefore: '2030-01-01T00:00:00Z' }));
    const answer = await lab.act(id, act);
    expect(answer).toMatchObject({ status: 409, body: { code: 'TURNUP_STATE_CONFLICT' } });
    expect(answer.body.detail).toContain('pending');
    expect((await lab.read(id)).state).toBe('pending');
  });
});

describe('cancel', () => {
  test('of an order that waits is done at once', async () => {
    const id = await lab.place(lab.order({ notBefore: '2030-01-01T00:00:00Z' }));
    expect(await lab.act(id, 'cancel', { reason: 'mistake' }, 'crm')).toMatchObject({
      status: 202,
      body: { state: 'cancelled' },
    });
    expect(await journaled(id, 'cancelRequested')).toMatchObject([{ by: 'client:crm', detail: { reason: 'mistake' } }]);
    expect(await lab.act(id, 'cancel')).toMatchObject({ status: 409 });
  });

  test('I7 in flight, with the write under way, leaves nothing on the target', async () => {
    const before = left();
    lab.simulator.setFaults(
      parseFaultPlan({ rules: [{ match: { method: 'POST', path: '/api/subscribers/*' }, fault: 'slow', ms: 700 }] }),
    );
    const calls = lab.simulator.calls().length;
    const id = await lab.place(lab.order());
    const isCreate = ({ method, path }: { method: string; path: string }) =>
      method === 'POST' && path === '/api/subscribers/';
    await waitFor(() => lab.simulator.calls().slice(calls).some(isCreate), { what: 'the subscriber is being made' });
    const answer = await lab.act(id, 'cancel', { reason: 'changed his mind' }, 'crm');
    expect(answer).toMatchObject({ status: 202, body: { state: 'pendingCancellation', direction: 'undo' } });
    expect(await lab.act(id, 'cancel')).toMatchObject({ status: 409, body: { code: 'TURNUP_STATE_CONFLICT' } });
    await lab.until(id, 'cancelled');
    expect(left()).toEqual(before);
  });
});

describe('undo, close and release', () => {
  test('undo takes back what the order made, and a retry is its next run', async () => {
    const before = left();
    const id = await hold();
    expect(left().length).toBeGreaterThan(before.length);
    expect((await lab.act(id, 'undo', { reason: 'not wanted' })).status).toBe(202);
    await lab.until(id, 'failed');
    expect(left()).toEqual(before);
    expect(await journaled(id, 'undoRequested')).toMatchObject([
      { by: 'operator:olga', detail: { reason: 'not wanted' } },
    ]);
    expect((await lab.act(id, 'retry', undefined, 'crm')).status).toBe(202);
    expect(await lab.until(id, 'completed')).toMatchObject({ run: 2, direction: 'forward' });
  });

  test('close leaves what is there: partial', async () => {
    const id = await hold();
    const there = left();
    expect(await lab.act(id, 'close')).toMatchObject({ status: 202, body: { state: 'partial' } });
    expect(left()).toEqual(there);
    expect(await journaled(id, 'closed')).toMatchObject([{ by: 'operator:olga', detail: { reason: 'a test' } }]);
  });

  test("release lets the customer's next order go, once", async () => {
    const customer = { externalId: 'LC-line', contact: { firstName: 'Ann', email: 'line@example.com' } };
    const id = await hold({ customer });
    const next = await lab.place(lab.order({ customer }));
    expect(await lab.read(next)).toMatchObject({ state: 'pending', blockedBy: { kind: 'order', id } });
    expect(await lab.act(id, 'release')).toMatchObject({ status: 202, body: { state: 'held' } });
    await lab.until(next, 'completed');
    expect(await lab.act(id, 'release')).toMatchObject({ status: 409 });
    await lab.act(id, 'retry');
    await lab.until(id, 'completed');
  });
});

describe('I9 one retry', () => {
  const withoutTimes = async (id: string) =>
    (await lab.journal(id)).map(({ type, step, by }) => `${type} ${step} ${by === 'turnup' ? by : 'somebody'}`);

  test('from the API, the dashboard and the command line is the same event', async () => {
    const board = await logIn(lab.api, 'olga');
    const retries: Record<string, (id: string) => Promise<unknown>> = {
      api: (id) => lab.act(id, 'retry', undefined, 'olga'),
      page: async (id) => {
        const csrf = await formToken(await board.get(`/board/orders/${id}`));
        const answer = await board.send('POST', `/board/orders/${id}/retry`, new URLSearchParams({ csrf }));
        expect(answer.headers.get('location')).toBe(`/board/orders/${id}?done=retry`);
      },
      board: async (id) => {
        const path = `/board/api/queues/target-lab/${id}.1.f.s1.subscriber/retry`;
        expect((await board.send('PUT', path)).status).toBe(204);
      },
      cli: async (id) => {
        const ended = await turnup(['order', 'retry', id, '--url', lab.api.url], {
          env: { TURNUP_TOKEN: TOKENS.olga },
        });
        expect(ended).toMatchObject({ code: 0 });
      },
    };
    const told: Record<string, string[]> = {};
    const ends: OrderView[] = [];
    for (const [name, retry] of Object.entries(retries)) {
      const id = await hold();
      await retry(id);
      ends.push(await lab.until(id, 'completed'));
      told[name] = await withoutTimes(id);
      expect(await journaled(id, 'retried')).toMatchObject([
        { by: 'operator:olga', detail: { steps: ['s1.subscriber'] } },
      ]);
    }
    expect(ends.map(({ run, steps }) => [run, steps.at(-1)?.attempts])).toEqual(ends.map(() => [1, 1]));
    for (const name of ['page', 'board', 'cli']) expect(told[name], name).toEqual(told['api']);
  });

  test('of an order that an operator placed is journaled under the operator', async () => {
    const answer = await call(lab.api, '/v1/orders', { token: 'olga', body: lab.order() });
    const id = answer.body.id as string;
    await lab.until(id, 'completed');
    expect(await journaled(id, 'accepted')).toMatchObject([{ by: 'operator:olga' }]);
  });
});

describe('skip', () => {
  const skip = (id: string, body: unknown, step = 's1.subscriber', token: keyof typeof TOKENS = 'olga') =>
    lab.act(id, `steps/${step}/skip`, body, token);
  const reason = 'made by hand in the admin panel';

  /** What a person does in the platform's own pages. */
  async function makeByHand(id: string): Promise<number> {
    const order = await lab.read(id);
    const customerId = order.steps.find((step) => step.id === 'customer')!.result!['customerId'];
    const username = `byhand${Date.now()}`;
    const answer = await fetch(`${lab.simulator.url}/api/subscribers/`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Basic ${Buffer.from('administrator:administrator').toString('base64')}`,
      },
      body: JSON.stringify({ customer_id: customerId, domain: 'sip.example.com', username, password: 'by-hand-pw-1' }),
    });
    expect(answer.status).toBe(201);
    return Number(/(\d+)$/.exec(answer.headers.get('location')!)![1]);
  }

  const withPreferences = (): Record<string, unknown> => ({
    subscribers: [
      {
        username: `pref${Date.now()}`,
        domain: 'sip.example.com',
        password: 'secret-of-pref',
        preferences: { block_in_clir: true },
      },
    ],
  });

  test('with the id of what was made by hand: the order goes on and completes', async () => {
    const id = await hold(withPreferences());
    const subscriberId = await makeByHand(id);
    const answer = await skip(id, { reason, result: { subscriberId } });
    expect(answer.status).toBe(202);
    const order = await lab.until(id, 'completed');
    expect(order.steps.map(({ id: step, state, outcome }) => [step, state, outcome]).slice(2)).toEqual([
      ['s1.subscriber', 'skipped', null],
      ['s1.preferences', 'done', 'changed'],
    ]);
    expect(await journaled(id, 'skipped')).toMatchObject([
      { by: 'operator:olga', step: 's1.subscriber', detail: { reason, result: { subscriberId } } },
    ]);
  });

  test('with an id that is not on the target the next step says so', async () => {
    const id = await hold(withPreferences());
    expect((await skip(id, { reason, result: { subscriberId: 987_654 } })).status).toBe(202);
    const order = await waitFor(
      async () => {
        const seen = await lab.read(id);
        return seen.state === 'held' && seen.error?.step === 's1.preferences' && seen;
      },
      { what: 'the order is held at the step that needs the id' },
    );
    expect(order.steps.find(({ id: step }) => step === 's1.subscriber')?.state).toBe('skipped');
  });

  test.each([
    ['nothing', {}, 'result.subscriberId'],
    ['a text', { result: { subscriberId: '12' } }, 'result.subscriberId'],
    ['a member nobody knows', { result: { subscriberId: 12, more: 1 } }, 'result.more'],
    ['no object', { result: [] }, 'result'],
    ['a secret', { result: { subscriberId: 12, uuid: 'secret-of-pref' } }, 'result'],
    ['too much', { result: { subscriberId: 12, uuid: 'x'.repeat(3000) } }, 'result'],
  ])('a result of %s is refused with its path', async (_what, body, path) => {
    const id = await hold(withPreferences());
    const answer = await skip(id, { reason, ...body });
    expect(answer).toMatchObject({ status: 422, body: { code: 'TURNUP_INVALID_REQUEST' } });
    expect(answer.body.errors.map((fault: { path: string }) => fault.path)).toContain(path);
    expect(JSON.stringify(answer.body)).not.toContain('secret-of-pref');
    expect((await lab.read(id)).state).toBe('held');
  });

  test('only a failed step of a held order, only by an operator', async () => {
    const id = await hold(withPreferences());
    const result = { subscriberId: 12 };
    expect((await skip(id, { reason, result }, 's1.subscriber', 'crm')).status).toBe(403);
    expect((await skip(id, { reason, result }, 's1.subscriber', 'vera')).status).toBe(403);
    expect((await skip(id, { reason, result }, 's1.subscriber', 'shop')).status).toBe(404);
    expect((await skip(id, { reason, result }, 's2.subscriber')).status).toBe(404);
    expect((await skip(id, { reason, result: { contactId: 1 } }, 'contact')).status).toBe(409);
    expect((await skip(id, { reason }, 's1.preferences')).status).toBe(409);
    expect((await skip(id, { result })).status).toBe(422);
  });

  test('of an undo step that was done by hand: the rest is undone', async () => {
    const id = await hold();
    refuse('DELETE', '/api/customercontacts/*');
    await lab.act(id, 'undo');
    expect(await lab.until(id, 'held')).toMatchObject({ direction: 'undo', error: { step: 'contact' } });
    expect((await skip(id, { reason, result: { contactId: 1 } }, 'contact')).status).toBe(422);
    expect((await skip(id, { reason }, 'contact')).status).toBe(202);
    await lab.until(id, 'failed');
  });
});
