import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Connection, OrderContent, StepContext, SubscriberOrder } from '../../../src/platforms/port.ts';
import { sippulse } from '../../../src/platforms/sippulse/index.ts';
import type { SippulseClient } from '../../../src/platforms/sippulse/types.ts';
import type { Simulator } from '../../../src/simulators/index.ts';
import { createDriver, outcomesOf, type Driver, type RunRecord } from '../driver.ts';
import { settings, start, stateOf } from './fixture.ts';
import { failure } from '../../setup/failure.ts';
import { bound } from './lab.ts';
import { order, subscriber } from './orders.ts';

let simulator: Simulator;
let connection: Connection;
let driver: Driver;
let others: SippulseClient;
let serial = 0;
const nextKey = (): string => `turnup:sippulse-${++serial}:1`;

beforeAll(async () => {
  simulator = await start();
});
beforeEach(() => {
  simulator.reset();
  connection = sippulse.connect(settings(simulator.url), {
    get: async () => null,
    forget: async () => {},
  });
  driver = createDriver(sippulse, connection);
  others = bound(simulator.url).client;
});
afterAll(async () => {
  await connection.close();
  await simulator.close();
});

const state = () => stateOf(simulator);
const only = (content: OrderContent): SubscriberOrder => content.subscribers[0]!;
const userOf = (content: OrderContent) => ({ username: only(content).username, domain: only(content).domain });
const stored = async (content: OrderContent) =>
  (await state())['subscribers']!.find(({ username }) => username === only(content).username);
const writes = () =>
  driver.calls.filter(({ method }) => !/^(?:retrieve|list|lis|wsdl)/.test(method)).map(({ method }) => method);

async function attempt(content: OrderContent, id: string, record: RunRecord, key: string): Promise<void> {
  const step = sippulse.plan(content).find((planned) => planned.id === id)!;
  await driver.attempt(content, step, record, key);
}

function context(content: OrderContent, id: string, record: RunRecord, key: string): StepContext<SippulseClient> {
  const step = sippulse.plan(content).find((planned) => planned.id === id)!;
  return driver.contextOf(content, step, record, key) as StepContext<SippulseClient>;
}

