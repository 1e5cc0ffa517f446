import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACCOUNT, ALICE, insertAlice, startServices, type Reply, type Services } from './services.ts';

let services: Services;
beforeEach(async () => {
  services = await startServices();
  await insertAlice(services);
});
afterEach(async () => {
  await services.close();
});

const DOMAIN = { domain: 'sip.example.com' };
const stored = (kind: string) => services.state()[kind]!;
const call = (service: string, operation: string, args: object = {}): Promise<Reply> =>
  services.call(service, operation, args);

describe('what there is from the start', () => {
  it('domains, profiles, rate plans, rates, dial plans, numbers', async () => {
    expect(await call('ProfileWS', 'listProfilesByDomain', DOMAIN)).toEqual({
      profile: [
        { ...DOMAIN, id: 11, profile: 'default' },
        { ...DOMAIN, id: 12, profile: 'residential' },
        { ...DOMAIN, id: 13, profile: 'business' },
      ],
    });
    expect(await call('DialplanWS', 'listDialplansByDomain', DOMAIN)).toEqual({
      dialplan: [{ ...DOMAIN, description: 'default', id: 31 }],
    });
    expect(await call('RatePlanWS', 'listRatePlansByDomain', DOMAIN)).toMatchObject({
      ratePlan: [
        { id: 21, name: 'default', prepaid: false },
        { id: 22, name: 'prepaid', prepaid: true },
      ],
    });
    const { did } = (await call('DidWS', 'listAvailablesNumbers', DOMAIN)) as { did: string[] };
    expect(did).toHaveLength(20);
    expect(did[0]).toBe('1130258080');
  });

  it('nothing else: an empty list is an empty reply', async () => {
    expect(await call('HuntGroupWS', 'listHuntGroups', DOMAIN)).toBeNull();
    expect(await call('ResellerWS', 'listByDomain', DOMAIN)).toBeNull();
    expect(await call('WhiteListWS', 'listWhiteList', ALICE)).toBeNull();
    await expect(call('HuntGroupWS', 'listHuntGroups', { domain: 'x.example.com' })).rejects.toThrow('not found');
    await expect(call('HuntGroupWS', 'listHuntGroups')).rejects.toThrow('domain is required');
  });
});

describe('DIDs', () => {
  const insert = (changes: object = {}) =>
    call('DidWS', 'insertDid', { did: { ...ALICE, accountCode: ACCOUNT, aliasUsername: '1130258080', ...changes } });
  const available = async (): Promise<string[]> =>
    ((await call('DidWS', 'listAvailablesNumbers', DOMAIN)) as { did: string[] }).did;

  it('take their number out of the pool, and put it back', async () => {
    expect(await insert({ didToRuri: true, monthlySubscription: 9.9 })).toEqual({ didId: 2001 });
    expect(await available()).not.toContain('1130258080');
    expect(await call('DidWS', 'listByAcc', { accountCode: ACCOUNT })).toEqual({
      did: [
        {
          ...ALICE,
          accountCode: ACCOUNT,
          aliasUsername: '1130258080',
          didToRuri: true,
          id: 2001,
          monthlySubscription: 9.9,
          reverseBilling: false,
        },
      ],
    });
    await call('DidWS', 'deleteDid', { didId: 2001 });
    expect(await available()).toContain('1130258080');
    await expect(call('DidWS', 'deleteDid', { didId: 2001 })).rejects.toThrow('DID 2001 not found');
  });

  it('may have a number of no pool, which does not get into it', async () => {
    await insert({ aliasUsername: '43987710001', username: undefined });
    await call('DidWS', 'deleteDid', { didId: 2001 });
    expect(await available()).not.toContain('43987710001');
  });

  it('have a number once', async () => {
    await insert();
    await expect(insert()).rejects.toThrow('already exists');
    await insertAlice(services, { domain: 'pbx.example.net', ratePlanId: 23 });
    const elsewhere = { domain: 'pbx.example.net', accountCode: 'alice@pbx.example.net' };
    await expect(insert(elsewhere)).rejects.toThrow('already exists');
  });

  it.each([
    [{ accountCode: 'bob@sip.example.com' }, 'Subscriber bob@sip.example.com not found'],
    [{ username: 'bob' }, 'Subscriber bob@sip.example.com not found'],
    [{ domain: undefined }, 'domain is required'],
    [{ aliasUsername: undefined }, 'aliasUsername is required'],
  ])('refuse %j', async (change, reason) => {
    await expect(insert(change)).rejects.toThrow(reason);
    expect(stored('dids')).toEqual([]);
  });

  it('may lead to a hunt group', async () => {
    const huntGroup = { ...DOMAIN, description: 'sales', groupList: 'alice', method: 'serial', timeout: 20 };
    await call('HuntGroupWS', 'insertHuntGroup', { huntGroup });
    expect(await insert({ username: 'huntgroup5001' })).toEqual({ didId: 2001 });
  });
});

