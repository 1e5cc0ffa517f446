import type { EntrySeen, OrderSeen } from '../crm.ts';
import type { Entry } from '../driver.ts';
import type { Leftovers } from '../leftovers.ts';
import type { Deed } from '../nemesis.ts';
import type { State, Subscriber } from '../platform.ts';
import type { TappedCall } from '../tap.ts';

/** All that the auditor judges by. It shares no code with what it judges. */
export interface Evidence {
  readonly entries: readonly Entry[];
  /** Every order the API knows, oldest first. */
  readonly orders: readonly OrderSeen[];
  readonly journals: ReadonlyMap<string, readonly EntrySeen[]>;
  /** By order and user name: passwords that were made up, as the CRM can fetch them. */
  readonly credentials: ReadonlyMap<string, Record<string, string> | null>;
  readonly before: State;
  readonly after: State;
  readonly leftovers: Leftovers;
  readonly deeds: readonly Deed[];
  readonly tapped: readonly TappedCall[];
}

export type Violate = (rule: string, what: string, evidence?: unknown) => void;

/** An order with what was planned of it. */
export interface Case {
  readonly entry: Entry;
  readonly order: OrderSeen;
}

export function casesOf({ entries, orders }: Evidence): Case[] {
  const byId = new Map(orders.map((order) => [order.id, order]));
  return entries.flatMap((entry) => {
    const order = entry.id === null ? undefined : byId.get(entry.id);
    return order ? [{ entry, order }] : [];
  });
}

export const nameOf = ({ username, domain }: { username: string; domain: string }): string =>
  `${username}@${domain}`.toLowerCase();

/** What is a number's identity: all its digits, however they are split. */
export const digitsOf = ({ cc, ac, sn }: { cc: number | string; ac: string; sn: string }): string => `${cc}${ac}${sn}`;

export function wantedDigits(number: string | { cc: string; ac: string; sn: string }): string {
  return typeof number === 'string' ? number.slice(1) : digitsOf(number);
}

export function numbersOf(subscriber: Subscriber): string[] {
  const { primary_number: primary, alias_numbers: aliases } = subscriber;
  return [...(primary ? [primary] : []), ...aliases].map(digitsOf);
}

/** The body of a planned order's subscriber, by its id in the order. */
export function itemOf(entry: Entry, item: string) {
  return entry.body.subscribers[Number(item.slice(1)) - 1]!;
}

/** Short enough to print, long enough to understand. */
export function excerpt(journal: readonly EntrySeen[] | undefined): unknown {
  return (journal ?? []).map(
    ({ at, type, step, detail }) => `${at.slice(11, 23)} ${type} ${step ?? ''} ${JSON.stringify(detail).slice(0, 260)}`,
  );
}
