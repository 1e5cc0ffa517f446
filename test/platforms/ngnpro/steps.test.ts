import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TurnupError } from '../../../src/errors/index.ts';
import { ngnpro } from '../../../src/platforms/ngnpro/index.ts';
import { passwordFor } from '../../../src/platforms/ngnpro/password.ts';
import type { NgnproClient } from '../../../src/platforms/ngnpro/types.ts';
import type { OrderContent, SubscriberOrder } from '../../../src/platforms/port.ts';
import type { Simulator } from '../../../src/simulators/index.ts';
import { createDriver, outcomesOf, type Driver, type RunRecord } from '../driver.ts';
import { failure } from '../../setup/failure.ts';
import { settings, start, stateOf } from './fixture.ts';
import { changeOf } from '../life-orders.ts';
import { order, subscriber } from './orders.ts';

let simulator: Simulator;
const closers: (() => Promise<void>)[] = [];

beforeAll(async () => {
  simulator = await start();
});
beforeEach(() => {
  simulator.reset();
  simulator.setFaults({ rules: [] });
});
afterAll(async () => {
  for (const close of closers) await close();
  await simulator.close();
});

let serial = 0;
const nextKey = (): string => `turnup:steps-${++serial}:1`;

function driverWith(native: object = {}, auth = { username: 'admin', password: 'admin' }): Driver {
  const connection = ngnpro.connect(
    { ...settings(simulator.url, native), auth },
    { get: async () => null, forget: async () => {} },
  );
  closers.push(() => connection.close());
  return createDriver(ngnpro, connection);
}

/** Outside any step: what other people do on the platform. */
const others = (): NgnproClient =>
  driverWith().contextOf(order(), ngnpro.plan(order())[0]!, new Map(), 'others').client as NgnproClient;

const state = () => stateOf(simulator);
const run = (content: OrderContent, driver = driverWith()): Promise<RunRecord> => driver.run(content, nextKey());
const errorOf = (content: OrderContent, driver = driverWith()): Promise<TurnupError> => failure(run(content, driver));

const only = ({ subscribers }: OrderContent): SubscriberOrder => subscribers[0]!;
const customerOf = async ({ customer }: OrderContent) =>
  (await state())['customers']!.find(({ username }) => username === customer.externalId.toLowerCase());

describe('the customer', () => {
  test('belongs to the reseller of the domain, and nobody knows its password', async () => {
    const content = order();
    await run(content);
    const made = (await customerOf(content))!;
    expect(made).toMatchObject({
      reseller: 1001,
      state: 'N/A',
      organization: 'Müller "KG"',
      address: 'Rebgasse 12, Stiege 3',
    });
    expect(String(made['password'])).toMatch(/^[\w-]{32}$/);
    const another = order();
    await run(another);
    expect((await customerOf(another))!['password']).not.toBe(made['password']);
  });

  test('is adopted by mail address and reseller where it bears no mark, and left as it is', async () => {
    const content = order();
    const account = {
      username: content.customer.externalId.toLowerCase(),
      password: 'theirs',
      reseller: 1001,
      firstName: 'Other',
      lastName: 'Name',
      email: content.customer.contact!.email!.toLowerCase(),
    };
    await others().call('CustomerPort', 'addAccount', {
      account: { ...account, tel: '+1', address: 'x', postcode: '1', city: 'x', state: 'x', country: 'x' },
    });
    const before = await customerOf(content);
    const record = await run(content);
    expect(record.get('customer')).toMatchObject({
      outcome: 'adopted',
      result: { differs: expect.arrayContaining(['customer.contact.firstName', 'customer.contact.street']) },
    });
    expect(await customerOf(content)).toEqual(before);
    // It is known again by its subscriber's mark.
    const suspended = await run(changeOf(content, 'suspend', []));
    expect(outcomesOf(suspended)).toEqual({ customer: 'changed' });
  });

  test.each([
    ['another mail address', { email: 'theirs@example.com', reseller: 1001 }, {}],
    ['another reseller', { reseller: 2001 }, { reseller: 1001 }],
  ])('is somebody else’s with %s: 5001 is no success', async (_, more, native) => {
    const content = order();
    const email = content.customer.contact!.email!.toLowerCase();
    const account = {
      username: content.customer.externalId.toLowerCase(),
      password: 'x',
      firstName: 'A',
      lastName: 'B',
      email,
    };
    const rest = { tel: '+1', address: 'x', postcode: '1', city: 'x', state: 'x', country: 'x' };
    await others().call('CustomerPort', 'addAccount', { account: { ...account, ...rest, ...more } });
    const before = await state();
    expect(await errorOf(content, driverWith(native))).toMatchObject({
      code: 'TURNUP_OBJECT_TAKEN',
      class: 'conflict',
    });
    expect(await state()).toEqual(before);
  });

  test('is somebody else’s where it bears another number of the CRM', async () => {
    const content = order();
    await run(content);
    const customer = { ...content.customer, externalId: content.customer.externalId.toLowerCase() };
    expect(await errorOf({ ...order(), customer })).toMatchObject({ code: 'TURNUP_OBJECT_TAKEN', class: 'conflict' });
  });

  test('is made no reseller by accident: where only new domains are named, somebody has to say whose it is', async () => {
    const content = order([subscriber({ domain: 'brand-new.example' })], {
      native: { domains: [{ domain: 'brand-new.example' }] },
    });
    const before = await state();
    expect(await errorOf(content)).toMatchObject({
      code: 'TURNUP_TARGET_REJECTED',
      detail: 'a customer without a reseller becomes one',
    });
    expect(await state()).toEqual(before);
    const both = order([subscriber({ domain: 'brand-new.example' }), subscriber({ id: 's2' })], content.customer);
    await run(both);
    expect((await customerOf(both))!['reseller']).toBe(1001);
    const meant = order([subscriber({ domain: 'second.example' })], {
      native: { resellerActive: true, domains: [{ domain: 'second.example' }] },
    });
    await run(meant);
    const { id, reseller } = (await customerOf(meant))!;
    expect(reseller).toBe(id);
  });

  test('is not made without a contact, nor where a domain is missing', async () => {
    const { contact: _contact, ...customer } = order().customer;
    const before = await state();
    expect(await errorOf({ ...order(), customer })).toMatchObject({ code: 'TURNUP_CONTACT_REQUIRED' });
    const elsewhere = order([subscriber({ domain: 'nowhere.example' })]);
    expect(await errorOf(elsewhere)).toMatchObject({
      code: 'TURNUP_REFERENCE_UNKNOWN',
      detail: expect.stringContaining('nowhere.example'),
    });
    expect(await state()).toEqual(before);
  });

  test('I4 is not removed while it has what this order did not make', async () => {
    const content = order();
    const driver = driverWith();
    const key = nextKey();
    const record = await driver.run(content, key);
    const { customerId: owner } = record.get('customer')!.result;
    await others().call('SipPort', 'addAccount', {
      account: { id: { username: 'theirs', domain: 'sip.example.com' }, password: 'Zx9-kq!vB72mm', owner },
    });
    expect(await failure(driver.undo(content, key, record))).toMatchObject({
      code: 'TURNUP_UNDO_FAILED',
      class: 'conflict',
    });
    expect((await customerOf(content))!['username']).toBeDefined();
  });

  test('with a number that is no user name is found again', async () => {
    const customer = { ...order().customer, externalId: 'Kunde #7 (Wien) äöü' };
    const [one, two] = [subscriber(), subscriber({ id: 's2' })];
    await run({ ...order([one]), customer });
    const record = await run({ ...order([two]), customer });
    expect(record.get('customer')!.outcome).toBe('adopted');
  });
});

