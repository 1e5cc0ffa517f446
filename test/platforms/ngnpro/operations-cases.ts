import type { PortName } from '../../../src/platforms/ngnpro/soap/ports.ts';
import type { Args, Item, NgnproClient, Plain } from '../../../src/platforms/ngnpro/types.ts';
import { DOMAIN, JOHN, MARY, newAccount } from './operations-lab.ts';

/** One operation to be tried. */
export interface OperationCase {
  readonly call: string;
  /** Arguments, after what they need was put there by somebody else. */
  readonly args: (client: NgnproClient) => Promise<object> | object;
  /** There is no way back. */
  readonly isPivot?: true;
  /** Nothing on the platform changes. */
  readonly isRead?: true;
  /** Nothing shows that it was done already. */
  readonly isBlind?: true;
}

export const namesOf = (call: string): [service: PortName, operation: string] => {
  const [service = '', operation = ''] = call.split('.');
  return [service as PortName, operation];
};

/** As the stand-in tells of a call: `Sip.addDomain`. */
export const wireName = (call: string): string => call.replace('Port.', '.');

const put = (client: NgnproClient, call: string, args: Args): Promise<Plain> => client.call(...namesOf(call), args);

const idFrom = (reply: Plain): number => Number((reply as Item)['id']);

const PEM_BODY = 'MIIBszCCAVmgAwIBAgIUQ0FGRTEyMzQ1Njc4OTAxMjM0NTY3ODkwCgYIKoZIzj0EAwI';
export const CERTIFICATE = `-----BEGIN CERTIFICATE-----${PEM_BODY}-----END CERTIFICATE-----`;
export const PRIVATE_KEY = `-----BEGIN PRIVATE KEY-----${PEM_BODY}-----END PRIVATE KEY-----`;

export const PEER = { ip: '192.0.2.7', description: 'Office PBX', authToken: 'peer-token-secret', prepaid: true };
export const CUSTOMER = {
  username: 'acme',
  password: 'acme-secret',
  firstName: 'Ada',
  lastName: 'Acme',
  email: 'ada@acme.example',
  reseller: 1001,
};
export const MAILBOX = { sipId: JOHN, password: '4711', email: 'john@example.org', options: { delete: true } };
const RANGE = {
  id: { prefix: '49', tld: 'e164.arpa' },
  minDigits: 6,
  maxDigits: 15,
  customer: 1001,
  reseller: 1001,
};
export const NUMBER_ID = { number: '43987610001', tld: 'e164.arpa' };
export const NUMBER = { id: NUMBER_ID, info: 'desk', mappings: [{ type: 'sip', mapto: `sip:john@${DOMAIN}` }] };
export const ZONE = { name: 'example.net', email: 'dns@example.net', ttl: 3600, nameservers: ['ns1.example.net'] };
export const RECORD = { zone: ZONE.name, name: `www.${ZONE.name}`, type: 'A', value: '192.0.2.80', ttl: 300 };
export const FANCY = { zone: ZONE.name, name: `sales@${ZONE.name}`, type: 'MBOXFW', value: 'team@example.org' };
export const ENTRY = { uri: `sip:mary@${DOMAIN}`, name: 'Mary', group: 'family' };
export const ENTITY = `subscriber://john@${DOMAIN}`;
export const CARRIER = { name: 'Backbone', reseller: 1001 };

const carrier = async (client: NgnproClient): Promise<number> =>
  idFrom(await put(client, 'SipPort.addCarrier', { carrier: CARRIER }));

async function gatewayOf(client: NgnproClient) {
  return { name: 'sbc-1', carrier_id: await carrier(client), transport: 'udp', ip: '192.0.2.30', port: 5060 };
}

const gateway = async (client: NgnproClient): Promise<number> =>
  idFrom(await put(client, 'SipPort.addGateway', { gateway: await gatewayOf(client) }));

const rule = async (client: NgnproClient): Promise<number> =>
  idFrom(
    await put(client, 'SipPort.addGatewayRule', {
      rule: { gateway_id: await gateway(client), prefix: '00', strip: 2, minLength: 8, maxLength: 20 },
    }),
  );

