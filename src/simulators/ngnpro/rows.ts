import type { Struct, Value } from './values.ts';

/** A stored struct: every member the server keeps, in its own type. */
export type Columns = Record<string, Value | undefined>;

/** Whose something is; 0 means the platform's own. */
export interface Ownership {
  readonly customer: number;
  readonly reseller: number;
}

interface Dated {
  /** In ms since the epoch. */
  changed: number;
}

export interface CustomerRow extends Dated {
  readonly id: number;
  columns: Columns;
  properties: readonly Struct[];
}

/** A domain, trusted peer, ENUM range or DNS zone: what others inherit their owner from, or what has one itself. */
export interface OwnedRow extends Dated {
  readonly key: string;
  ownership: Ownership;
  columns: Columns;
}

export interface CreditEntry {
  readonly at: number;
  readonly action: string;
  readonly description: string;
  readonly value: number;
  readonly balance: number;
}

export interface AccountRow extends Dated {
  /** `username@domain`. */
  readonly key: string;
  readonly username: string;
  readonly domain: string;
  readonly created: number;
  columns: Columns;
  groups: Set<string>;
  diversions: Struct;
  acceptRules: Struct;
  rejectMembers: readonly string[];
  barringPrefixes: readonly string[];
  /** By `uri`. */
  readonly phonebook: Map<string, Struct>;
  balance: number;
  /** Oldest first. */
  readonly credits: CreditEntry[];
  presence: Struct | null;
  presencePolicy: Struct;
}

export interface AliasRow extends Dated {
  /** `username@domain`. */
  readonly key: string;
  readonly username: string;
  readonly domain: string;
  /** `username@domain` of a SIP account. */
  target: string;
  owner: number;
}

export interface MailboxRow {
  /** `username@domain`. */
  readonly key: string;
  readonly mailbox: string;
  columns: Columns;
  /** Bytes; null while the built-in one is played. */
  announcement: Buffer | null;
}

export interface NumberRow extends Dated {
  /** `number tld`. */
  readonly key: string;
  readonly number: string;
  readonly tld: string;
  columns: Columns;
  mappings: readonly Struct[];
}

/** A carrier, gateway, gateway rule or route: the server's id, a reseller. */
export interface ResellerRow extends Dated {
  readonly id: number;
  reseller: number;
  columns: Columns;
}

export interface RecordRow extends Dated {
  readonly id: number;
  columns: Columns;
}

export interface Voucher {
  readonly id: number;
  readonly number: string;
  readonly value: number;
  /** `username@domain` of the account that used it. */
  usedBy: string | null;
}
