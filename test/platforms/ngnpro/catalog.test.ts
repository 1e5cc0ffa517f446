import { describe, expect, it } from 'vitest';
import { catalog } from '../../../src/platforms/ngnpro/catalog/index.ts';
import { fromJsonText, plain } from '../../../src/platforms/ngnpro/catalog/read.ts';
import type { Item, NgnproClient } from '../../../src/platforms/ngnpro/types.ts';
import type { Json } from '../../../src/platforms/port.ts';
import {
  CARRIER,
  CERTIFICATE,
  CUSTOMER,
  ENTITY,
  ENTRY,
  FANCY,
  MAILBOX,
  NUMBER,
  NUMBER_ID,
  PEER,
  PRIVATE_KEY,
  RECORD,
  ZONE,
} from './operations-cases.ts';
import { DOMAIN, JOHN, useOperationsLab } from './operations-lab.ts';
import { failure } from '../../setup/failure.ts';

const lab = useOperationsLab();

/** As a query arrives: every value a text. */
async function read(what: string, query: Record<string, string> = {}): Promise<Json> {
  const { params, read: ask } = catalog[what]!;
  return ask(lab.client, params.parse(query) as never);
}

const NOBODY = { username: 'nobody', domain: DOMAIN };
const RECEPTION = { username: 'reception', domain: DOMAIN };

/** Something of every kind. */
async function fill(): Promise<Record<string, number>> {
  const { client } = lab;
  const id = (reply: unknown): number => Number((reply as Item)['id']);
  await client.call('SipPort', 'addAlias', { alias: { id: { username: 'sales', domain: DOMAIN }, target: JOHN } });
  await client.call('SipPort', 'addTrustedPeer', { peer: PEER });
  await client.call('SipPort', 'addPhonebookEntry', { sipId: JOHN, entry: ENTRY });
  await client.call('SipPort', 'setRejectMembers', { sipId: JOHN, members: ['sip:spam@example.org'] });
  await client.call('SipPort', 'setBarringPrefixes', { sipId: JOHN, prefixes: ['+43900'] });
  await client.call('SipPort', 'setCallDiversions', { sipId: JOHN, diversions: { FBUS: '<voice-mailbox>' } });
  await client.call('SipPort', 'addBalance', { sipId: JOHN, value: 5, description: 'Welcome' });
  await client.call('SipPort', 'updateDomain', {
    domain: { domain: DOMAIN, customer: 1001, reseller: 1001, certificate: CERTIFICATE, private_key: PRIVATE_KEY },
  });
  await client.call('VoicemailPort', 'addAccount', { account: MAILBOX });
  await client.call('EnumPort', 'addNumber', { number: NUMBER });
  await client.call('DnsPort', 'addZone', { zone: ZONE });
  await client.call('RatingPort', 'setEntityProfiles', { profiles: { entity: ENTITY, profileWeekday: '442' } });
  await client.call('CustomerPort', 'setProperties', {
    customer: 1002,
    properties: [
      { name: 'tier', value: 'gold' },
      { name: 'portal_password', value: 'portal-secret' },
    ],
  });
  const carrier_id = id(await client.call('SipPort', 'addCarrier', { carrier: CARRIER }));
  const gateway = { name: 'sbc-1', carrier_id, transport: 'udp', ip: '192.0.2.30', port: 5060 };
  const gateway_id = id(await client.call('SipPort', 'addGateway', { gateway }));
  await client.call('SipPort', 'addGatewayRule', { rule: { gateway_id, prefix: '00', strip: 2 } });
  await client.call('SipPort', 'addRoutes', { routes: [{ carrier_id, prefix: '0043', priority: 1 }] });
  return {
    recordId: id(await client.call('DnsPort', 'addRecord', { record: RECORD })),
    fancyId: id(await client.call('DnsPort', 'addFancyRecord', { record: FANCY })),
    carrier_id,
    gateway_id,
  };
}

const one = (item: object) => ({ items: [expect.objectContaining(item)], total: 1 });