async function routes(client: NgnproClient): Promise<Item[]> {
  const carrier_id = await carrier(client);
  const all = [
    { carrier_id, prefix: '0043', priority: 1 },
    { carrier_id, prefix: '0049', priority: 2 },
  ];
  await put(client, 'SipPort.addRoutes', { routes: all });
  const found = (await put(client, 'SipPort.getRoutes', { query: { filter: { carrier_id } } })) as Item;
  return found['routes'] as Item[];
}

async function zone(client: NgnproClient): Promise<void> {
  await put(client, 'DnsPort.addZone', { zone: ZONE });
}

async function record(client: NgnproClient): Promise<number> {
  await zone(client);
  return idFrom(await put(client, 'DnsPort.addRecord', { record: RECORD }));
}

async function fancy(client: NgnproClient): Promise<number> {
  await zone(client);
  return idFrom(await put(client, 'DnsPort.addFancyRecord', { record: FANCY }));
}

const alias = { id: { username: '43987610001', domain: DOMAIN }, target: JOHN };
const OF_JOHN = { sipId: JOHN };
const LOGIN = { ...OF_JOHN, password: 'john-secret' };

/** With something put there first. */
const after =
  (call: string, before: Args, args: object) =>
  async (client: NgnproClient): Promise<object> => {
    await put(client, call, before);
    return args;
  };

const SIP: readonly OperationCase[] = [
  {
    call: 'SipPort.addDomain',
    args: () => ({ domain: { domain: 'new.example.com', customer: 1002, reseller: 1001 } }),
  },
  {
    call: 'SipPort.updateDomain',
    args: () => ({ domain: { domain: 'pbx.example.net', certificate: CERTIFICATE, private_key: PRIVATE_KEY } }),
  },
  { call: 'SipPort.deleteDomain', args: () => ({ domain: 'pbx.example.net' }) },
  {
    call: 'SipPort.addAccount',
    args: () => ({
      account: { ...newAccount({ username: 'Ada', domain: DOMAIN }), properties: [{ name: 'desk', value: '7' }] },
    }),
  },
  {
    call: 'SipPort.updateAccount',
    args: () => ({ account: { id: JOHN, lastName: 'Doe', quota: 50, groups: ['free-pstn', 'sms'], firstName: null } }),
  },
  { call: 'SipPort.deleteAccount', args: () => OF_JOHN, isPivot: true },
  { call: 'SipPort.addAlias', args: () => ({ alias }) },
  {
    call: 'SipPort.updateAlias',
    args: after('SipPort.addAlias', { alias }, { alias: { id: alias.id, target: MARY } }),
  },
  { call: 'SipPort.deleteAlias', args: after('SipPort.addAlias', { alias }, { id: alias.id }) },
  { call: 'SipPort.addToGroup', args: () => ({ ...OF_JOHN, group: 'sms' }) },
  { call: 'SipPort.removeFromGroup', args: () => ({ ...OF_JOHN, group: 'free-pstn' }) },
  {
    call: 'SipPort.setCallDiversions',
    args: after(
      'SipPort.setCallDiversions',
      { ...OF_JOHN, diversions: { FBUS: '<voice-mailbox>', FUNC: `sip:mary@${DOMAIN}` } },
      { ...OF_JOHN, diversions: { FNOA: 'sip:+43664@example.org' } },
    ),
  },
  {
    call: 'SipPort.setAcceptRules',
    args: () => ({
      ...OF_JOHN,
      rules: {
        persistent: [{ start: '08:00', stop: '18:00', groups: ['family'], days: 31 }],
        temporary: { groups: ['nobody'], duration: 60 },
      },
    }),
  },
  { call: 'SipPort.setRejectMembers', args: () => ({ ...OF_JOHN, members: ['sip:spam@example.org'] }) },
  { call: 'SipPort.setBarringPrefixes', args: () => ({ ...OF_JOHN, prefixes: ['+43900', '+1'] }) },
  { call: 'SipPort.addPhonebookEntry', args: () => ({ ...OF_JOHN, entry: ENTRY }) },
  {
    call: 'SipPort.updatePhonebookEntry',
    args: after(
      'SipPort.addPhonebookEntry',
      { ...OF_JOHN, entry: ENTRY },
      { ...OF_JOHN, entry: { uri: ENTRY.uri, name: 'Mary M.' } },
    ),
  },
  {
    call: 'SipPort.deletePhonebookEntry',
    args: after('SipPort.addPhonebookEntry', { ...OF_JOHN, entry: ENTRY }, { ...OF_JOHN, uri: ENTRY.uri }),
  },
  { call: 'SipPort.addTrustedPeer', args: () => ({ peer: PEER }) },
  {
    call: 'SipPort.updateTrustedPeer',
    args: after(
      'SipPort.addTrustedPeer',
      { peer: PEER },
      { peer: { ip: PEER.ip, callLimit: 4, authToken: 'other-token-secret' } },
    ),
  },
  { call: 'SipPort.deleteTrustedPeer', args: after('SipPort.addTrustedPeer', { peer: PEER }, { ip: PEER.ip }) },
];

