import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ALICE, aliceOf, insertAlice, startServices, subscriber, type Reply, type Services } from './services.ts';

let services: Services;
beforeEach(async () => {
  services = await startServices();
  await insertAlice(services);
});
afterEach(async () => {
  await services.close();
});

const call = (operation: string, args: object = {}): Promise<Reply> =>
  services.call('SubscriberWS', operation, { ...ALICE, ...args });
const write = (operation: string, dto: object): Promise<Reply> =>
  services.call('SubscriberWS', operation, { subscriber: dto });
const retrieved = async (): Promise<Record<string, unknown>> =>
  (await call('retrieveSubscriber'))!['return'] as Record<string, unknown>;

const without = (dto: object, member: string): object => {
  const { [member as never]: _left, ...rest } = dto as Record<string, unknown>;
  return rest;
};

describe('insertSubscriber', () => {
  it('answers the id, and keeps what was sent', async () => {
    expect(await insertAlice(services, { username: 'bob' })).toEqual({ subscriberId: 1002 });
    expect(await retrieved()).toMatchObject({
      id: 1001,
      accountCode: 'alice@sip.example.com',
      contractNumber: 'C-77',
      phone: 551_130_258_080,
      voicemail: true,
      softphoneAllowed: true,
    });
  });

  it('refuses a username that its domain has, not one of another domain', async () => {
    await expect(insertAlice(services)).rejects.toThrow('already exists');
    await insertAlice(services, { domain: 'pbx.example.net', ratePlanId: 23 });
  });

  it.each([
    'username',
    'domain',
    'password',
    'passwordPortal',
    'profile',
    'ratePlanId',
    'emailAddress',
    'countryCode',
    'areaCode',
    'callLimit',
    'resellerId',
  ])('needs %s', async (member) => {
    const dto = without(subscriber({ username: 'bob' }), member);
    await expect(write('insertSubscriber', dto)).rejects.toThrow(`${member} is required`);
  });

  it('reads a boolean, int or double that is not sent as false or 0', async () => {
    let dto = subscriber({ username: 'bob' });
    for (const member of ['activeIncomingCalls', 'activeOutgoingCalls', 'softphoneAllowed', 'lowCreditLimit']) {
      dto = without(dto, member);
    }
    await write('insertSubscriber', dto);
    expect(services.state()['subscribers']![1]).toMatchObject({
      activeIncomingCalls: false,
      activeOutgoingCalls: false,
      softphoneAllowed: false,
      lowCreditLimit: 0,
    });
  });

  it.each([
    [{ profile: 'nix' }, 'Profile nix not found'],
    [{ ratePlanId: 23 }, 'Rate plan 23 not found'],
    [{ resellerId: 9 }, 'Reseller 9 not found'],
    [{ resellerBillingType: 2 }, 'resellerBillingType'],
    [{ resellerBillingType: 1, resellerRatePlanId: 99 }, 'Rate plan 99 not found'],
    [{ domain: 'nix.example.com' }, 'Domain nix.example.com not found'],
    [{ username: 'bob@x' }, 'username is not valid'],
  ])('refuses %j', async (change, reason) => {
    await expect(insertAlice(services, { username: 'bob', ...change })).rejects.toThrow(reason);
    expect(services.state()['subscribers']).toHaveLength(1);
  });

  it('fills cityCode and localArea from a numeric username when both are left out', async () => {
    await insertAlice(services, { username: '551130258080' });
    expect(services.state()['subscribers']![1]).toMatchObject({ localArea: '11', cityCode: '3025' });
    expect(aliceOf(services)).not.toHaveProperty('localArea');
  });
});

