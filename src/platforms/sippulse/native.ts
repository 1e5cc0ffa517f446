import { z } from 'zod';
import type { JsonObject } from '../port.ts';
import { bitsOf, contact, ipAddress, mask, maskFault } from './shared/network.ts';

/*
 * The platform's own objects that an order may name for a customer or subscriber, with the members and names of its DTOs
 * (sippulse.md, "Others").
 */

const text = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .refine((value) => value === value.trim(), { error: 'must not begin or end with a space' });
const mail = z.email().max(255);

/** A reseller that the customer's subscribers belong to. All but the name is needed when it is not there yet. */
const reseller = z
  .strictObject({
    name: text(64),
    manager: text(128).optional(),
    email: mail.optional(),
    phone: text(32).optional(),
    mobile: text(32).optional(),
    username: text(64).optional(),
    /** A secret. */
    password: text(128).optional(),
  })
  .refine(
    ({ manager, email, username }) => new Set([manager, email, username].map((one) => one === undefined)).size === 1,
    { error: 'manager, email, username and password belong together: a new reseller needs them all' },
  );

export const customerNative = z.strictObject({
  reseller: reseller.optional(),
  /** The group of accounts that the customer's subscribers are put into. */
  accountGroup: z.strictObject({ accountManager: text(128), managerProfile: text(64) }).optional(),
});

const address = z
  .strictObject({
    ipAddress,
    /** Left out: the address alone. */
    mask: mask.optional(),
    method: z.enum(['iponly', 'techprefix', 'ip+cpt', 'ip+cli']).default('iponly'),
    port: z.int().min(0).max(65_535).default(0),
    protocol: z.enum(['tcp', 'udp', 'tls', 'any']).default('any'),
    techPrefix: text(32).optional(),
  })
  .refine(({ method, techPrefix }) => techPrefix !== undefined || !['techprefix', 'ip+cpt'].includes(method), {
    error: 'techPrefix is needed with this method',
    path: ['techPrefix'],
  })
  .superRefine((value, ctx) => {
    const message = maskFault(value);
    if (message !== null) ctx.addIssue({ code: 'custom', path: ['mask'], message });
  });

/** With the mask of one that names none: that of the address alone. */
const withMask = ({ mask: bits, ...rest }: z.infer<typeof address>) => ({
  ...rest,
  mask: bits ?? bitsOf(rest.ipAddress),
});

export type Address = ReturnType<typeof withMask>;

const distinct = (list: readonly unknown[]): boolean =>
  new Set(list.map((one) => JSON.stringify(one))).size === list.length;

const whiteList = z
  .array(z.string().regex(/^\+?\d{1,20}$/, 'must be digits'))
  .max(500)
  .refine(distinct, { error: 'must not hold a prefix twice' });
const addresses = z
  .array(address)
  .max(100)
  .refine((list) => distinct(list.map(withMask)), { error: 'must not hold an address twice' });
const locations = z.array(contact).max(100).refine(distinct, { error: 'must not hold a location twice' });

export const subscriberNative = z.strictObject({
  whiteList: whiteList.optional(),
  addresses: addresses.optional(),
  locations: locations.optional(),
  /** Added once, in the platform's currency. */
  credit: z.number().positive().max(1_000_000).optional(),
  /** Of all DIDs of the subscriber. */
  did: z
    .strictObject({
      didHeader: text(128).optional(),
      didToRuri: z.boolean().optional(),
      gwid: text(32).optional(),
      localArea: text(32).optional(),
      monthlySubscription: z.number().min(0).max(1_000_000).optional(),
      reverseBilling: z.boolean().optional(),
    })
    .optional(),
});

/** Of a modify order: null takes away. Nothing tells which account group a subscriber is in. */
export const customerNativeChange = customerNative.extend({ reseller: reseller.nullish() });

/** Of a modify order: a list replaces the one that is there, null empties it. */
export const subscriberNativeChange = subscriberNative.extend({
  whiteList: whiteList.nullish(),
  addresses: addresses.nullish(),
  locations: locations.nullish(),
});

export type CustomerNative = z.infer<typeof customerNativeChange>;
export type SubscriberNative = z.input<typeof subscriberNativeChange>;

/** For orders that passed the door: the same members, typed. */
export const customerNativeOf = (native: JsonObject): CustomerNative => native;
export const subscriberNativeOf = (native: JsonObject): SubscriberNative => native;

/** Addresses with what the order left out. */
export const addressesOf = (native: JsonObject): readonly Address[] =>
  (subscriberNativeOf(native).addresses ?? []).map((one) => withMask(address.parse(one)));
