import { TurnupError } from '../../../errors/index.ts';
import { isFault } from '../fault.ts';
import type { Item, NgnproClient, SipId } from '../types.ts';
import { accountName } from './kinds.ts';
import type { Members } from './members.ts';
import { itemOf } from './read.ts';
import { changed } from '../operations/values.ts';

/** The SIP account as the platform has it; null when there is none. */
export async function findAccount(client: NgnproClient, sipId: SipId): Promise<Item | null> {
  try {
    return itemOf(await client.call('SipPort', 'getAccount', { sipId }));
  } catch (error) {
    if (isFault(error, 'accountUnknown')) return null;
    throw error;
  }
}

/** Made by the platform; the password is kept by leaving it out (ngnpro.md, "Rules worth coding"). */
const NOT_SENT_BACK: ReadonlySet<string> = new Set(['password', 'createDate', 'changeDate', 'customer', 'reseller']);

/** `updateAccount` is a full write: read, change, send back. `found` was read in the same turn. */
export async function updateAccount(client: NgnproClient, sipId: SipId, found: Item, changes: Members): Promise<void> {
  const kept = Object.entries(found).filter(([member]) => !NOT_SENT_BACK.has(member));
  const account = { ...changed(Object.fromEntries(kept), changes), id: sipId };
  await client.call('SipPort', 'updateAccount', { account });
}

/** @throws TurnupError `TURNUP_OBJECT_MISSING`: what a step changes is gone */
export function noAccount(sipId: SipId): TurnupError {
  return new TurnupError('TURNUP_OBJECT_MISSING', { detail: `the target has no subscriber ${accountName(sipId)}` });
}
