import type { Context } from './kinds.ts';
import { itemsOf, textOrNull } from './read.ts';
import type { Item } from '../types.ts';

/*
 * What Turnup writes into the free-form `properties` of accounts and customers, which makes "did my lost call do this?"
 * answerable (ngnpro.md, "Retry"). That names of one's own are kept is assumed there: where they are not, the intent
 * decides.
 */

export const MARKS = {
  /** Key of the order that made it. */
  key: 'turnup.key',
  /** The CRM's customer number. */
  customer: 'turnup.customer',
  /** The CRM's subscriber number. */
  subscriber: 'turnup.subscriber',
} as const;

export interface Property {
  readonly name: string;
  readonly value: string;
}

export const mark = (name: keyof typeof MARKS, value: string): Property => ({ name: MARKS[name], value });

export function markOf(found: Item, name: keyof typeof MARKS): string | null {
  const property = itemsOf(found['properties']).find((one) => one['name'] === MARKS[name]);
  return property ? textOrNull(property['value']) : null;
}

/** The properties that are not Turnup's own. */
export const othersOf = (found: Item): Item[] =>
  itemsOf(found['properties']).filter((one) => !Object.values<unknown>(MARKS).includes(one['name']));

/** Whether an attempt of this order made it. */
export function isOurs({ key, intent }: Pick<Context, 'key' | 'intent'>, found: Item): boolean {
  const maker = markOf(found, 'key');
  return maker === null ? intent !== null : maker === key;
}
