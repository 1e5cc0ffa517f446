import { isFault } from '../fault.ts';
import type { Item, NgnproClient, SipId } from '../types.ts';
import { itemOf } from './read.ts';

/** The mailbox of an account; null when it has none. */
export async function findMailbox(client: NgnproClient, sipId: SipId): Promise<Item | null> {
  try {
    return itemOf(await client.call('VoicemailPort', 'getAccount', { sipId }));
  } catch (error) {
    if (isFault(error, 'mailboxUnknown', 'accountUnknown')) return null;
    throw error;
  }
}

export async function deleteMailbox(client: NgnproClient, sipId: SipId): Promise<void> {
  try {
    await client.call('VoicemailPort', 'deleteAccount', { sipId });
  } catch (error) {
    if (!isFault(error, 'mailboxUnknown', 'accountUnknown')) throw error;
  }
}
