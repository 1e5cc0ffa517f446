import { isFault } from '../fault.ts';
import { MAILBOX } from '../operations/mailbox.ts';
import type { Item, NgnproClient, SipId } from '../types.ts';

/** The mailbox of an account; null when it has none. */
export async function findMailbox(client: NgnproClient, sipId: SipId): Promise<Item | null> {
  const [found] = await MAILBOX.look(client, { sipId });
  return (found as Item | undefined) ?? null;
}

export async function deleteMailbox(client: NgnproClient, sipId: SipId): Promise<void> {
  try {
    await client.call('VoicemailPort', 'deleteAccount', { sipId });
  } catch (error) {
    if (!isFault(error, 'mailboxUnknown', 'accountUnknown')) throw error;
  }
}
