import { DOMAIN, PERSON, RESELLER, TLD, type NgnproHand } from './hand.ts';
import type { Kept, Leftover, Spare } from './left.ts';
import { digestsOf } from './passwords.ts';
import { KEYS } from './things.ts';

/* Objects for operations to change and to remove. */

/** Names of what is kept; that a thing is changed tells its name. */
export const KEPT = {
  domain: 'kept.example.net',
  zone: 'kept.example.org',
  carrier: 'kept-carrier',
  gateway: 'kept-gateway',
  peer: '203.0.113.200',
  rangePrefix: '4377',
  number: '437700000001',
  customer: 'kept-customer',
  rulePrefix: '00',
  routePrefix: '43',
  record: { zone: 'kept.example.org', name: 'www.kept.example.org', type: 'A', value: '203.0.113.1' },
} as const;

const ownership = { customer: RESELLER, reseller: RESELLER };
const sip = (account: string): string => `sip:${account}`;

export async function makeKept(hand: NgnproHand, [ward]: readonly Leftover[]): Promise<Kept> {
  const account = ward!.account;
  await hand.call('Sip', 'addDomain', { domain: { domain: KEPT.domain, ...ownership } });
  await hand.call('Enum', 'addRange', {
    range: { id: { prefix: KEPT.rangePrefix, tld: TLD }, minDigits: 6, maxDigits: 15, ...ownership },
  });
  await hand.call('Enum', 'addNumber', {
    number: {
      id: { number: KEPT.number, tld: TLD },
      owner: RESELLER,
      mappings: [{ type: 'sip', mapto: sip(account) }],
    },
  });
  await hand.call('Sip', 'addTrustedPeer', {
    peer: { ip: KEPT.peer, description: 'kept', callLimit: 4, ...ownership },
  });
  const carrierId = await hand.call('Sip', 'addCarrier', { carrier: { name: KEPT.carrier, reseller: RESELLER } });
  const gatewayId = await hand.call('Sip', 'addGateway', {
    gateway: { name: KEPT.gateway, carrier_id: carrierId, ip: '203.0.113.2', transport: 'tls', port: 5061 },
  });
  const ruleId = await hand.call('Sip', 'addGatewayRule', { rule: { gateway_id: gatewayId, prefix: KEPT.rulePrefix } });
  const routeId = await makeRoute(hand, carrierId, KEPT.routePrefix);
  await hand.call('Dns', 'addZone', {
    zone: { name: KEPT.zone, email: 'dns@example.org', nameservers: ['ns1.example.org'], ...ownership },
  });
  const recordId = await hand.call('Dns', 'addRecord', { record: { ...KEPT.record, ttl: 60 } });
  const customerId = await hand.call('Customer', 'addAccount', {
    account: {
      username: KEPT.customer,
      password: 'Left-login-kept!x',
      reseller: RESELLER,
      email: 'kept@left.example.com',
      ...PERSON,
      properties: [{ name: 'floor', value: '1' }],
    },
  });
  return { customerId, carrierId, gatewayId, ruleId, routeId, recordId };
}

/** Its answer tells no id. */
async function makeRoute(hand: NgnproHand, carrier: number, prefix: string): Promise<number> {
  await hand.call('Sip', 'addRoutes', { routes: [{ carrier_id: carrier, prefix, priority: 1 }] });
  return hand.call('Sip', 'getRoutes', { query: { filter: { carrier_id: carrier, prefix } } });
}

/** One of each kind, each time with names of its own. */
export async function makeSpares(hand: NgnproHand, wards: readonly Leftover[], count: number): Promise<Spare[]> {
  const all: Spare[] = [];
  for (let at = 1; at <= count; at += 1) all.push(...(await makeSpare(hand, wards[at % wards.length]!, at)));
  return all;
}

