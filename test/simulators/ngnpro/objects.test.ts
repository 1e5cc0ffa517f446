import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addAlice, ALICE, array, customer, rowOf, startPorts, type PortName, type Ports, type Row } from './ports.ts';

let ports: Ports;
beforeEach(async () => {
  ports = await startPorts();
});
afterEach(async () => {
  await ports.close();
});

const of =
  (port: PortName) =>
  (operation: string, args: object): Promise<unknown> =>
    ports.call(port, operation, args);
const sip = of('Sip');
const enumPort = of('Enum');
const dns = of('Dns');
const cust = of('Customer');
const rating = of('Rating');

describe('an ENUM number', () => {
  const id = { number: '43987610001', tld: 'e164.arpa' };
  const mapping = { type: 'sip', mapto: 'sip:alice@sip.example.com' };
  const add = (changes: object = {}) => enumPort('addNumber', { number: { id, mappings: array(mapping), ...changes } });

  it('belongs to the range it begins with, and is there once', async () => {
    await expect(enumPort('getNumber', { enumId: id })).rejects.toThrow('3002 ');
    expect(await add({ owner: 1002 })).toMatchObject({
      id,
      owner: 1002,
      mappings: [{ id: 501, ...mapping, priority: 5, ttl: 3600 }],
      customer: 1001,
      reseller: 1001,
    });
    await expect(add()).rejects.toThrow('3003 ');
    await expect(add({ id: { ...id, number: '49301234567' } })).rejects.toThrow('3000 ');
    await expect(add({ id: { ...id, tld: 'e164.org' } })).rejects.toThrow('3000 ');
    for (const number of ['43987', '4398761000112345', '+43987610001', '']) {
      await expect(add({ id: { ...id, number } })).rejects.toThrow('9002 ');
    }
    await expect(add({ id: { ...id, number: '43987610002' }, mappings: array({ type: 'sip' }) })).rejects.toThrow(
      '9002 ',
    );
  });

  it('is written whole: mappings are replaced as a list, one that was there keeps its id', async () => {
    await add({ info: 'old', owner: 1002 });
    const updated = (await enumPort('updateNumber', {
      number: {
        id,
        mappings: array({ id: 501, ...mapping, ttl: 60 }, { id: 999, type: 'tel', mapto: 'tel:+1', priority: 9 }),
      },
    })) as Row;
    expect(updated).toMatchObject({ info: '', owner: 0 });
    expect(updated['mappings']).toEqual([
      { id: 501, ...mapping, priority: 5, ttl: 60 },
      { id: 502, type: 'tel', mapto: 'tel:+1', priority: 9, ttl: 3600 },
    ]);
    await enumPort('updateNumber', { number: { id } });
    expect(rowOf(ports, 'numbers', { number: id.number })['mappings']).toEqual([]);
    await enumPort('deleteNumber', { enumId: id });
    for (const [operation, args] of [
      ['deleteNumber', { enumId: id }],
      ['updateNumber', { number: { id } }],
    ] as const) {
      await expect(enumPort(operation, args)).rejects.toThrow('3002 ');
    }
  });

  it('of a new range: the longest prefix counts, a range in use stays, a full one takes no more', async () => {
    const range = { prefix: '431', tld: 'e164.arpa' };
    const made = {
      id: range,
      minDigits: 8,
      maxDigits: 9,
      size: 1,
      customer: 2001,
      nameservers: array('ns1.example.com'),
    };
    expect(await enumPort('addRange', { range: made })).toMatchObject({
      id: range,
      // npm soap does not convert a nonNegativeInteger.
      ttl: '3600',
      used: 0,
      customer: 2001,
      reseller: 2001,
    });
    await expect(enumPort('addRange', { range: made })).rejects.toThrow('3001 ');
    expect(await add({ id: { ...id, number: '43111111' } })).toMatchObject({ customer: 2001 });
    await expect(add({ id: { ...id, number: '43111112' } })).rejects.toThrow('3005 ');
    await expect(enumPort('deleteRange', { range })).rejects.toThrow('3004 ');
    expect(await enumPort('getRanges', { query: { filter: { prefix: '431' } } })).toMatchObject({
      ranges: [{ used: 1, nameservers: ['ns1.example.com'] }],
      total: 1,
    });
    await enumPort('updateRange', { range: { id: range, ttl: 60, minDigits: 8, maxDigits: 10 } });
    expect(rowOf(ports, 'ranges', { range: '431 e164.arpa' })).toMatchObject({
      ttl: 60,
      size: 0,
      nameservers: [],
      customer: 0,
    });
    await enumPort('deleteNumber', { enumId: { ...id, number: '43111111' } });
    await enumPort('deleteRange', { range });
    await expect(enumPort('deleteRange', { range })).rejects.toThrow('3000 ');
    await expect(enumPort('updateRange', { range: { id: range } })).rejects.toThrow('3000 ');
    await expect(enumPort('addRange', { range: { id: range, minDigits: 9, maxDigits: 8 } })).rejects.toThrow('9002 ');
  });
});

