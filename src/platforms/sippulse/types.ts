import type { OnceCache } from '../once-cache.ts';
import type { Surface } from '../soap/surface.ts';

/** What a call of a service takes, without the principal. `undefined`, `null` and empty strings are left out. */
export type Args = { readonly [name: string]: unknown };

/** One attempt's client. Every call is fenced, rated and journaled. */
export interface SippulseClient {
  /**
   * A call that changes nothing.
   * @param service e.g. `SubscriberWS`
   * @param operation by its live name, e.g. `lisAddresses`
   * @returns what the service answers, as npm `soap` reads it: `null` for an empty list or a void answer
   * @throws TurnupError; a `SippulseFault` where the service answers with a fault
   */
  read(service: string, operation: string, args: Args): Promise<Reply>;
  /** A call that changes the target; after a lost reply its outcome is unknown. */
  write(service: string, operation: string, args: Args): Promise<Reply>;
  /** Whether the server has the operation under any of its names. */
  offers(service: string, operation: string): Promise<boolean>;
  /** The service as the server describes it; null where it shows no WSDL. */
  liveSurface(service: string): Promise<Surface | null>;
  /** Of the target's configuration: what a new subscriber has where the order says nothing. */
  readonly defaults: SubscriberDefaults;
  /** What rarely changes on a target, e.g. `profiles sip.example.com`; shared by all attempts of a process. */
  readonly references: OnceCache<unknown>;
}

/** An object of the platform. */
export type Item = { readonly [member: string]: unknown };

export type Reply = { readonly [name: string]: unknown } | null;

export interface SubscriberDefaults {
  /** A name from ProfileWS. */
  readonly profile: string;
  /** From RatePlanWS; the order's `customer.billingProfile` names another. */
  readonly ratePlanId: number | null;
  readonly countryCode: number;
  readonly areaCode: number;
  /** Simultaneous calls. */
  readonly callLimit: number;
  /** Seconds until a call counts as not answered. */
  readonly rings: number;
  /** Calls per second. */
  readonly cps: number;
  /** Seconds between keep-alive messages; 0: none. */
  readonly keepAlive: number;
  /** Whether numbers of the target's own country are sent without its code. */
  readonly numberFormat: 'national' | 'international';
}
