import { ServiceFault } from './fault.ts';
import type { SippulseSettings } from './options.ts';
import { mayTouch, type Principal } from './principals.ts';
import type { Columns, SubscriberRow } from './rows.ts';
import { accountOf, type SippulseState } from './state.ts';
import type { Arguments, Fields } from './values.ts';

export interface Context {
  readonly state: SippulseState;
  readonly settings: SippulseSettings;
  /** Null in CustomerWS, whose operations take none. */
  readonly principal: Principal | null;
}

/** Returns the members of the response; a void one has none. */
export type Operation = (args: Arguments, context: Context) => object | void;
export type Operations = Readonly<Record<string, Operation>>;

const isBlank = (value: unknown): boolean => value === undefined || (typeof value === 'string' && value.trim() === '');

/** @throws ServiceFault when any of them was not sent, or is a blank string */
export function need(given: Arguments | Fields, members: readonly string[]): void {
  for (const member of members) {
    if (isBlank(given[member])) throw new ServiceFault(`${member} is required`);
  }
}

/** A string that is needed. @throws ServiceFault */
export function text(args: Arguments | Fields, name: string): string {
  need(args, [name]);
  return args[name] as string;
}

/** A string that may be left out. */
export function optionalText(args: Arguments | Fields, name: string): string {
  const value = args[name];
  return typeof value === 'string' ? value : '';
}

/** A number that is needed. @throws ServiceFault */
export function number(args: Arguments | Fields, name: string): number {
  need(args, [name]);
  return Number(args[name]);
}

/** A DTO that is needed. @throws ServiceFault */
export function dto(args: Arguments, name: string): Fields {
  const value = args[name];
  if (typeof value !== 'object' || Array.isArray(value)) throw new ServiceFault(`${name} is required`);
  return value as Fields;
}

function list(args: Arguments, name: string): readonly unknown[] {
  const value = args[name];
  if (!Array.isArray(value) || value.length === 0) throw new ServiceFault(`${name} is required`);
  return value;
}

/** A list of strings with at least one entry. @throws ServiceFault */
export const texts = (args: Arguments, name: string): readonly string[] => list(args, name) as readonly string[];

/** A list of DTOs with at least one entry. @throws ServiceFault */
export const dtos = (args: Arguments, name: string): readonly Fields[] => list(args, name) as readonly Fields[];

/** @throws ServiceFault when there is no such domain, or this login may not touch it */
export function openDomain({ state, principal }: Context, domain: string): string {
  if (!state.domains.has(domain)) throw new ServiceFault(`Domain ${domain} not found`);
  if (principal && !mayTouch(principal, domain)) throw new ServiceFault(`Access denied to domain ${domain}`);
  return domain;
}

/** The account that `username` and `domain` name. @throws ServiceFault */
export function accountIn(args: Arguments | Fields, context: Context): string {
  const username = text(args, 'username');
  return accountOf(username, openDomain(context, text(args, 'domain')));
}

/** @throws ServiceFault when there is none */
export function subscriberOf(account: string, { state }: Context): SubscriberRow {
  const row = state.subscribers.get(account);
  if (!row) throw new ServiceFault(`Subscriber ${account} not found`);
  return row;
}

/** The subscriber that `username` and `domain` name. @throws ServiceFault */
export const subscriberIn = (args: Arguments | Fields, context: Context): SubscriberRow =>
  subscriberOf(accountIn(args, context), context);

/** The row with this id, in a domain this login may touch. @throws ServiceFault */
export function rowById<Row extends { readonly domain: string }>(
  rows: ReadonlyMap<number, Row>,
  id: number,
  what: string,
  context: Context,
): Row {
  const row = rows.get(id);
  if (!row) throw new ServiceFault(`${what} ${id} not found`);
  openDomain(context, row.domain);
  return row;
}

/** A retrieve of what is not there: an empty reply, or a fault where the server is set so. */
export function absent({ settings }: Context, what: string): Record<string, never> {
  if (settings.absent === 'fault') throw new ServiceFault(`${what} not found`);
  return {};
}

/** @throws ServiceFault */
export function oneOf(given: Fields, member: string, allowed: readonly string[]): void {
  if (!allowed.includes(text(given, member))) {
    throw new ServiceFault(`${member} must be one of ${allowed.join(', ')}`);
  }
}

/** @throws ServiceFault */
export function inRange(given: Fields, member: string, least: number, most: number): void {
  const value = number(given, member);
  if (value < least || value > most) throw new ServiceFault(`${member} must be between ${least} and ${most}`);
}

/** The members that were sent, without those the server makes. */
export function columnsOf(given: Fields, made: readonly string[] = ['id']): Columns {
  const columns: Columns = {};
  for (const [member, value] of Object.entries(given)) {
    if (value !== undefined && !made.includes(member)) columns[member] = value;
  }
  return columns;
}