describe('the subscriber', () => {
  test('is sent as digests, which is what the platform then has', async () => {
    const content = order();
    await run(content);
    const one = only(content);
    const account = (await state())['accounts']!.find(({ username }) => username === one.username.toLowerCase())!;
    const id = { username: one.username.toLowerCase(), domain: one.domain };
    expect(account['password']).toBe(passwordFor(id, one.password!, { passwords: 'digest' }));
    expect(JSON.stringify(await state())).not.toContain(one.password);
  });

  test('of the same customer is taken by nobody with another externalId or other numbers', async () => {
    const content = order();
    await run(content);
    const [one] = content.subscribers;
    for (const more of [{ externalId: 'S-other' }, { aliases: [] }, { number: { cc: '43', ac: '1', sn: '234567' } }]) {
      const other = { ...content, subscribers: [{ ...one!, ...more }] };
      expect(await errorOf(other)).toMatchObject({ code: 'TURNUP_SUBSCRIBER_TAKEN', class: 'conflict' });
    }
  });

  test('whose alias is somebody else’s is held, and nothing is taken', async () => {
    const content = order();
    await run(content);
    const thief = order([subscriber({ aliases: only(content).aliases })]);
    const before = (await state())['aliases'];
    expect(await errorOf(thief)).toMatchObject({ code: 'TURNUP_NUMBER_TAKEN', class: 'conflict' });
    expect(
      (await state())['aliases']!.filter(({ target }) =>
        JSON.stringify(target).includes(only(content).username.toLowerCase()),
      ),
    ).toEqual(before);
  });

  test('keeps groups that the platform set, and forwards that the order does not name', async () => {
    const content = order([
      subscriber({
        preferences: { groups: ['sms'] },
        callForwards: { busy: { destinations: [{ to: 'sip:a@b.example' }] } },
      }),
    ]);
    await run(content);
    const sipId = { username: only(content).username.toLowerCase(), domain: 'sip.example.com' };
    await others().call('SipPort', 'addToGroup', { sipId, group: 'quota' });
    const changed = {
      ...content,
      subscribers: [
        {
          ...only(content),
          preferences: { groups: ['trunking'] },
          callForwards: { unconditional: { destinations: [{ to: 'sip:c@d.example' }] } },
        },
      ],
    };
    await run(changed);
    const account = (await state())['accounts']!.find(({ username }) => username === sipId.username)!;
    expect(account).toMatchObject({ diversions: { FBUS: 'sip:a@b.example', FUNC: 'sip:c@d.example' } });
    expect([...(account['groups'] as string[])].toSorted((a, b) => a.localeCompare(b))).toEqual(['quota', 'trunking']);
  });
});

