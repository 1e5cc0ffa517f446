import type { Item, Reply, SippulseClient } from '../../../src/platforms/sippulse/types.ts';
import { ACCOUNT, DOMAIN, JOHN, MARY, newSubscriber } from './operations-lab.ts';

/** One operation to be tried. */
export interface OperationCase {
  readonly call: string;
  /** Arguments, after what they need was put there by somebody else. */
  readonly args: (client: SippulseClient) => Promise<object> | object;
  /** There is no way back. */
  readonly isPivot?: true;
  /** After a lost reply only a person can tell. */
  readonly isUnknowable?: true;
  /** Nothing on the platform changes. */
  readonly isRead?: true;
  /** Nothing shows that it was done already. */
  readonly isBlind?: true;
}

/** The new object's id, in an element of the answer. */
const idIn = (reply: Reply, element: string): number => Number((reply?.[element] as Item | undefined)?.['id']);

const reload = (client: SippulseClient, operation: string, args: object) =>
  client.write('ReloadModulesWS', operation, { ...args });

export const DID = {
  accountCode: ACCOUNT,
  aliasUsername: '1130258080',
  domain: DOMAIN,
  username: 'john',
  didToRuri: false,
  reverseBilling: false,
};
export const ADDRESS = {
  account: ACCOUNT,
  ...JOHN,
  ipAddress: '192.0.2.7',
  mask: 32,
  method: 'iponly',
  port: 5060,
  protocol: 'udp',
};
export const WHITE_LIST_ENTRY = { ...JOHN, prefix: '5511' };
export const HUNT_GROUP = {
  domain: DOMAIN,
  description: 'sales',
  groupList: 'john;mary',
  method: 'serial',
  timeout: 20,
};
export const RATE_PLAN = { name: 'gold', domain: DOMAIN, rateId: 7, prepaid: false, txConnection: 30, cadency: 6 };
export const RATE = { domain: DOMAIN, name: 'Uruguay', prefix: '598', rateId: 7, rateValue: 0.25 };
export const RESELLER = {
  domain: DOMAIN,
  name: 'resale',
  manager: 'Rita',
  email: 'rita@example.org',
  username: 'rita',
  password: 'rita-secret',
};

async function did(client: SippulseClient): Promise<number> {
  const didId = Number((await client.write('DidWS', 'insertDid', { did: DID }))?.['didId']);
  await reload(client, 'reloadDid', { didId });
  return didId;
}

async function whiteListEntry(client: SippulseClient): Promise<unknown> {
  const reply = await client.write('WhiteListWS', 'insertWhiteList', { whiteList: WHITE_LIST_ENTRY });
  await reload(client, 'reloadSubscriber', JOHN);
  return reply?.['whiteListId'];
}

async function address(client: SippulseClient): Promise<unknown> {
  const reply = await client.write('AddressWS', 'insertAddress', { address: ADDRESS });
  await reload(client, 'reloadAddress', {});
  return idIn(reply, 'return');
}

async function huntGroup(client: SippulseClient): Promise<number> {
  const reply = await client.write('HuntGroupWS', 'insertHuntGroup', { huntGroup: HUNT_GROUP });
  const huntGroupId = idIn(reply, 'huntGroup');
  await reload(client, 'reloadHuntGroup', { huntGroupId });
  return huntGroupId;
}

async function ratePlan(client: SippulseClient): Promise<unknown> {
  const reply = await client.write('RatePlanWS', 'insertRatePlan', { ratePlan: RATE_PLAN });
  return idIn(reply, 'ratePlan');
}

async function rate(client: SippulseClient): Promise<unknown> {
  await client.write('RateWS', 'insertRates', { rate: [RATE] });
  const reply = await client.read('RateWS', 'listRatesByParams', { domain: DOMAIN, rateId: 7, prefix: '598' });
  return (reply?.['rate'] as Item[] | undefined)?.[0]?.['id'];
}

const reseller = async (client: SippulseClient): Promise<unknown> =>
  (await client.write('ResellerWS', 'insertReseller', { reseller: RESELLER }))?.['resellerId'];

/** Switches the other way first where they are as wanted on a new subscriber. */
const flag = (call: string, contrary?: string): OperationCase => ({
  call: `SubscriberWS.${call}`,
  async args(client) {
    if (contrary) await client.write('SubscriberWS', contrary, JOHN);
    if (contrary) await reload(client, 'reloadSubscriber', JOHN);
    return JOHN;
  },
});

const hidden = (call: string): OperationCase => ({ ...flag(call), isPivot: true, isBlind: true });

const CONTACT = 'sip:john@192.0.2.9:5060';
const GROUP = { accountManager: ACCOUNT, managerProfile: 'default', account: [`mary@${DOMAIN}`] };

