import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ngnpro } from '../../../src/platforms/ngnpro/index.ts';
import type { NgnproClient } from '../../../src/platforms/ngnpro/types.ts';
import type { JsonObject, OrderContent, StepResult } from '../../../src/platforms/port.ts';
import type { Simulator } from '../../../src/simulators/index.ts';
import { createDriver, type Driver, type RunRecord } from '../driver.ts';
import { settings, start, stateOf } from './fixture.ts';
import { changeOf } from '../life-orders.ts';
import { order, subscriber } from './orders.ts';

/* A worker that was frozen in a write and comes back after the order has been decided without it. */

let simulator: Simulator;
const closers: (() => Promise<void>)[] = [];
let driver: Driver;
let serial = 0;

beforeAll(async () => {
  // Aliases, mailboxes and rating profiles stay when their account goes.
  simulator = await start({ orphans: 'left' });
});
beforeEach(() => {
  simulator.reset();
  const connection = ngnpro.connect(settings(simulator.url), { get: async () => null, forget: async () => {} });
  closers.push(() => connection.close());
  driver = createDriver(ngnpro, connection);
});
afterAll(async () => {
  for (const close of closers) await close();
  await simulator.close();
});

const nextKey = (): string => `turnup:tidy-${++serial}:1`;
const client = (): NgnproClient =>
  driver.contextOf(order(), ngnpro.plan(order())[0]!, new Map(), 'others').client as NgnproClient;
const state = () => stateOf(simulator);

/** As the reconciler does for a step of which an attempt vanished. */
async function tidy(content: OrderContent, record: RunRecord, key: string, id: string, recorded: StepResult | null) {
  const step = ngnpro.plan(content).find((one) => one.id === id)!;
  const kind = ngnpro.stepsOf![content.action]?.[step.kind] ?? ngnpro.steps[step.kind]!;
  const ctx = driver.contextOf(content, step, record, key);
  return kind.tidy!({ ...ctx, intent: { state: 'absent' } } as never, recorded);
}

const withVoicemail = () => order([subscriber({ voicemail: { pin: '4711', email: 'box@example.com' } })]);

/** Of each kind, what of it the platform holds. */
const HELD = {
  's1.aliases': 'aliases',
  's1.enumNumbers': 'numbers',
  's1.voicemail': 'mailboxes',
  's1.billingProfile': 'ratingProfiles',
} as const;
const LATE = Object.keys(HELD) as (keyof typeof HELD)[];

describe('what a late write of an order left that is undone', () => {
  test.each(LATE)('I4 I7 %s: goes while the account is of this order', async (id) => {
    const content = withVoicemail();
    const key = nextKey();
    const record = await driver.run(content, key);
    const count = (await state())[HELD[id]]!.length;
    expect(count).toBeGreaterThan(0);
    expect(await tidy(content, record, key, id, record.get(id)!.result)).toBe(0);
    expect((await state())[HELD[id]]).toHaveLength(count);
    expect(await tidy(content, record, key, id, null)).toBe(count);
    expect((await state())[HELD[id]]).toHaveLength(0);
    expect(await tidy(content, record, key, id, null)).toBe(0);
  });

  // The platform tells of no mailbox without an account.
  test.each(LATE.filter((id) => id !== 's1.voicemail'))('I4 I7 %s: goes when the account has gone', async (id) => {
    const content = withVoicemail();
    const key = nextKey();
    const record = await driver.run(content, key);
    const { username, domain } = content.subscribers[0]!;
    await client().call('SipPort', 'deleteAccount', { sipId: { username: username.toLowerCase(), domain } });
    expect(await tidy(content, record, key, id, null)).toBeGreaterThan(0);
    expect((await state())[HELD[id]]).toHaveLength(0);
  });

  test.each(LATE)('I4 %s: of an order that came after it stays', async (id) => {
    const content = withVoicemail();
    const key = nextKey();
    const record = await driver.run(content, key);
    await driver.undo(content, key, record);
    const before = await state();
    await driver.run(content, nextKey());
    const after = await state();
    expect(after[HELD[id]]!.length).toBeGreaterThan(before[HELD[id]]!.length);
    expect(await tidy(content, record, key, id, null)).toBe(0);
    expect(await state()).toEqual(after);
  });

  test('I4 ENUM numbers of a modification go by their mark, those that were there stay', async () => {
    const content = order();
    const provided = nextKey();
    await driver.run(content, provided);
    const before = await state();
    const [one] = content.subscribers;
    const aliases = [...one!.aliases, { cc: '43', ac: '987', sn: '65551234' }];
    const change = changeOf(content, 'modify', [
      { id: 's1', username: one!.username, domain: one!.domain, aliases, native: {} },
    ]);
    const key = nextKey();
    const record = await driver.run(change, key);
    expect((await state())['numbers']).toHaveLength(before['numbers']!.length + 1);
    expect(await tidy(change, record, key, 's1.enumNumbers', {})).toBe(0);
    expect(await tidy(change, record, key, 's1.enumNumbers', null)).toBe(1);
    expect((await state())['numbers']).toEqual(before['numbers']);
  });

  test('a customer that others have come to use stays', async () => {
    const content = order();
    const key = nextKey();
    const record = await driver.run(content, key);
    const before = await state();
    expect(await tidy(content, record, key, 'customer', null)).toBe(0);
    expect(await state()).toEqual(before);
  });
});

