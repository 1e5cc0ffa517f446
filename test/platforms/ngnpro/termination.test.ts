import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ngnpro } from '../../../src/platforms/ngnpro/index.ts';
import type { NgnproClient } from '../../../src/platforms/ngnpro/types.ts';
import type { Connection, OrderContent } from '../../../src/platforms/port.ts';
import type { Simulator } from '../../../src/simulators/index.ts';
import { createDriver, type Driver } from '../driver.ts';
import { failure } from '../../setup/failure.ts';
import { settings, start, stateOf } from './fixture.ts';
import { changeOf } from '../life-orders.ts';
import { order } from './orders.ts';

let simulator: Simulator;
let connection: Connection<NgnproClient>;
let driver: Driver;
let content: OrderContent;
let customer: number;

beforeAll(async () => {
  simulator = await start();
  connection = ngnpro.connect(settings(simulator.url), { get: async () => null, forget: async () => {} });
});
afterAll(async () => {
  await connection.close();
  await simulator.close();
});
beforeEach(async () => {
  simulator.reset();
  driver = createDriver(ngnpro, connection);
  content = order();
  const record = await driver.run(content, 'turnup:life:1');
  customer = record.get('customer')!.result['customerId'] as number;
});

const client = (): NgnproClient =>
  driver.contextOf(content, ngnpro.plan(content)[0]!, new Map(), 'others').client as NgnproClient;
const terminate = () => driver.run(changeOf(content, 'terminate', []), 'turnup:end:1');

const zone = { name: 'example.net', email: 'dns@example.net' };
const range = { id: { prefix: '49', tld: 'e164.arpa' }, minDigits: 6, maxDigits: 15 };
const lodger = { id: { username: 'lodger', domain: 'theirs.example' }, password: 'Zx9-kq!vB72mm', owner: 1002 };

describe('terminate of a whole customer', () => {
  test.each<[what: string, put: () => Promise<unknown>]>([
    ['DNS zones', () => client().call('DnsPort', 'addZone', { zone: { ...zone, customer } })],
    ['ENUM ranges', () => client().call('EnumPort', 'addRange', { range: { ...range, customer } })],
    [
      'belongs to another',
      async () => {
        await client().call('SipPort', 'addDomain', { domain: { domain: 'theirs.example', customer } });
        await client().call('SipPort', 'addAccount', { account: lodger });
      },
    ],
  ])('touches nothing while it has what would keep the platform from removing it: %s', async (what, put) => {
    await put();
    const before = await stateOf(simulator);
    expect(await failure(terminate())).toMatchObject({
      code: 'TURNUP_OBJECT_TAKEN',
      class: 'conflict',
      detail: expect.stringContaining(what) as unknown,
    });
    expect(await stateOf(simulator)).toEqual(before);
  });

  test('touches nothing of a reseller that has customers', async () => {
    simulator.reset();
    const found = (await client().call('CustomerPort', 'getAccount', { id: 2001 })) as object;
    const username = content.customer.externalId.toLowerCase();
    const properties = [{ name: 'turnup.customer', value: content.customer.externalId }];
    await client().call('CustomerPort', 'updateAccount', { account: { ...found, username, properties } });
    await driver.run(order(undefined, { native: { reseller: 2001 } }), 'turnup:other:1');
    const before = await stateOf(simulator);
    expect(await failure(terminate())).toMatchObject({
      detail: expect.stringContaining('reseller and has customers') as unknown,
    });
    expect(await stateOf(simulator)).toEqual(before);
  });

  test('removes all that it has of orders', async () => {
    const before = await stateOf(simulator);
    await terminate();
    const after = await stateOf(simulator);
    expect(after['customers']).toHaveLength(before['customers']!.length - 1);
    for (const kind of ['aliases', 'numbers']) expect(after[kind]).toEqual([]);
    expect(after['accounts']!.map(({ username }) => username)).toEqual(['reception']);
  });
});
