import { placeAt, valueAt } from './document.ts';
import { fieldsOf, type Field, type PortalProfile } from './profile.ts';
import { asKnown } from './routes.ts';
import type { Row, UserRow } from './state.ts';
import { plainText } from './text.ts';

/* What the portal keeps of what it is sent, and shows of what it keeps: the members that the profile names. */

const isNothing = (value: unknown, { empty }: Field): boolean =>
  value === undefined || value === null || value === '' || (empty !== undefined && value === empty);

/** The members of one kind of thing that a body has, beside those that are kept already; one that is emptied goes. */
export function kept(
  profile: PortalProfile,
  object: string,
  body: unknown,
  before: unknown = {},
): Record<string, unknown> {
  let document: unknown = structuredClone(before);
  for (const [name, field] of fieldsOf(profile, object)) {
    const value = valueAt(body, field.at);
    // Its state is the portal's own to keep.
    if (value === undefined || name === 'status') continue;
    document = placeAt(document, field.at, isNothing(value, field) ? undefined : structuredClone(value));
  }
  return document as Record<string, unknown>;
}

export function fieldText(profile: PortalProfile, object: string, name: string, document: unknown): string | null {
  const field = fieldsOf(profile, object).get(name);
  const value = field && valueAt(document, field.at);
  return value === undefined || value === null || value === '' ? null : plainText(value);
}

/** Of a required member that is missing: its place. */
export function lacking(profile: PortalProfile, object: string, document: unknown): string | null {
  const missing = [...fieldsOf(profile, object).values()].find(
    (field) => field.required && isNothing(valueAt(document, field.at), field),
  );
  return missing?.at ?? null;
}

/** Every number of a user, in E.164. */
export function numbersIn(profile: PortalProfile, document: unknown, named: string | undefined): string[] {
  const { countryCode } = profile;
  const of = (name: string): string[] => {
    const field = fieldsOf(profile, 'user').get(name);
    const value = field && valueAt(document, field.at);
    if (!field || isNothing(value, field)) return [];
    const many = Array.isArray(value)
      ? value.map(String)
      : String(value).split(typeof field.list === 'string' ? field.list : '\n');
    return many.map((text) => asKnown(text, field.as, countryCode));
  };
  const own = of('number');
  return [...(own.length > 0 || named === undefined ? own : [named]), ...of('aliases')];
}

/** Members that the portal itself knows: ids, whose it is, its state. */
export function shown(
  profile: PortalProfile,
  object: 'company' | 'office' | 'user',
  row: Row,
  owners: { readonly companyId?: string | undefined; readonly officeId?: string | undefined },
): unknown {
  const id = profile.operations.get(`${object}.find`)?.id;
  let document: unknown = structuredClone(row.document);
  if (id?.startsWith('/')) document = placeAt(document, id, row.id);
  const fields = fieldsOf(profile, object);
  const status = fields.get('status');
  const [list = ''] = status?.as?.split(':').slice(1) ?? [];
  const own = { status: profile.values[list]?.[row.status] ?? row.status, ...owners };
  for (const [name, value] of Object.entries(own)) {
    const field = fields.get(name);
    if (field && value !== undefined) document = placeAt(document, field.at, value);
  }
  return document;
}

export const groupOf = (user: UserRow, object: string): unknown =>
  user[object as 'services' | 'callForwards' | 'voicemail'];
