import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { account, addAlice, ALICE, array, rowOf, startPorts, type Ports, type Row } from './ports.ts';

let ports: Ports;
beforeEach(async () => {
  ports = await startPorts();
});
afterEach(async () => {
  await ports.close();
});

const sip = (operation: string, args: object) => ports.call('Sip', operation, args);
const alice = () => rowOf(ports, 'accounts', { username: 'alice' });
const get = () => sip('getAccount', { sipId: ALICE }) as Promise<Row>;
const update = (changes: object) => sip('updateAccount', { account: { id: ALICE, ...changes } });

const md5 = (text: string) => createHash('md5').update(text).digest('hex');
const digestsOf = (password: string) =>
  `${md5(`alice:sip.example.com:${password}`)}:${md5(`alice@sip.example.com:sip.example.com:${password}`)}`;

describe('a SIP account', () => {
  it('is created with what the server adds, in an existing domain, once', async () => {
    expect(
      await addAlice(ports, { groups: array('free-pstn'), properties: array({ name: 'key', value: 'o1' }) }),
    ).toEqual({
      id: ALICE,
      password: digestsOf('s3cret'),
      firstName: 'Alice',
      lastName: 'Example',
      email: 'alice@example.com',
      timezone: '',
      owner: 1002,
      rpid: '',
      groups: ['free-pstn'],
      prepaid: false,
      quota: 0,
      callLimit: 0,
      timeout: 35,
      quickdialPrefix: '',
      region: '',
      acl: [],
      properties: [{ name: 'key', value: 'o1' }],
      customer: 1001,
      reseller: 1001,
      createDate: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/) as string,
      changeDate: expect.any(String) as string,
    });
    await expect(addAlice(ports)).rejects.toThrow('1011 SIP account already exists: alice@sip.example.com');
    await expect(addAlice(ports, { id: { username: 'alice', domain: 'nowhere.example' } })).rejects.toThrow('1000 ');
  });

  it.each([
    ['a username in capitals', { id: { username: 'Alice', domain: 'sip.example.com' } }, 'username Alice'],
    ['no password', { password: '' }, 'password is missing'],
    ['a timeout above 900', { timeout: 901 }, 'timeout 901'],
    ['a negative quota', { quota: -1 }, 'quota -1'],
    ['an acl that is none', { acl: array({ ip: '10.0.0.300', mask: 32 }) }, 'acl 10.0.0.300/32'],
    ['a mask that is none', { acl: array({ ip: '10.0.0.3', mask: 33 }) }, 'acl 10.0.0.3/33'],
    ['a property without a name', { properties: array({ name: '', value: 'x' }) }, 'properties.name'],
    ['a group without a name', { groups: array('') }, 'groups'],
  ])('is not created with %s', async (_what, changes, reason) => {
    const fresh = JSON.stringify(ports.state());
    await expect(addAlice(ports, changes)).rejects.toThrow(`9002 Invalid value: ${reason}`);
    expect(JSON.stringify(ports.state())).toBe(fresh);
  });

  it('has an owner that exists', async () => {
    await expect(addAlice(ports, { owner: 4711 })).rejects.toThrow('5000 Customer not found: 4711');
    await addAlice(ports, { owner: 0 });
    await expect(update({ owner: 4711 })).rejects.toThrow('5000');
  });

  it('gets another name each time it is asked to choose one', async () => {
    const id = { username: '<autoincrement>', domain: 'sip.example.com' };
    const made = [await addAlice(ports, { id }), await addAlice(ports, { id })] as Row[];
    expect(made.map((row) => (row['id'] as Row)['username'])).toEqual(['100001', '100002']);
    expect(ports.state()['accounts']).toHaveLength(3);
  });

  it('is written whole by an update: what is left out is blank, but the password stays', async () => {
    await addAlice(ports, {
      quota: 50,
      prepaid: true,
      groups: array('sms'),
      properties: array({ name: 'a', value: 'b' }),
    });
    const before = alice();
    await update({ lastName: 'New', timeout: 60 });
    expect(alice()).toEqual({
      ...before,
      firstName: '',
      lastName: 'New',
      email: '',
      owner: 0,
      quota: 0,
      prepaid: false,
      timeout: 60,
      groups: [],
      properties: [],
    });
    await update({ lastName: 'New', password: 'other' });
    expect(alice()['password']).toBe(digestsOf('other'));
    await expect(sip('updateAccount', { account: { id: { ...ALICE, username: 'bob' } } })).rejects.toThrow('1010');
  });

  it('is as before once what was read before is written back', async () => {
    await addAlice(ports, {
      quota: 50,
      callLimit: 3,
      rpid: '+43987610001',
      groups: array('sms', 'free-pstn'),
      acl: array({ ip: '10.0.0.0', mask: 8, tag: 'office' }, { ip: '192.0.2.1', mask: 32 }),
      properties: array({ name: 'a', value: 'b' }),
    });
    const before = JSON.stringify(ports.state());
    const read = await get();
    await update({ lastName: 'New', password: 'other' });
    expect(JSON.stringify(ports.state())).not.toBe(before);
    const { groups, acl, properties, ...rest } = read as Record<string, unknown[]>;
    const back = { ...rest, groups: array(...groups!), acl: array(...acl!), properties: array(...properties!) };
    await sip('updateAccount', { account: back });
    expect(JSON.stringify(ports.state())).toBe(before);
  });

  it('takes along what hangs on it when it is deleted, but not ENUM numbers', async () => {
    await addAlice(ports);
    const before = JSON.stringify(ports.state());
    await sip('addAlias', { alias: { id: { username: 'al', domain: 'pbx.example.net' }, target: ALICE } });
    await ports.call('Voicemail', 'addAccount', { account: { sipId: ALICE, password: '4711' } });
    await ports.call('Rating', 'setEntityProfiles', {
      profiles: { entity: 'subscriber://alice@sip.example.com', profileWeekday: 'p' },
    });
    const id = { number: '43987610001', tld: 'e164.arpa' };
    const mappings = array({ type: 'sip', mapto: 'sip:alice@sip.example.com' });
    await ports.call('Enum', 'addNumber', { number: { id, mappings } });
    await sip('setCallDiversions', { sipId: ALICE, diversions: { FUNC: 'sip:bob@example.com' } });
    await sip('deleteAccount', { sipId: ALICE });
    expect(ports.state()['numbers']).toHaveLength(1);
    await ports.call('Enum', 'deleteNumber', { enumId: id });
    await addAlice(ports);
    expect(JSON.stringify(ports.state())).toBe(before);
    await sip('deleteAccount', { sipId: ALICE });
    await expect(sip('deleteAccount', { sipId: ALICE })).rejects.toThrow('1010');
  });
});