describe('white lists, locations', () => {
  it('have duplicates: whoever adds looks first', async () => {
    const whiteList = { ...ALICE, prefix: '5511' };
    expect(await call('WhiteListWS', 'insertWhiteList', { whiteList })).toEqual({ whiteListId: 3001 });
    expect(await call('WhiteListWS', 'insertWhiteList', { whiteList })).toEqual({ whiteListId: 3002 });
    await call('WhiteListWS', 'deletetWhiteList', { whiteListId: 3001 });
    await call('WhiteListWS', 'deleteWhiteList', { whiteListId: 3002 });
    await expect(call('WhiteListWS', 'deleteWhiteList', { whiteListId: 3002 })).rejects.toThrow('not found');

    const location = { ...ALICE, contact: 'sip:alice@192.0.2.1:5060' };
    await call('UserLocationWS', 'addUserLocation', location);
    await call('UserLocationWS', 'addUserLocation', location);
    expect(await call('UserLocationWS', 'listUserLocations', ALICE)).toMatchObject({
      userLocation: [{ contact: location.contact }, { contact: location.contact }],
    });
    await call('UserLocationWS', 'removeUserLocation', location);
    expect(await call('UserLocationWS', 'listUserLocations', ALICE)).toBeNull();
    await expect(call('UserLocationWS', 'removeUserLocation', location)).rejects.toThrow('not found');
    await expect(call('UserLocationWS', 'addUserLocation', { ...ALICE, contact: 'alice' })).rejects.toThrow('contact');
  });

  it('want a subscriber', async () => {
    const bob = { ...ALICE, username: 'bob' };
    await expect(call('WhiteListWS', 'insertWhiteList', { whiteList: { ...bob, prefix: '5' } })).rejects.toThrow(
      'found',
    );
    await expect(
      call('UserLocationWS', 'addUserLocation', { ...bob, contact: 'sip:b@192.0.2.1:5060' }),
    ).rejects.toThrow('found');
  });
});

describe('addresses', () => {
  const address = {
    ...ALICE,
    account: ACCOUNT,
    ipAddress: '192.0.2.1',
    mask: 32,
    method: 'iponly',
    port: 0,
    protocol: 'any',
  };
  const insert = (changes: object = {}, operation = 'insertAddress') =>
    call('AddressWS', operation, { address: { ...address, ...changes } });

  it('are made, listed, changed and removed under both spellings', async () => {
    expect(await insert({ id: 7, group: '9' })).toMatchObject({
      return: { id: 4001, group: '1', contextInfo: ACCOUNT },
    });
    await insert({ port: 5060 }, 'insertAddresses');
    await insert({ id: 4001, mask: 24 }, 'updateAddress');
    await insert({ id: 4002, mask: 28 }, 'updateAddresses');
    expect(await call('AddressWS', 'lisAddresses', ALICE)).toMatchObject({ address: [{ mask: 24 }, { mask: 28 }] });
    expect(await call('AddressWS', 'listAddresses', ALICE)).toEqual(await call('AddressWS', 'lisAddresses', ALICE));
    await call('AddressWS', 'removeAddress', { ...DOMAIN, addressId: 4001 });
    await expect(call('AddressWS', 'removeAddresses', { domain: 'pbx.example.net', addressId: 4002 })).rejects.toThrow(
      'Address 4002 not found',
    );
    await call('AddressWS', 'removeAddresses', { ...DOMAIN, addressId: 4002 });
    expect(stored('addresses')).toEqual([]);
  });

  it.each([
    [{ account: 'alice' }, 'account must be'],
    [{ ipAddress: '192.0.2.999' }, 'ipAddress is not valid'],
    [{ mask: 33 }, 'mask must be'],
    [{ port: 70_000 }, 'port must be'],
    [{ method: 'ip' }, 'method must be'],
    [{ protocol: 'sctp' }, 'protocol must be'],
    [{ method: 'techprefix' }, 'techPrefix is required'],
    [{ method: 'ip+cpt' }, 'techPrefix is required'],
    [{ port: undefined }, 'port is required'],
    [{ username: 'bob', account: 'bob@sip.example.com' }, 'not found'],
  ])('refuse %j', async (change, reason) => {
    await expect(insert(change)).rejects.toThrow(reason);
    expect(stored('addresses')).toEqual([]);
  });
});

