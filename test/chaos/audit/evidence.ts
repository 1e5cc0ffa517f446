import type { Deed, Entry, EntrySeen, OrderSeen, StepSeen } from '../seen.ts';
import type { MoveBody, OperationBody, SplitNumber, SubscriberBody } from '../orders.ts';
import type { TappedCall } from '../tap.ts';

/** All that the auditor judges by, beside the platforms' states. It shares no code with what it judges. */
export interface Evidence {
  readonly entries: readonly Entry[];
  /** Every order the API knows, oldest first. */
  readonly orders: readonly OrderSeen[];
  readonly journals: ReadonlyMap<string, readonly EntrySeen[]>;
  /** By order and user name: passwords that were made up, as the CRM can fetch them. */
  readonly credentials: ReadonlyMap<string, Record<string, string> | null>;
  readonly deeds: readonly Deed[];
  readonly tapped: readonly TappedCall[];
}

export type Violate = (rule: string, what: string, evidence?: unknown) => void;

/** An order with what was planned of it. */
export interface Case {
  readonly entry: Entry;
  readonly order: OrderSeen;
}

/** Names a fault by the order it is of, if it is one's. */
export type Told = (one: Case | undefined, rule: string, what: string) => void;

/** What concerns one target. */
export function evidenceOf(evidence: Evidence, target: string): Evidence {
  return {
    ...evidence,
    entries: evidence.entries.filter(({ body }) => body.target === target),
    orders: evidence.orders.filter((order) => order.target === target),
    tapped: evidence.tapped.filter((call) => call.target === target),
  };
}

export function casesOf({ entries, orders }: Pick<Evidence, 'entries' | 'orders'>): Case[] {
  const byId = new Map(orders.map((order) => [order.id, order]));
  return entries.flatMap((entry) => {
    const order = entry.id === null ? undefined : byId.get(entry.id);
    return order ? [{ entry, order }] : [];
  });
}

export const tellerOf =
  ({ journals }: Evidence, violate: Violate): Told =>
  (one, rule, what) =>
    violate(
      rule,
      one ? `${one.order.externalId} (${one.order.state}): ${what}` : what,
      one && excerpt(journals.get(one.order.id)),
    );

export const nameOf = ({ username, domain }: { username: string; domain: string }): string =>
  `${username}@${domain}`.toLowerCase();

/** What is a number's identity: all its digits, however they are split. */
export const digitsOf = ({ cc, ac, sn }: { cc: number | string; ac: string; sn: string }): string => `${cc}${ac}${sn}`;

export function wantedDigits(number: string | SplitNumber): string {
  return typeof number === 'string' ? number.slice(1) : digitsOf(number);
}

export const subscribersOf = ({ entry }: Case): readonly SubscriberBody[] => entry.body.subscribers ?? [];

/** The ordered subscriber of a step, null for a step of something else. */
export function subscriberOf(one: Case, item: string | null): SubscriberBody | null {
  return subscribersOf(one).find(({ id }, at) => (id ?? `s${at + 1}`) === item) ?? null;
}

/** The ordered move of a number of a step, null for a step of something else. */
export function moveOf({ entry }: Case, item: string | null): MoveBody | null {
  return item?.startsWith('m') ? (entry.body.moves?.[Number(item.slice(1)) - 1] ?? null) : null;
}

export const isOfLife = ({ entry }: Pick<Case, 'entry'>): boolean => entry.planned.draft.ofLife === true;

/** The posted operation of a step, null for a step of something else. */
export function operationOf({ entry }: Case, item: string | null): OperationBody | null {
  return item?.startsWith('o') ? (entry.body.operations?.[Number(item.slice(1)) - 1] ?? null) : null;
}

/** The lines in which an order stands: its customer's, those of other customers' whose numbers it moves, and the target's own for operations. */
export function linesOf({ entry: { body } }: Case): string[] {
  const { target, customer, operations = [], moves = [] } = body;
  const own = operations.length > 0 ? [`operations of ${target}`] : [];
  if (!customer) return own;
  const customers = [customer.externalId, ...moves.map(({ from }) => from.customer.externalId)];
  return [...new Set(customers)].map((name) => `${name} of ${target}`).concat(own);
}

export const stepOf = ({ order }: Case, id: string | null | undefined): StepSeen | undefined =>
  order.steps.find((step) => step.id === id);

/** Short enough to print, long enough to understand. */
export function excerpt(journal: readonly EntrySeen[] | undefined): unknown {
  return (journal ?? []).map(
    ({ at, type, step, detail }) => `${at.slice(11, 23)} ${type} ${step ?? ''} ${JSON.stringify(detail).slice(0, 260)}`,
  );
}