describe('the password', () => {
  it('is kept as digests, and shown so', async () => {
    await addAlice(ports);
    expect((await get())['password']).toBe(digestsOf('s3cret'));
    expect(JSON.stringify(ports.state())).not.toContain('s3cret');
  });

  it('may come as digests, so that the server never sees it', async () => {
    await addAlice(ports, { password: digestsOf('never sent') });
    expect((await get())['password']).toBe(digestsOf('never sent'));
    await ports.call('Presence', 'getWatchers', { sipId: ALICE, password: 'never sent' });
    await expect(
      ports.call('Presence', 'getWatchers', { sipId: ALICE, password: digestsOf('never sent') }),
    ).rejects.toThrow('9000');
  });
});

describe('groups', () => {
  beforeEach(() => addAlice(ports, { groups: array('sms', 'free-pstn') }));

  it('are a set: added and removed one by one, shown in their own order', async () => {
    const sipId = ALICE;
    expect(await sip('getGroups', { sipId })).toEqual(['free-pstn', 'sms']);
    await sip('addToGroup', { sipId, group: 'blocked' });
    expect(await sip('getGroups', { sipId })).toEqual(['blocked', 'free-pstn', 'sms']);
    await expect(sip('addToGroup', { sipId, group: 'blocked' })).rejects.toThrow('1030 ');
    await sip('removeFromGroup', { sipId, group: 'blocked' });
    await expect(sip('removeFromGroup', { sipId, group: 'blocked' })).rejects.toThrow('1031 ');
    await expect(sip('addToGroup', { sipId, group: '' })).rejects.toThrow('9002 ');
    await expect(sip('addToGroup', { sipId: { ...ALICE, username: 'x' }, group: 'a' })).rejects.toThrow('1010 ');
  });

  it('are replaced by an update', async () => {
    await sip('updateAccount', { account: account({ groups: array('quota') }) });
    expect(alice()['groups']).toEqual(['quota']);
  });
});