describe('updateSubscriber', () => {
  it('replaces: what is not sent is cleared, false or 0', async () => {
    let dto = subscriber({ lastName: 'Doe' });
    for (const member of ['activeOutgoingCalls', 'contractNumber', 'phone', 'passwordPortal'])
      dto = without(dto, member);
    await write('updateSubscriber', dto);
    const stored = aliceOf(services);
    expect(stored).toMatchObject({ id: 1001, lastName: 'Doe', activeOutgoingCalls: false, activeIncomingCalls: true });
    for (const member of ['contractNumber', 'phone', 'passwordPortal']) expect(stored).not.toHaveProperty(member);
  });

  it('needs password and rings, and a subscriber that is there', async () => {
    await expect(write('updateSubscriber', without(subscriber(), 'password'))).rejects.toThrow('password is required');
    await expect(write('updateSubscriber', without(subscriber(), 'rings'))).rejects.toThrow('rings is required');
    await expect(write('updateSubscriber', subscriber({ username: 'bob' }))).rejects.toThrow('not found');
  });

  it('keeps what its DTO does not hold', async () => {
    await call('addCredit', { value: 5, obs: 'x' });
    await call('blockSubscriber');
    await write('updateSubscriberClassV', { ...ALICE, pinCode: '1234' });
    await write('updateSubscriber', subscriber());
    expect(aliceOf(services)).toMatchObject({ credit: 5, active: false, pinCode: '1234' });
  });
});

describe('retrieveSubscriber', () => {
  it('answers nothing for one that is absent', async () => {
    expect(await call('retrieveSubscriber', { username: 'bob' })).toBeNull();
    expect(await call('retrieveSubscriberClassV', { username: 'bob' })).toBeNull();
  });

  it('shows no password; retrievePassword does', async () => {
    expect(await retrieved()).not.toHaveProperty('password');
    expect(await retrieved()).not.toHaveProperty('passwordPortal');
    expect(await call('retrievePassword')).toEqual({ return: 's3cret-sip' });
    expect(await call('retrievePasswordWEB')).toEqual({ return: 's3cret-web' });
  });
});

describe('the parts of a subscriber', () => {
  it('billing info replaces its own members only', async () => {
    await write('updateSubscriberBillingInfo', { ...ALICE, firstName: 'Al', mobile: 5_511_999_998_888 });
    const stored = aliceOf(services);
    expect(stored).toMatchObject({ firstName: 'Al', mobile: 5_511_999_998_888, profile: 'default', voicemail: true });
    expect(stored).not.toHaveProperty('contractNumber');
  });

  it('class V and subscriberDTO share the forwards', async () => {
    const forwards = { callFwd: 'sip:1@sip.example.com', fwdBusy: 'sip:2@sip.example.com', pickupGroup: '7' };
    await write('updateSubscriberClassV', { ...ALICE, ...forwards });
    expect(await call('retrieveSubscriberClassV')).toEqual({ return: { ...ALICE, ...forwards } });
    expect(await retrieved()).toMatchObject({ callFwd: 'sip:1@sip.example.com', fwdBusy: 'sip:2@sip.example.com' });
    await write('updateSubscriberClassV', { ...ALICE });
    expect(await call('retrieveSubscriberClassV')).toEqual({ return: { ...ALICE } });
  });

  it('services need all their members, and cps and keepAlive cannot be read back', async () => {
    const all = {
      ...ALICE,
      areaCode: 21,
      callLimit: 9,
      cityCode: '3025',
      countryCode: 55,
      cps: 4,
      email: 'new@example.com',
      keepAlive: 60,
      localArea: '21',
      rpid: '2130258080',
    };
    for (const member of ['areaCode', 'callLimit', 'cityCode', 'countryCode', 'email', 'localArea', 'rpid']) {
      await expect(write('updateSubscriberServices', without(all, member))).rejects.toThrow(`${member} is required`);
    }
    await write('updateSubscriberServices', all);
    expect(aliceOf(services)).toMatchObject({ cps: 4, keepAlive: 60, emailAddress: 'new@example.com', callLimit: 9 });
    expect(await retrieved()).not.toHaveProperty('cps');
    await write('updateSubscriberServices', without(all, 'cps'));
    expect(aliceOf(services)).toMatchObject({ cps: 0 });
  });
});

