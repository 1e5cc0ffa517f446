import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createKeys } from '../../src/redis/keys.ts';
import { createEngine, type Engine } from '../../workers/engine.ts';
import type { AuditSettings } from '../../workers/audit/auditor.ts';
import { createKeyRing } from '../../src/secrets/index.ts';
import { createLogger } from '../../src/observability/index.ts';
import { call } from '../api/harness.ts';
import { startLab, type Lab } from '../api/lab.ts';
import { TEST_KEY, TEST_TIMING } from '../engine/harness.ts';
import { useRedis, waitFor } from '../setup/redis.ts';
import { audit, postAudit, readAudit, spoil, untilOver, type Audit } from './support.ts';

/* How an audit goes on, whatever happens to it. */

const redis = useRedis();
const keys = createKeys();
let lab: Lab;
const engines: Engine[] = [];

beforeEach(async () => {
  lab = await startLab(redis, 'sipwise', { auditPerSecond: 5 });
});
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.close()));
  await lab.close();
});

/** Another worker process, as far as Redis can tell. */
async function startWorker(settings: Partial<AuditSettings> = {}, connection = redis.client()): Promise<Engine> {
  const engine = createEngine({
    redis: connection,
    keys,
    clients: ['crm'],
    targets: lab.api.config.targets,
    keyRing: createKeyRing([TEST_KEY]),
    log: createLogger({ level: 'silent' }),
    observer: { stepFinished() {}, orderSettled() {}, platformCall() {}, repaired() {} },
    breaker: { firstMs: 100, longestMs: 200 },
    name: 'other',
    audits: { customersPerSecond: 5, schedules: [], idempotencyMs: 60_000, ...settings },
    timing: TEST_TIMING,
  });
  engines.push(engine);
  await engine.start();
  return engine;
}

/** As many customers with a subscriber each. */
async function provision(count: number): Promise<void> {
  const placed = await Promise.all(Array.from({ length: count }, () => lab.place(lab.order())));
  for (const id of placed) await lab.until(id, 'completed');
}

const begun = async (body: object = {}): Promise<string> =>
  (await postAudit(lab, { target: 'lab', ...body })).body.id as string;

const untilSeen = (id: string, what: string, is: (audit: Audit) => boolean): Promise<Audit> =>
  waitFor(
    async () => {
      const now = await readAudit(lab, id);
      return is(now) && now;
    },
    { what, timeoutMs: 15_000 },
  );

describe('an audit', () => {
  test('I6 waits while its target is away, and fails of nothing', async () => {
    await provision(4);
    const id = await begun();
    await untilSeen(id, 'it has begun', ({ progress }) => progress.checked >= 1);
    await spoil(lab, { match: { path: '/api/*' }, fault: 'status', status: 503 });
    await untilSeen(id, 'it waits', ({ waitsFor }) => waitsFor === 'target');
    expect(await readAudit(lab, id)).toMatchObject({ state: 'running' });
    await spoil(lab);
    expect(await untilOver(lab, id)).toMatchObject({
      state: 'completed',
      waitsFor: null,
      counts: { same: 8, unknown: 0 },
      progress: { checked: 4, total: 4 },
    });
  });

  test('stays away from a target that a person has closed to all', async () => {
    await provision(1);
    const close = (state: string) =>
      call(lab.api, '/v1/targets/lab/breaker', { token: 'olga', body: { state, reason: 'a test' } });
    await close('open');
    const before = lab.simulator.calls().length;
    const id = await begun();
    await untilSeen(id, 'it waits', ({ waitsFor }) => waitsFor === 'target');
    expect(lab.simulator.calls().length).toBe(before);
    await close('closed');
    expect(await untilOver(lab, id)).toMatchObject({ state: 'completed', counts: { same: 2 } });
  });

  test('goes on after a crash of its worker with the customer it was at, and finds each once', async () => {
    await provision(6);
    await lab.engine.close();
    // Once its connection is gone it can say nothing any more, like a process that was killed.
    const connection = redis.client();
    const first = await startWorker({}, connection);
    const id = await begun();
    await untilSeen(id, 'it is at work', ({ progress }) => progress.checked >= 2);
    connection.disconnect();
    engines.splice(engines.indexOf(first), 1);
    const { checked } = (await readAudit(lab, id)).progress;
    expect(checked).toBeLessThan(6);
    await startWorker();
    expect(await untilOver(lab, id)).toMatchObject({
      state: 'completed',
      counts: { same: 12 },
      progress: { checked: 6, total: 6 },
    });
  });

  test('goes on with another worker when its own stops in good order', async () => {
    await provision(5);
    const id = await begun();
    await untilSeen(id, 'it is at work', ({ progress }) => progress.checked >= 1);
    await lab.engine.close();
    expect((await readAudit(lab, id)).state).toBe('running');
    await startWorker();
    expect(await untilOver(lab, id)).toMatchObject({ state: 'completed', counts: { same: 10 } });
  });

  test('looks at no more customers in a second than it may', async () => {
    await provision(4);
    await lab.engine.close();
    // Far slower than a busy machine looks at four.
    await startWorker({ customersPerSecond: 1 });
    const over = await audit(lab);
    const took = Date.parse(over.endedAt!) - Date.parse(over.startedAt!);
    expect(took).toBeGreaterThan(2_900);
  });

  test('lets orders go first', async () => {
    await provision(3);
    await lab.engine.close();
    const worker = await startWorker();
    const steps = worker.motor.queues.target('lab');
    await steps.pause();
    await lab.place(lab.order());
    await waitFor(async () => (await steps.getWaitingCount()) > 0, { what: 'a step waits' });
    const id = await begun({ customers: ['LC-1'] });
    await untilSeen(id, 'it waits', ({ waitsFor }) => waitsFor === 'orders');
    await steps.resume();
    expect(await untilOver(lab, id)).toMatchObject({ state: 'completed', waitsFor: null, counts: { same: 2 } });
  });

  test('that is cancelled stops, and cannot be cancelled again', async () => {
    await provision(5);
    const id = await begun();
    await untilSeen(id, 'it is at work', ({ progress }) => progress.checked >= 1);
    const cancel = () => call(lab.api, `/v1/audits/${id}/cancel`, { token: 'olga', method: 'POST' });
    expect(await cancel()).toMatchObject({ status: 202, body: { state: 'cancelled' } });
    expect(await cancel()).toMatchObject({ status: 409, body: { code: 'TURNUP_STATE_CONFLICT' } });
    const { progress } = await readAudit(lab, id);
    expect(progress.checked).toBeLessThan(5);
    // The next one of the target has its turn.
    expect(await audit(lab)).toMatchObject({ state: 'completed', progress: { checked: 5 } });
    expect((await readAudit(lab, id)).progress).toEqual(progress);
  });

  test('waits for the one before it on the same target', async () => {
    await provision(3);
    const [one, other] = [await begun(), await begun()];
    const [first, second] = [await untilOver(lab, one), await untilOver(lab, other)];
    expect(Date.parse(second.startedAt!)).toBeGreaterThanOrEqual(Date.parse(first.endedAt!));
    expect(second.counts).toEqual(first.counts);
  });

  test('of a customer that an order is at comes back to it in the end', async () => {
    await provision(2);
    // A step of the first customer that takes its time.
    await spoil(lab, { match: { method: 'POST', path: '/api/subscribers/*' }, fault: 'slow', ms: 1_500, times: 1 });
    const order = await lab.place(lab.order({ customer: { externalId: 'LC-1' } }));
    await lab.until(order, 'inProgress');
    const id = await begun();
    await untilSeen(id, 'the other one is checked', ({ progress }) => progress.checked >= 1);
    expect(await untilOver(lab, id)).toMatchObject({ state: 'completed', counts: { same: 5, unknown: 0, foreign: 0 } });
    expect((await lab.read(order)).state).toBe('completed');
  });
});

