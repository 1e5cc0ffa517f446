import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseFaultPlan } from '../../src/simulators/index.ts';
import { createKeys } from '../../src/redis/keys.ts';
import { useRedis } from '../setup/redis.ts';
import { waitFor } from '../setup/wait-for.ts';
import { call, type Answer, type TOKENS } from './harness.ts';
import { startLab, type Lab } from './lab.ts';

const redis = useRedis({ flush: 'never' });
let lab: Lab;

beforeAll(async () => {
  lab = await startLab(redis);
});
beforeEach(() => lab.simulator.setFaults({ rules: [] }));
afterAll(() => lab?.close());

type Json = Record<string, unknown>;
const TAKEN = '+43720123456';

const amend = (id: string, order: Json, more: { token?: keyof typeof TOKENS; query?: string } = {}): Promise<Answer> =>
  call(lab.api, `/v1/orders/${id}/amend${more.query ?? ''}`, { body: order, token: more.token ?? 'crm' });

/** A subscriber of its own name in the stand-in's domain. */
const person = (name: string, more: Json = {}): Json => ({ username: name, domain: 'sip.example.com', ...more });

const subscribersOf = (order: Json): Json[] => order['subscribers'] as Json[];
const customerOf = (order: Json): string => (order['customer'] as { externalId: string }).externalId;

/** What the stand-in has of a customer. */
function held(customer: string) {
  const { customers, customercontacts, subscribers } = lab.held();
  const own = customers.filter(({ external_id, status }) => external_id === customer && status !== 'terminated');
  return {
    contacts: customercontacts.filter(({ id }) => own.some(({ contact_id }) => contact_id === id)),
    customers: own,
    subscribers: subscribers.filter(({ customer_id }) => own.some(({ id }) => id === customer_id)),
  };
}

let named = 0;

/** A held order of two subscribers: the first is done, the second wants a number that is taken. */
async function holdSecond(first: Json = {}): Promise<{ id: string; order: Json; names: [string, string] }> {
  if (!JSON.stringify(lab.held().subscribers).includes(TAKEN.slice(3)))
    await lab.until(await lab.place(lab.order({}, { number: TAKEN })), 'completed');
  named += 1;
  const names: [string, string] = [`first-${named}`, `second-${named}`];
  const subscribers = [person(names[0], first), person(names[1], { number: TAKEN, password: `pw-of-${names[1]}` })];
  const order = lab.order({ subscribers });
  const id = await lab.place(order);
  const view = await lab.until(id, 'held');
  expect(view.error).toMatchObject({ code: 'TURNUP_NUMBER_TAKEN', step: 's2.subscriber' });
  return { id, order, names };
}

const withSecond = (order: Json, second: Json, first: Json = {}): Json => {
  const [one, two] = subscribersOf(order);
  return {
    ...order,
    subscribers: [
      { ...one, ...first },
      { ...two, ...second },
    ],
  };
};