export const CASES: readonly OperationCase[] = [
  {
    call: 'SubscriberWS.insertSubscriber',
    args: () => ({ subscriber: newSubscriber({ username: 'new', domain: DOMAIN }) }),
  },
  {
    call: 'SubscriberWS.updateSubscriber',
    args: () => ({
      subscriber: { ...JOHN, callLimit: 9, password: 'other-secret', firstName: 'John', rpid: '551130000000' },
    }),
  },
  {
    call: 'SubscriberWS.updateSubscriberBillingInfo',
    args: () => ({ subscriber: { ...JOHN, firstName: 'John', city: 'Curitiba', phone: 4_130_000_000 } }),
  },
  {
    call: 'SubscriberWS.updateSubscriberClassV',
    args: () => ({ subscriber: { ...JOHN, callFwd: 'sip:mary@sip.example.com', callGroup: '7', pinCode: '4711' } }),
  },
  {
    call: 'SubscriberWS.updateSubscriberServices',
    args: () => ({
      subscriber: { ...JOHN, cps: 4, keepAlive: 30, callLimit: 5 },
    }),
    isPivot: true,
    isBlind: true,
  },
  { call: 'SubscriberWS.removeSubscriber', args: () => MARY, isPivot: true },
  hidden('activateSubscriber'),
  hidden('blockSubscriber'),
  hidden('activatePrivacyCalls'),
  hidden('blockPrivacyCalls'),
  hidden('activateDailyStatistics'),
  hidden('blockDailyStatistics'),
  hidden('activateTopologyHiding'),
  hidden('blockTopologyHiding'),
  flag('activateOutgoingCalls', 'blockOutgoingCalls'),
  flag('blockOutgoingCalls'),
  flag('activateIncommingCalls', 'blockIncommingCalls'),
  flag('blockIncommingCalls'),
  flag('activateCollectCalls', 'blockCollectCalls'),
  flag('blockCollectCalls', 'activateCollectCalls'),
  flag('activateAnonymousCalls', 'blockAnonymousCalls'),
  flag('blockAnonymousCalls'),
  flag('activateEntry0303', 'blockEntry0303'),
  flag('blockEntry0303'),
  flag('activateValidateSource0303'),
  flag('disableValidateSource0303', 'activateValidateSource0303'),
  flag('activateCallsOnlyByIp'),
  flag('blockCallsOnlyByIp', 'activateCallsOnlyByIp'),
  flag('activateSoftphone'),
  flag('blockSoftphone', 'activateSoftphone'),
  { call: 'SubscriberWS.activateLowCreditNotification', args: () => ({ ...JOHN, lowCreditLimit: 7.5 }) },
  {
    call: 'SubscriberWS.blockLowCreditNotification',
    async args(client) {
      await client.write('SubscriberWS', 'activateLowCreditNotification', { ...JOHN, lowCreditLimit: 3 });
      await reload(client, 'reloadSubscriber', JOHN);
      return JOHN;
    },
  },
  { call: 'SubscriberWS.activateVoicemail', args: () => ({ ...JOHN, voicemailPassword: 4711 }) },
  {
    call: 'SubscriberWS.blockVoicemail',
    async args(client) {
      await client.write('SubscriberWS', 'activateVoicemail', { ...JOHN, voicemailPassword: 4711 });
      await reload(client, 'reloadSubscriber', JOHN);
      return JOHN;
    },
  },
  { call: 'SubscriberWS.changeProfile', args: () => ({ ...JOHN, newProfileId: 13 }) },
  { call: 'SubscriberWS.changePassword', args: () => ({ ...JOHN, newPassword: 'changed-secret' }) },
  {
    call: 'SubscriberWS.changePasswordWEB',
    args: () => ({
      ...JOHN,
      actualPassword: 'john-portal',
      newPassword: 'changed-portal',
      confirmNewPassword: 'changed-portal',
    }),
  },
  {
    call: 'CustomerWS.changeCustomerPassword',
    args: () => ({ ...JOHN, actualPassword: 'john-portal', newPassword: 'changed-portal' }),
  },
  { call: 'CustomerWS.authenticate', args: () => ({ ...JOHN, password: 'john-portal' }), isRead: true },
  { call: 'CustomerWS.retrieveCustomerCredit', args: () => ({ ...JOHN, password: 'john-portal' }), isRead: true },
  { call: 'SubscriberWS.addCredit', args: () => ({ ...JOHN, value: 12.34, obs: 'welcome' }), isBlind: true },
  {
    call: 'ResellerWS.addResellerCredit',
    async args(client) {
      await reseller(client);
      return { resellerName: 'resale', domain: DOMAIN, value: 100 };
    },
    isBlind: true,
  },
  {
    call: 'SubscriberWS.updateDailyQuota',
    args: () => ({ dailyQuotaDTO: { ...JOHN, dailyQuota: true, dailyQuotaLimit: 60, dailyQuotaType: 'M' } }),
  },
  {
    call: 'SubscriberWS.updateMonthlyQuota',
    args: () => ({ monthlyQuotaDTO: { ...JOHN, monthlyQuota: true, monthlyQuotaLimit: 600, monthlyQuotaType: 'V' } }),
  },
  {
    call: 'SubscriberWS.insertDBAliases',
    args: () => ({ dbAliases: { ...JOHN, aliasUsername: 'johnny', aliasDomain: DOMAIN } }),
    isUnknowable: true,
    isBlind: true,
  },
  {
    call: 'SubscriberWS.deleteDBAliases',
    async args(client) {
      const dbAliases = { ...JOHN, aliasUsername: 'johnny', aliasDomain: DOMAIN };
      const reply = await client.write('SubscriberWS', 'insertDBAliases', { dbAliases });
      await reload(client, 'reloadSubscriber', JOHN);
      return { dbAliases: idIn(reply, 'return'), ...JOHN };
    },
    isPivot: true,
    isUnknowable: true,
    isBlind: true,
  },
  { call: 'DidWS.insertDid', args: () => ({ did: DID }) },
  { call: 'DidWS.deleteDid', args: async (client) => ({ didId: await did(client), accountCode: ACCOUNT }) },
  { call: 'WhiteListWS.insertWhiteList', args: () => ({ whiteList: WHITE_LIST_ENTRY }) },
  {
    call: 'WhiteListWS.deletetWhiteList',
    args: async (client) => ({ whiteListId: await whiteListEntry(client), ...JOHN }),
  },
  { call: 'AddressWS.insertAddress', args: () => ({ address: ADDRESS }) },
  {
    call: 'AddressWS.updateAddress',
    args: async (client) => ({ address: { id: await address(client), ...JOHN, ipAddress: '192.0.2.8', port: 5080 } }),
  },
  { call: 'AddressWS.removeAddress', args: async (client) => ({ addressId: await address(client), ...JOHN }) },
  { call: 'HuntGroupWS.insertHuntGroup', args: () => ({ huntGroup: HUNT_GROUP }) },
  {
    call: 'HuntGroupWS.updateHuntGroup',
    args: async (client) => ({
      huntGroup: { id: await huntGroup(client), domain: DOMAIN, timeout: 40, method: 'paralell' },
    }),
  },
  {
    call: 'HuntGroupWS.removeHuntGroup',
    args: async (client) => ({ huntGroupId: await huntGroup(client), domain: DOMAIN }),
  },
  { call: 'UserLocationWS.addUserLocation', args: () => ({ ...JOHN, contact: CONTACT }) },
  {
    call: 'UserLocationWS.removeUserLocation',
    async args(client) {
      await client.write('UserLocationWS', 'addUserLocation', { ...JOHN, contact: CONTACT });
      return { ...JOHN, contact: CONTACT };
    },
  },
  { call: 'AccountGroupWS.addAccountGroup', args: () => GROUP },
  {
    call: 'AccountGroupWS.removeAccountGroup',
    async args(client) {
      await client.write('AccountGroupWS', 'addAccountGroup', { ...GROUP, account: [...GROUP.account, ACCOUNT] });
      await reload(client, 'reloadSubscriber', JOHN);
      return GROUP;
    },
  },
  { call: 'ResellerWS.insertReseller', args: () => ({ reseller: RESELLER }) },
  {
    call: 'ResellerWS.deleteReseller',
    args: async (client) => ({ resellerId: await reseller(client), domain: DOMAIN }),
    isPivot: true,
  },
  { call: 'RatePlanWS.insertRatePlan', args: () => ({ ratePlan: RATE_PLAN }) },
  {
    call: 'RatePlanWS.updateRatePlan',
    args: async (client) => ({
      ratePlan: { id: await ratePlan(client), domain: DOMAIN, name: 'platinum', cadency: 1 },
    }),
  },
  {
    call: 'RatePlanWS.removeRatePlan',
    args: async (client) => ({ idRatePlan: await ratePlan(client), domain: DOMAIN }),
    isPivot: true,
  },
  {
    call: 'RateWS.insertRates',
    args: () => ({ rate: [RATE, { ...RATE, prefix: '595', name: 'Paraguay', cadency: 6 }] }),
  },
  {
    call: 'RateWS.updateRate',
    args: async (client) => ({ rate: { id: await rate(client), domain: DOMAIN, rateId: 7, rateValue: 0.5 } }),
  },
  { call: 'RateWS.removeRate', args: async (client) => ({ id: await rate(client), domain: DOMAIN, rateId: 7 }) },
  {
    call: 'RateWS.removeAllRatesByRateId',
    async args(client) {
      await rate(client);
      return { domain: DOMAIN, rateId: 7 };
    },
    isPivot: true,
  },
  { call: 'ReloadModulesWS.reloadSubscriber', args: () => JOHN, isBlind: true },
  { call: 'ReloadModulesWS.reloadProfile', args: () => ({ profile: 'default', domain: DOMAIN }), isBlind: true },
  { call: 'ReloadModulesWS.reloadDid', args: async (client) => ({ didId: await did(client) }), isBlind: true },
  { call: 'ReloadModulesWS.reloadAddress', args: () => ({}), isBlind: true },
  {
    call: 'ReloadModulesWS.reloadHuntGroup',
    args: async (client) => ({ huntGroupId: await huntGroup(client) }),
    isBlind: true,
  },
];

export const namesOf = (call: string): [service: string, operation: string] => {
  const [service = '', operation = ''] = call.split('.');
  return [service, operation];
};
