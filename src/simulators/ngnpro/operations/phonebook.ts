import { invalid, NgnproFault } from '../fault.ts';
import { listOf } from '../lists.ts';
import { accountIn, type Operations } from '../operation.ts';
import { struct, text, type Struct } from '../values.ts';

function entryIn(args: Struct): Struct {
  const entry = struct(args, 'entry');
  if (text(entry, 'uri') === '') throw invalid('entry.uri is missing');
  return { uri: text(entry, 'uri'), name: text(entry, 'name'), group: text(entry, 'group') };
}

export const phonebookOperations: Operations = {
  addPhonebookEntry(args, context) {
    const { phonebook } = accountIn(args, context);
    const entry = entryIn(args);
    const uri = text(entry, 'uri');
    if (phonebook.has(uri)) throw new NgnproFault('entryPresent', uri);
    phonebook.set(uri, entry);
  },

  updatePhonebookEntry(args, context) {
    const { phonebook } = accountIn(args, context);
    const entry = entryIn(args);
    const uri = text(entry, 'uri');
    if (!phonebook.has(uri)) throw new NgnproFault('entryAbsent', uri);
    phonebook.set(uri, entry);
  },

  deletePhonebookEntry(args, context) {
    const uri = text(args, 'uri');
    if (!accountIn(args, context).phonebook.delete(uri)) throw new NgnproFault('entryAbsent', uri);
  },

  getPhonebookEntries(args, context) {
    const { phonebook } = accountIn(args, context);
    const { items, total } = listOf(
      { filter: struct(args, 'match'), range: struct(args, 'range') },
      [...phonebook].map(([key, entry]) => ({ key, entry })),
      ({ entry }) => ({ uri: text(entry, 'uri'), name: text(entry, 'name'), group: text(entry, 'group') }),
      ({ entry }) => entry,
    );
    return { entries: items, total };
  },
};