describe('amending a held order', () => {
  test('I3 keeps what is done and stays, and goes on with what is other and new', async () => {
    const { id, order, names } = await holdSecond();
    const [before] = held(customerOf(order)).subscribers;
    const other = withSecond(order, { number: '+43720500001' }, { preferences: { block_in_clir: true } });
    const answer = await amend(id, other);
    expect(answer).toMatchObject({ status: 202, body: { id } });
    const view = await lab.until(id, 'completed');
    expect(view).toMatchObject({ run: 2, direction: 'forward', error: null });
    const outcomes = Object.fromEntries(view.steps.map((step) => [step.id, step.outcome]));
    expect(outcomes).toMatchObject({
      's1.subscriber': 'created',
      's1.preferences': 'changed',
      's2.subscriber': 'created',
    });
    const there = held(customerOf(order));
    expect(there.contacts).toHaveLength(1);
    expect(there.customers).toHaveLength(1);
    expect(there.subscribers.map(({ username }) => username)).toEqual(names);
    expect(there.subscribers[0]!.id).toBe(before!.id);
    const asked = (await lab.journal(id)).find(({ type }) => type === 'amendRequested');
    expect(asked).toMatchObject({
      by: 'client:crm',
      detail: {
        keep: ['contact', 'customer', 's1.subscriber'],
        redo: ['s2.subscriber'],
        undo: [],
        add: ['s1.preferences'],
      },
    });
  });

  test('I3 I4 what the runs before and after made is told apart from what an attempt that had vanished makes late', async () => {
    const { id, order } = await holdSecond();
    await amend(id, withSecond(order, { number: '+43720500011' }));
    await lab.until(id, 'completed');
    const kept = held(customerOf(order)).contacts;
    const { email } = kept[0]!;
    for (const run of [1, 2]) {
      const extra = { reseller_id: 1, email, city: `late ${run}`, gpp0: `turnup:${id}:1` };
      const made = await fetch(`${lab.simulator.url}/api/customercontacts/`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Basic ${btoa('administrator:administrator')}`,
        },
        body: JSON.stringify(extra),
      });
      expect(made.status).toBe(201);
      const isThere = (): boolean => lab.held().customercontacts.some((contact) => contact.city === extra.city);
      expect(isThere()).toBe(true);
      await lab.engine.store.noteLeftover({ order: id, run, step: 'contact' });
      await redis.client().zadd(createKeys().leftovers(), 'XX', 0, `${id} ${run} contact`);
      await waitFor(async () => !isThere(), { what: `the late contact of run ${run} is gone` });
      expect(held(customerOf(order)).contacts).toEqual(kept);
    }
  });

  test('I4 takes back what is gone from the order', async () => {
    const { id, order, names } = await holdSecond({ preferences: { block_in_clir: true } });
    const two = { ...subscribersOf(order)[1], id: 's2', number: '+43720500002' };
    expect((await amend(id, { ...order, subscribers: [two] })).status).toBe(202);
    const view = await lab.until(id, 'completed');
    expect(view.steps.map((step) => step.id)).not.toContain('s1.subscriber');
    expect(held(customerOf(order)).subscribers.map(({ username }) => username)).toEqual([names[1]]);
  });

  test('I3 I4 does anew what hangs on something that is other', async () => {
    const { id, order, names } = await holdSecond();
    const customer = { externalId: customerOf(order), contact: { email: 'other@example.com', city: 'Graz' } };
    expect((await amend(id, { ...withSecond(order, { number: '+43720500003' }), customer })).status).toBe(202);
    await lab.until(id, 'completed');
    const there = held(customerOf(order));
    expect(there.contacts).toMatchObject([{ email: 'other@example.com', gpp0: `turnup:${id}:1` }]);
    expect(there.subscribers.map(({ username }) => username)).toEqual(names);
    expect((await lab.journal(id)).find(({ type }) => type === 'amendRequested')?.detail['redo']).toEqual(
      expect.arrayContaining(['contact', 'customer', 's1.subscriber']),
    );
  });

  test('I4 all of it is undone when it is cancelled later, what was kept too', async () => {
    const { id, order } = await holdSecond();
    await amend(id, withSecond(order, { number: TAKEN, password: 'an-other-password' }));
    await lab.until(id, 'held');
    expect((await lab.act(id, 'cancel', { reason: 'enough' })).status).toBe(202);
    await lab.until(id, 'cancelled');
    expect(held(customerOf(order))).toEqual({ contacts: [], customers: [], subscribers: [] });
  });

  test('I4 I7 a cancel overtakes an amendment that is still undoing', async () => {
    const { id, order } = await holdSecond();
    lab.simulator.setFaults(
      parseFaultPlan({ seed: 1, rules: [{ match: { method: 'DELETE' }, fault: 'status', status: 500, times: 2 }] }),
    );
    const [, two] = subscribersOf(order);
    await amend(id, { ...order, subscribers: [{ ...two, id: 's2', number: '+43720500004' }] });
    // The undo has to try thrice, with waits in between.
    expect((await lab.act(id, 'cancel', { reason: 'enough' })).status).toBe(202);
    await lab.until(id, 'cancelled');
    expect(held(customerOf(order))).toEqual({ contacts: [], customers: [], subscribers: [] });
  });

  test('a dry run tells what becomes of each step, and changes nothing', async () => {
    const { id, order } = await holdSecond({ preferences: { block_in_clir: true } });
    const before = [await lab.read(id), await lab.journal(id)];
    const amended = { ...withSecond(order, { number: '+43720500005', voicemail: { pin: '4711' } }) };
    const [one] = subscribersOf(amended);
    delete one!['preferences'];
    const answer = await amend(id, amended, { query: '?dryRun=true' });
    expect(answer.status).toBe(200);
    const { steps, undo } = answer.body as { steps: { id: string; change: string; calls: unknown[] }[]; undo: Json[] };
    expect(Object.fromEntries(steps.map((step) => [step.id, step.change]))).toEqual({
      contact: 'keep',
      customer: 'keep',
      's1.subscriber': 'keep',
      's2.subscriber': 'redo',
      's2.voicemail': 'add',
    });
    expect(undo).toMatchObject([{ id: 's1.preferences', kind: 'preferences' }]);
    expect(steps.at(-1)!.calls.length).toBeGreaterThan(0);
    expect(JSON.stringify(answer.body)).not.toContain('4711');
    expect([await lab.read(id), await lab.journal(id)]).toEqual(before);
  });

  test('the same once more is answered with the order, also when it has gone on', async () => {
    const { id, order } = await holdSecond();
    const amended = withSecond(order, { number: '+43720500006' });
    expect((await amend(id, amended)).status).toBe(202);
    expect(await amend(id, amended)).toMatchObject({ status: 200, body: { id } });
    await lab.until(id, 'completed');
    expect(await amend(id, amended)).toMatchObject({ status: 200, body: { id, state: 'completed' } });
    expect(await amend(id, withSecond(order, { number: '+43720500007' }))).toMatchObject({
      status: 409,
      body: { code: 'TURNUP_STATE_CONFLICT' },
    });
    expect(await call(lab.api, '/v1/orders', { body: order })).toMatchObject({ status: 200, body: { id } });
    expect(await call(lab.api, '/v1/orders', { body: amended })).toMatchObject({ status: 422 });
  });

  test('I8 secrets that it does not name stay those of the same subscriber, and are nowhere in clear', async () => {
    const { id, order, names } = await holdSecond();
    const amended = withSecond(order, { number: '+43720500008', webPassword: 'Amended-Web-1' });
    delete subscribersOf(amended)[1]!['password'];
    expect((await amend(id, amended)).status).toBe(202);
    await lab.until(id, 'completed');
    const second = lab.held().subscribers.find(({ username }) => username === names[1]);
    expect(second).toMatchObject({ password: `pw-of-${names[1]}` });
    const client = redis.client();
    const texts = await Promise.all((await client.keys('*')).map((key) => client.dumpBuffer(key)));
    const told = JSON.stringify([await lab.journal(id), lab.api.logged, texts.map((one) => one?.toString('latin1'))]);
    expect(told).not.toContain('Amended-Web-1');
    expect(told).not.toContain(`pw-of-${names[1]}`);
  });

  test('I8 another subscriber in the same place gets none of the secrets', async () => {
    const { id, order, names } = await holdSecond();
    const amended = withSecond(order, { username: `${names[1]}-new`, number: '+43720500009' });
    delete subscribersOf(amended)[1]!['password'];
    await amend(id, amended);
    await lab.until(id, 'completed');
    const there = lab.held().subscribers.find(({ username }) => username === `${names[1]}-new`);
    expect(there).toMatchObject({ password: expect.not.stringContaining('pw-of-') as unknown });
    const credentials = await call(lab.api, `/v1/orders/${id}/credentials`, { token: 'crm' });
    expect(JSON.stringify(credentials.body)).toContain((there as unknown as { password: string }).password);
  });

  test('I12 tells every fault, and nothing is changed', async () => {
    const { id, order } = await holdSecond();
    const before = await lab.read(id);
    const answer = await amend(
      id,
      {
        ...order,
        externalId: 'other',
        target: 'other',
        action: 'modify',
        customer: { externalId: 'other' },
        subscribers: [person('a b')],
      },
      { token: 'olga' },
    );
    expect(answer.status).toBe(422);
    const paths = (answer.body as { errors: { path: string }[] }).errors.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['externalId', 'target', 'customer.externalId', 'action']));
    expect(await lab.read(id)).toEqual(before);
  });

  test('is for the client that placed it, and for operators', async () => {
    const { id, order } = await holdSecond();
    const amended = withSecond(order, { number: '+43720500010' });
    expect((await amend(id, amended, { token: 'shop' })).status).toBe(404);
    expect((await amend(id, amended, { token: 'vera' })).status).toBe(403);
    expect((await amend(id, amended, { token: 'olga' })).status).toBe(202);
    await lab.until(id, 'completed');
    expect((await lab.journal(id)).find(({ type }) => type === 'amendRequested')?.by).toBe('operator:olga');
  });
});

describe('amending an order that waits', () => {
  test('I5 behind another one: it runs in its turn, with its new content', async () => {
    const { id: first, order } = await holdSecond();
    const customer = { externalId: customerOf(order) };
    const name = `waiting-${first.slice(-6)}`;
    const waiting = lab.order({ customer, subscribers: [person(name), person(`${name}-b`)] });
    const id = await lab.place(waiting);
    expect(await lab.read(id)).toMatchObject({ state: 'pending', blockedBy: { id: first } });
    expect(await amend(id, { ...waiting, subscribers: [person(`${name}-c`)] })).toMatchObject({
      status: 202,
      body: { state: 'pending', run: 1, blockedBy: { id: first } },
    });
    await lab.act(first, 'close', { reason: 'as it is' }, 'olga');
    await lab.until(id, 'completed');
    const names = held(customerOf(order)).subscribers.map(({ username }) => username);
    expect(names).toContain(`${name}-c`);
    expect(names).not.toContain(name);
  });

  test('I5 behind another one, held because its deadline passed: it waits on (chaos, seed 21)', async () => {
    const { id: first, order } = await holdSecond();
    const customer = { externalId: customerOf(order) };
    const name = `overdue-${first.slice(-6)}`;
    const late = lab.order({
      customer,
      subscribers: [person(name)],
      deadline: new Date(Date.now() + 1_500).toISOString(),
    });
    const id = await lab.place(late);
    expect((await lab.until(id, 'held')).error).toMatchObject({ code: 'TURNUP_DEADLINE_PASSED' });
    const { deadline: _passed, ...amended } = late;
    expect(await amend(id, amended)).toMatchObject({
      status: 202,
      body: { state: 'pending', blockedBy: { id: first } },
    });
    expect(held(customerOf(order)).subscribers.map(({ username }) => username)).not.toContain(name);
    await lab.act(first, 'close', { reason: 'as it is' }, 'olga');
    await lab.until(id, 'completed');
    expect(held(customerOf(order)).subscribers.map(({ username }) => username)).toContain(name);
  });

  test('for its time: another time may be set, once it has come no more', async () => {
    const notBefore = new Date(Date.now() + 3_600_000).toISOString();
    const order = lab.order({ notBefore });
    const id = await lab.place(order);
    const later = new Date(Date.now() + 7_200_000).toISOString();
    expect(await amend(id, { ...order, notBefore: later })).toMatchObject({
      status: 202,
      body: { state: 'pending', notBefore: later, blockedBy: { kind: 'notBefore', until: later } },
    });
    const { notBefore: _none, ...now } = order;
    expect((await amend(id, now)).status).toBe(202);
    expect(await lab.until(id, 'completed')).toMatchObject({ notBefore: null });
  });
});

describe('I5 in whose line an order stands is settled when it is placed', () => {
  /** Takes a number of the customer named, who does not have it: held. */
  async function holdMove(giver: string): Promise<{ id: string; order: Json; move: Json }> {
    const name = `mover-${giver}`;
    const born = lab.order({ subscribers: [person(name)] });
    await lab.until(await lab.place(born), 'completed');
    const to = { username: name, domain: 'sip.example.com' };
    const from = { ...to, username: `giver-of-${name}`, customer: { externalId: giver } };
    const move = { id: 'm1', number: '+43720599999', from, to };
    const { externalId } = lab.order();
    const customer = { externalId: customerOf(born) };
    const order = { externalId, target: 'lab', action: 'modify', customer, moves: [move] };
    const id = await lab.place(order);
    await lab.until(id, 'held');
    return { id, order, move };
  }

  const faultsOf = (answer: Answer): { path: string; message: string }[] =>
    (answer.body as { errors: { path: string; message: string }[] }).errors;

  test.each(['amended', 'mended'] as const)(
    'a number may not be moved from another customer when it is %s',
    async (how) => {
      const { id, order, move } = await holdMove(`LC-giver-${how}`);
      const before = [await lab.read(id), await lab.journal(id)];
      const from = { ...(move['from'] as Json), customer: { externalId: 'LC-somebody-else' } };
      const moves = [{ ...move, from }];
      const answer = how === 'amended' ? await amend(id, { ...order, moves }) : await lab.mend(id, { moves });
      expect(answer.status).toBe(422);
      expect(faultsOf(answer)).toEqual([{ path: 'moves', message: 'must stay moves from the same customers' }]);
      expect([await lab.read(id), await lab.journal(id)]).toEqual(before);
    },
  );

  test('an amendment may move another number of the same one', async () => {
    const { id, order, move } = await holdMove('LC-giver-same');
    const moves = [{ ...move, number: '+43720599998' }];
    expect((await amend(id, { ...order, moves })).status).toBe(202);
    await lab.until(id, 'held');
  });
});