describe('a subscriber', () => {
  test.each([
    [
      'another customer’s',
      (content: OrderContent) => ({ ...content, customer: { ...content.customer, externalId: 'C-other' } }),
      'contractNumber',
    ],
    [
      'one with other numbers',
      (content: OrderContent) => ({ ...content, subscribers: [{ ...only(content), aliases: [] }] }),
      'DIDs',
    ],
  ])('%s is a conflict', async (_, otherwise, why) => {
    const first = order();
    await driver.run(first, nextKey());
    const error = await failure(attempt(otherwise(first), 's1.subscriber', new Map(), nextKey()));
    expect(error).toMatchObject({ code: 'TURNUP_SUBSCRIBER_TAKEN', detail: expect.stringContaining(why) });
  });

  test('that is there keeps its contact, and what differs is told', async () => {
    const first = order();
    await driver.run(first, nextKey());
    const contact = { ...first.customer.contact, city: 'Santos' };
    const record = await driver.run({ ...first, customer: { ...first.customer, contact } }, nextKey());
    expect(record.get('s1.subscriber')).toMatchObject({
      outcome: 'adopted',
      result: { differs: ['customer.contact.city'] },
    });
    expect(await stored(first)).toMatchObject({ city: 'São Paulo', contractNumber: first.customer.externalId });
  });

  test.each([
    ['a domain', { domain: 'nowhere.example' }, {}],
    ['a profile', { preferences: { profile: 'nobody' } }, {}],
    ['a rate plan', {}, { billingProfile: 'gold' }],
    ['a rate plan by id', { preferences: { ratePlanId: 99 } }, {}],
    ['a choice of rate plans', { domain: 'pbx.example.net' }, { billingProfile: undefined as never }],
  ])('that needs %s which is not there is rejected before anything is made', async (_, more, customer) => {
    const content = order([subscriber(more)], customer);
    const second = {
      name: 'second',
      domain: 'pbx.example.net',
      rateId: 1,
      prepaid: false,
      txConnection: 30,
      cadency: 6,
    };
    await others.write('RatePlanWS', 'insertRatePlan', { ratePlan: second });
    expect(await failure(attempt(content, 's1.subscriber', new Map(), nextKey()))).toMatchObject({
      code: 'TURNUP_REFERENCE_UNKNOWN',
    });
    expect(writes()).toEqual([]);
  });

  test('whose domain is there but not that of another one of the order is not made', async () => {
    const content = { ...order(), domains: ['sip.example.com', 'nowhere.example'] };
    expect(await failure(attempt(content, 's1.subscriber', new Map(), nextKey()))).toMatchObject({
      detail: expect.stringContaining('nowhere.example'),
    });
  });

  test.each([
    ['by name', 'sip.example.com', 'prepaid', 22],
    ['by id', 'sip.example.com', '22', 22],
    ['as the only one of its domain', 'pbx.example.net', undefined, 23],
  ])('gets the rate plan named %s', async (_, domain, billingProfile, ratePlanId) => {
    const content = order([subscriber({ domain })], { billingProfile: billingProfile as never });
    await attempt(content, 's1.subscriber', new Map(), nextKey());
    expect(await stored(content)).toMatchObject({ ratePlanId });
  });

  test('that is not there cannot be made without a mail address', async () => {
    const content = order(undefined, { contact: undefined as never });
    expect(await failure(attempt(content, 's1.subscriber', new Map(), nextKey()))).toMatchObject({
      code: 'TURNUP_CONTACT_REQUIRED',
      detail: expect.stringContaining('customer.contact'),
    });
  });

  test('I4 of the same name that somebody made since is not taken away', async () => {
    const content = order([subscriber({ aliases: [] })]);
    const key = nextKey();
    const record: RunRecord = new Map();
    await attempt(content, 's1.subscriber', record, key);
    const { password: _password, ...shown } = (await others.read(
      'SubscriberWS',
      'retrieveSubscriber',
      userOf(content),
    ))!['return'] as Record<string, unknown>;
    await others.write('SubscriberWS', 'removeSubscriber', userOf(content));
    await others.write('SubscriberWS', 'insertSubscriber', {
      subscriber: { ...shown, password: 'x', passwordPortal: 'x' },
    });
    await driver.undo(content, key, record);
    expect(await stored(content)).toBeDefined();
  });

  test('I4 an update keeps what others set, and passwords that are not shown', async () => {
    const first = order();
    await driver.run(first, nextKey());
    await others.write('SubscriberWS', 'activateSoftphone', userOf(first));
    const before = await stored(first);
    await driver.run({ ...first, subscribers: [{ ...only(first), preferences: { callLimit: 9 } }] }, nextKey());
    expect({ ...(await stored(first)), live: null }).toEqual({ ...before, live: null, callLimit: 9 });
    expect(before).toMatchObject({ password: 'Zx9-kq!vB72mm', softphoneAllowed: true });
  });
});

