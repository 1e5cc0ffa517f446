import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readCalls } from '../../../src/platforms/ngnpro/calls/index.ts';
import { catalog } from '../../../src/platforms/ngnpro/catalog/index.ts';
import { connect } from '../../../src/platforms/ngnpro/client.ts';
import { operationSteps, planOperations } from '../../../src/platforms/ngnpro/operations/index.ts';
import type { Item, NgnproClient } from '../../../src/platforms/ngnpro/types.ts';
import type { CallHooks, Connection, OrderContent, Platform } from '../../../src/platforms/port.ts';
import type { Simulator } from '../../../src/simulators/index.ts';
import { createDriver } from '../driver.ts';
import { settings, start } from './fixture.ts';
import { CUSTOMER } from './operations-cases.ts';
import { DOMAIN, newAccount, nextKey, orderOf } from './operations-lab.ts';
import { failure } from '../../setup/failure.ts';

let simulator: Simulator;
let connection: Connection<NgnproClient>;

beforeAll(async () => {
  simulator = await start();
  connection = connect({ ...settings(simulator.url), impersonate: { crm: 1001, shop: 2001, pbx: 1002 } });
});
beforeEach(() => simulator.reset());
afterAll(async () => {
  await connection.close();
  await simulator.close();
});

const as = (client?: string): NgnproClient =>
  connection.bind({
    client,
    signal: new AbortController().signal,
    beforeCall: async () => {},
    afterCall: () => {},
  });

/** The names of what a client sees of a list. */
async function seen(client: string | undefined, what: string, member: string): Promise<string[]> {
  const { params, read } = catalog[what]!;
  const { items } = (await read(as(client), params.parse({}) as never)) as unknown as { items: Item[] };
  return items.map((item) => item[member] as string).toSorted();
}

const run = (client: string, order: OrderContent) => {
  const platform = { steps: operationSteps, plan: planOperations } as unknown as Platform;
  const bound = { bind: (hooks: CallHooks) => connection.bind({ ...hooks, client }), close: connection.close };
  return createDriver(platform, bound).run(order, nextKey());
};

describe('clients that act for customers of the platform', () => {
  it('see only what belongs to those; nobody in particular sees everything', async () => {
    const all = ['other.example.org', 'pbx.example.net', DOMAIN];
    expect(await seen('crm', 'domains', 'domain')).toEqual(['pbx.example.net', DOMAIN]);
    expect(await seen('pbx', 'domains', 'domain')).toEqual(['pbx.example.net']);
    expect(await seen('shop', 'domains', 'domain')).toEqual(['other.example.org']);
    for (const client of [undefined, 'else', 'operator:olga', 'constructor', '__proto__']) {
      expect(await seen(client, 'domains', 'domain')).toEqual(all);
    }
    expect(await seen('shop', 'customers', 'username')).toEqual(['other']);
    expect(await seen('crm', 'enumRanges', 'info')).toHaveLength(1);
    expect(await seen('shop', 'enumRanges', 'info')).toEqual([]);
  });

  it('do not read what belongs to others', async () => {
    const { read } = catalog['account']!;
    const reception = { username: 'reception', domain: DOMAIN };
    expect(await read(as('crm'), reception as never)).toMatchObject({ id: reception });
    await failure(Promise.resolve(read(as('shop'), reception as never)));
    const span = { from: new Date('2026-11-20T00:00:00Z'), to: new Date('2026-11-21T00:00:00Z'), limit: 9 };
    expect(await readCalls(as('crm'), { ...reception, ...span })).toHaveLength(5);
    await failure(Promise.resolve(readCalls(as('shop'), { ...reception, ...span })));
  });

  it('make what then belongs to those', async () => {
    await run('shop', orderOf('SipPort.addDomain', { domain: { domain: 'new.example.org' } }));
    const { reseller: _reseller, ...customer } = CUSTOMER;
    await run('shop', orderOf('CustomerPort.addAccount', { account: customer }));
    const { domains, customers } = simulator.state() as Record<string, readonly Item[]>;
    expect(domains?.find(({ domain }) => domain === 'new.example.org')).toMatchObject({ reseller: 2001 });
    expect(customers?.find(({ username }) => username === CUSTOMER.username)).toMatchObject({ reseller: 2001 });
  });

  it.each([
    ['SipPort.addAccount', { account: newAccount({ username: 'ada', domain: DOMAIN }) }],
    ['SipPort.setRejectMembers', { sipId: { username: 'reception', domain: DOMAIN }, members: ['sip:x@example.org'] }],
    ['SipPort.updateDomain', { domain: { domain: DOMAIN, verify_cert: true } }],
    ['CustomerPort.updateAccount', { account: { id: 1002, city: 'Linz' } }],
  ])('do not change what belongs to others: %s', async (call, args) => {
    const before = simulator.state();
    await failure(run('shop', orderOf(call, args)));
    expect(simulator.state()).toEqual(before);
    await run('crm', orderOf(call, args));
    expect(simulator.state()).not.toEqual(before);
  });

  it('keep what they looked up apart from others', async () => {
    const load = (value: string) => async () => value;
    expect(await as('crm').references.get('domain', load('of crm'))).toBe('of crm');
    expect(await as('shop').references.get('domain', load('of shop'))).toBe('of shop');
    expect(await as('crm').references.get('domain', load('later'))).toBe('of crm');
  });

  it('have those for the reseller of their new customers', () => {
    expect(as('shop').defaults.reseller).toBe(2001);
    expect(as().defaults.reseller).toBeNull();
  });

  it('act for whom the target names where they have nobody of their own', async () => {
    const { auth, ...more } = settings(simulator.url);
    const target = connect({ ...more, auth: { ...auth, impersonate: 2001 }, impersonate: { crm: 1001 } });
    const domainsOf = async (client: string): Promise<unknown> => {
      const bound = target.bind({
        client,
        signal: new AbortController().signal,
        beforeCall: async () => {},
        afterCall: () => {},
      });
      const reply = (await bound.call('SipPort', 'getDomains', { query: { filter: {} } })) as Item;
      return reply['total'];
    };
    expect([await domainsOf('crm'), await domainsOf('shop')]).toEqual([2, 1]);
    await target.close();
  });
});