const PSTN: readonly OperationCase[] = [
  { call: 'SipPort.addCarrier', args: () => ({ carrier: CARRIER }) },
  {
    call: 'SipPort.updateCarrier',
    args: async (client) => ({ carrier: { id: await carrier(client), name: 'Other' } }),
  },
  { call: 'SipPort.deleteCarrier', args: async (client) => ({ id: await carrier(client) }) },
  { call: 'SipPort.addGateway', args: async (client) => ({ gateway: await gatewayOf(client) }) },
  { call: 'SipPort.updateGateway', args: async (client) => ({ gateway: { id: await gateway(client), port: 5080 } }) },
  { call: 'SipPort.deleteGateway', args: async (client) => ({ id: await gateway(client) }) },
  {
    call: 'SipPort.addGatewayRule',
    args: async (client) => ({ rule: { gateway_id: await gateway(client), prefix: '0', prepend: '43', strip: 1 } }),
  },
  {
    call: 'SipPort.updateGatewayRule',
    args: async (client) => ({ rule: { id: await rule(client), prepend: '+43', strip: null } }),
  },
  { call: 'SipPort.deleteGatewayRule', args: async (client) => ({ id: await rule(client) }) },
  {
    call: 'SipPort.addRoutes',
    async args(client) {
      const carrier_id = await carrier(client);
      const there = { carrier_id, prefix: '0043', priority: 1 };
      await put(client, 'SipPort.addRoutes', { routes: [there] });
      return { routes: [there, { carrier_id, prefix: '0049', priority: 1 }, { carrier_id, prefix: '0041' }] };
    },
  },
  {
    call: 'SipPort.updateRoutes',
    args: async (client) => ({ routes: (await routes(client)).map(({ id }) => ({ id, priority: 9 })) }),
  },
  {
    call: 'SipPort.deleteRoutes',
    args: async (client) => ({ routes: (await routes(client)).map(({ id }) => ({ id })) }),
  },
];

const MONEY: readonly OperationCase[] = [
  { call: 'SipPort.addBalance', args: () => ({ ...OF_JOHN, value: 12.5, description: 'Welcome' }) },
  {
    call: 'SipPort.addBalanceFromVoucher',
    args: () => ({ ...OF_JOHN, card: { id: 1, number: '1111222233' } }),
    isPivot: true,
    isBlind: true,
  },
];