describe('numbers', () => {
  test('one that another subscriber has is refused, again and again the same', async () => {
    const first = order();
    await driver.run(first, nextKey());
    const second = order([subscriber({ number: only(first).number!, aliases: [] })]);
    const record: RunRecord = new Map();
    const key = nextKey();
    await attempt(second, 's1.subscriber', record, key);
    for (let tries = 0; tries < 2; tries++) {
      expect(await failure(attempt(second, 's1.numbers', record, key))).toMatchObject({
        code: 'TURNUP_TARGET_REJECTED',
        class: 'transient',
      });
    }
    expect((await state())['dids']).toHaveLength(3);
  });

  test('options of the order go with each', async () => {
    const content = order([subscriber({ native: { did: { didToRuri: true, gwid: '7' } } })]);
    await driver.run(content, nextKey());
    const account = `${only(content).username}@sip.example.com`;
    for (const did of (await state())['dids']!) {
      expect(did).toMatchObject({ didToRuri: true, gwid: '7', reverseBilling: false, accountCode: account });
    }
  });

  test('I3 what an attempt left there twice is there once after the next', async () => {
    const content = order([subscriber({ native: { whiteList: ['55', '56'] } })]);
    const record: RunRecord = new Map();
    const key = nextKey();
    const steps = sippulse.plan(content);
    for (const step of steps.slice(
      0,
      steps.findIndex(({ kind }) => kind === 'whiteList'),
    )) {
      await driver.perform(content, step, record, key);
    }
    record.set('s1.whiteList', { intent: { state: 'absent' }, outcome: null, result: {}, attempts: 1 });
    const whiteList = { ...userOf(content), prefix: '55' };
    await others.write('WhiteListWS', 'insertWhiteList', { whiteList });
    await others.write('WhiteListWS', 'insertWhiteList', { whiteList }).catch(() => null);
    await attempt(content, 's1.whiteList', record, key);
    expect((await state())['whiteLists']!.map(({ prefix }) => String(prefix)).toSorted()).toEqual(['55', '56']);
  });
});

describe('reloads', () => {
  test('are left out when nothing changed', async () => {
    const first = order();
    await driver.run(first, nextKey());
    driver.calls.length = 0;
    const record = await driver.run(first, nextKey());
    expect(record.get('s1.reload')).toMatchObject({ outcome: 'unchanged' });
    expect(writes()).toEqual([]);
  });

  test('come once for each object, last of all, and leave nothing unread', async () => {
    const content = order([
      subscriber({ native: { addresses: [{ ipAddress: '192.0.2.1' }] }, voicemail: { pin: '4711' } }),
    ]);
    await driver.run(content, nextKey());
    const reloads = writes().filter((method) => method.startsWith('reload'));
    expect(reloads).toEqual(['reloadSubscriber', 'reloadDid', 'reloadDid', 'reloadDid', 'reloadAddress']);
    expect(writes().slice(-reloads.length)).toEqual(reloads);
    expect((await state())['unreloaded']).toEqual([]);
  });

  test('come when a person did a step by hand', async () => {
    const content = order();
    const record: RunRecord = new Map([
      ['s1.subscriber', { intent: null, outcome: 'adopted', result: {}, attempts: 1 }],
      ['s1.services', { intent: null, outcome: 'skipped' as never, result: {}, attempts: 1 }],
    ]);
    const ctx = context(content, 's1.reload', record, nextKey());
    expect(await sippulse.steps['reload']!.find(ctx)).toMatchObject({ state: 'different' });
  });
});

describe('what nobody can see', () => {
  test('I4 is not brought back in silence on a subscriber that was there', async () => {
    const first = order();
    await driver.run(first, nextKey());
    const preferences = { topologyHiding: true, privacyCalls: true, cps: 3 };
    const second = { ...first, subscribers: [{ ...only(first), preferences }] };
    const key = nextKey();
    const record = await driver.run(second, key);
    expect(outcomesOf(record)).toMatchObject({ 's1.switches': 'changed', 's1.services': 'changed' });
    expect(await stored(first)).toMatchObject({ topologyHiding: true, privacyCalls: true, cps: 3 });
    for (const [id, names] of [
      ['s1.switches', 'topologyHiding, privacyCalls'],
      ['s1.services', 'cps'],
    ] as const) {
      const { outcome, result } = record.get(id)!;
      const undo = { ...context(second, id, record, key), done: { outcome: outcome!, result } };
      expect(await failure(sippulse.steps[id.slice(3)]!.undo(undo))).toMatchObject({
        code: 'TURNUP_UNDO_FAILED',
        class: 'rejected',
        detail: expect.stringContaining(names),
      });
    }
  });

  test('goes with a subscriber of the order', async () => {
    const content = order([subscriber({ preferences: { active: false, keepAlive: 30 } })]);
    const key = nextKey();
    const record = await driver.run(content, key);
    expect(await stored(content)).toMatchObject({ active: false, keepAlive: 30, cps: 5 });
    await driver.undo(content, key, record);
    expect((await state())['subscribers']).toEqual([]);
    expect((await state())['unreloaded']).toEqual([]);
  });
});