describe('what a crash left', () => {
  test('I2 an audit without a job gets one', async () => {
    await provision(1);
    const id = (await lab.engine.audits.create({ target: 'lab', repair: false, by: 'operator:olga', owner: 'x' }))!;
    expect(await untilOver(lab, id)).toMatchObject({ state: 'completed' });
  });

  test('I2 an audit of a target that is no longer configured fails', async () => {
    const id = (await lab.engine.audits.create({ target: 'gone', repair: false, by: 'operator:olga', owner: 'x' }))!;
    expect(await untilOver(lab, id)).toMatchObject({
      state: 'failed',
      error: { detail: expect.stringContaining('gone') },
    });
  });

  test('an order that ended when nobody entered it is entered by the reconciler, and before an audit', async () => {
    await provision(1);
    const [order] = (await call(lab.api, '/v1/orders', { token: 'vera' })).body.items;
    await redis.client().del(keys.ledger('lab', 'LC-1'), keys.ledgerCustomers('lab'));
    await redis.client().rpush(keys.unfolded(), order.id);
    await redis.client().hset(keys.order(order.id), 'unfolded', '1');
    expect(await audit(lab, { customers: ['LC-1'] })).toMatchObject({ counts: { same: 2 } });
  });
});

describe('a schedule', () => {
  const nightly = (everyMs: number) => [{ target: 'lab', repair: false, when: { everyMs } }];
  const list = async (): Promise<Audit[]> => (await call(lab.api, '/v1/audits', { token: 'vera' })).body.items;

  test('begins audits by itself, one at a time', async () => {
    await provision(2);
    await lab.engine.close();
    await startWorker({ schedules: nightly(1_000) });
    await waitFor(async () => (await list()).filter(({ state }) => state === 'completed').length >= 2, {
      what: 'two audits are completed',
    });
    expect((await list()).every(({ by, customers }) => by === 'turnup' && customers === null)).toBe(true);
  });

  test('is what the worker that started last has in its configuration', async () => {
    const queue = lab.engine.motor.queues.audits;
    const paces = async () => (await queue.getJobSchedulers()).map(({ pattern, every }) => pattern ?? Number(every));
    await startWorker({ schedules: nightly(3_600_000) });
    expect(await paces()).toEqual([3_600_000]);
    await startWorker({
      schedules: [{ target: 'lab', repair: true, when: { cron: '30 2 * * *', timezone: 'Europe/Vienna' } }],
    });
    expect(await paces()).toEqual(['30 2 * * *']);
    await startWorker();
    expect(await paces()).toEqual([]);
  });
});