describe('a customer', () => {
  const add = (changes: object = {}) => cust('addAccount', { account: customer(changes) }) as Promise<Row>;

  it('gets an id, keeps its username for itself', async () => {
    expect(await add({ properties: array({ name: 'key', value: 'C-77' }) })).toMatchObject({
      id: 3001,
      reseller: 1001,
      username: 'c77',
      properties: [{ name: 'key', value: 'C-77', category: '', permission: '' }],
    });
    await expect(add()).rejects.toThrow('5001 Customer already exists: c77');
    await expect(add({ username: 'c78', id: 3001 })).rejects.toThrow('5001 Customer already exists: 3001');
    expect(await add({ username: 'c78', id: 3002 })).toMatchObject({ id: 3002 });
    expect(await add({ username: 'c79' })).toMatchObject({ id: 3003 });
  });

  it('without a reseller is one', async () => {
    expect(await add({ reseller: null })).toMatchObject({ id: 3001, reseller: 3001 });
    expect(await add({ username: 'c78', reseller: 3001 })).toMatchObject({ reseller: 3001 });
    await expect(add({ username: 'c79', reseller: 3002 })).rejects.toThrow('5000 ');
  });

  it.each([
    'username',
    'password',
    'firstName',
    'lastName',
    'email',
    'tel',
    'address',
    'postcode',
    'city',
    'state',
    'country',
  ])('needs %s', async (member) => {
    await expect(add({ [member]: '' })).rejects.toThrow(`9002 Invalid value: ${member} is missing`);
  });

  it('is written whole but for the password, and deleted when nothing is its own', async () => {
    await add({ organization: 'ACME', credit: 5, properties: array({ name: 'a', value: 'b' }) });
    await cust('updateAccount', { account: customer({ id: 3001, password: null, email: 'new@example.com' }) });
    const row = rowOf(ports, 'customers', { id: 3001 });
    expect(row).toMatchObject({
      organization: '',
      credit: 0,
      email: 'new@example.com',
      password: 's3cret',
      properties: [],
    });
    await expect(cust('updateAccount', { account: customer({ id: 3001, username: 'reseller' }) })).rejects.toThrow(
      '5001 ',
    );
    await expect(cust('updateAccount', { account: customer({ id: 4711 }) })).rejects.toThrow('5000 ');
    await addAlice(ports, { owner: 3001 });
    await expect(cust('deleteAccount', { id: 3001 })).rejects.toThrow('5002 Customer is in use: alice@sip.example.com');
    await sip('deleteAccount', { sipId: ALICE });
    await cust('deleteAccount', { id: 3001 });
    await expect(cust('deleteAccount', { id: 3001 })).rejects.toThrow('5000 ');
    await expect(cust('getAccount', { id: 3001 })).rejects.toThrow('5000 ');
  });

  it.each([
    ['Sip', 'addDomain', { domain: { domain: 'a.example', customer: 3001 } }],
    ['Sip', 'addTrustedPeer', { peer: { ip: '192.0.2.77', owner: 3001 } }],
    ['Sip', 'addCarrier', { carrier: { name: 'c', reseller: 3001 } }],
    ['Enum', 'addRange', { range: { id: { prefix: '44', tld: 'e164.arpa' }, customer: 3001 } }],
    ['Enum', 'addNumber', { number: { id: { number: '43987610001', tld: 'e164.arpa' }, owner: 3001 } }],
    ['Dns', 'addZone', { zone: { name: 'a.example', customer: 3001 } }],
    ['Customer', 'addAccount', { account: customer({ username: 'below', reseller: 3001 }) }],
  ] as const)('is not deleted after %s.%s for it', async (port, operation, args) => {
    await add({ reseller: null });
    await ports.call(port, operation, args);
    await expect(cust('deleteAccount', { id: 3001 })).rejects.toThrow('5002 ');
  });

  it('has properties that are merged by name', async () => {
    const set = (...properties: object[]) =>
      cust('setProperties', { customer: 1002, properties: array(...properties) });
    await set({ name: 'a', value: '1', category: 'web', permission: 'admin' }, { name: 'b', value: '2' });
    await set({ name: 'a', value: '3' });
    expect(await cust('getProperties', { customer: 1002 })).toEqual([
      { name: 'a', value: '3', category: '', permission: '' },
      { name: 'b', value: '2', category: '', permission: '' },
    ]);
    await expect(set({ name: '' })).rejects.toThrow('9002 ');
    await expect(cust('getProperties', { customer: 4711 })).rejects.toThrow('5000 ');
  });
});

