import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addAlice, array, startPorts, wsdlFile, type PortName, type Ports, type Row } from './ports.ts';

let ports: Ports;
beforeAll(async () => {
  ports = await startPorts();
  for (const username of ['ann', 'bob', 'Bobby'.toLowerCase(), 'carl']) {
    const groups = array(...(username === 'bob' ? ['sms', 'blocked'] : ['sms']));
    await addAlice(ports, { id: { username, domain: 'sip.example.com' }, firstName: username.toUpperCase(), groups });
  }
  const mappings = array({ type: 'sip', mapto: 'sip:ann@sip.example.com' }, { type: 'tel', mapto: 'tel:+1' });
  await ports.call('Enum', 'addNumber', { number: { id: { number: '43987610001', tld: 'e164.arpa' }, mappings } });
  await ports.call('Enum', 'addNumber', { number: { id: { number: '43987610002', tld: 'e164.arpa' } } });
  const target = { username: 'ann', domain: 'sip.example.com' };
  await ports.call('Sip', 'addAlias', { alias: { id: { ...target, username: 'a1' }, target } });
  await ports.call('Sip', 'addCarrier', { carrier: { name: 'c' } });
  await ports.call('Sip', 'addGateway', { gateway: { name: 'g', carrier_id: 101, ip: '192.0.2.1' } });
  await ports.call('Sip', 'addGatewayRule', { rule: { gateway_id: 201, prefix: '43' } });
  await ports.call('Sip', 'addRoutes', { routes: array({ carrier_id: 101, prefix: '43' }) });
  await ports.call('Sip', 'addTrustedPeer', { peer: { ip: '192.0.2.1', msteams: true } });
  await ports.call('Dns', 'addZone', { zone: { name: 'example.at' } });
  for (const [name, type] of [
    ['Record', 'A'],
    ['FancyRecord', 'URL'],
  ]) {
    await ports.call('Dns', `add${name}`, { record: { zone: 'example.at', name: 'a', type, value: 'v' } });
  }
});
afterAll(async () => {
  await ports.close();
});

const names = async (query: object): Promise<readonly unknown[]> => {
  const { accounts } = (await ports.call('Sip', 'getAccounts', { query })) as { accounts: readonly Row[] };
  return accounts.map(({ id }) => (id as Row)['username']);
};