test('I4 undo takes away what an attempt made of several things before it broke off', async () => {
  const content = order();
  const [one] = content.subscribers;
  const taken = { username: `43987${one!.aliases[0]!.sn}`, domain: 'sip.example.com' };
  const account = { id: { username: 'theirs', domain: 'sip.example.com' }, password: 'Zx9-kq!vB72mm' };
  await client().call('SipPort', 'addAccount', { account });
  const before = await state();
  const key = nextKey();
  const record: RunRecord = new Map();
  const steps = ngnpro.plan(content);
  const at = steps.findIndex(({ id }) => id === 's1.aliases');
  for (const step of steps.slice(0, at)) await driver.perform(content, step, record, key);
  // Nothing was there when the step looked; somebody takes the second name while it is at work.
  record.set('s1.aliases', { intent: { state: 'absent' }, outcome: null, result: {}, attempts: 1 });
  await client().call('SipPort', 'addAlias', { alias: { id: taken, target: account.id } });
  const theirs = (await state())['aliases'];
  await expect(driver.attempt(content, steps[at]!, record, key)).rejects.toMatchObject({
    code: 'TURNUP_NUMBER_TAKEN',
  });
  expect((await state())['aliases']!.length).toBeGreaterThan(theirs!.length);
  await driver.undo(content, key, record);
  expect(await state()).toEqual({ ...before, aliases: theirs });
});

const operation = (call: string, args: object): OrderContent => {
  const [service = '', name = ''] = call.split('.');
  const operations = [{ id: 'o1', service, operation: name, args: args as JsonObject }];
  return { ...order([]), operations };
};

