import { CUSTOMERS, RESELLERS } from '../operations/customer.ts';
import { FANCY_RECORDS, NUMBERS, RANGES, RECORDS, ZONES } from '../operations/things-dns.ts';
import { CARRIERS, GATEWAYS, ROUTES, RULES } from '../operations/things-pstn.ts';
import { ACCOUNTS, ALIASES, DOMAINS, PEERS } from '../operations/things-sip.ts';
import { anId, flag, groupNames, listRead, number, ofOwner, pattern, type ReadSpec } from './spec.ts';
import { int } from '../operations/scalars.ts';

/* Lists of anything, by the filters that the platform has for them (ngnpro.md, "*Query"). */

const ownership = { customer: ofOwner, reseller: ofOwner };
const owned = { owner: ofOwner, ...ownership };

const customers = {
  username: pattern,
  firstName: pattern,
  lastName: pattern,
  organization: pattern,
  tel: pattern,
  email: pattern,
  web: pattern,
  city: pattern,
  country: pattern,
  ...ownership,
};

const records = { zone: pattern, name: pattern, type: pattern, value: pattern, ...owned };

/** By the name in the path. */
export const LISTS: Readonly<Record<string, ReadSpec>> = {
  domains: listRead('SIP domains', DOMAINS, { domain: pattern, ...ownership }),
  accounts: listRead('SIP accounts', ACCOUNTS, {
    username: pattern,
    domain: pattern,
    firstName: pattern,
    lastName: pattern,
    email: pattern,
    groups: groupNames,
    ...owned,
  }),
  aliases: listRead('Aliases', ALIASES, {
    aliasUsername: pattern,
    aliasDomain: pattern,
    targetUsername: pattern,
    targetDomain: pattern,
    ...owned,
  }),
  trustedPeers: listRead('Trusted peers', PEERS, {
    ip: pattern,
    description: pattern,
    tenant: pattern,
    tags: pattern,
    billingId: pattern,
    msteams: flag,
  }),
  carriers: listRead('Carriers', CARRIERS, { id: anId, name: pattern, reseller: ofOwner }),
  gateways: listRead('Gateways', GATEWAYS, { id: anId, name: pattern, carrier_id: anId, ...ownership }),
  gatewayRules: listRead('Gateway rules', RULES, {
    id: anId,
    gateway_id: anId,
    carrier_id: anId,
    prefix: pattern,
    ...ownership,
  }),
  routes: listRead('Routes', ROUTES, {
    id: anId,
    carrier_id: anId,
    prefix: pattern,
    originator: pattern,
    priority: number(int()),
    ...ownership,
  }),
  enumRanges: listRead('ENUM ranges', RANGES, { prefix: pattern, tld: pattern, info: pattern, ...ownership }),
  enumNumbers: listRead('ENUM numbers', NUMBERS, {
    number: pattern,
    tld: pattern,
    type: pattern,
    mapto: pattern,
    ...owned,
  }),
  customers: listRead('Customers', CUSTOMERS, { ...customers, only_resellers: flag }),
  resellers: listRead('Resellers', RESELLERS, customers),
  dnsZones: listRead('DNS zones', ZONES, { name: pattern, info: pattern, ...ownership }),
  dnsRecords: listRead('DNS records', RECORDS, { id: anId, ...records }),
  fancyRecords: listRead('Fancy DNS records', FANCY_RECORDS, { id: anId, ...records }),
};
