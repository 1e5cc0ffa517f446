import type { ACTIONS, DAYS, FORWARD_TYPES, ON_FAILURE } from './shape-fields.ts';
import type { PhoneNumber } from './numbers.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };
export type JsonObject = { readonly [key: string]: Json | undefined };

export type Action = (typeof ACTIONS)[number];
type OnFailure = (typeof ON_FAILURE)[number];
type ForwardType = (typeof FORWARD_TYPES)[number];

/** Only members that are given; empty strings are gone. `country` is ISO 3166-1 alpha-2, upper case. */
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
  country?: string;
  taxId?: string;
}

interface TimeWindow {
  days: readonly (typeof DAYS)[number][];
  /** `HH:MM`, local time of the platform. */
  from: string;
  to: string;
}

export interface CallForward {
  /** `timeout` in seconds. */
  destinations: readonly { to: string; timeout?: number }[];
  /** Seconds; only with `noAnswer`. */
  ringTimeout?: number;
  /** `null` or absent: always. */
  times?: readonly TimeWindow[] | null;
}

export interface Subscriber {
  /** Unique in the order. */
  id: string;
  externalId?: string;
  username: string;
  domain: string;
  /** A secret; see `splitSecrets`. */
  password?: string;
  webUsername?: string;
  /** A secret. */
  webPassword?: string;
  number?: PhoneNumber;
  aliases: readonly PhoneNumber[];
  callForwards?: { readonly [type in ForwardType]?: CallForward | null };
  preferences?: { readonly [name: string]: Json };
  /** `pin` is a secret. */
  voicemail?: { pin?: string; email?: string };
  native: JsonObject;
}

export interface Operation {
  /** Unique among operations and subscribers of the order. */
  id: string;
  service: string;
  operation: string;
  args: JsonObject;
}

export interface NumberMove {
  /** Unique among subscribers, operations and moves of the order. */
  id: string;
  number: PhoneNumber;
  /** `customer`: the customer's externalId. */
  from: { customer: string; username: string; domain: string };
  to: { username: string; domain: string };
}

/** An order checked and normalised: defaults filled in, numbers split, times in UTC. Survives JSON. */
export interface Order {
  externalId: string;
  target: string;
  action: Action;
  onFailure: OnFailure;
  /** ISO 8601 UTC with milliseconds. */
  notBefore?: string;
  deadline?: string;
  customer: {
    /** Empty in an order that has operations only. */
    externalId: string;
    contact?: Contact;
    billingProfile?: string;
    native: JsonObject;
  };
  subscribers: readonly Subscriber[];
  operations: readonly Operation[];
  /** Left out when there are none. */
  moves?: readonly NumberMove[];
  /**
   * Of a modify order: members that were given as `null`, or as an empty list, and are to be cleared, e.g.
   * `customer.contact.phone`, `subscribers.s1.aliases`. Nulls within `preferences`, `callForwards` and `native` stay
   * where they are.
   */
  cleared?: readonly string[];
}
