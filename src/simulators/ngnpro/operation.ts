import { checkTouch, isReseller, mayTouch, resellerOf, type Actor } from './actor.ts';
import { NgnproFault } from './fault.ts';
import type { NgnproSettings } from './options.ts';
import type { AccountRow, AliasRow, CustomerRow, NumberRow, OwnedRow, Ownership, RecordRow } from './rows.ts';
import { accountKey, enumKey, type NgnproState } from './state.ts';
import { number, struct, text, type Struct, type Value } from './values.ts';

export interface Context {
  readonly state: NgnproState;
  readonly settings: NgnproSettings;
  /** Unrestricted in the presence port, whose operations carry the account's own password. */
  readonly actor: Actor;
  /** In ms since the epoch: when the request came. */
  readonly at: number;
}

/** Returns the one part of the reply, if its type has one. */
export type Operation = (args: Struct, context: Context) => Value | void;
export type Operations = Readonly<Record<string, Operation>>;

const PLATFORM: Ownership = { customer: 0, reseller: 0 };

export const ownershipOfCustomer = (row: CustomerRow): Ownership => ({ customer: row.id, reseller: resellerOf(row) });

/** Accounts and aliases inherit from their domain, so a domain that changes hands takes them along. */
export const ownershipOfAccount = ({ domain }: AccountRow | AliasRow, { domains }: NgnproState): Ownership =>
  domains.get(domain)?.ownership ?? PLATFORM;

/** The range with the longest prefix that a number begins with. */
export function rangeOf(digits: string, tld: string, { ranges }: NgnproState): OwnedRow | undefined {
  for (let length = digits.length; length > 0; length -= 1) {
    const range = ranges.get(enumKey(digits.slice(0, length), tld));
    if (range) return range;
  }
  return undefined;
}

export const ownershipOfNumber = (row: NumberRow, state: NgnproState): Ownership =>
  rangeOf(row.number, row.tld, state)?.ownership ?? PLATFORM;

export const ownershipOfRecord = ({ columns }: RecordRow, { zones }: NgnproState): Ownership =>
  zones.get(text(columns, 'zone'))?.ownership ?? PLATFORM;

/** A customer this login may see. @throws NgnproFault */
export function customerOf(id: number, { state, actor }: Context): CustomerRow {
  const row = state.customers.get(id);
  if (!row) throw new NgnproFault('customerAbsent', String(id));
  checkTouch(actor, ownershipOfCustomer(row));
  return row;
}

/** A domain this login may touch. @throws NgnproFault */
export function domainOf(name: string, { state, actor }: Context): OwnedRow {
  const row = state.domains.get(name);
  if (!row) throw new NgnproFault('domainAbsent', name);
  checkTouch(actor, row.ownership);
  return row;
}

/** `username@domain` of what a SipId names. */
export const keyOf = (sipId: Struct): string => accountKey(text(sipId, 'username'), text(sipId, 'domain'));

/** The SIP account that a SipId names, if this login may touch it. @throws NgnproFault */
export function accountOf(sipId: Struct, { state, actor }: Context): AccountRow {
  const domain = state.domains.get(text(sipId, 'domain'));
  if (domain) checkTouch(actor, domain.ownership);
  const row = state.accounts.get(keyOf(sipId));
  if (!row) throw new NgnproFault('accountAbsent', keyOf(sipId));
  return row;
}

/** The account that the part `sipId` names. @throws NgnproFault */
export const accountIn = (args: Struct, context: Context): AccountRow => accountOf(struct(args, 'sipId'), context);

/** `username` and `domain` of a key. */
export const sipIdOf = ({ username, domain }: { readonly username: string; readonly domain: string }): Struct => ({
  username,
  domain,
});

/**
 * Whose a new domain, range, zone or peer is: what is made by or for a customer is that customer's, a reseller may give
 * it to a customer of its own, the administrator to anybody (ngnpro.md, "Auth header").
 * @throws NgnproFault
 */
export function ownershipFrom(given: Struct, context: Context): Ownership {
  const { customer: acting } = context.actor;
  const customer = number(given, 'customer');
  if (!acting) {
    const owner = customer === 0 ? null : customerOf(customer, context);
    const reseller = number(given, 'reseller');
    if (reseller !== 0) customerOf(reseller, context);
    return { customer, reseller: reseller === 0 && owner ? resellerOf(owner) : reseller };
  }
  if (!isReseller(acting) || customer === 0) return { customer: acting.id, reseller: resellerOf(acting) };
  return { customer: customerOf(customer, context).id, reseller: acting.id };
}

/** The customer an object belongs to: 0, or one this login may see. @throws NgnproFault */
export function ownerFrom(given: Struct, context: Context): number {
  const owner = number(given, 'owner');
  return owner === 0 ? 0 : customerOf(owner, context).id;
}

/** Whose a carrier is: the acting reseller's; the administrator gives it to whom he says. @throws NgnproFault */
export function resellerFrom(given: Struct, context: Context): number {
  const { customer: acting } = context.actor;
  if (acting && !isReseller(acting)) throw new NgnproFault('notAuthorised');
  if (acting) return acting.id;
  const reseller = number(given, 'reseller');
  return reseller === 0 ? 0 : customerOf(reseller, context).id;
}

/** @throws NgnproFault unless the login itself is the administrator's, for whomever it acts */
export function checkAdministrator({ actor }: Context): void {
  if (!actor.administrator) throw new NgnproFault('notAuthorised');
}

/** The rows this login may see. */
export const visible = <Row>(
  rows: Iterable<Row>,
  { actor }: Context,
  ownershipOf: (row: Row) => Ownership,
): readonly Row[] => [...rows].filter((row) => mayTouch(actor, ownershipOf(row)));