async function makeSpare(hand: NgnproHand, ward: Leftover, at: number): Promise<Spare[]> {
  const target = { username: ward.username, domain: DOMAIN };
  const alias = { username: `spare.${at}`, domain: DOMAIN };
  await hand.call('Sip', 'addAlias', { alias: { id: alias, target, owner: ward.customerId } });
  const enumId = { number: `43920${String(at).padStart(6, '0')}`, tld: TLD };
  const mappings = [{ type: 'sip', mapto: sip(ward.account), priority: 7, ttl: 600 }];
  await hand.call('Enum', 'addNumber', { number: { id: enumId, owner: ward.customerId, info: 'spare', mappings } });
  const range = { prefix: `99${at}`, tld: 'spare.arpa' };
  await hand.call('Enum', 'addRange', { range: { id: range, minDigits: 6, maxDigits: 15, ...ownership } });
  const ip = `203.0.113.${at}`;
  await hand.call('Sip', 'addTrustedPeer', { peer: { ip, description: `spare ${at}`, msteams: true, ...ownership } });
  const name = `spare-${at}`;
  const carrierId = await hand.call('Sip', 'addCarrier', { carrier: { name, reseller: RESELLER } });
  const ofGateways = await hand.call('Sip', 'addCarrier', { carrier: { name: `of-${name}`, reseller: RESELLER } });
  const gatewayId = await hand.call('Sip', 'addGateway', {
    gateway: { name, carrier_id: ofGateways, ip: '203.0.113.3' },
  });
  const route = { carrier_id: ofGateways, prefix: `55${at}` };
  const routeId = await makeRoute(hand, ofGateways, route.prefix);
  const uri = `sip:spare${at}@example.org`;
  await hand.call('Sip', 'addPhonebookEntry', { sipId: target, entry: { uri, name: 'Spare', group: 'spares' } });
  const record = { zone: KEPT.zone, name: `spare${at}.${KEPT.zone}`, type: 'A', value: ip };
  const recordId = await hand.call('Dns', 'addRecord', { record: { ...record, ttl: 60 } });
  const domain = `spare${at}.example.net`;
  await hand.call('Sip', 'addDomain', { domain: { domain, match_ip_address: ip, ...ownership } });
  const lasting = await makeLasting(hand, ward, at);
  const of = (service: string, operation: string, args: Spare['args'], thing: string): Spare => ({
    service,
    operation,
    args,
    thing,
    lasts: false,
  });
  return [
    of('SipPort', 'deleteAlias', { id: alias }, KEYS.alias(`${alias.username}@${DOMAIN}`)),
    of('EnumPort', 'deleteNumber', { enumId }, KEYS.number(enumId.number)),
    of('EnumPort', 'deleteRange', { range }, KEYS.range(range.prefix, range.tld)),
    of('SipPort', 'deleteTrustedPeer', { ip }, KEYS.peer(ip)),
    of('SipPort', 'deleteCarrier', { id: carrierId }, KEYS.carrier(name)),
    of('SipPort', 'deleteGateway', { id: gatewayId }, KEYS.gateway(name)),
    of('SipPort', 'deleteRoutes', { routes: [{ id: routeId }] }, KEYS.route(route)),
    of('SipPort', 'deletePhonebookEntry', { sipId: target, uri }, KEYS.entry(uri, ward.account)),
    of('DnsPort', 'deleteRecord', { recordId }, KEYS.record(record)),
    of('SipPort', 'deleteDomain', { domain }, KEYS.domain(domain)),
    ...lasting,
  ];
}

/** What is removed for good. */
async function makeLasting(hand: NgnproHand, ward: Leftover, at: number): Promise<Spare[]> {
  const sipId = { username: `spare.line.${at}`, domain: DOMAIN };
  const password = digestsOf(sipId, `Left-spare-${at}!x`);
  await hand.call('Sip', 'addAccount', { account: { id: sipId, password, owner: ward.customerId } });
  const zone = `spare${at}.example.org`;
  await hand.call('Dns', 'addZone', { zone: { name: zone, email: 'dns@example.org', ...ownership } });
  return [
    {
      service: 'SipPort',
      operation: 'deleteAccount',
      args: { sipId },
      thing: KEYS.account(`${sipId.username}@${DOMAIN}`),
      lasts: true,
    },
    { service: 'DnsPort', operation: 'deleteZone', args: { zone }, thing: KEYS.zone(zone), lasts: true },
  ];
}
