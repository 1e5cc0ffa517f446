import { z } from 'zod';
import type { JsonObject } from '../port.ts';

/*
 * The platform's own fields that an order may name, by their own names (sipwise-ngcp.md §8.1 – §8.3). Left out are those
 * that the order model has under another name, those the platform does not keep (`display_name` of a SIP account) and
 * output.
 */

const LARGEST_INT = 2_147_483_647;

/** Text as MySQL keeps it: forms are trimmed, and a character outside the basic plane may cut the rest off. */
function storedText(max: number, min = 1): z.ZodType<string> {
  return z.string().check((ctx) => {
    const fault = storedTextFault(ctx.value, max, min);
    if (fault) ctx.issues.push({ code: 'custom', message: fault, input: ctx.value });
  });
}

/** As the columns of the platform count: a surrogate pair is one. */
export const characters = (value: string): number => Array.from(value).length;

/** What is wrong with a text that the platform shall store, or null. */
export function storedTextFault(value: string, max: number, min = 1): string | null {
  const length = characters(value);
  if (length > max) return `must have at most ${max} characters`;
  if (length < min) return min === 1 ? 'must not be empty' : `must have at least ${min} characters`;
  if (value !== value.trim()) return 'must not begin or end with a space';
  if (length !== value.length) return 'must not hold characters outside the Unicode basic plane, such as emoji';
  return null;
}

const id = z.int().min(1).max(LARGEST_INT);

const contactNative = z.strictObject({
  comregnum: storedText(31).optional(),
  faxnumber: storedText(31).optional(),
  bankname: storedText(255).optional(),
  iban: storedText(34).optional(),
  bic: storedText(11, 8).optional(),
  timezone: storedText(80).optional(),
  // gpp0 bears the key by which a contact of ours is known again.
  gpp1: storedText(255).optional(),
  gpp2: storedText(255).optional(),
  gpp3: storedText(255).optional(),
  gpp4: storedText(255).optional(),
  gpp5: storedText(255).optional(),
  gpp6: storedText(255).optional(),
  gpp7: storedText(255).optional(),
  gpp8: storedText(255).optional(),
  gpp9: storedText(255).optional(),
});

export const customerNative = z.strictObject({
  type: z.enum(['sipaccount', 'pbxaccount']).optional(),
  status: z.enum(['active', 'pending', 'locked']).optional(),
  max_subscribers: z.int().min(0).max(LARGEST_INT).nullable().optional(),
  vat_rate: z.int().min(0).max(100).optional(),
  add_vat: z.boolean().optional(),
  profile_package_id: id.optional(),
  subscriber_email_template_id: id.nullable().optional(),
  passreset_email_template_id: id.nullable().optional(),
  invoice_email_template_id: id.nullable().optional(),
  invoice_template_id: id.nullable().optional(),
  contact: contactNative.optional(),
});

export const subscriberNative = z.strictObject({
  /** 1 foreign, 2 outgoing, 3 all, 4 global, 5 ported; null takes the lock off. */
  lock: z.int().min(1).max(5).nullable().optional(),
  status: z.enum(['active', 'locked']).optional(),
  email: z.email().max(255).optional(),
  timezone: storedText(80).optional(),
  administrative: z.boolean().optional(),
  profile_set_id: id.optional(),
  profile_id: id.optional(),
  is_pbx_pilot: z.boolean().optional(),
  pbx_extension: z
    .string()
    .regex(/^\d{1,15}$/, 'must be digits')
    .optional(),
});

/** Every member may be null, which clears it. */
function clearable<Shape extends z.ZodRawShape>({ shape }: z.ZodObject<Shape>) {
  const members = Object.entries(shape).map(([name, member]) => [name, (member as z.ZodType).nullable()]);
  return z.strictObject(Object.fromEntries(members) as Record<string, z.ZodType>);
}

/** What a modify order may change: the others are fixed, or changed by orders of their own. */
export const changedCustomerNative = customerNative
  .omit({ type: true, status: true, profile_package_id: true })
  .extend({ contact: clearable(contactNative).optional() });

export const changedSubscriberNative = subscriberNative
  .omit({ is_pbx_pilot: true })
  .extend(
    clearable(subscriberNative.pick({ email: true, timezone: true, profile_set_id: true, profile_id: true })).shape,
  );

export type CustomerNative = z.infer<typeof customerNative>;
export type SubscriberNative = z.infer<typeof subscriberNative>;

/** For orders that passed the door: the same members, typed. */
export const customerNativeOf = (native: JsonObject): CustomerNative => native;
export const subscriberNativeOf = (native: JsonObject): SubscriberNative => native;
