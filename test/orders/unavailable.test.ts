import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createKeys } from '../../src/redis/keys.ts';
import { useRedis, waitFor } from '../setup/redis.ts';
import { attemptOf, orderInput, ordersOn, REFUSED, WRITE_MS, type Orders } from './harness.ts';

const server = useRedis({ aof: true, flush: 'never' });
let redis: Redis;
let orders: Orders;

beforeAll(() => {
  // As the API connects: it would rather say 503 than keep a caller waiting.
  redis = new Redis({ host: server.host, port: server.port, maxRetriesPerRequest: 0, enableOfflineQueue: false });
  redis.on('error', () => undefined);
  orders = ordersOn(server, redis, createKeys());
});
afterAll(() => redis.disconnect());

const ready = () => waitFor(() => redis.status === 'ready', { what: 'the client is connected again' });
const UNAVAILABLE = { code: 'TURNUP_STORE_UNAVAILABLE', class: 'outage', status: 503 };

function everyVerb(id: string): Record<string, () => Promise<unknown>> {
  const { store } = orders;
  const attempt = attemptOf(id, 'customer');
  const { order, plan } = orderInput();
  const amend = {
    by: 'client:crm',
    version: '0-0',
    fingerprint: 'f',
    order,
    plan,
    secrets: null,
    generated: [],
    keep: [],
    detail: {},
  };
  const mend = { by: 'operator:eve', version: '0-0', order, plan, generated: [], forgetIntents: [], detail: {} };
  const steps = { item: null, needs: [], exclusive: false, writeTimeoutMs: WRITE_MS, worker: 'w' };
  return {
    accept: () => store.accept(orderInput()),
    read: () => store.read(id),
    placement: () => store.placement(id),
    list: () => store.list({ limit: 10 }),
    'list by externalId': () => store.list({ limit: 10, externalId: 'E-1' }),
    journal: () => store.journal(id, { limit: 10 }),
    note: () => store.note(id, { type: 'note', step: null, by: 'turnup', detail: {} }),
    credentials: () => store.credentials(id),
    begin: () => store.begin({ ...attempt, ...steps }),
    intend: () => store.intend({ ...attempt, intent: 'absent', verb: 'create', calls: [] }),
    confirmLease: () => store.confirmLease(attempt),
    known: () => store.known('crm', { externalId: 'E-1', idempotencyKey: 'k' }),
    noteLeftover: () => store.noteLeftover({ order: id, run: 1, step: 'customer' }),
    dueLeftovers: () => store.dueLeftovers(10),
    clearLeftover: () => store.clearLeftover({ order: id, run: 1, step: 'customer' }),
    lose: () => store.lose({ ...attempt, failure: REFUSED, most: 5 }),
    complete: () => store.complete({ ...attempt, outcome: 'created', result: {}, calls: [] }),
    fail: () => store.fail({ ...attempt, failure: REFUSED, final: true, calls: [] }),
    park: () => store.park({ ...attempt, target: 'lab', failure: REFUSED, calls: [] }),
    settle: () => store.settle(id, 1),
    retry: () => store.retry(id, 'operator:eve'),
    underWay: () => store.underWay('lab', 'C-1'),
    turn: () => store.turn(id, 'cancel', 'operator:eve', 'r'),
    close: () => store.close(id, 'operator:eve', 'r'),
    release: () => store.release(id, 'operator:eve', 'r'),
    skip: () => store.skip(id, 'customer', 'operator:eve', 'r', {}),
    content: () => store.content(id),
    amend: () => store.amend(id, amend),
    mend: () => store.mend(id, mend),
    noteParked: () => store.noteParked(id, 'lab', { code: 'c', title: 't', detail: null, by: null }),
    disown: () => store.disown(id, 1, ['customer']),
    dueDeadlines: () => store.dueDeadlines(10),
    holdOverdue: () => store.holdOverdue(id, WRITE_MS, []),
    leases: () => store.leases(id, []),
    freeLease: () => store.freeLease(id, attempt, WRITE_MS),
    freeLane: () => store.freeLane(id),
    enterMailbox: () => store.enterMailbox(id),
    passMailbox: () => store.passMailbox(id),
    dueForArchive: () => store.dueForArchive(0, 10),
    archive: () => store.archive(id, 1),
    forgetExpired: () => store.forgetExpired(10),
    dueForLook: () => store.dueForLook(10, 1),
    dueForMailbox: () => store.dueForMailbox(10),
    keyIdsInUse: () => store.keyIdsInUse(),
    evidence: () => store.evidence(id, 'operator:olga'),
    evidenceSteps: () => store.evidenceSteps(id),
    countByState: () => store.countByState(),
  };
}