describe('the activate and block pairs', () => {
  it.each([
    ['OutgoingCalls', 'activeOutgoingCalls', true],
    ['IncommingCalls', 'activeIncomingCalls', true],
    ['CollectCalls', 'blockCollectCalls', false],
    ['AnonymousCalls', 'blockAnonymousCalls', false],
    ['Entry0303', 'blockEntry0303', false],
    ['CallsOnlyByIp', 'callsOnlyByIp', true],
    ['Softphone', 'softphoneAllowed', true],
  ])('%s are seen in %s', async (pair, member, whenActive) => {
    await call(`block${pair}`);
    expect(await retrieved()).toMatchObject({ [member]: !whenActive });
    await call(`activate${pair}`);
    await call(`activate${pair}`);
    expect(await retrieved()).toMatchObject({ [member]: whenActive });
  });

  it.each([
    ['Subscriber', 'active'],
    ['PrivacyCalls', 'privacyCalls'],
    ['DailyStatistics', 'dailyStatistics'],
    ['TopologyHiding', 'topologyHiding'],
  ])('%s are not seen anywhere but in the state', async (pair, member) => {
    const before = await retrieved();
    for (const [verb, wanted] of [
      ['block', false],
      ['activate', true],
    ] as const) {
      await call(`${verb}${pair}`);
      expect(aliceOf(services)[member]).toBe(wanted);
      expect(await retrieved()).toEqual(before);
    }
  });

  it('validateSource0303, voicemail and the low credit notice', async () => {
    await call('activateValidateSource0303');
    await call('activateLowCreditNotification', { lowCreditLimit: 2.5 });
    await call('activateVoicemail', { voicemailPassword: 99 });
    expect(await retrieved()).toMatchObject({
      validateSource0303: true,
      lowCreditNotification: true,
      lowCreditLimit: 2.5,
      voicemail: true,
      voiceMailPassword: 99,
    });
    await call('disableValidateSource0303');
    await call('blockLowCreditNotification');
    await call('blockVoicemail');
    expect(await retrieved()).toMatchObject({
      validateSource0303: false,
      lowCreditNotification: false,
      voicemail: false,
    });
    await expect(call('activateVoicemail')).rejects.toThrow('voicemailPassword is required');
    await expect(call('activateLowCreditNotification')).rejects.toThrow('lowCreditLimit is required');
  });

  it('want a subscriber that is there', async () => {
    await expect(call('blockSubscriber', { username: 'bob' })).rejects.toThrow('not found');
  });
});

describe('passwords, profile', () => {
  const change = (operation: string, actualPassword: string, newPassword = 'n3w', confirmNewPassword = newPassword) =>
    call(operation, { actualPassword, newPassword, confirmNewPassword });

  it('changePassword needs the actual one, so a second time fails', async () => {
    await expect(change('changePassword', 'wrong')).rejects.toThrow('actual password');
    await expect(change('changePassword', 's3cret-sip', 'n3w', 'n4w')).rejects.toThrow('differ');
    await change('changePassword', 's3cret-sip');
    await expect(change('changePassword', 's3cret-sip')).rejects.toThrow('actual password');
    await change('changePasswordWEB', 's3cret-web', 'n3w-web');
    expect(aliceOf(services)).toMatchObject({ password: 'n3w', passwordPortal: 'n3w-web' });
  });

  it('changeProfile takes an id of the same domain', async () => {
    await call('changeProfile', { newProfileId: 13 });
    expect(await retrieved()).toMatchObject({ profile: 'business' });
    await expect(call('changeProfile', { newProfileId: 14 })).rejects.toThrow('Profile 14 not found');
  });

  it('CustomerWS goes by the password of the portal', async () => {
    const customer = (operation: string, args: object) => services.call('CustomerWS', operation, { ...ALICE, ...args });
    expect(await customer('authenticate', { password: 's3cret-web' })).toMatchObject({ return: { id: 1001 } });
    await expect(customer('authenticate', { password: 's3cret-sip' })).rejects.toThrow('Invalid username or password');
    await expect(customer('authenticate', { username: 'bob', password: 'x' })).rejects.toThrow('Invalid username');
    await customer('changeCustomerPassword', {
      actualPassword: 's3cret-web',
      newPassword: 'n3w',
      confirmNewPassword: 'n3w',
    });
    expect(await customer('retrieveCustomerCredit', { password: 'n3w' })).toEqual({ return: 0 });
  });
});

