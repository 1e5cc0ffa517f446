import type {
  AccountRow,
  AliasRow,
  CustomerRow,
  MailboxRow,
  NumberRow,
  OwnedRow,
  RecordRow,
  ResellerRow,
  Voucher,
} from './rows.ts';
import type { Struct } from './values.ts';

/** Ids of a kind start apart from the others', so that nobody takes one for another unnoticed. */
const FIRST_ID = {
  customer: 3001,
  carrier: 101,
  gateway: 201,
  gatewayRule: 301,
  route: 401,
  mapping: 501,
  record: 601,
  fancyRecord: 701,
  mailbox: 8001,
  autoincrement: 100_001,
} as const;

export function createState() {
  const counters = new Map<string, number>();
  return {
    customers: new Map<number, CustomerRow>(),
    domains: new Map<string, OwnedRow>(),
    accounts: new Map<string, AccountRow>(),
    aliases: new Map<string, AliasRow>(),
    /** By `username@domain`. */
    mailboxes: new Map<string, MailboxRow>(),
    peers: new Map<string, OwnedRow>(),
    carriers: new Map<number, ResellerRow>(),
    gateways: new Map<number, ResellerRow>(),
    gatewayRules: new Map<number, ResellerRow>(),
    routes: new Map<number, ResellerRow>(),
    /** By `prefix tld`. */
    ranges: new Map<string, OwnedRow>(),
    /** By `number tld`. */
    numbers: new Map<string, NumberRow>(),
    zones: new Map<string, OwnedRow>(),
    records: new Map<number, RecordRow>(),
    fancyRecords: new Map<number, RecordRow>(),
    /** By entity. */
    ratingProfiles: new Map<string, Struct>(),
    vouchers: new Map<number, Voucher>(),

    nextId(kind: keyof typeof FIRST_ID): number {
      const id = counters.get(kind) ?? FIRST_ID[kind];
      counters.set(kind, id + 1);
      return id;
    },
  };
}

export type NgnproState = ReturnType<typeof createState>;

/** `username@domain`. */
export const accountKey = (username: string, domain: string): string => `${username}@${domain}`;
/** Of a number or a prefix. */
export const enumKey = (digits: string, tld: string): string => `${digits} ${tld}`;

/** `2026-11-22 06:31:12`, UTC: the form of every time the platform shows. */
export const timestamp = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
