import type { Args, NgnproClient } from '../types.ts';
import { itemsIn } from './listing.ts';
import type { Item } from './spec.ts';
import type { Thing } from './thing.ts';
import { isObject } from './values.ts';

/** It is asked for by its URI, so that more than a few would be another one's. */
const MOST = 100;

async function look(client: NgnproClient, { uri }: Item, { sipId }: Args): Promise<Item[]> {
  const args = { sipId, match: { uri }, range: { start: 0, count: MOST } };
  const reply = await client.call('SipPort', 'getPhonebookEntries', args);
  return isObject(reply) ? itemsIn(reply['entries']) : [];
}

export const PHONEBOOK_ENTRY = {
  noun: 'phonebook entry',
  port: 'SipPort',
  element: 'entry',
  whose: ['sipId'],
  key: ['uri'],
  name: 'uri',
  nameArg: 'uri',
  add: 'addPhonebookEntry',
  update: 'updatePhonebookEntry',
  remove: 'deletePhonebookEntry',
  looks: ['SipPort.getPhonebookEntries'],
  look,
  made: [],
} satisfies Thing;