describe('catalog', () => {
  it('lists what there is of anything, by the filters of the platform', async () => {
    const { carrier_id, gateway_id } = await fill();
    expect(await read('domains', { customer: '1001' })).toEqual(one({ domain: DOMAIN }));
    expect(await read('accounts', { username: 'john', groups: 'free-pstn' })).toEqual(one({ id: JOHN }));
    expect(await read('aliases', { targetUsername: 'john' })).toEqual(one({ target: JOHN }));
    expect(await read('trustedPeers', { ip: PEER.ip })).toEqual(one({ description: PEER.description }));
    expect(await read('carriers', { name: CARRIER.name })).toEqual(one({ id: carrier_id }));
    expect(await read('gateways', { carrier_id: String(carrier_id) })).toEqual(one({ id: gateway_id }));
    expect(await read('gatewayRules', { gateway_id: String(gateway_id) })).toEqual(one({ prefix: '00' }));
    expect(await read('routes', { prefix: '0043' })).toEqual(one({ carrier_id, priority: 1 }));
    expect(await read('enumRanges', { tld: 'e164.arpa' })).toEqual(one({ id: { prefix: '43', tld: 'e164.arpa' } }));
    expect(await read('enumNumbers', { type: 'sip' })).toEqual(one({ id: NUMBER_ID }));
    expect(await read('customers', { username: 'customer' })).toEqual(one({ id: 1002 }));
    expect(await read('resellers', { username: 'other' })).toEqual(one({ id: 2001 }));
    expect(await read('dnsZones', { name: ZONE.name })).toEqual(one({ email: ZONE.email }));
    expect(await read('dnsRecords', { zone: ZONE.name })).toEqual(one({ value: RECORD.value }));
    expect(await read('fancyRecords', { type: 'MBOXFW' })).toEqual(one({ value: FANCY.value }));
  });

  it('lists a page at a time, in the order that is asked for', async () => {
    const names = async (query: Record<string, string>) =>
      ((await read('accounts', query)) as unknown as { items: { id: { username: string } }[] }).items.map(
        ({ id }) => id.username,
      );
    const all = { orderBy: 'username', direction: 'DESC' };
    expect(await names(all)).toEqual(['reception', 'mary', 'john']);
    expect(await names({ ...all, start: '1', count: '1' })).toEqual(['mary']);
    expect(await read('accounts', { count: '1' })).toMatchObject({ total: 3 });
  });

  it('tells of one account what it has', async () => {
    await fill();
    expect(await read('account', JOHN)).toMatchObject({ id: JOHN, firstName: 'john', prepaid: true });
    expect(await read('alias', { username: 'Sales', domain: DOMAIN })).toMatchObject({ target: JOHN });
    expect(await read('groups', JOHN)).toEqual(['free-pstn']);
    expect(await read('callDiversions', JOHN)).toMatchObject({ FBUS: '<voice-mailbox>' });
    expect(await read('acceptRules', JOHN)).toMatchObject({ rules: expect.anything() });
    expect(await read('rejectMembers', JOHN)).toEqual(['sip:spam@example.org']);
    expect(await read('barringPrefixes', JOHN)).toEqual(['+43900']);
    expect(await read('phonebook', { ...JOHN, name: 'Ma%' })).toEqual(one(ENTRY));
    expect(await read('devices', RECEPTION)).toEqual([expect.objectContaining({ userAgent: 'Example Phone 7.2' })]);
    expect(await read('devices', JOHN)).toEqual([]);
    expect(await read('creditHistory', RECEPTION)).toEqual([]);
    expect(await read('prepaidStatus', JOHN)).toMatchObject({ balance: 5 });
    expect(await read('creditHistory', JOHN)).toEqual([
      expect.objectContaining({ value: 5, balance: 5, description: 'Welcome' }),
    ]);
    expect(await read('mailbox', JOHN)).toMatchObject({ email: 'john@example.org', options: { delete: true } });
    expect(await read('ratingProfiles', { entity: ENTITY })).toMatchObject({ profileWeekday: '442' });
    const days = { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00+01:00' };
    expect(await read('callStatistics', { ...RECEPTION, ...days })).toMatchObject({
      placed: { calls: 2, price: 0.6 },
      received: { calls: 3 },
    });
    expect(await read('callStatistics', { ...RECEPTION, from: days.to, to: '2027-01-01T00:00:00Z' })).toMatchObject({
      placed: { calls: 0 },
    });
  });

  it('tells of other things by their names and ids', async () => {
    const { recordId, fancyId } = await fill();
    expect(await read('enumNumber', NUMBER_ID)).toMatchObject({ info: 'desk' });
    expect(await read('customer', { id: '1002' })).toMatchObject({ username: 'customer' });
    expect(await read('customerProperties', { customer: '1002' })).toContainEqual(
      expect.objectContaining({ name: 'tier', value: 'gold' }),
    );
    expect(await read('dnsZone', { zone: ZONE.name })).toMatchObject({ ttl: ZONE.ttl });
    expect(await read('dnsRecord', { recordId: String(recordId) })).toMatchObject({ value: RECORD.value });
    expect(await read('fancyRecord', { recordId: String(fancyId) })).toMatchObject({ value: FANCY.value });
  });

  it('tells what the platform has as JSON in a text', async () => {
    expect(await read('sipTrace', { callId: 'session-0@192.0.2.10' })).toMatchObject({
      messages: [{ method: 'INVITE' }],
    });
    expect(await read('mediaTrace', { callId: 'session-0@192.0.2.10' })).toMatchObject({
      streams: [{ codec: 'G722' }],
    });
    expect(await read('mediaTrace', { callId: 'none' })).toBeNull();
    expect(await read('mediaSummary')).toEqual([expect.objectContaining({ sessions: 0 })]);
    expect(await read('mediaSessions')).toEqual([]);
    expect(await read('networkStatistics')).toMatchObject({ accounts: 3 });
    expect(await read('networkStatus')).toMatchObject({ nodes: [{ ip: '192.0.2.10' }] });
  });

  it.each([
    ['account', NOBODY],
    ['alias', NOBODY],
    ['mailbox', JOHN],
    ['mailbox', NOBODY],
    ['enumNumber', NUMBER_ID],
    ['customer', { id: '7' }],
    ['dnsZone', { zone: 'none.example' }],
    ['dnsRecord', { recordId: '7' }],
    ['fancyRecord', { recordId: '7' }],
    ['ratingProfiles', { entity: ENTITY }],
    ['creditHistory', NOBODY],
  ])('%s of %j is null where there is none', async (what, query) => {
    expect(await read(what, query as Record<string, string>)).toBeNull();
  });

  it('a fault that says something else is no null', async () => {
    lab.simulator.setFaults({ rules: [{ match: { operation: 'Sip.getAlias' }, fault: 'status', status: 500 }] });
    expect(await failure(read('alias', NOBODY))).toMatchObject({ code: 'TURNUP_TARGET_FAILED' });
  });

  it('I8 never tells a password, a digest of one, a PIN, a key or a token', async () => {
    const { recordId, carrier_id } = await fill();
    await lab.client.call('CustomerPort', 'addAccount', {
      account: { ...CUSTOMER, tel: '+1', address: 'x', postcode: '1', city: 'x', state: 'x', country: 'AT' },
    });
    const values: Record<string, string> = {
      ...JOHN,
      ...NUMBER_ID,
      id: '1002',
      customer: '1002',
      zone: ZONE.name,
      entity: ENTITY,
      callId: 'session-0@192.0.2.10',
      from: '2026-11-01T00:00:00Z',
      to: '2026-12-01T00:00:00Z',
    };
    const whole: string[] = [];
    for (const [what, { params }] of Object.entries(catalog)) {
      const required = Object.keys(params.shape).filter((name) => !params.shape[name]?.safeParse(undefined).success);
      const query = Object.fromEntries(required.map((name) => [name, values[name] ?? String(recordId ?? carrier_id)]));
      whole.push(JSON.stringify(await read(what, query)));
    }
    expect(whole).toHaveLength(Object.keys(catalog).length);
    expect(whole.join('\n')).not.toMatch(/secret|4711|PRIVATE KEY|[0-9a-f]{32}/);
    expect(whole.join('\n')).toMatch(/BEGIN CERTIFICATE/);
  });

  it('I8 takes logins and media keys out of traces', () => {
    const message =
      'INVITE sip:x SIP/2.0\r\nProxy-Authorization: Digest username="john", response="abc"\r\nAuthorization:Digest x\r\n\r\na=crypto:1 AES inline:KEY\r\nm=audio';
    const told = fromJsonText(JSON.stringify([{ message, headers: { Authorization: 'Digest y' } }]));
    expect(JSON.stringify(told)).not.toMatch(/Digest|KEY|response/);
    expect(JSON.stringify(told)).toMatch(/INVITE sip:x.*m=audio/);
  });

  it('I8 takes properties out that are secrets by their name', () => {
    expect(
      plain({
        properties: [
          { name: 'sip_password', value: 'x' },
          { name: 'desk', value: '7' },
        ],
      }),
    ).toEqual({
      properties: [{ name: 'sip_password' }, { name: 'desk', value: '7' }],
    });
  });

  it('refuses what it does not know and what is no number', () => {
    const faults = (what: string, query: object) =>
      catalog[what]!.params.safeParse(query).error?.issues.map(({ path, code }) => [path[0] ?? '', code]);
    expect(faults('accounts', { colour: 'red' })).toEqual([['', 'unrecognized_keys']]);
    expect(faults('accounts', { count: '501', owner: 'x' })?.map(([name]) => name)).toEqual(['owner', 'count']);
    expect(faults('customers', { only_resellers: 'perhaps' })?.map(([name]) => name)).toEqual(['only_resellers']);
    expect(faults('groups', { username: 'john' })?.map(([name]) => name)).toEqual(['domain']);
    expect(faults('accounts', {})).toBeUndefined();
  });

  it('tells who called whom only in the reads that say so', () => {
    const about = Object.keys(catalog).filter((what) => catalog[what]?.aboutCalls);
    expect(about).toEqual(['sipTrace', 'mediaTrace', 'mediaSessions']);
  });

  it('tells what calls were charged, and not whom they went to', async () => {
    const entries = [
      {
        date: '2026-11-20',
        action: 'Debit',
        description: 'Call to +43664123456',
        value: -1,
        balance: 4,
        session: 'a@b',
      },
      { date: '2026-11-19', action: 'Add balance', description: 'Welcome', value: 5, balance: 5, session: null },
    ];
    const client = { call: async () => ({ entries, total: 2 }) } as unknown as NgnproClient;
    const { params, read: ask } = catalog['creditHistory']!;
    expect(await ask(client, params.parse(JOHN) as never)).toEqual([
      { date: '2026-11-20', action: 'Debit', value: -1, balance: 4 },
      { date: '2026-11-19', action: 'Add balance', description: 'Welcome', value: 5, balance: 5 },
    ]);
  });

  it('has no read that needs a password', () => {
    const named = Object.values(catalog).flatMap(({ params }) => Object.keys(params.shape));
    expect(named.filter((name) => /pass|pin$|token/i.test(name))).toEqual([]);
  });
});
