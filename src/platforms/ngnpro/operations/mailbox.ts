import { isFault } from '../fault.ts';
import { turnFor } from '../shared/kinds.ts';
import type { NgnproClient, SipId } from '../types.ts';
import type { Item } from './spec.ts';
import type { Thing } from './thing.ts';
import { isBlank, isObject, isSame, withLowered } from './values.ts';

/** An account without one is told by a fault, or by a mailbox that is empty (ngnpro.md, "Faults" and "Types"). */
async function look(client: NgnproClient, { sipId }: Item): Promise<Item[]> {
  try {
    const found = await client.call('VoicemailPort', 'getAccount', { sipId });
    return isObject(found) && !isBlank(found['mailbox']) ? [{ ...found, sipId: found['sipId'] ?? sipId }] : [];
  } catch (error) {
    if (isFault(error, 'mailboxUnknown', 'accountUnknown')) return [];
    throw error;
  }
}

export const MAILBOX = {
  noun: 'mailbox',
  port: 'VoicemailPort',
  element: 'account',
  key: ['sipId'],
  isCaseless: true,
  name: 'sipId',
  nameArg: 'sipId',
  add: 'addAccount',
  update: 'updateAccount',
  remove: 'deleteAccount',
  looks: ['VoicemailPort.getAccount'],
  look,
  made: ['mailbox'],
  secrets: ['password'],
  isKept: (member, wanted, found) => isSame(wanted[member], found[member]),
  normal: (item) => withLowered(item, ['sipId', 'email']),
  turn: (sipId) => turnFor(sipId as SipId),
} satisfies Thing;
