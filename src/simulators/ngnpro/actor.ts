import { NgnproFault } from './fault.ts';
import type { CustomerRow, Ownership } from './rows.ts';
import type { NgnproState } from './state.ts';

/** `admin`/`admin`: the engine's own credentials. */
const ADMINISTRATOR = { username: 'admin', password: 'admin' };

export interface AuthHeader {
  readonly username: string;
  readonly password: string;
  /** Undefined when it was left out. */
  readonly admin: boolean | undefined;
  /** 0 means nobody. */
  readonly impersonate: number;
}

/** Who asks. */
export interface Actor {
  /** Whether the login is the platform's, also while it acts for a customer. */
  readonly administrator: boolean;
  /** On whose behalf; null is unrestricted. */
  readonly customer: CustomerRow | null;
}

export const resellerOf = ({ columns }: CustomerRow): number => Number(columns['reseller']);
/** A customer with `id == reseller` is a reseller (ngnpro.md, "Rules worth coding"). */
export const isReseller = (customer: CustomerRow): boolean => resellerOf(customer) === customer.id;

function login({ username, password, admin }: AuthHeader, state: NgnproState): Actor {
  const known = username === ADMINISTRATOR.username && password === ADMINISTRATOR.password;
  if (known && admin !== false) return { administrator: true, customer: null };
  const customer = [...state.customers.values()].find(({ columns }) => columns['username'] === username);
  if (!customer || admin === true || password === '' || customer.columns['password'] !== password) {
    throw new NgnproFault('loginFailed');
  }
  return { administrator: false, customer };
}

/**
 * `impersonate` of a customer login is not described: assumed to work for itself, for a reseller's own customers, and
 * for the one its record names.
 */
function mayImpersonate({ customer }: Actor, other: CustomerRow): boolean {
  if (customer === null || customer.id === other.id) return true;
  return (isReseller(customer) && resellerOf(other) === customer.id) || customer.columns['impersonate'] === other.id;
}

/** @throws NgnproFault `loginFailed`; `notAuthorised` for an `impersonate` that is no customer, or not the login's */
export function authenticate(header: AuthHeader | null, state: NgnproState): Actor {
  if (!header) throw new NgnproFault('loginFailed');
  const actor = login(header, state);
  if (header.impersonate === 0) return actor;
  const other = state.customers.get(header.impersonate);
  if (!other || !mayImpersonate(actor, other)) throw new NgnproFault('notAuthorised');
  return { ...actor, customer: other };
}

/** A reseller what bears its id as `reseller`, a customer what bears its own as `customer`; `owner` gives no rights. */
export function mayTouch({ customer }: Actor, { customer: owner, reseller }: Ownership): boolean {
  if (!customer) return true;
  return isReseller(customer) ? reseller === customer.id : owner === customer.id;
}

/** @throws NgnproFault `notAuthorised` */
export function checkTouch(actor: Actor, ownership: Ownership): void {
  if (!mayTouch(actor, ownership)) throw new NgnproFault('notAuthorised');
}