describe('carriers, gateways, rules and routes', () => {
  it('come in that order and have ids; one in use stays', async () => {
    await expect(sip('addGateway', { gateway: { name: 'g', carrier_id: 101, ip: '192.0.2.1' } })).rejects.toThrow(
      '1080 ',
    );
    expect(await sip('addCarrier', { carrier: { name: 'c', reseller: 1001 } })).toMatchObject({
      id: 101,
      name: 'c',
      reseller: 1001,
    });
    expect(await sip('addCarrier', { carrier: { name: 'c' } })).toMatchObject({ id: 102, reseller: 0 });
    expect(await sip('addGateway', { gateway: { name: 'g', carrier_id: 101, ip: '192.0.2.1' } })).toMatchObject({
      id: 201,
      carrier: 'c',
      transport: 'udp',
      port: 5060,
      reseller: 1001,
    });
    expect(
      await sip('addGatewayRule', { rule: { gateway_id: 201, prefix: '43', strip: 2, prepend: '0' } }),
    ).toMatchObject({ id: 301 });
    await sip('addRoutes', {
      routes: array({ carrier_id: 101, prefix: '43' }, { carrier_id: 101, prefix: '49', priority: 2 }),
    });
    await expect(sip('deleteCarrier', { id: 101 })).rejects.toThrow('1082 ');
    await expect(sip('deleteGateway', { id: 201 })).rejects.toThrow('1092 ');
    await sip('updateGatewayRule', { rule: { id: 301, gateway_id: 201, prefix: '44' } });
    expect(rowOf(ports, 'gatewayRules', { id: 301 })).toMatchObject({ prefix: '44', strip: 0, prepend: '' });
    await sip('updateGateway', {
      gateway: { id: 201, name: 'h', carrier_id: 102, ip: '192.0.2.2', transport: 'tls', port: 5061 },
    });
    expect(await sip('getGateways', { query: { filter: { carrier_id: 102 } } })).toMatchObject({
      gateways: [{ name: 'h', transport: 'tls' }],
      total: 1,
    });
    await sip('updateRoutes', { routes: array({ id: 402, carrier_id: 102, prefix: '491' }) });
    expect(await sip('getRoutes', { query: { filter: { prefix: '49%' } } })).toMatchObject({
      routes: [{ id: 402, carrier_id: 102, prefix: '491', priority: 0 }],
    });
    await expect(sip('deleteRoutes', { routes: array({ id: 401 }, { id: 999 }) })).rejects.toThrow('1110 ');
    expect(ports.state()['routes']).toHaveLength(2);
    await sip('deleteRoutes', { routes: array({ id: 401 }, { id: 402 }) });
    await sip('deleteGatewayRule', { id: 301 });
    await sip('deleteGateway', { id: 201 });
    await sip('deleteCarrier', { id: 101 });
    await sip('updateCarrier', { carrier: { id: 102, name: 'd' } });
    expect(ports.state()['carriers']).toEqual([{ id: 102, reseller: 0, name: 'd' }]);
  });

  it.each([
    ['addCarrier', { carrier: { name: '' } }, '9002'],
    ['addCarrier', { carrier: { name: 'c', reseller: 4711 } }, '5000'],
    ['addGatewayRule', { rule: { gateway_id: 1 } }, '1090'],
    ['addRoutes', { routes: array({ carrier_id: 1 }) }, '1080'],
    ['updateGateway', { gateway: { id: 1 } }, '1090'],
    ['updateRoutes', { routes: array({ id: 1 }) }, '1110'],
    ['deleteGatewayRule', { id: 1 }, '1100'],
  ])('%s refuses %j', async (operation, args, code) => {
    const fresh = JSON.stringify(ports.state());
    await expect(sip(operation, args)).rejects.toThrow(`${code} `);
    expect(JSON.stringify(ports.state())).toBe(fresh);
  });

  it.each([{ ip: 'host' }, { transport: 'sctp' }, { port: 70_000 }, { name: '' }])(
    'has no gateway with %j',
    async (wrong) => {
      await sip('addCarrier', { carrier: { name: 'c' } });
      const gateway = { name: 'g', carrier_id: 101, ip: '192.0.2.1', ...wrong };
      await expect(sip('addGateway', { gateway })).rejects.toThrow('9002 ');
    },
  );
});

