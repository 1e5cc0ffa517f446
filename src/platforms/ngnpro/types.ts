import type { OnceCache } from '../once-cache.ts';
import type { Surface } from '../soap/surface.ts';
import type { PortName } from './soap/ports.ts';

/** What an operation takes, by the names of its parts. `undefined` and `null` are left out. */
export type Args = { readonly [name: string]: unknown };

/** What an operation answers: plain values, typed as our WSDL has them. */
export type Plain = null | boolean | number | string | readonly Plain[] | Item;

/** An object of the platform. */
export interface Item {
  readonly [member: string]: Plain | undefined;
}

/** A subscriber's or alias's key. */
export interface SipId {
  readonly username: string;
  readonly domain: string;
}

/** One attempt's client. Every call is fenced, rated and journaled. */
export interface NgnproClient {
  /**
   * One operation of a port. Operations whose names begin with `get` read; all others write, so that after a lost reply
   * their outcome is unknown.
   * @returns the answer's one part; `null` where there is none
   * @throws TurnupError; a `NgnproFault` where the platform answers with a fault
   */
  call(port: PortName, operation: string, args?: Args): Promise<Plain>;
  /** The platform's own WSDL; null where it shows none that can be read. */
  liveSurface(): Promise<Surface | null>;
  /** Of the target's configuration. */
  readonly defaults: NgnproDefaults;
  /** Id of the customer on whose behalf it calls; null: nobody's. */
  readonly actsFor: number | null;
  /** The same login on nobody's behalf. */
  itself(): NgnproClient;
  /** A password that nobody is told and nobody keeps: for what must have one. */
  throwaway(): string;
  /** What rarely changes on a target, e.g. its domains; shared by all attempts of a process. */
  readonly references: OnceCache<unknown>;
}

/** What steps need of the target's configuration; holds no secret. */
export interface NgnproDefaults {
  /** How passwords of subscribers are sent. */
  readonly passwords: 'digest' | 'clear';
  /** How a number is written as the user part of an address: `+43987610001` or `43987610001`. */
  readonly numberFormat: 'digits' | 'plus';
  /** Whether numbers are published in ENUM; `auto`: where the platform has a range in the tree. */
  readonly enum: 'auto' | 'always' | 'never';
  /** Suffix of the ENUM tree of numbers. */
  readonly enumTld: string;
  /** Customer number of the reseller that new customers belong to; null: the login's own. */
  readonly reseller: number | null;
  /** An administrator has no reseller of its own. */
  readonly login: 'administrator' | 'customer';
  /** IANA name; of new customers and subscribers. */
  readonly timezone: string;
}