describe('credit', () => {
  const credited = (content: OrderContent, credit: number): OrderContent => ({
    ...content,
    subscribers: [{ ...only(content), native: { credit } }],
  });
  const spend = (content: OrderContent, value: number) =>
    others.write('SubscriberWS', 'addCredit', { ...userOf(content), value: -value, obs: 'calls' });

  test('I3 is given once when the reply is lost, and bears the key of the order', async () => {
    const content = credited(order(), 25);
    const key = nextKey();
    const record: RunRecord = new Map();
    for (const step of sippulse
      .plan(content)
      .filter(({ kind }) => ['subscriber', 'services', 'numbers'].includes(kind))) {
      await driver.perform(content, step, record, key);
    }
    simulator.setFaults({ rules: [{ match: { operation: 'addCredit' }, fault: 'dropReply', times: 1 }] } as never);
    await driver.run(content, key, record);
    expect(await stored(content)).toMatchObject({ credit: 25 });
    expect((await state())['creditTransactions']).toMatchObject([{ value: 25, obs: expect.stringContaining(key) }]);
  });

  test('is held for a person when the balance does not tell', async () => {
    const content = credited(order(), 25);
    const key = nextKey();
    const record: RunRecord = new Map();
    await attempt(content, 's1.subscriber', record, key);
    simulator.setFaults({ rules: [{ match: { operation: 'addCredit' }, fault: 'dropReply', times: 1 }] } as never);
    expect(await failure(attempt(content, 's1.credit', record, key))).toMatchObject({ class: 'ambiguous' });
    await spend(content, 3);
    const error = await failure(attempt(content, 's1.credit', record, key));
    expect(error).toMatchObject({ class: 'conflict', hint: expect.stringContaining(key) });
    for (const balance of ['0', '22', '25']) expect(error.detail).toContain(balance);
    expect(await stored(content)).toMatchObject({ credit: 22 });
  });

  test('I4 is taken back from a subscriber that was there, and never when it cannot be told', async () => {
    const first = order();
    await driver.run(first, nextKey());
    const second = credited(first, 10);
    const key = nextKey();
    const record = await driver.run(second, key);
    const undo = () => {
      const { outcome, result } = record.get('s1.credit')!;
      return sippulse.steps['credit']!.undo({
        ...context(second, 's1.credit', record, key),
        done: { outcome: outcome!, result },
      });
    };
    await spend(second, 4);
    expect(await failure(undo())).toMatchObject({ class: 'conflict' });
    expect(await stored(first)).toMatchObject({ credit: 6 });
    await spend(second, -4);
    await undo();
    expect(await stored(first)).toMatchObject({ credit: 0 });
    await undo();
    expect(await stored(first)).toMatchObject({ credit: 0 });
  });
});

test('a reseller that is not there needs all its members; one that is there is adopted', async () => {
  const asked = (more: object) => order(undefined, { native: { reseller: { name: 'R', ...more } } });
  expect(await failure(attempt(asked({}), 'reseller', new Map(), nextKey()))).toMatchObject({
    code: 'TURNUP_REFERENCE_UNKNOWN',
  });
  const whole = { manager: 'M', email: 'm@example.com', username: 'm', password: 'p' };
  const record: RunRecord = new Map();
  const first = asked(whole);
  const key = nextKey();
  for (const step of sippulse.plan(first)) await driver.perform(first, step, record, key);
  expect(await stored(first)).toMatchObject({ resellerId: record.get('reseller')!.result['resellerId'] });
  const again: RunRecord = new Map();
  await attempt(asked({}), 'reseller', again, nextKey());
  expect(again.get('reseller')).toMatchObject({ outcome: 'adopted', result: record.get('reseller')!.result });
});
