/*
 * A part of the port: what a platform sees of an order. The model in src/orders is assignable to these types (checked by
 * the compiler where both meet).
 */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };
export type JsonObject = { readonly [key: string]: Json | undefined };

export type Action = 'provision' | 'modify' | 'suspend' | 'resume' | 'terminate';

/** Absent member = not given. Intake has removed empty strings. */
export interface Contact {
  firstName?: string;
  lastName?: string;
  company?: string;
  email?: string;
  phone?: string;
  mobile?: string;
  street?: string;
  houseNumber?: string;
  complement?: string;
  district?: string;
  postcode?: string;
  city?: string;
  state?: string;
  /** ISO 3166-1 alpha-2, upper case. */
  country?: string;
  taxId?: string;
}

/** Digits only, no plus. `ac` may be empty: then `sn` is the whole national number. */
export interface PhoneNumber {
  cc: string;
  ac: string;
  sn: string;
}

export interface ForwardDestination {
  /** E.164 with plus, `sip:user@host`, or `voicemail`. */
  to: string;
  /** Seconds this destination rings before the next is tried. */
  timeout?: number;
}

export interface TimeWindow {
  days: readonly ('mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun')[];
  /** `HH:MM`, local time of the platform. */
  from: string;
  to: string;
}

export interface CallForward {
  destinations: readonly ForwardDestination[];
  /** Seconds; only with `noAnswer`. */
  ringTimeout?: number;
  /** `null` or absent = always. */
  times?: readonly TimeWindow[] | null;
}

export const CALL_FORWARD_TYPES = ['unconditional', 'busy', 'noAnswer', 'unregistered', 'unavailable'] as const;
export type CallForwardType = (typeof CALL_FORWARD_TYPES)[number];
export type CallForwards = { readonly [type in CallForwardType]?: CallForward | null };

export interface Voicemail {
  /** A secret; present only where secrets are opened. */
  pin?: string;
  email?: string;
}

export interface SubscriberOrder {
  /** Unique in the order. */
  id: string;
  externalId?: string;
  username: string;
  domain: string;
  /** A secret; present only where secrets are opened. */
  password?: string;
  webUsername?: string;
  /** A secret; present only where secrets are opened. */
  webPassword?: string;
  number?: PhoneNumber;
  aliases: readonly PhoneNumber[];
  callForwards?: CallForwards;
  preferences?: { readonly [name: string]: Json };
  voicemail?: Voicemail;
  native: JsonObject;
}

/** One of the platform's own operations, carried by an order (API.md). Secrets in `args` are opened like a subscriber's. */
export interface OperationOrder {
  /** Unique in the order, among subscribers too. */
  id: string;
  service: string;
  operation: string;
  args: JsonObject;
}

/** Whom a subscriber belongs to and what it is called. */
export interface SubscriberName {
  username: string;
  domain: string;
}

/**
 * A number that goes from one subscriber to another of the same customer, or from another customer's: as an alias,
 * whatever it was before.
 */
export interface NumberMove {
  /** Unique in the order, among subscribers and operations too. */
  id: string;
  number: PhoneNumber;
  /** `customer`: the customer's externalId. */
  from: SubscriberName & { customer: string };
  /** A subscriber of the order's customer. */
  to: SubscriberName;
}

/** An order as a platform sees it: checked, normalised, numbers split, without secrets unless said otherwise. */
export interface OrderContent {
  externalId: string;
  target: string;
  action: Action;
  customer: {
    externalId: string;
    contact?: Contact;
    billingProfile?: string;
    native: JsonObject;
  };
  subscribers: readonly SubscriberOrder[];
  /** Empty on platforms that offer none. A step sees its own operation only. */
  operations: readonly OperationOrder[];
  /** Of a modify order. Every step sees them all. */
  moves?: readonly NumberMove[];
  /**
   * Of a modify order: members to be cleared, by path with the id of the subscriber, e.g. `customer.contact.phone`,
   * `subscribers.s1.aliases`, `subscribers.s1.voicemail.email`. Nulls within `callForwards`, `preferences` and `native`
   * stay where they are.
   */
  cleared?: readonly string[];
  /**
   * The distinct domains of all subscribers of the order: a step sees its own subscriber only, and what is missing on
   * the target is better known before anything is made.
   */
  domains?: readonly string[];
}