describe('voicemail', () => {
  test('diverts to the mailbox what nobody answers and nothing else diverts', async () => {
    const content = order([
      subscriber({
        voicemail: { pin: '4711' },
        callForwards: { noAnswer: { destinations: [{ to: 'sip:a@b.example' }] } },
      }),
    ]);
    await run(content);
    const [account] = (await state())['accounts']!.filter(
      ({ username }) => username === only(content).username.toLowerCase(),
    );
    expect(account!['diversions']).toEqual({
      FBUS: '<voice-mailbox>',
      FNOL: '<voice-mailbox>',
      FNOA: 'sip:a@b.example',
    });
  });
});

describe('ENUM', () => {
  /** With an alias, another one each time, that the stand-in's range has no place for. */
  const outside = (): OrderContent =>
    order([subscriber({ aliases: [{ cc: '31', ac: '', sn: `20800${1000 + ++serial}` }] })]);

  test('needs a range for each number, where the platform has any', async () => {
    expect(await errorOf(outside())).toMatchObject({
      code: 'TURNUP_REFERENCE_UNKNOWN',
      detail: expect.stringMatching(/place for \+31208\d+$/),
    });
    expect((await state())['numbers']).toEqual([]);
  });

  test('is left out where the target says so, or the platform has no range in the tree', async () => {
    for (const native of [{ enum: 'never' }, { enumTld: 'e164.example' }]) {
      const record = await run(outside(), driverWith(native));
      expect(record.get('s1.enumNumbers')).toMatchObject({ outcome: 'adopted', result: { entries: [] } });
    }
    expect((await state())['numbers']).toEqual([]);
    expect(await errorOf(outside(), driverWith({ enum: 'always', enumTld: 'e164.example' }))).toMatchObject({
      code: 'TURNUP_REFERENCE_UNKNOWN',
    });
  });

  const addRange = (tld: string): Promise<unknown> =>
    others().call('EnumPort', 'addRange', { range: { id: { prefix: '31', tld }, minDigits: 6, maxDigits: 15 } });

  test.each(['the worker that saw it missing', 'another that has read the ranges before'])(
    'sees a range that somebody adds while the order is held: %s',
    async (who) => {
      const [first, other] = [driverWith(), driverWith()];
      await run(order(), other);
      const content = outside();
      const key = nextKey();
      const record: RunRecord = new Map();
      await failure(first.run(content, key, record));
      await addRange('e164.arpa');
      const driver = who.startsWith('another') ? other : first;
      for (const step of ngnpro.plan(content))
        if (!record.get(step.id)?.outcome) await driver.perform(content, step, record, key);
      const numbers = (await state())['numbers']!.map(({ number }) => String(number));
      expect(numbers.filter((number) => number.startsWith('31'))).toHaveLength(1);
    },
  );

  test('begins with the first range that somebody adds', async () => {
    const driver = driverWith({ enumTld: 'e164.example' });
    await run(outside(), driver);
    await addRange('e164.example');
    expect(await errorOf(outside(), driver)).toMatchObject({ code: 'TURNUP_REFERENCE_UNKNOWN' });
  });

  test('bears the mappings that the order gives', async () => {
    const content = order([
      subscriber({
        native: {
          enumMappings: [
            { type: 'sip', mapto: 'sip:x@y.example', priority: 1 },
            { type: 'mailto', mapto: 'mailto:x@y.example' },
          ],
        },
      }),
    ]);
    await run(content);
    expect((await state())['numbers']![0]!['mappings']).toEqual([
      { type: 'sip', mapto: 'sip:x@y.example', priority: 1, ttl: 3600 },
      { type: 'mailto', mapto: 'mailto:x@y.example', priority: 5, ttl: 3600 },
    ]);
  });
});

describe('logins', () => {
  test('a reseller’s own login provisions in its own domain, and not in another’s', async () => {
    const driver = driverWith({ login: 'customer' }, { username: 'reseller', password: 'reseller' });
    const record = await run(order(), driver);
    expect(record.get('s1.subscriber')!.outcome).toBe('created');
    const foreign = order([subscriber({ domain: 'other.example.org' })]);
    expect(await errorOf(foreign, driver)).toMatchObject({ class: 'rejected' });
  });
});

describe('what an attempt left that vanished', () => {
  test('is taken away once nothing records it', async () => {
    const content = order();
    const driver = driverWith();
    const key = nextKey();
    const before = await state();
    const record: RunRecord = new Map();
    const plan = ngnpro.plan(content).slice(0, 2);
    for (const step of plan) await driver.perform(content, step, record, key);
    for (const step of plan.toReversed()) {
      const ctx = driver.contextOf(content, step, record, key);
      const { tidy } = ngnpro.steps[step.kind]!;
      expect(await tidy!(ctx as never, record.get(step.id)!.result)).toBe(0);
      expect(await tidy!(ctx as never, null)).toBe(1);
      expect(await tidy!(ctx as never, null)).toBe(0);
    }
    expect(await state()).toEqual(before);
  });
});