it('a trusted peer is one address', async () => {
  const peer = { ip: '192.0.2.77', description: 'PBX', callLimit: 4, blocked: 1, msteams: true, customer: 1002 };
  expect(await sip('addTrustedPeer', { peer })).toMatchObject({ ...peer, reseller: 1001, owner: 0, strip: 0 });
  await expect(sip('addTrustedPeer', { peer })).rejects.toThrow('1071 ');
  await expect(sip('addTrustedPeer', { peer: { ip: 'pbx' } })).rejects.toThrow('9002 ');
  await sip('updateTrustedPeer', { peer: { ip: peer.ip } });
  expect(rowOf(ports, 'peers', { ip: peer.ip })).toMatchObject({ description: '', msteams: false, customer: 0 });
  await sip('deleteTrustedPeer', { ip: peer.ip });
  await expect(sip('deleteTrustedPeer', { ip: peer.ip })).rejects.toThrow('1070 ');
  await expect(sip('updateTrustedPeer', { peer })).rejects.toThrow('1070 ');
});

describe('DNS', () => {
  const zone = { name: 'example.at', email: 'dns@example.at', nameservers: array('ns1.example.at'), customer: 1002 };
  const record = { zone: 'example.at', name: 'www.example.at', type: 'A', value: '192.0.2.1' };

  it('has zones', async () => {
    await expect(dns('getZone', { zone: zone.name })).rejects.toThrow('7000 ');
    expect(await dns('addZone', { zone })).toMatchObject({
      name: zone.name,
      ttl: 3600,
      customer: 1002,
      reseller: 1001,
    });
    await expect(dns('addZone', { zone })).rejects.toThrow('7001 DNS zone already exists');
    await dns('updateZone', { zone: { name: zone.name, retry: 60 } });
    expect(await dns('getZone', { zone: zone.name })).toMatchObject({
      email: '',
      retry: 60,
      nameservers: [],
      customer: 0,
    });
    await expect(dns('addZone', { zone: { name: 'Nope' } })).rejects.toThrow('9002 ');
    await dns('deleteZone', { zone: zone.name });
    await expect(dns('deleteZone', { zone: zone.name })).rejects.toThrow('7000 ');
    await expect(dns('updateZone', { zone })).rejects.toThrow('7000 ');
  });

  it.each([
    ['Record', 'records', record, 601],
    ['FancyRecord', 'fancyRecords', { ...record, type: 'URL', value: 'https://example.com' }, 701],
  ] as const)('has a %s in a zone, once', async (name, table, wanted, id) => {
    await expect(dns(`add${name}`, { record: wanted })).rejects.toThrow('7000 ');
    await dns('addZone', { zone });
    expect(await dns(`add${name}`, { record: wanted })).toMatchObject({ id, ...wanted, ttl: 3600, customer: 1002 });
    await expect(dns(`add${name}`, { record: wanted })).rejects.toThrow('7003 DNS record already exists');
    await expect(dns(`add${name}`, { record: { ...wanted, value: '' } })).rejects.toThrow('9002 ');
    await dns(`update${name}`, { record: { ...wanted, id, ttl: 60 } });
    expect(await dns(`get${name}`, { recordId: id })).toMatchObject({ ttl: 60 });
    expect(await dns(`get${name}s`, { query: { filter: { zone: 'example.at', name: 'www%' } } })).toMatchObject({
      total: 1,
    });
    await dns('addZone', { zone: { name: 'b.example' } });
    await expect(dns(`update${name}`, { record: { ...wanted, id, zone: 'b.example' } })).rejects.toThrow('9002 ');
    await dns(`delete${name}`, { recordId: id });
    for (const operation of ['get', 'delete'])
      await expect(dns(operation + name, { recordId: id })).rejects.toThrow('7002 ');
    await dns(`add${name}`, { record: wanted });
    await dns('deleteZone', { zone: zone.name });
    expect(ports.state()[table]).toEqual([]);
  });

  it('has fancy records of two types', async () => {
    await dns('addZone', { zone });
    await expect(dns('addFancyRecord', { record })).rejects.toThrow('9002 Invalid value: type A');
    await dns('addFancyRecord', {
      record: { ...record, type: 'MBOXFW', name: 'info@example.at', value: 'a@b.example' },
    });
  });
});