describe('a list', () => {
  it.each([
    [{}, ['ann', 'bob', 'bobby', 'carl', 'reception']],
    [{ username: 'bob' }, ['bob']],
    [{ username: 'BOB' }, ['bob']],
    [{ username: 'bob%' }, ['bob', 'bobby']],
    [{ username: '%b%' }, ['bob', 'bobby']],
    [{ username: 'b.b' }, []],
    [{ username: '', owner: 0, groups: array() }, ['ann', 'bob', 'bobby', 'carl', 'reception']],
    [{ firstName: 'carl', domain: 'sip.example.com' }, ['carl']],
    [{ groups: array('sms') }, ['ann', 'bob', 'bobby', 'carl']],
    [{ groups: array('sms', 'blocked') }, ['bob']],
    [{ customer: 1001, reseller: 1001, owner: 1002 }, ['ann', 'bob', 'bobby', 'carl', 'reception']],
    [{ customer: 1002 }, []],
  ])('is filtered by %j', async (filter, wanted) => {
    expect(await names({ filter })).toEqual(wanted);
  });

  it('is ordered, and cut', async () => {
    const filter = { firstName: '%' };
    const orderBy = { attribute: 'username', direction: 'DESC' };
    expect(await names({ filter, orderBy })).toEqual(['reception', 'carl', 'bobby', 'bob', 'ann']);
    expect(await names({ orderBy, range: { start: 1, count: 2 } })).toEqual(['carl', 'bobby']);
    expect(await names({ range: { start: 3 } })).toEqual(['carl', 'reception']);
    expect(
      await names({ orderBy: { attribute: 'changeDate', direction: 'ASC' }, range: { start: 0, count: 1 } }),
    ).toEqual(['reception']);
    const page = await ports.call('Sip', 'getAccounts', {
      query: { filter: { username: 'bob%' }, range: { start: 0, count: 1 } },
    });
    expect(page).toMatchObject({ total: 2 });
    for (const wrong of [{ attribute: 'nothing' }, { attribute: 'username', direction: 'UP' }]) {
      await expect(names({ orderBy: wrong })).rejects.toThrow('9002 ');
    }
    await expect(names({ range: { start: -1 } })).rejects.toThrow('9002 ');
  });

  it('finds a number by any of its mappings', async () => {
    const find = async (filter: object) =>
      ((await ports.call('Enum', 'getNumbers', { query: { filter } })) as Row)['total'];
    expect(await find({ type: 'tel' })).toBe(1);
    expect(await find({ mapto: 'sip:ann@%' })).toBe(1);
    expect(await find({ mapto: 'sip:bob@%' })).toBe(0);
    expect(await find({ number: '4398761000%' })).toBe(2);
  });

  it('of customers may be one of resellers', async () => {
    const find = async (operation: string, filter: object) =>
      ((await ports.call('Customer', operation, { query: { filter } })) as { accounts: Row[] }).accounts.map(
        ({ id }) => id,
      );
    expect(await find('getCustomers', {})).toEqual([1001, 1002, 2001]);
    expect(await find('getCustomers', { only_resellers: true })).toEqual([1001, 2001]);
    expect(await find('getResellers', {})).toEqual([1001, 2001]);
    expect(await find('getCustomers', { reseller: 1001 })).toEqual([1001, 1002]);
    expect(await find('getCustomers', { customer: 1002 })).toEqual([1002]);
    expect(await find('getCustomers', { username: 'custom%', organization: 'customer ltd' })).toEqual([1002]);
  });
});

const QUERIES: readonly (readonly [PortName, string, string])[] = [
  ['Sip', 'getDomains', 'SipDomainFilter'],
  ['Sip', 'getAccounts', 'SipFilter'],
  ['Sip', 'getAliases', 'AliasFilter'],
  ['Sip', 'getTrustedPeers', 'TrustedPeerFilter'],
  ['Sip', 'getCarriers', 'CarrierFilter'],
  ['Sip', 'getGateways', 'GatewayFilter'],
  ['Sip', 'getGatewayRules', 'GatewayRuleFilter'],
  ['Sip', 'getRoutes', 'RouteFilter'],
  ['Enum', 'getRanges', 'EnumRangeFilter'],
  ['Enum', 'getNumbers', 'EnumNumberFilter'],
  ['Dns', 'getZones', 'DnsZoneFilter'],
  ['Dns', 'getRecords', 'DnsRecordFilter'],
  ['Dns', 'getFancyRecords', 'DnsRecordFilter'],
  ['Customer', 'getCustomers', 'CustomerFilter'],
  ['Customer', 'getResellers', 'CustomerFilter'],
];

describe('every member of a filter', () => {
  it.each(QUERIES)('of %s.%s restricts', async (port, operation, type) => {
    const wsdl = readFileSync(wsdlFile(port), 'utf8');
    const body = new RegExp(`<xsd:complexType name="${type}">([\\s\\S]*?)</xsd:complexType>`).exec(wsdl)![1]!;
    const members = [...body.matchAll(/<xsd:element name="([^"]+)" type="([^"]+)"/g)];
    expect(members.length).toBeGreaterThan(1);
    for (const [, name, memberType] of members) {
      if (name === 'only_resellers' || name === 'msteams') continue;
      const nothing =
        memberType === 'xsd:string' ? 'nothing at all' : memberType!.startsWith('xsd:') ? 987_654 : array('none');
      const reply = await ports.call(port, operation, { query: { filter: { [name!]: nothing } } });
      expect(reply, `${operation} ${name}`).toMatchObject({ total: 0 });
    }
    expect(((await ports.call(port, operation, { query: {} })) as Row)['total']).toBeGreaterThan(0);
  });
});