const OTHERS: readonly OperationCase[] = [
  { call: 'VoicemailPort.addAccount', args: () => ({ account: MAILBOX }) },
  {
    call: 'VoicemailPort.updateAccount',
    args: after(
      'VoicemailPort.addAccount',
      { account: MAILBOX },
      { account: { sipId: JOHN, password: '1234', email: null, options: { delete: false } } },
    ),
  },
  {
    call: 'VoicemailPort.deleteAccount',
    args: after('VoicemailPort.addAccount', { account: MAILBOX }, OF_JOHN),
    isPivot: true,
  },
  {
    call: 'VoicemailPort.setAnnouncement',
    args: after('VoicemailPort.addAccount', { account: MAILBOX }, { ...OF_JOHN, message: ['UklGRg', 'AAAAA='] }),
    isPivot: true,
    isBlind: true,
  },
  { call: 'EnumPort.addRange', args: () => ({ range: RANGE }) },
  {
    call: 'EnumPort.updateRange',
    args: () => ({ range: { id: { prefix: '43', tld: 'e164.arpa' }, ttl: 60, info: 'Austria' } }),
  },
  { call: 'EnumPort.deleteRange', args: () => ({ range: { prefix: '43', tld: 'e164.arpa' } }) },
  { call: 'EnumPort.addNumber', args: () => ({ number: NUMBER }) },
  {
    call: 'EnumPort.updateNumber',
    args: after(
      'EnumPort.addNumber',
      { number: NUMBER },
      {
        number: {
          id: NUMBER_ID,
          mappings: [...NUMBER.mappings, { type: 'mailto', mapto: 'mailto:john@example.org', priority: 9 }],
          info: null,
        },
      },
    ),
  },
  { call: 'EnumPort.deleteNumber', args: after('EnumPort.addNumber', { number: NUMBER }, { enumId: NUMBER_ID }) },
  { call: 'CustomerPort.addAccount', args: () => ({ account: CUSTOMER }) },
  {
    call: 'CustomerPort.updateAccount',
    args: () => ({ account: { id: 1002, city: 'Linz', password: 'changed-secret', organization: null } }),
  },
  {
    call: 'CustomerPort.deleteAccount',
    args: async (client) => ({
      id: idFrom(
        await put(client, 'CustomerPort.addAccount', {
          account: { ...CUSTOMER, tel: '+1', address: 'x', postcode: '1', city: 'x', state: 'x', country: 'AT' },
        }),
      ),
    }),
    isPivot: true,
  },
  {
    call: 'CustomerPort.setProperties',
    args: after(
      'CustomerPort.setProperties',
      {
        customer: 1002,
        properties: [
          { name: 'tier', value: 'silver', category: 'sales' },
          { name: 'other', value: '1' },
        ],
      },
      { customer: 1002, properties: [{ name: 'tier', value: 'gold' }] },
    ),
  },
  { call: 'DnsPort.addZone', args: () => ({ zone: ZONE }) },
  {
    call: 'DnsPort.updateZone',
    args: after(
      'DnsPort.addZone',
      { zone: ZONE },
      { zone: { name: ZONE.name, retry: 900, nameservers: ['ns2.example.net'] } },
    ),
  },
  { call: 'DnsPort.deleteZone', args: after('DnsPort.addZone', { zone: ZONE }, { zone: ZONE.name }), isPivot: true },
  {
    call: 'DnsPort.addRecord',
    async args(client) {
      await zone(client);
      return { record: RECORD };
    },
  },
  {
    call: 'DnsPort.updateRecord',
    args: async (client) => ({ record: { id: await record(client), value: '192.0.2.81', priority: 5 } }),
  },
  { call: 'DnsPort.deleteRecord', args: async (client) => ({ recordId: await record(client) }) },
  {
    call: 'DnsPort.addFancyRecord',
    async args(client) {
      await zone(client);
      return { record: FANCY };
    },
  },
  {
    call: 'DnsPort.updateFancyRecord',
    args: async (client) => ({ record: { id: await fancy(client), value: 'boss@example.org' } }),
  },
  { call: 'DnsPort.deleteFancyRecord', args: async (client) => ({ recordId: await fancy(client) }) },
  {
    call: 'RatingPort.setEntityProfiles',
    args: () => ({ profiles: { entity: ENTITY, profileWeekday: '442', timezone: 'Europe/Vienna' } }),
  },
  {
    call: 'RatingPort.deleteEntityProfiles',
    args: after(
      'RatingPort.setEntityProfiles',
      { profiles: { entity: ENTITY, profileWeekday: '442' } },
      { entity: ENTITY },
    ),
  },
];

const PRESENCE: readonly OperationCase[] = [
  {
    call: 'PresencePort.setPresenceInformation',
    args: () => ({ ...LOGIN, information: { activity: 'busy', note: 'In a call' } }),
  },
  {
    call: 'PresencePort.deletePresenceInformation',
    args: after('PresencePort.setPresenceInformation', { ...LOGIN, information: { activity: 'idle' } }, LOGIN),
  },
  { call: 'PresencePort.setPolicy', args: () => ({ ...LOGIN, policy: { allow: [`sip:mary@${DOMAIN}`] } }) },
  { call: 'PresencePort.getPresenceInformation', args: () => LOGIN, isRead: true },
  { call: 'PresencePort.getWatchers', args: () => LOGIN, isRead: true },
  { call: 'PresencePort.getPolicy', args: () => LOGIN, isRead: true },
];

export const CASES: readonly OperationCase[] = [...SIP, ...PSTN, ...MONEY, ...OTHERS, ...PRESENCE];