it('a rating profile is set for an account, read and deleted', async () => {
  const entity = 'subscriber://alice@sip.example.com';
  const profiles = { entity, profileWeekday: 'std', timezone: 'Europe/Vienna' };
  for (const operation of ['getEntityProfiles', 'deleteEntityProfiles']) {
    await expect(rating(operation, { entity })).rejects.toThrow('4001 ');
  }
  await expect(rating('setEntityProfiles', { profiles })).rejects.toThrow('1010 ');
  await addAlice(ports);
  await expect(rating('setEntityProfiles', { profiles: { entity } })).rejects.toThrow('4001 ');
  await expect(rating('setEntityProfiles', { profiles: { ...profiles, entity: 'alice' } })).rejects.toThrow('9002 ');
  await rating('setEntityProfiles', { profiles });
  expect(await rating('getEntityProfiles', { entity })).toEqual({
    ...profiles,
    profileWeekdayAlt: '',
    profileWeekend: '',
    profileWeekendAlt: '',
  });
  await rating('deleteEntityProfiles', { entity });
  expect(ports.state()['ratingProfiles']).toEqual([]);
});

it('presence wants the account’s own password', async () => {
  await addAlice(ports);
  const login = { sipId: ALICE, password: 's3cret' };
  const presence = of('Presence');
  for (const operation of ['getPresenceInformation', 'deletePresenceInformation', 'getWatchers', 'getPolicy']) {
    await expect(presence(operation, { ...login, password: 'wrong' })).rejects.toThrow('9000 ');
    await expect(presence(operation, { ...login, sipId: { ...ALICE, username: 'x' } })).rejects.toThrow('1010 ');
  }
  expect(await presence('getPresenceInformation', login)).toEqual({});
  await presence('setPresenceInformation', { ...login, information: { activity: 'busy', note: 'In a meeting' } });
  expect(await presence('getPresenceInformation', login)).toEqual({ activity: 'busy', note: 'In a meeting' });
  await presence('deletePresenceInformation', login);
  expect(await presence('getWatchers', login)).toEqual([]);
  await presence('setPolicy', { ...login, policy: { allow: array('sip:bob@example.com'), block: array() } });
  expect(await presence('getPolicy', login)).toEqual({ allow: ['sip:bob@example.com'], block: [], confirm: [] });
  expect(rowOf(ports, 'accounts', { username: 'alice' })).toMatchObject({ presence: null });
});