describe('an alias', () => {
  const id = { username: '43987710001', domain: 'sip.example.com' };
  const add = (changes: object = {}) => sip('addAlias', { alias: { id, target: ALICE, owner: 1002, ...changes } });
  beforeEach(() => addAlice(ports));

  it('leads to an existing account', async () => {
    expect(await add()).toMatchObject({ id, target: ALICE, owner: 1002, customer: 1001, reseller: 1001 });
    expect(await sip('getAlias', { id })).toMatchObject({ id, target: ALICE });
    await expect(add()).rejects.toThrow('1021 ');
    await expect(add({ target: { ...ALICE, username: 'nobody' }, id: { ...id, username: 'x' } })).rejects.toThrow(
      '1010 ',
    );
    await expect(add({ id: { ...id, domain: 'nowhere.example' } })).rejects.toThrow('1000 ');
  });

  it('has its address for itself', async () => {
    await expect(add({ id: ALICE })).rejects.toThrow('1011 ');
    await add();
    await expect(addAlice(ports, { id })).rejects.toThrow('1021 ');
  });

  it('is led elsewhere, written whole, and deleted', async () => {
    await add();
    const bob = { username: 'bob', domain: 'pbx.example.net' };
    await addAlice(ports, { id: bob });
    expect(await sip('updateAlias', { alias: { id, target: bob } })).toMatchObject({ target: bob, owner: 0 });
    expect(rowOf(ports, 'aliases', { username: id.username })).toMatchObject({
      target: 'bob@pbx.example.net',
      owner: 0,
    });
    await sip('deleteAlias', { id });
    for (const operation of ['getAlias', 'deleteAlias']) await expect(sip(operation, { id })).rejects.toThrow('1020 ');
    await expect(sip('updateAlias', { alias: { id, target: bob } })).rejects.toThrow('1020 ');
  });
});

describe('a domain', () => {
  it('is added once, changed whole, deleted when nothing is in it', async () => {
    const domain = 'new.example.com';
    expect(await sip('addDomain', { domain: { domain, customer: 1002, verify_cert: true } })).toMatchObject({
      domain,
      customer: 1002,
      reseller: 1001,
      verify_cert: true,
      require_cert: false,
    });
    await expect(sip('addDomain', { domain: { domain } })).rejects.toThrow('1001 SIP domain already exists');
    await addAlice(ports, { id: { username: 'alice', domain } });
    expect(rowOf(ports, 'accounts', { domain })).toMatchObject({ customer: 1002, reseller: 1001 });
    await sip('updateDomain', { domain: { domain, customer: 2001, reseller: 2001 } });
    expect(rowOf(ports, 'accounts', { domain })).toMatchObject({ customer: 2001, reseller: 2001 });
    expect(rowOf(ports, 'domains', { domain })).toMatchObject({ verify_cert: false });
    await expect(sip('deleteDomain', { domain })).rejects.toThrow('1002 ');
    await sip('deleteAccount', { sipId: { username: 'alice', domain } });
    await sip('deleteDomain', { domain });
    await expect(sip('deleteDomain', { domain })).rejects.toThrow('1000 ');
    await expect(sip('updateDomain', { domain: { domain } })).rejects.toThrow('1000 ');
  });

  it.each(['Sip.example.com', 'nodots', 'a b.example', ''])('is not called %j', async (domain) => {
    await expect(sip('addDomain', { domain: { domain } })).rejects.toThrow('9002 ');
  });

  it('is of a customer that exists', async () => {
    await expect(sip('addDomain', { domain: { domain: 'a.example', customer: 4711 } })).rejects.toThrow('5000 ');
    await expect(sip('addDomain', { domain: { domain: 'a.example', reseller: 4711 } })).rejects.toThrow('5000 ');
  });
});