describe('hunt groups', () => {
  const huntGroup = { ...DOMAIN, description: 'sales', groupList: 'alice;bob', method: 'paralell', timeout: 20 };
  const write = (operation: string, changes: object = {}) =>
    call('HuntGroupWS', operation, { huntGroup: { ...huntGroup, ...changes } });

  beforeEach(async () => {
    await insertAlice(services, { username: 'bob' });
  });

  it('come back with id and uri, two with one description', async () => {
    const uri = 'sip:huntgroup5001@sip.example.com';
    expect(await write('insertHuntGroup')).toEqual({ huntGroup: { ...huntGroup, id: 5001, uri } });
    await write('insertHuntGroups');
    expect(await write('updateHuntGroup', { id: 5001, timeout: 30 })).toMatchObject({
      huntGroup: { timeout: 30, uri },
    });
    await write('updateHuntGroups', { id: 5002, method: 'serial' });
    expect(await call('HuntGroupWS', 'listHuntGroups', DOMAIN)).toMatchObject({
      huntGroup: [
        { id: 5001, timeout: 30 },
        { id: 5002, method: 'serial' },
      ],
    });
    await expect(
      call('HuntGroupWS', 'removeHuntGroup', { domain: 'pbx.example.net', huntGroupId: 5001 }),
    ).rejects.toThrow('Hunt group 5001 not found');
    await call('HuntGroupWS', 'removeHuntGroup', { ...DOMAIN, huntGroupId: 5001 });
    await expect(call('HuntGroupWS', 'removeHuntGroup', { ...DOMAIN, huntGroupId: 5001 })).rejects.toThrow('not found');
    expect(stored('huntGroups')).toHaveLength(1);
  });

  it.each([
    [{ method: 'parallel' }, 'method must be'],
    [{ groupList: 'alice;carol' }, 'Subscriber carol@sip.example.com not found'],
    [{ timeout: undefined }, 'timeout is required'],
    [{ description: undefined }, 'description is required'],
  ])('refuse %j', async (change, reason) => {
    await expect(write('insertHuntGroup', change)).rejects.toThrow(reason);
  });
});

describe('account groups', () => {
  const group = (account: string[]) => ({ accountManager: ACCOUNT, managerProfile: 'manager', account });
  const retrieve = () => call('AccountGroupWS', 'retrieveAccountGroup', { accountManager: ACCOUNT });

  it('grow, shrink and end with their last account', async () => {
    await insertAlice(services, { username: 'bob' });
    await insertAlice(services, { username: 'carol' });
    expect(await retrieve()).toBeNull();
    await call('AccountGroupWS', 'addAccountGroup', group(['bob@sip.example.com']));
    await call('AccountGroupWS', 'addAccountGroup', group(['carol@sip.example.com']));
    expect(await retrieve()).toEqual({
      return: { ...group(['bob@sip.example.com', 'carol@sip.example.com']) },
    });
    await expect(call('AccountGroupWS', 'addAccountGroup', group(['dave@sip.example.com']))).rejects.toThrow(
      'not found',
    );
    await expect(call('AccountGroupWS', 'addAccountGroup', group([]))).rejects.toThrow('account is required');
    await call('AccountGroupWS', 'removeAccountGroup', group(['bob@sip.example.com']));
    await expect(call('AccountGroupWS', 'removeAccountGroup', group(['bob@sip.example.com']))).rejects.toThrow(
      'not in',
    );
    await call('AccountGroupWS', 'removeAccountGroup', group(['carol@sip.example.com']));
    expect(await retrieve()).toBeNull();
    expect(stored('accountGroups')).toEqual([]);
  });
});

describe('rate plans', () => {
  const ratePlan = { ...DOMAIN, name: 'gold', rateId: 1, prepaid: false, txConnection: 60, cadency: 6, markup: 1.5 };
  const write = (operation: string, changes: object = {}) =>
    call('RatePlanWS', operation, { ratePlan: { ...ratePlan, ...changes } });

  it('come back with their id, two with one name, and stay while in use', async () => {
    expect(await write('insertRatePlan')).toEqual({ ratePlan: { ...ratePlan, id: 24 } });
    expect(await write('insertRatePlan')).toEqual({ ratePlan: { ...ratePlan, id: 25 } });
    expect(await write('updateRatePlan', { id: 24, markup: undefined })).toEqual({
      ratePlan: { ...DOMAIN, name: 'gold', rateId: 1, prepaid: false, txConnection: 60, cadency: 6, id: 24 },
    });
    await call('RatePlanWS', 'removeRatePlan', { idRatePlan: 25 });
    await expect(call('RatePlanWS', 'removeRatePlan', { idRatePlan: 25 })).rejects.toThrow('not found');
    await expect(call('RatePlanWS', 'removeRatePlan', { idRatePlan: 21 })).rejects.toThrow('in use');
  });

  it.each([
    [{ cadency: 61 }, 'cadency must be'],
    [{ txConnection: 0 }, 'txConnection must be'],
    [{ prepaid: undefined }, 'prepaid is required'],
    [{ name: undefined }, 'name is required'],
  ])('refuse %j', async (change, reason) => {
    await expect(write('insertRatePlan', change)).rejects.toThrow(reason);
  });
});

