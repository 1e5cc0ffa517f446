import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  addAlice,
  ADMIN,
  ALICE,
  array,
  CUSTOMER,
  customer,
  OTHER,
  RESELLER,
  rowOf,
  startPorts,
  type Auth,
  type PortName,
  type Ports,
  type Row,
} from './ports.ts';

let ports: Ports;
beforeEach(async () => {
  ports = await startPorts();
});
afterEach(async () => {
  await ports.close();
});

const actingFor = (impersonate: number): Auth => ({ ...ADMIN, impersonate });
const NUMBER = { number: '43987610001', tld: 'e164.arpa' };
const ENTITY = 'subscriber://alice@sip.example.com';

/** One of everything, of reseller 1001. */
async function makeAll(): Promise<void> {
  await addAlice(ports);
  const id = { username: 'al', domain: 'sip.example.com' };
  await ports.call('Sip', 'addAlias', { alias: { id, target: ALICE } });
  await ports.call('Voicemail', 'addAccount', { account: { sipId: ALICE, password: '1' } });
  await ports.call('Enum', 'addNumber', { number: { id: NUMBER } });
  await ports.call('Sip', 'addTrustedPeer', { peer: { ip: '192.0.2.77', customer: 1001 } });
  await ports.call('Sip', 'addCarrier', { carrier: { name: 'c', reseller: 1001 } });
  await ports.call('Sip', 'addGateway', { gateway: { name: 'g', carrier_id: 101, ip: '192.0.2.1' } });
  await ports.call('Sip', 'addGatewayRule', { rule: { gateway_id: 201 } });
  await ports.call('Sip', 'addRoutes', { routes: array({ carrier_id: 101 }) });
  await ports.call('Dns', 'addZone', { zone: { name: 'example.at', customer: 1001 } });
  const record = { zone: 'example.at', name: 'a', value: 'b' };
  await ports.call('Dns', 'addRecord', { record: { ...record, type: 'A' } });
  await ports.call('Dns', 'addFancyRecord', { record: { ...record, type: 'URL' } });
  await ports.call('Rating', 'setEntityProfiles', { profiles: { entity: ENTITY, profileWeekday: 'p' } });
}

const sipId = ALICE;
const aliasId = { username: 'al', domain: 'sip.example.com' };
const range = { prefix: '43', tld: 'e164.arpa' };
const record = { zone: 'example.at', name: 'a', value: 'x', type: 'URL' };

