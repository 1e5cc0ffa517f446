import { MAILBOX } from '../operations/mailbox.ts';
import type { Item, NgnproClient, SipId } from '../types.ts';

/** The mailbox of an account; null when it has none. */
export async function findMailbox(client: NgnproClient, sipId: SipId): Promise<Item | null> {
  const [found] = await MAILBOX.look(client, { sipId });
  return (found as Item | undefined) ?? null;
}