describe('rates', () => {
  const rate = (prefix: string, name: string) => ({ ...DOMAIN, name, prefix, rateId: 7, rateValue: 0.1 });
  const listed = async (args: object): Promise<unknown[]> =>
    (((await call('RateWS', 'listRatesByParams', { ...DOMAIN, ...args })) ?? {})['rate'] ?? []) as unknown[];

  it('those before a refused one stay', async () => {
    const { prefix: _left, ...broken } = rate('x', 'broken');
    await expect(
      call('RateWS', 'insertRates', { rate: [rate('551', 'one'), broken, rate('552', 'two')] }),
    ).rejects.toThrow('prefix is required');
    expect(await listed({ rateId: 7 })).toEqual([{ ...rate('551', 'one'), id: 104 }]);
  });

  it('are found by the beginning of prefix and description', async () => {
    await call('RateWS', 'insertRates', { rate: [rate('551', 'one'), rate('5511', 'two'), rate('44', 'three')] });
    expect(await listed({ rateId: 7, prefix: '551' })).toMatchObject([{ name: 'one' }, { name: 'two' }]);
    expect(await listed({ rateId: 7, descripion: 't' })).toMatchObject([{ name: 'two' }, { name: 'three' }]);
    expect(await listed({})).toHaveLength(5);
    const changed = { ...rate('551', 'one'), id: 104, rateValue: 0.2 };
    expect(await call('RateWS', 'updateRate', { rate: changed })).toEqual({ rate: changed });
    await call('RateWS', 'removeRate', { id: 104 });
    await expect(call('RateWS', 'removeRate', { id: 104 })).rejects.toThrow('not found');
    expect(await call('RateWS', 'removeAllRatesByRateId', { ...DOMAIN, rateId: 7 })).toEqual({ return: 2 });
    expect(await call('RateWS', 'removeAllRatesByRateId', { ...DOMAIN, rateId: 7 })).toEqual({ return: 0 });
  });
});

describe('resellers', () => {
  const reseller = { ...DOMAIN, name: 'acme', manager: 'Jo', email: 'jo@example.com', username: 'jo', password: 'pw' };

  it('have credit, hide their password, and stay while in use', async () => {
    expect(await call('ResellerWS', 'insertReseller', { reseller })).toEqual({ resellerId: 41 });
    const { password: _hidden, ...shown } = reseller;
    expect(await call('ResellerWS', 'listByDomain', DOMAIN)).toEqual({ reseller: [{ ...shown, credit: 0, id: 41 }] });
    await call('ResellerWS', 'addResellerCredit', { ...DOMAIN, resellerName: 'acme', value: 5.5, obs: 'job' });
    expect(await call('ResellerWS', 'retrieveResellerCredit', { resellerId: 41 })).toEqual({ return: 5.5 });
    expect(stored('resellerCreditTransactions')).toEqual([{ account: 'acme@sip.example.com', value: 5.5, obs: 'job' }]);
    await insertAlice(services, { username: 'bob', resellerId: 41 });
    await expect(call('ResellerWS', 'deleteReseller', { resellerId: 41 })).rejects.toThrow('in use');
    await services.call('SubscriberWS', 'removeSubscriber', { ...ALICE, username: 'bob' });
    await call('ResellerWS', 'deleteReseller', { resellerId: 41 });
    await expect(call('ResellerWS', 'retrieveResellerCredit', { resellerId: 41 })).rejects.toThrow('not found');
  });

  it.each(['domain', 'name', 'manager', 'email', 'username', 'password'])('need %s', async (member) => {
    await expect(
      call('ResellerWS', 'insertReseller', { reseller: { ...reseller, [member]: undefined } }),
    ).rejects.toThrow(`${member} is required`);
  });
});

describe('DB aliases', () => {
  it('are known by the id their insert answers only', async () => {
    const dbAliases = { ...ALICE, aliasUsername: 'al', aliasDomain: 'sip.example.com' };
    expect(await call('SubscriberWS', 'insertDBAliases', { dbAliases })).toMatchObject({ return: { id: 6001 } });
    expect(stored('dbAliases')).toEqual([{ ...dbAliases, id: 6001 }]);
    await call('SubscriberWS', 'deleteDBAliases', { dbAliases: 6001 });
    await expect(call('SubscriberWS', 'deleteDBAliases', { dbAliases: 6001 })).rejects.toThrow('not found');
  });
});