describe('a Redis that is away', () => {
  test('I1 what was answered is there after kill -9', async () => {
    await ready();
    const ids = [
      await orders.accept({ externalId: 'E-kept', customer: 'C-1' }),
      await orders.accept({ customer: 'C-1' }),
    ];
    const before = await Promise.all(ids.map((id) => orders.raw(id)));
    await server.kill();
    await server.restart();
    await ready();
    expect(await Promise.all(ids.map((id) => orders.raw(id)))).toEqual(before);
    expect(await redis.lrange(orders.keys.mailbox('lab', 'C-1'), 0, -1)).toEqual(ids);
    expect(await orders.store.accept(orderInput({ externalId: 'E-kept' }))).toEqual({ kind: 'same', id: ids[0] });
  });

  test('every verb of the store is tried here', () => {
    const tried = Object.keys(everyVerb('x')).map((name) => name.split(' ')[0]);
    // It waits for what was written, and writes nothing itself.
    const verbs = Object.keys(orders.store).filter((name) => name !== 'handedOver');
    expect(tried).toEqual(expect.arrayContaining(verbs));
  });

  test('every verb says that the store is unavailable, and goes on when it is back', async () => {
    await ready();
    const id = await orders.accept();
    await server.shutdown();
    for (const [name, verb] of Object.entries(everyVerb(id))) {
      await expect(verb(), name).rejects.toMatchObject(UNAVAILABLE);
    }
    await server.restart();
    await ready();
    expect((await orders.store.read(id))?.state).toBe('acknowledged');
  });
});

describe('a Redis that cannot keep anything', () => {
  afterEach(async () => {
    await redis.config('SET', 'maxmemory', '0');
    await redis.config('SET', 'min-replicas-to-write', '0');
    await redis.call('REPLICAOF', 'NO', 'ONE');
  });

  test.each([
    ['is full', ['CONFIG', 'SET', 'maxmemory', '1']],
    ['is a replica', ['REPLICAOF', '127.0.0.1', '1']],
    ['lacks its replicas', ['CONFIG', 'SET', 'min-replicas-to-write', '1']],
  ] as const)('because it %s: accept says so and nothing is kept', async (_, command) => {
    await ready();
    const before = await redis.dbsize();
    const [name, ...args] = command;
    await redis.call(name, ...args);
    await expect(orders.store.accept(orderInput())).rejects.toMatchObject(UNAVAILABLE);
    expect(await redis.dbsize()).toBe(before);
  });

  test('a fault of a script is not blamed on Redis', async () => {
    await ready();
    const id = await orders.accept();
    await redis.hset(orders.keys.order(id), 'plan', 'not json');
    await expect(orders.store.retry(id, 'operator:eve')).rejects.toMatchObject({ name: 'ReplyError' });
    await expect(orders.store.read(id)).rejects.toMatchObject({ name: 'SyntaxError' });
  });

  test('a Redis that has forgotten the scripts is told them again', async () => {
    await ready();
    await redis.script('FLUSH');
    expect(await orders.store.accept(orderInput())).toMatchObject({ kind: 'created' });
  });
});