/** Every operation that names an object, but those of presence, which have no login. */
const TOUCHING: readonly (readonly [PortName, string, object])[] = [
  ['Sip', 'updateDomain', { domain: { domain: 'sip.example.com' } }],
  ['Sip', 'deleteDomain', { domain: 'sip.example.com' }],
  ['Sip', 'addAccount', { account: { id: { ...ALICE, username: 'bob' }, password: 'x' } }],
  ['Sip', 'updateAccount', { account: { id: sipId } }],
  ...['deleteAccount', 'getAccount', 'getGroups', 'getAcceptRules', 'getRejectMembers', 'getBarringPrefixes'].map(
    (operation) => ['Sip', operation, { sipId }] as const,
  ),
  ['Sip', 'getCallDiversions', { sipId }],
  ['Sip', 'addAlias', { alias: { id: { ...aliasId, username: 'x' }, target: sipId } }],
  ['Sip', 'updateAlias', { alias: { id: aliasId, target: sipId } }],
  ['Sip', 'deleteAlias', { id: aliasId }],
  ['Sip', 'getAlias', { id: aliasId }],
  ['Sip', 'addToGroup', { sipId, group: 'g' }],
  ['Sip', 'removeFromGroup', { sipId, group: 'g' }],
  ['Sip', 'setCallDiversions', { sipId, diversions: { nocondition: 'empty' } }],
  ['Sip', 'setAcceptRules', { sipId, rules: {} }],
  ['Sip', 'setRejectMembers', { sipId, members: array() }],
  ['Sip', 'setBarringPrefixes', { sipId, prefixes: array() }],
  ['Sip', 'addPhonebookEntry', { sipId, entry: { uri: 'u' } }],
  ['Sip', 'updatePhonebookEntry', { sipId, entry: { uri: 'u' } }],
  ['Sip', 'deletePhonebookEntry', { sipId, uri: 'u' }],
  ['Sip', 'getPhonebookEntries', { sipId, match: {}, range: {} }],
  ['Sip', 'addBalance', { sipId, value: 1, description: 'd' }],
  ['Sip', 'addBalanceFromVoucher', { sipId, card: { id: 1, number: '1111222233' } }],
  ['Sip', 'getPrepaidStatus', { sipIds: array(sipId) }],
  ['Sip', 'getCreditHistory', { sipId, count: 1 }],
  ['Sip', 'getCalls', { sipId, query: {} }],
  ['Sip', 'getCallStatistics', { sipId, query: {} }],
  ['Sip', 'getSipDeviceLocations', { sipIds: array(sipId) }],
  ['Sip', 'updateTrustedPeer', { peer: { ip: '192.0.2.77' } }],
  ['Sip', 'deleteTrustedPeer', { ip: '192.0.2.77' }],
  ['Sip', 'updateCarrier', { carrier: { id: 101, name: 'x' } }],
  ['Sip', 'deleteCarrier', { id: 101 }],
  ['Sip', 'addGateway', { gateway: { name: 'x', carrier_id: 101, ip: '192.0.2.2' } }],
  ['Sip', 'updateGateway', { gateway: { id: 201, name: 'x', carrier_id: 101, ip: '192.0.2.2' } }],
  ['Sip', 'deleteGateway', { id: 201 }],
  ['Sip', 'addGatewayRule', { rule: { gateway_id: 201 } }],
  ['Sip', 'updateGatewayRule', { rule: { id: 301, gateway_id: 201 } }],
  ['Sip', 'deleteGatewayRule', { id: 301 }],
  ['Sip', 'addRoutes', { routes: array({ carrier_id: 101 }) }],
  ['Sip', 'updateRoutes', { routes: array({ id: 401, carrier_id: 101 }) }],
  ['Sip', 'deleteRoutes', { routes: array({ id: 401 }) }],
  ['Voicemail', 'addAccount', { account: { sipId, password: '1' } }],
  ['Voicemail', 'updateAccount', { account: { sipId, password: '1' } }],
  ['Voicemail', 'deleteAccount', { sipId }],
  ['Voicemail', 'getAccount', { sipId }],
  ['Voicemail', 'setAnnouncement', { sipId, message: '' }],
  ['Enum', 'updateRange', { range: { id: range } }],
  ['Enum', 'deleteRange', { range }],
  ['Enum', 'addNumber', { number: { id: { ...NUMBER, number: '43987610002' } } }],
  ['Enum', 'updateNumber', { number: { id: NUMBER } }],
  ['Enum', 'deleteNumber', { enumId: NUMBER }],
  ['Enum', 'getNumber', { enumId: NUMBER }],
  ['Dns', 'updateZone', { zone: { name: 'example.at' } }],
  ['Dns', 'deleteZone', { zone: 'example.at' }],
  ['Dns', 'getZone', { zone: 'example.at' }],
  ...(['Record', 'FancyRecord'] as const).flatMap((name) => {
    const id = name === 'Record' ? 601 : 701;
    return [
      ['Dns', `add${name}`, { record }],
      ['Dns', `update${name}`, { record: { ...record, id } }],
      ['Dns', `delete${name}`, { recordId: id }],
      ['Dns', `get${name}`, { recordId: id }],
    ] as const;
  }),
  ['Rating', 'setEntityProfiles', { profiles: { entity: ENTITY, profileWeekday: 'x' } }],
  ['Rating', 'deleteEntityProfiles', { entity: ENTITY }],
  ['Rating', 'getEntityProfiles', { entity: ENTITY }],
  ['Customer', 'updateAccount', { account: customer({ id: 1002, username: 'customer' }) }],
  ['Customer', 'deleteAccount', { id: 1002 }],
  ['Customer', 'getAccount', { id: 1002 }],
  ['Customer', 'setProperties', { customer: 1002, properties: array({ name: 'a' }) }],
  ['Customer', 'getProperties', { customer: 1002 }],
];

