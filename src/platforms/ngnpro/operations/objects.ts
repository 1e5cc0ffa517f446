import { z } from 'zod';
import { pem } from './pem.ts';
import {
  carrierId,
  customerId,
  digits,
  domain,
  double,
  email,
  gatewayId,
  id,
  int,
  ip,
  names,
  owner,
  port,
  seconds,
  shapes,
  shapesById,
  sipId,
  text,
  timezone,
  tld,
  username,
} from './scalars.ts';

/*
 * The platform's objects as an order names them, member by member (ngnpro.md, "Types"). What the platform makes itself is
 * left out.
 */

const ownership = { customer: customerId, reseller: customerId };
/** Kept as digests, or in clear where the platform is set up so. */
const password = text(64);
const property = z.strictObject({ name: text(64), value: text(1024).optional() });
const flag = z.boolean();

export const DOMAIN_SHAPES = shapes(
  { domain },
  {},
  {
    ...ownership,
    certificate: pem,
    private_key: pem,
    match_ip_address: text(),
    match_sip_domain: text(),
    verify_cert: flag,
    require_cert: flag,
  },
);

export const ACCOUNT_SHAPES = shapes(
  { id: sipId },
  { password },
  {
    firstName: text(64),
    lastName: text(64),
    email,
    timezone,
    owner,
    rpid: text(64),
    groups: names(),
    prepaid: flag,
    quota: int(),
    callLimit: int(),
    timeout: int(1, 900),
    quickdialPrefix: text(32),
    region: text(64),
    acl: z
      .array(z.strictObject({ ip, mask: int(0, 128).optional(), tag: text(64).optional() }))
      .max(200, 'must have at most 200 entries'),
    properties: z.array(property).max(200, 'must have at most 200 entries'),
  },
);

export const ALIAS_SHAPES = shapes({ id: sipId }, { target: sipId }, { owner });

export const PEER_SHAPES = shapes(
  { ip },
  {},
  {
    description: text(),
    authToken: text(),
    tenant: text(64),
    carrierName: text(64),
    originator: text(128),
    tags: text(),
    billingId: text(64),
    prefix: text(32),
    strip: int(0, 64),
    callLimit: int(),
    prepaid: flag,
    blocked: int(0, 1),
    enumLookup: flag,
    transit: flag,
    msteams: flag,
    owner,
    ...ownership,
  },
);

const digitsPrefix = text(32).regex(/^[0-9*#+]+$/, 'must be digits');

export const CARRIER_SHAPES = shapesById({ name: text(64) }, { reseller: customerId });

export const GATEWAY_SHAPES = shapesById(
  { name: text(64), carrier_id: carrierId, ip },
  { transport: z.enum(['udp', 'tcp', 'tls']), port, reseller: customerId },
);

export const RULE_SHAPES = shapesById(
  { gateway_id: gatewayId },
  {
    prefix: digitsPrefix,
    strip: int(0, 64),
    prepend: digitsPrefix,
    minLength: int(0, 64),
    maxLength: int(0, 64),
    reseller: customerId,
  },
);

export const ROUTE_SHAPES = shapesById(
  { carrier_id: carrierId },
  { prefix: digitsPrefix, originator: text(128), priority: int(), reseller: customerId },
);

export const MAILBOX_SHAPES = shapes(
  { sipId },
  { password: digits(32) },
  { name: text(128), email, info: text(), options: z.strictObject({ delete: flag }) },
);

export const RANGE_SHAPES = shapes(
  { id: z.strictObject({ prefix: digits(15), tld }) },
  {},
  {
    ttl: seconds,
    minDigits: int(1, 15),
    maxDigits: int(1, 15),
    size: int(),
    nameservers: z.array(domain).max(16, 'must have at most 16 entries'),
    info: text(),
    ...ownership,
  },
);

const MAPPING_TYPE = /^[a-z][a-z0-9]*(?::[a-z0-9]+)*$/;

const mapping = z.strictObject({
  type: text(32).regex(MAPPING_TYPE, 'must be an ENUM service such as sip or web:https'),
  mapto: text().regex(/^[A-Za-z][A-Za-z0-9+.-]*:\S+$/, 'must be a URI with its scheme'),
  priority: int(0, 65_535).optional(),
  ttl: seconds.optional(),
});

export const enumId = z.strictObject({ number: digits(15), tld });

export const NUMBER_SHAPES = shapes(
  { id: enumId },
  { mappings: z.array(mapping).min(1, 'must not be empty').max(50, 'must have at most 50 entries') },
  { owner, info: text() },
);

const customerTexts = {
  organization: text(128),
  tel: text(64),
  fax: text(64),
  sip: text(),
  enum: text(64),
  mobile: text(64),
  web: text(),
  address: text(),
  postcode: text(32),
  city: text(64),
  state: text(64),
  country: text(64),
  timezone,
  language: text(16),
  vatNumber: text(64),
  bankAccount: text(64),
  billingEmail: text(),
  billingAddress: text(),
  companyCode: text(64),
};

export const customerProperty = z.strictObject({
  name: text(64),
  value: text(1024).optional(),
  category: text(64).optional(),
  permission: text(64).optional(),
});

export const CUSTOMER_SHAPES = shapesById(
  { username, password, firstName: text(64), lastName: text(64), email },
  {
    ...customerTexts,
    reseller: customerId,
    impersonate: id,
    resellerActive: flag,
    balance: double(-1e9),
    credit: double(-1e9),
    properties: z.array(customerProperty).max(200, 'must have at most 200 entries'),
  },
);

/** An underscore as in `_sip._udp`. */
const dnsName = text(255).regex(/^[A-Za-z0-9_*](?:[A-Za-z0-9_.*-]*[A-Za-z0-9_*])?$/, 'must be a name of the DNS');

export const ZONE_SHAPES = shapes(
  { name: domain },
  { email },
  {
    ttl: seconds,
    minimum: seconds,
    retry: seconds,
    expire: seconds,
    nameservers: z.array(domain).max(16, 'must have at most 16 entries'),
    info: text(),
    ...ownership,
  },
);

const RECORD_TYPE = /^[A-Z][A-Z0-9]{0,15}$/;

export const RECORD_SHAPES = shapesById(
  { zone: domain, name: dnsName, type: text(16).regex(RECORD_TYPE, 'must be a type such as NAPTR'), value: text(1024) },
  { ttl: seconds, priority: int(0, 65_535), owner },
);

export const FANCY_SHAPES = shapesById(
  { zone: domain, name: text(), type: z.enum(['MBOXFW', 'URL']), value: text(1024) },
  { ttl: seconds, owner },
);

export const phonebookUri = text().regex(/^\S+$/, 'must not hold spaces');
export const PHONEBOOK_SHAPES = shapes({ uri: phonebookUri }, {}, { name: text(128), group: text(64) });