describe('what a late write of an operation left', () => {
  const CARRIER = { carrier: { name: 'Backbone', reseller: 1001 } };

  test('I3 a second carrier beside the one on record goes, the one on record stays', async () => {
    const content = operation('SipPort.addCarrier', CARRIER);
    const key = nextKey();
    const record = await driver.run(content, key);
    const { result } = record.get('o1.addCarrier')!;
    const before = await state();
    await client().call('SipPort', 'addCarrier', CARRIER);
    expect(await tidy(content, record, key, 'o1.addCarrier', result)).toBe(1);
    expect(await state()).toEqual(before);
  });

  test('I4 one that is used, or otherwise, stays; and so does one that may be somebody’s since the undo', async () => {
    const content = operation('SipPort.addCarrier', CARRIER);
    const key = nextKey();
    const record = await driver.run(content, key);
    const { result } = record.get('o1.addCarrier')!;
    await client().call('SipPort', 'addCarrier', { carrier: { ...CARRIER.carrier, reseller: 2001 } });
    const used = (await client().call('SipPort', 'addCarrier', CARRIER)) as { id: number };
    const gateway = { name: 'gw', carrier_id: used.id, ip: '192.0.2.9', transport: 'udp', port: 5060, reseller: 1001 };
    await client().call('SipPort', 'addGateway', { gateway });
    const before = await state();
    expect(await tidy(content, record, key, 'o1.addCarrier', result)).toBe(0);
    expect(await tidy(content, record, key, 'o1.addCarrier', null)).toBe(0);
    expect(await state()).toEqual(before);
  });

  test('I3 a second route beside one that the order made goes, one that was there before does not', async () => {
    const { id: carrier } = (await client().call('SipPort', 'addCarrier', CARRIER)) as { id: number };
    const routes = ['43', '44'].map((prefix) => ({ carrier_id: carrier, prefix, originator: '', priority: 1 }));
    // There twice, for whatever reason.
    for (let twice = 0; twice < 2; twice++) await client().call('SipPort', 'addRoutes', { routes: routes.slice(0, 1) });
    const content = operation('SipPort.addRoutes', { routes });
    const key = nextKey();
    const record = await driver.run(content, key);
    const { result } = record.get('o1.addRoutes')!;
    expect(result).toEqual({ routes: 2, made: [1] });
    const before = await state();
    await client().call('SipPort', 'addRoutes', { routes: routes.slice(1) });
    expect(await tidy(content, record, key, 'o1.addRoutes', result)).toBe(1);
    expect(await state()).toEqual(before);
    expect(await tidy(content, record, key, 'o1.addRoutes', null)).toBe(0);
  });

  test('I4 an undo removes every one of a route that was not there', async () => {
    const { id: carrier } = (await client().call('SipPort', 'addCarrier', CARRIER)) as { id: number };
    const routes = [{ carrier_id: carrier, prefix: '43', originator: '', priority: 1 }];
    const before = await state();
    const content = operation('SipPort.addRoutes', { routes });
    const key = nextKey();
    const record = await driver.run(content, key);
    record.get('o1.addRoutes')!.intent = { state: 'different', before: { missing: [0] } };
    await client().call('SipPort', 'addRoutes', { routes });
    await driver.undo(content, key, record);
    expect((await state())['routes']).toEqual(before['routes']);
  });

  test.each([
    [
      'SipPort.addAccount',
      'o1.sipAddAccount',
      { account: { id: { username: 'late', domain: 'sip.example.com' }, password: 'Zx9-kq!vB72mm' } },
    ],
    [
      'CustomerPort.addAccount',
      'o1.customerAddAccount',
      {
        account: {
          username: 'late',
          password: 'Zx9-kq!vB72mm',
          firstName: 'A',
          lastName: 'B',
          email: 'a@b.example',
          reseller: 1001,
        },
      },
    ],
  ])('I4 I7 %s: goes by its mark, unless the record names it', async (call, id, args) => {
    const content = operation(call, args);
    const before = await state();
    const key = nextKey();
    const record = await driver.run(content, key);
    expect(await tidy(content, record, key, id, record.get(id)!.result)).toBe(0);
    expect(await tidy(content, record, 'turnup:another:1', id, null)).toBe(0);
    expect(await tidy(content, record, key, id, null)).toBe(1);
    expect(await state()).toEqual(before);
  });

  test('I4 a late finisher takes away what it alone made, by its name', async () => {
    const args = { zone: { name: 'late.example', email: 'hostmaster@late.example' } };
    const content = operation('DnsPort.addZone', args);
    const before = await state();
    const key = nextKey();
    const record = await driver.run(content, key);
    const [step] = ngnpro.plan(content);
    const ctx = driver.contextOf(content, step!, record, key) as never;
    const { discard } = ngnpro.steps['addZone']!;
    await discard!(ctx, {}, {});
    expect(await state()).not.toEqual(before);
    await discard!(ctx, {}, null);
    expect(await state()).toEqual(before);
  });

  test('I3 I4 money that came late is taken back once', async () => {
    const sipId = { username: 'late', domain: 'sip.example.com' };
    const account = { id: sipId, password: 'Zx9-kq!vB72mm', prepaid: true };
    await client().call('SipPort', 'addAccount', { account });
    const content = operation('SipPort.addBalance', { sipId, value: 10 });
    const key = nextKey();
    const record = await driver.run(content, key);
    const { result } = record.get('o1.addBalance')!;
    const balance = async () =>
      ((await client().call('SipPort', 'getPrepaidStatus', { sipIds: [sipId] })) as [{ balance: number }])[0].balance;
    expect(await tidy(content, record, key, 'o1.addBalance', result)).toBe(0);
    await client().call('SipPort', 'addBalance', { sipId, value: 10, description: `[${key}/o1]` });
    expect(await balance()).toBe(20);
    expect(await tidy(content, record, key, 'o1.addBalance', result)).toBe(1);
    expect(await balance()).toBe(10);
    expect(await tidy(content, record, key, 'o1.addBalance', result)).toBe(0);
    expect(await tidy(content, record, key, 'o1.addBalance', null)).toBe(1);
    expect(await tidy(content, record, key, 'o1.addBalance', null)).toBe(0);
    expect(await balance()).toBe(0);
  });
});