/** Every list, and what one of another sees in it. */
const LISTS: readonly (readonly [PortName, string, string])[] = [
  ['Sip', 'getDomains', 'domains'],
  ['Sip', 'getAccounts', 'accounts'],
  ['Sip', 'getAliases', 'aliases'],
  ['Sip', 'getTrustedPeers', 'peers'],
  ['Sip', 'getCarriers', 'carriers'],
  ['Sip', 'getGateways', 'gateways'],
  ['Sip', 'getGatewayRules', 'gateway_rules'],
  ['Sip', 'getRoutes', 'routes'],
  ['Enum', 'getRanges', 'ranges'],
  ['Enum', 'getNumbers', 'numbers'],
  ['Dns', 'getZones', 'zones'],
  ['Dns', 'getRecords', 'records'],
  ['Dns', 'getFancyRecords', 'records'],
  ['Customer', 'getCustomers', 'accounts'],
  ['Customer', 'getResellers', 'accounts'],
];

describe('what belongs to one reseller', () => {
  it('is neither read nor changed by another, by its login or on its behalf', async () => {
    await makeAll();
    const before = JSON.stringify(ports.state());
    for (const auth of [OTHER, actingFor(2001)]) {
      for (const [port, operation, args] of TOUCHING) {
        await expect(ports.call(port, operation, args, auth), `${port}.${operation}`).rejects.toThrow(
          '9001 Not authorized',
        );
      }
    }
    expect(JSON.stringify(ports.state())).toBe(before);
  });

  it('is its own for that reseller, by its login and on its behalf', async () => {
    await makeAll();
    for (const auth of [RESELLER, actingFor(1001)]) {
      for (const [port, operation, args] of TOUCHING.filter(([, name]) => name.startsWith('get'))) {
        await ports.call(port, operation, args, auth).catch((error: Error) => {
          expect(error.message, `${port}.${operation}`).toMatch(/^2000 nothing|^2000 .*nothing recorded/);
        });
      }
    }
  });

  it.each(LISTS)('is in %s.%s for itself only', async (port, operation, plural) => {
    await makeAll();
    const seen = async (auth: Auth): Promise<readonly unknown[]> => {
      const { total, ...rest } = (await ports.call(port, operation, { query: {} }, auth)) as Row;
      expect(rest[plural]).toHaveLength(Number(total));
      return rest[plural] as readonly unknown[];
    };
    const [all, ours, theirs] = [await seen(ADMIN), await seen(RESELLER), await seen(OTHER)];
    expect(ours.length).toBeGreaterThan(0);
    const isOwn = ['getDomains', 'getCustomers', 'getResellers'].includes(operation);
    expect(theirs).toHaveLength(isOwn ? 1 : 0);
    expect(all).toHaveLength(ours.length + theirs.length);
    expect(await seen(actingFor(1001))).toEqual(ours);
  });
});

describe('a customer', () => {
  it('reaches what is its own, not what is its reseller’s', async () => {
    const id = { username: 'alice', domain: 'pbx.example.net' };
    await addAlice(ports, { id }, CUSTOMER);
    expect(rowOf(ports, 'accounts', { domain: 'pbx.example.net' })).toMatchObject({ customer: 1002, reseller: 1001 });
    await ports.call('Sip', 'getAccount', { sipId: id }, CUSTOMER);
    await ports.call('Sip', 'getAccount', { sipId: id }, RESELLER);
    await addAlice(ports, { owner: 1002 });
    await expect(ports.call('Sip', 'getAccount', { sipId: ALICE }, CUSTOMER)).rejects.toThrow('9001 ');
    await expect(ports.call('Customer', 'getAccount', { id: 1001 }, CUSTOMER)).rejects.toThrow('9001 ');
    await ports.call('Customer', 'getAccount', { id: 1002 }, CUSTOMER);
  });

  it('makes things that are its own, and no customers', async () => {
    await ports.call(
      'Sip',
      'addDomain',
      { domain: { domain: 'mine.example', customer: 2001, reseller: 2001 } },
      CUSTOMER,
    );
    expect(rowOf(ports, 'domains', { domain: 'mine.example' })).toMatchObject({ customer: 1002, reseller: 1001 });
    await expect(ports.call('Customer', 'addAccount', { account: customer() }, CUSTOMER)).rejects.toThrow('9001 ');
    await expect(ports.call('Sip', 'addCarrier', { carrier: { name: 'c' } }, CUSTOMER)).rejects.toThrow('9001 ');
  });

  it('does not write what says whose it is and what it may owe', async () => {
    const wanted = { id: 1002, username: 'customer', reseller: 2001, credit: 1000, balance: 1000, impersonate: 2001 };
    await ports.call('Customer', 'updateAccount', { account: customer({ ...wanted, resellerActive: true }) }, CUSTOMER);
    expect(rowOf(ports, 'customers', { id: 1002 })).toMatchObject({
      reseller: 1001,
      credit: 0,
      balance: 0,
      impersonate: 0,
      resellerActive: false,
      firstName: 'John',
    });
  });
});

