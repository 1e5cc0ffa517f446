import { z } from 'zod';
import type { JsonObject } from '../port.ts';
import { allClearable } from '../scalars.ts';
import { ACCOUNT_MEMBERS } from './preference-names.ts';

/*
 * The platform's own objects that an order may name for a customer or subscriber, with the platform's own members
 * (ngnpro.md, "Types").
 */

const text = (most: number) =>
  z
    .string()
    .min(1, 'must not be empty')
    .max(most, `must have at most ${most} characters`)
    .refine((value) => value === value.trim(), { error: 'must not begin or end with a space' });

const id = z.int().min(1).max(2_147_483_647);
const mail = z.email().max(255);
const domainName = text(128).regex(/^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/, 'must be a domain name');

/** A domain that is to be added where the platform does not have it. */
const newDomain = z.strictObject({
  domain: domainName,
  certificate: text(20_000).optional(),
  /** A secret. */
  private_key: text(20_000).optional(),
  match_ip_address: text(255).optional(),
  match_sip_domain: text(255).optional(),
  verify_cert: z.boolean().optional(),
  require_cert: z.boolean().optional(),
});

/** Members of the customer's account that no member of `contact` stands for. */
const account = {
  /** A secret. Left out: one that nobody knows, so that nobody can log in with it. */
  password: text(64).optional(),
  /** The reseller it belongs to. */
  reseller: id.optional(),
  impersonate: id.optional(),
  resellerActive: z.boolean().optional(),
  companyCode: text(64).optional(),
  credit: z.number().min(0).max(1e9).optional(),
  fax: text(64).optional(),
  sip: text(255).optional(),
  enum: text(64).optional(),
  web: text(255).optional(),
  timezone: text(64).optional(),
  language: text(16).optional(),
  bankAccount: text(64).optional(),
  billingEmail: mail.optional(),
  billingAddress: text(255).optional(),
};

const domains = z.array(newDomain).max(100).optional();

export const customerNative = z.strictObject({ ...account, domains });

/** In a modify order null clears. */
export const customerNativeChange = z.strictObject({ ...allClearable(account), domains });

/** Those that an adopted customer is compared by. */
export const CUSTOMER_MEMBERS = Object.keys(account).filter((name) => name !== 'password');

const mapping = z.strictObject({
  type: text(32),
  mapto: text(255),
  priority: z.int().min(0).max(65_535).default(5),
  ttl: z.int().min(0).max(2_147_483_647).default(3600),
});

const ownMembers = {
  ...ACCOUNT_MEMBERS,
  groups: z.array(text(64)).max(100).optional(),
  properties: z
    .array(z.strictObject({ name: text(64), value: text(1024) }))
    .max(100)
    .optional(),
};

const voicemail = {
  name: text(128).optional(),
  info: text(255).optional(),
  /** Whether messages are deleted once they were mailed. */
  delete: z.boolean().optional(),
};

const settings = {
  /** Of all numbers of the subscriber. Left out: one mapping, to the subscriber. */
  enumMappings: z.array(mapping).min(1).max(20).optional(),
};

export const subscriberNative = z.strictObject({
  ...ownMembers,
  ...settings,
  voicemail: z.strictObject(voicemail).optional(),
});

/** In a modify order null clears. */
export const subscriberNativeChange = z.strictObject({
  ...allClearable(ownMembers),
  ...settings,
  voicemail: z.strictObject(allClearable(voicemail)).optional(),
});

export type CustomerNative = z.infer<typeof customerNative>;
export type SubscriberNative = z.input<typeof subscriberNative>;

/** For orders that passed the door: the same members, typed. */
export const customerNativeOf = (native: JsonObject): CustomerNative => native;
export const subscriberNativeOf = (native: JsonObject): SubscriberNative => native;

/** With what the order left out. */
export const mappingsIn = (native: JsonObject): readonly z.infer<typeof mapping>[] =>
  (subscriberNativeOf(native).enumMappings ?? []).map((one) => mapping.parse(one));
