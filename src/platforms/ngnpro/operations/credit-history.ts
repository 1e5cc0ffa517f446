import { createHash } from 'node:crypto';
import { isFault } from '../fault.ts';
import type { NgnproClient, SipId } from '../types.ts';
import { itemsIn } from './listing.ts';
import type { Item } from './spec.ts';
import { isObject } from './values.ts';

/** What an account was given and charged, as far as it was asked for. Nothing is known of its order. */
export interface CreditHistory {
  readonly entries: readonly Item[];
  /** There are no more. */
  readonly isWhole: boolean;
}

/** How many entries are asked for, and how many where these do not tell. */
export const DEPTHS = [100, 1000] as const;

export async function creditHistory(client: NgnproClient, sipId: SipId, count: number): Promise<CreditHistory> {
  try {
    const reply = await client.call('SipPort', 'getCreditHistory', { sipId, count });
    const entries = isObject(reply) ? itemsIn(reply['entries']) : [];
    const total = isObject(reply) ? reply['total'] : null;
    return { entries, isWhole: typeof total === 'number' ? total <= entries.length : entries.length < count };
  } catch (error) {
    // So is "nothing recorded" told (ngnpro.md, "Faults").
    if (isFault(error, 'mailboxUnknown')) return { entries: [], isWhole: true };
    throw error;
  }
}

/** By which an entry is known again; entries have no ids. */
export function printOf({ date, action, description, value, balance, session }: Item): string {
  const text = JSON.stringify([date, action, description, value, balance, session]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 12);
}

/** Null where the platform tells none, as of an account that is not prepaid. */
export async function balanceOf(client: NgnproClient, sipId: SipId): Promise<number | null> {
  try {
    const [status] = itemsIn(await client.call('SipPort', 'getPrepaidStatus', { sipIds: [sipId] }));
    return typeof status?.['balance'] === 'number' ? status['balance'] : null;
  } catch (error) {
    if (isFault(error)) return null;
    throw error;
  }
}