describe('a reseller', () => {
  it('makes customers of its own, never a reseller', async () => {
    for (const [username, reseller] of [
      ['a', undefined],
      ['b', 2001],
    ] as const) {
      const made = await ports.call('Customer', 'addAccount', { account: customer({ username, reseller }) }, RESELLER);
      expect(made).toMatchObject({ reseller: 1001 });
    }
  });

  it('gives a domain to a customer of its own, to nobody else’s', async () => {
    const add = (domain: string, owner: number) =>
      ports.call('Sip', 'addDomain', { domain: { domain, customer: owner } }, RESELLER);
    expect(await add('a.example', 1002)).toMatchObject({ customer: 1002, reseller: 1001 });
    expect(await add('b.example', 0)).toMatchObject({ customer: 1001, reseller: 1001 });
    await expect(add('c.example', 2001)).rejects.toThrow('9001 ');
  });

  it('has no owner of another’s', async () => {
    await expect(addAlice(ports, { owner: 2001 }, RESELLER)).rejects.toThrow('9001 ');
    await addAlice(ports, { owner: 1002 }, RESELLER);
  });
});

describe('a login', () => {
  it('acts for a customer: the administrator for any, a reseller for its own, a customer for itself', async () => {
    const domains = async (auth: Auth) =>
      ((await ports.call('Sip', 'getDomains', { query: {} }, auth)) as { domains: Row[] }).domains.map(
        (row) => row['domain'],
      );
    expect(await domains(actingFor(1002))).toEqual(['pbx.example.net']);
    expect(await domains({ ...RESELLER, impersonate: 1002 })).toEqual(['pbx.example.net']);
    expect(await domains({ ...CUSTOMER, impersonate: 1002 })).toEqual(['pbx.example.net']);
    expect(await domains(actingFor(0))).toHaveLength(3);
    for (const auth of [actingFor(4711), { ...RESELLER, impersonate: 2001 }, { ...CUSTOMER, impersonate: 1001 }]) {
      await expect(domains(auth)).rejects.toThrow('9001 ');
    }
  });

  it('acts for the customer that its record names', async () => {
    const account = customer({ id: 1002, username: 'customer', password: null, impersonate: 2001 });
    await ports.call('Customer', 'updateAccount', { account });
    const { domains } = (await ports.call(
      'Sip',
      'getDomains',
      { query: {} },
      { ...CUSTOMER, impersonate: 2001 },
    )) as Row;
    expect(domains).toMatchObject([{ domain: 'other.example.org' }]);
  });

  it('of a customer is not the administrator’s', async () => {
    await expect(ports.call('Sip', 'getDomains', { query: {} }, { ...RESELLER, admin: true })).rejects.toThrow('9000 ');
    await expect(ports.call('Sip', 'getDomains', { query: {} }, { ...RESELLER, password: '' })).rejects.toThrow(
      '9000 ',
    );
    for (const operation of ['getStatistics', 'getStatus']) {
      await expect(ports.call('Network', operation, null, RESELLER)).rejects.toThrow('9001 ');
      await ports.call('Network', operation, null, actingFor(1001));
    }
    for (const operation of ['getMediaSummary', 'getMediaSessions']) {
      await expect(ports.call('Sip', operation, null, RESELLER)).rejects.toThrow('9001 ');
    }
  });
});