describe('credit and quotas', () => {
  it('addCredit adds every time; a negative value takes away', async () => {
    await call('addCredit', { value: 10, obs: 'job-1' });
    await call('addCredit', { value: 10, obs: 'job-1' });
    await call('addCredit', { value: -2.5, obs: 'job-2' });
    expect(await call('retrieveCredit')).toEqual({ return: 17.5 });
    expect(services.state()['creditTransactions']).toEqual([
      { account: 'alice@sip.example.com', value: 10, obs: 'job-1' },
      { account: 'alice@sip.example.com', value: 10, obs: 'job-1' },
      { account: 'alice@sip.example.com', value: -2.5, obs: 'job-2' },
    ]);
    await expect(call('addCredit', { value: 1 })).rejects.toThrow('obs is required');
    await expect(call('addCredit', { obs: 'x' })).rejects.toThrow('value is required');
  });

  it('a quota is replaced with its counter', async () => {
    const quota = { dailyQuota: true, dailyQuotaConsumed: 12, dailyQuotaLimit: 60, dailyQuotaType: 'M' };
    const put = (dailyQuotaDTO: object) => services.call('SubscriberWS', 'updateDailyQuota', { dailyQuotaDTO });
    await put({ ...ALICE, ...quota });
    expect(await call('retrieveDailyQuota')).toEqual({ dailyQuotaDTO: { ...ALICE, ...quota } });
    await put({ ...ALICE, dailyQuota: true, dailyQuotaLimit: 90, dailyQuotaType: 'M' });
    expect(await call('retrieveDailyQuota')).toMatchObject({ dailyQuotaDTO: { dailyQuotaConsumed: 0 } });
    await expect(put({ ...ALICE, ...quota, dailyQuotaType: 'X' })).rejects.toThrow('dailyQuotaType');

    const monthly = { monthlyQuota: true, monthlyQuotaConsumed: 1, monthlyQuotaLimit: 5.5, monthlyQuotaType: 'V' };
    await services.call('SubscriberWS', 'updateMonthlyQuota', { monthlyQuotaDTO: { ...ALICE, ...monthly } });
    expect(await call('retrieveMonthlyQuotaDTO')).toEqual({ monthlyQuotaDTO: { ...ALICE, ...monthly } });
  });
});

describe('removeSubscriber', () => {
  it('leaves DIDs, white list, addresses, locations, aliases and memberships behind', async () => {
    await services.call('DidWS', 'insertDid', {
      did: { ...ALICE, accountCode: 'alice@sip.example.com', aliasUsername: '1130258080' },
    });
    await services.call('WhiteListWS', 'insertWhiteList', { whiteList: { ...ALICE, prefix: '55' } });
    await services.call('AddressWS', 'insertAddress', {
      address: {
        ...ALICE,
        account: 'alice@sip.example.com',
        ipAddress: '192.0.2.1',
        mask: 32,
        method: 'iponly',
        port: 0,
        protocol: 'any',
      },
    });
    await services.call('UserLocationWS', 'addUserLocation', { ...ALICE, contact: 'sip:alice@192.0.2.1:5060' });
    await services.call('SubscriberWS', 'insertDBAliases', {
      dbAliases: { ...ALICE, aliasUsername: 'al', aliasDomain: 'sip.example.com' },
    });
    await call('removeSubscriber');
    const state = services.state();
    expect(state['subscribers']).toEqual([]);
    for (const kind of ['dids', 'whiteLists', 'addresses', 'userLocations', 'dbAliases']) {
      expect(state[kind], kind).toHaveLength(1);
    }
    expect(await services.call('DidWS', 'listByAcc', { accountCode: 'alice@sip.example.com' })).toMatchObject({
      did: [{ id: 2001, aliasUsername: '1130258080', didToRuri: false, reverseBilling: false }],
    });
    await expect(call('removeSubscriber')).rejects.toThrow('not found');
  });
});
