import { secretsIn as namedIn } from '../../quotable.ts';
import { readAt, writeAt } from '../profile/pointer.ts';
import type { Field, Operation, Profile } from '../profile/model.ts';
import type { Change } from '../types.ts';
import { writeFields } from './values.ts';

/** The document that a call sends of its thing; undefined where it sends none. */
export function bodyOf({ info, sendsFields, send }: Operation, { fields }: Profile, change: Change): unknown {
  if (!sendsFields || info.object === null) return undefined;
  const own = fields[info.object];
  const start = send === 'whole' ? structuredClone(change.document ?? {}) : {};
  let document = writeFields(own, change.fields ?? {}, start);
  for (const [name, wire] of Object.entries(change.raw ?? {})) {
    const field = own.get(name);
    if (field) document = writeAt(document, field.at, wire ?? field.empty);
  }
  return document;
}

/** Values of the secrets in a document that is sent. */
export function secretsIn({ info }: Operation, { fields }: Profile, document: unknown): string[] {
  if (info.object === null) return [];
  const secrets: Field[] = [...fields[info.object].values()].filter(({ isSecret }) => isSecret);
  return secrets.flatMap(({ at }) => {
    const value = readAt(document, at);
    return typeof value === 'string' || typeof value === 'number' ? [String(value)] : [];
  });
}

/** What an answer holds under the name of a secret, wherever it stands: it may be shaped as nobody expects. */
export function secretsInAnswer({ fields }: Profile, document: unknown): string[] {
  const own = Object.values(fields).flatMap((of) => [...of.values()]);
  const names = new Set(own.flatMap(({ isSecret, at }) => (isSecret ? at.slice(-1) : [])));
  return namedIn(document, { test: (name) => names.has(name) });
}
