import { afterEach, describe, expect, it } from 'vitest';
import type { OrderView } from '../../src/orders/record.ts';
import type { Platform } from '../../src/platforms/port.ts';
import type { Engine } from '../../workers/engine.ts';
import { testEngine } from '../engine/harness.ts';
import { createWorld, toyPlatform, type World } from '../engine/toy.ts';
import { useRedis, waitFor } from '../setup/redis.ts';
import { call, sampleOrder, startTestApi, storedKeys, type TestApi } from './harness.ts';

const redis = useRedis();
let api: TestApi;
let engine: Engine | undefined;
let world: World;

async function start({ works = false, change = (platform: Platform) => platform } = {}): Promise<void> {
  world = createWorld();
  const platform = change(toyPlatform(world));
  api = await startTestApi({ redis, platform });
  engine = works ? testEngine({ redis: redis.client(), platform }) : undefined;
  await engine?.start();
}

afterEach(async () => {
  await engine?.close();
  await api.close();
});

let placed = 0;
const make = (args: Record<string, unknown>, more = {}) => ({ service: 'ToyWS', operation: 'make', args, ...more });
const orderOf = (operations: unknown[], more = {}) => ({
  externalId: `OP-${(placed += 1)}`,
  target: 'lab',
  operations,
  ...more,
});

async function until(id: string, state: OrderView['state']): Promise<OrderView> {
  return waitFor(
    async () => {
      const { body } = await call(api, `/v1/orders/${id}`);
      return body.state === state && (body as OrderView);
    },
    { what: `order ${id} is ${state}` },
  );
}

const mend = (id: string, patch: unknown) =>
  call(api, `/v1/orders/${id}`, {
    token: 'olga',
    method: 'PATCH',
    body: patch,
    headers: { 'content-type': 'application/merge-patch+json' },
  });

const refuse = (thing: string) => world.things.set(thing, [{ owner: 'somebody', value: null }]);

/** One operation is done, the other was refused. */
async function held(): Promise<string> {
  await start({ works: true });
  refuse('make b');
  const order = orderOf([make({ name: 'a', secret: 'first-secret' }), make({ name: 'b', secret: 'other-secret' })]);
  const { body } = await call(api, '/v1/orders', { body: order });
  await until(body.id, 'held');
  return body.id as string;
}

describe('an order with operations', () => {
  it('is accepted without a customer, and its mailbox is the target’s own', async () => {
    await start();
    const first = await call(api, '/v1/orders', { body: orderOf([make({ name: 'a' })]) });
    expect(first).toMatchObject({
      status: 202,
      body: {
        customer: { externalId: '' },
        state: 'acknowledged',
        steps: [{ id: 'o1.make', item: 'o1', kind: 'make' }],
      },
    });
    const second = await call(api, '/v1/orders', { body: orderOf([make({ name: 'b' })]) });
    expect(second.body).toMatchObject({ state: 'pending', blockedBy: { kind: 'order', id: first.body.id } });
    expect((await call(api, '/v1/orders', { body: sampleOrder() })).body.state).toBe('acknowledged');
  });

  it('I8 keeps its secrets sealed', async () => {
    await start();
    await call(api, '/v1/orders', { body: orderOf([make({ name: 'a', secret: 'the-secret' })]) });
    const client = redis.client();
    for (const key of await storedKeys(redis)) {
      const dump = (await client.dumpBuffer(key))?.toString('latin1') ?? '';
      expect(dump).not.toContain('the-secret');
    }
  });

  it('I12 is refused whole where the platform does not offer them, every one named', async () => {
    await start();
    const operations = [make({ name: 'a' }), { ...make({}), operation: 'other' }, { ...make({}), service: 'OtherWS' }];
    const answer = await call(api, '/v1/orders', { body: orderOf(operations) });
    expect(answer).toMatchObject({ status: 422, body: { code: 'TURNUP_INVALID_ORDER' } });
    expect(answer.body.errors).toEqual([
      { path: 'operations.1.operation', message: 'is not one that Toy offers' },
      { path: 'operations.2.operation', message: 'is not one that Toy offers' },
    ]);
    const hostile = { ...make({}), service: 'constructor', operation: '__proto__' };
    expect(await call(api, '/v1/orders', { body: orderOf([hostile]) })).toMatchObject({ status: 422 });
    expect(await storedKeys(redis)).toEqual([]);
  });

  it('I12 is refused where the platform offers none at all', async () => {
    await start({ change: ({ operations: _operations, ...rest }) => rest });
    const answer = await call(api, '/v1/orders', { body: orderOf([make({ name: 'a' }), make({ name: 'b' })]) });
    expect(answer.body.errors).toEqual([{ path: 'operations', message: 'are not offered by Toy' }]);
  });

  it('I8 has a journal without its secrets', async () => {
    const id = await held();
    const page = await call(api, `/v1/orders/${id}/journal`);
    expect(page.body.items).toContainEqual(expect.objectContaining({ type: 'stepDone', step: 'o1.make' }));
    expect(JSON.stringify(page.body)).not.toMatch(/first-secret|other-secret/);
  });
});

describe('mending operations', () => {
  it('changes what is not done, by its id, and keeps the secrets', async () => {
    const id = await held();
    expect(await mend(id, { operations: { o2: { args: { name: 'c' } } } })).toMatchObject({ status: 200 });
    expect(await call(api, `/v1/orders/${id}/retry`, { method: 'POST' })).toMatchObject({ status: 202 });
    await until(id, 'completed');
    expect(world.things.get('make c')?.[0]?.value).toMatchObject({ secret: 'other-secret' });
  });

  it('refuses what is done, what there is not, and whom it is for', async () => {
    const id = await held();
    const answer = await mend(id, {
      customer: { externalId: 'C-1' },
      operations: [make({ name: 'x' }), make({ name: 'c' }), make({ name: 'd' })],
    });
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toEqual(
      expect.arrayContaining([
        { path: 'customer', message: expect.stringContaining('cannot be changed') },
        { path: 'operations', message: 'must stay the same ones: o1, o2' },
        { path: 'operations.0.args.name', message: 'belongs to step o1.make, which is done' },
      ]),
    );
    const subscribers = await mend(id, { subscribers: [{ username: 'u', domain: 'sip.example.com' }] });
    expect(subscribers.body.errors.map(({ path }: { path: string }) => path)).toContain('subscribers');
  });

  it('is undone when nothing helps', async () => {
    const id = await held();
    expect(await call(api, `/v1/orders/${id}/undo`, { token: 'olga', body: { reason: 'no' } })).toMatchObject({
      status: 202,
    });
    await until(id, 'failed');
    expect([...world.things.keys()]).toEqual(['make b']);
  });

  it('lets a person do a step by hand', async () => {
    const id = await held();
    const body = { reason: 'done by hand', result: {} };
    expect(await call(api, `/v1/orders/${id}/steps/o2.make/skip`, { token: 'olga', body })).toMatchObject({
      status: 202,
    });
    await until(id, 'completed');
  });
});
