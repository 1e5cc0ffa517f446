import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ACCOUNT,
  ALICE,
  aliceOf,
  insertAlice,
  startServices,
  subscriber,
  type Reply,
  type Services,
} from './services.ts';

let services: Services;
beforeEach(async () => {
  services = await startServices();
  await insertAlice(services);
});
afterEach(async () => {
  await services.close();
});

const DOMAIN = { domain: 'sip.example.com' };
const call = (service: string, operation: string, args: object = {}): Promise<Reply> =>
  services.call(service, operation, args);
const subscriberCall = (operation: string, args: object = {}) => call('SubscriberWS', operation, { ...ALICE, ...args });
const reloadAlice = () => call('ReloadModulesWS', 'reloadSubscriber', ALICE);
const did = { ...ALICE, accountCode: ACCOUNT, aliasUsername: '1130258080' };
const huntGroup = { ...DOMAIN, description: 'sales', groupList: 'alice', method: 'serial', timeout: 20 };
const address = {
  ...ALICE,
  account: ACCOUNT,
  ipAddress: '192.0.2.1',
  mask: 32,
  method: 'iponly',
  port: 0,
  protocol: 'any',
};

const WAITING = `subscriber ${ACCOUNT}`;

describe('calls go by what was reloaded', () => {
  it('a subscriber is unknown to the proxies until its reload, and stays so after its removal', async () => {
    expect(aliceOf(services)['live']).toBeNull();
    expect(services.unreloaded()).toEqual([WAITING]);
    await reloadAlice();
    expect(services.unreloaded()).toEqual([]);
    expect(aliceOf(services)['live']).toMatchObject({ subscriber: { username: 'alice', active: true } });

    await subscriberCall('blockSubscriber');
    expect(aliceOf(services)).toMatchObject({ active: false, live: { subscriber: { active: true } } });
    expect(services.state()['unreloaded']).toMatchObject([
      { kind: 'subscriber', key: ACCOUNT, reload: 'reloadSubscriber', stored: { subscriber: { active: false } } },
    ]);
    await reloadAlice();
    await subscriberCall('removeSubscriber');
    expect(services.state()['unreloaded']).toMatchObject([{ key: ACCOUNT, stored: null }]);
    await reloadAlice();
    await reloadAlice();
    expect(services.unreloaded()).toEqual([]);
  });

  const changes: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['updateSubscriber', () => subscriberCall('updateSubscriber', { subscriber: subscriber({ lastName: 'Doe' }) })],
    ['updateSubscriberBillingInfo', () => subscriberCall('updateSubscriberBillingInfo', { subscriber: { ...ALICE } })],
    [
      'updateSubscriberClassV',
      () => subscriberCall('updateSubscriberClassV', { subscriber: { ...ALICE, pinCode: '1' } }),
    ],
    ['changeProfile', () => subscriberCall('changeProfile', { newProfileId: 12 })],
    [
      'changePassword',
      () =>
        subscriberCall('changePassword', {
          actualPassword: 's3cret-sip',
          newPassword: 'n',
          confirmNewPassword: 'n',
        }),
    ],
    ['activateVoicemail', () => subscriberCall('activateVoicemail', { voicemailPassword: 5 })],
    ['activateTopologyHiding', () => subscriberCall('activateTopologyHiding')],
    ['insertWhiteList', () => call('WhiteListWS', 'insertWhiteList', { whiteList: { ...ALICE, prefix: '5' } })],
    [
      'insertDBAliases',
      () => subscriberCall('insertDBAliases', { dbAliases: { ...ALICE, aliasUsername: 'a', aliasDomain: 'b' } }),
    ],
    [
      'addAccountGroup',
      () =>
        call('AccountGroupWS', 'addAccountGroup', { accountManager: ACCOUNT, managerProfile: 'm', account: [ACCOUNT] }),
    ],
  ];

  it.each(changes)('%s waits for reloadSubscriber', async (_operation, change) => {
    await reloadAlice();
    await change();
    expect(services.unreloaded()).toEqual([WAITING]);
    await reloadAlice();
    expect(services.unreloaded()).toEqual([]);
  });

  it('credit, quotas and locations wait for none', async () => {
    await reloadAlice();
    await subscriberCall('addCredit', { value: 5, obs: 'x' });
    await subscriberCall('updateDailyQuota', { dailyQuotaDTO: { ...ALICE, dailyQuota: true, dailyQuotaType: 'M' } });
    await call('UserLocationWS', 'addUserLocation', { ...ALICE, contact: 'sip:alice@192.0.2.1:5060' });
    expect(services.unreloaded()).toEqual([]);
  });

  it('changed and changed back is no difference, whichever operation wrote it', async () => {
    await reloadAlice();
    await subscriberCall('blockOutgoingCalls');
    await subscriberCall('updateSubscriber', { subscriber: subscriber() });
    expect(services.unreloaded()).toEqual([]);
    await subscriberCall('blockCollectCalls');
    await reloadAlice();
    await subscriberCall('updateSubscriber', { subscriber: subscriber({ blockCollectCalls: true }) });
    expect(services.unreloaded()).toEqual([]);
  });

  it('DIDs one by one, also after their end', async () => {
    await reloadAlice();
    await call('DidWS', 'insertDid', { did });
    await call('DidWS', 'insertDid', { did: { ...did, aliasUsername: '1130258081' } });
    expect(services.unreloaded()).toEqual(['did 2001', 'did 2002']);
    await call('ReloadModulesWS', 'reloadDid', { didId: 2001 });
    expect(services.unreloaded()).toEqual(['did 2002']);
    expect(services.state()['dids']).toMatchObject([{ live: { aliasUsername: '1130258080' } }, { live: null }]);
    await call('DidWS', 'deleteDid', { didId: 2001 });
    expect(services.unreloaded()).toEqual(['did 2001', 'did 2002']);
    await call('ReloadModulesWS', 'reloadDid', { didId: 2001 });
    await call('ReloadModulesWS', 'reloadDid', { didId: 2002 });
    expect(services.unreloaded()).toEqual([]);
  });

  it('hunt groups one by one, addresses all at once', async () => {
    await reloadAlice();
    await call('HuntGroupWS', 'insertHuntGroup', { huntGroup });
    await call('AddressWS', 'insertAddress', { address });
    await call('AddressWS', 'insertAddress', { address: { ...address, port: 5060 } });
    expect(services.unreloaded()).toEqual(['huntGroup 5001', 'address 4001', 'address 4002']);
    await call('ReloadModulesWS', 'reloadAddress');
    expect(services.unreloaded()).toEqual(['huntGroup 5001']);
    await call('ReloadModulesWS', 'reloadHuntGroup', { huntGroupId: 5001 });
    await call('AddressWS', 'removeAddress', { ...DOMAIN, addressId: 4001 });
    await call('HuntGroupWS', 'updateHuntGroup', { huntGroup: { ...huntGroup, id: 5001, timeout: 9 } });
    expect(services.unreloaded()).toEqual(['huntGroup 5001', 'address 4001']);
    await call('ReloadModulesWS', 'reloadAddress');
    expect(services.unreloaded()).toEqual(['huntGroup 5001']);
  });

  it('refuse what never was', async () => {
    const reload = (operation: string, args: object) => call('ReloadModulesWS', operation, args);
    await expect(reload('reloadSubscriber', { ...ALICE, username: 'bob' })).rejects.toThrow('not found');
    await expect(reload('reloadDid', { didId: 2001 })).rejects.toThrow('not found');
    await expect(reload('reloadHuntGroup', { huntGroupId: 5001 })).rejects.toThrow('not found');
    await expect(reload('reloadProfile', { ...DOMAIN, profile: 'nix' })).rejects.toThrow('not found');
    await reload('reloadProfile', { ...DOMAIN, profile: 'default' });
  });
});
