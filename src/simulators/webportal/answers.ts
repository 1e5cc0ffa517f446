import type { SimulatedAnswer } from '../harness/platform.ts';
import { placeAt, valueAt } from './document.ts';
import { listOf, type Condition, type ErrorRule, type Found, type PortalProfile } from './profile.ts';
import { plainText } from './text.ts';

/* The portal says what a profile reads: each answer is worded so that the wanted condition holds. */

/** Status and body of an answer. */
export interface Worded {
  readonly status: number;
  readonly document: unknown;
}

function satisfied(document: unknown, { at, equals, not, in: values, present, empty }: Condition): unknown {
  if (at === undefined) return document;
  if (equals !== undefined) return placeAt(document, at, equals);
  if (values !== undefined) return placeAt(document, at, values[0]);
  if (not !== undefined) return placeAt(document, at, `NOT_${plainText(not)}`);
  if (empty) return placeAt(document, at, []);
  return present && valueAt(document, at) === undefined ? placeAt(document, at, '1') : document;
}

/** By the first of several conditions. */
export function worded(
  conditions: Parameters<typeof listOf<Condition>>[0],
  otherwise: number,
  document: unknown = {},
): Worded {
  const [first] = listOf<Condition>(conditions);
  if (!first) return { status: otherwise, document };
  return { status: listOf<number>(first.status)[0] ?? otherwise, document: satisfied(document, first) };
}

/** What was found: one thing, or a list of them where the profile reads one. */
export function wordedFound(found: Found, items: readonly unknown[], more: (document: unknown) => unknown): Worded {
  const { status, at = '', many = false, when } = found;
  const document = placeAt({}, at, many ? items : items[0]);
  return { status: listOf<number>(status)[0] ?? 200, document: more(when ? satisfied(document, when) : document) };
}

const STATUSES: Readonly<Record<string, number>> = {
  auth: 401,
  rejected: 422,
  conflict: 409,
  throttled: 429,
  outage: 503,
  transient: 500,
  bug: 500,
  ambiguous: 504,
};

/** A refusal of a class, in the words that the profile has for it; plain HTTP where it has none. */
export function wordedError(
  profile: PortalProfile,
  errorClass: string,
  operation: string | null,
  message: string,
): Worded {
  const mine = (rule: ErrorRule): boolean =>
    rule.class === errorClass && (rule.on === undefined || (operation !== null && rule.on.includes(operation)));
  const candidates = profile.errors.filter(mine);
  const rule = candidates.find(({ on }) => on !== undefined) ?? candidates[0];
  if (!rule) return { status: STATUSES[errorClass] ?? 500, document: { message } };
  const isStatus = rule.status !== undefined;
  const status = isStatus
    ? listOf<number>(rule.status)[0]!
    : rule.at === undefined
      ? (STATUSES[errorClass] ?? 500)
      : 200;
  const said = rule.text === undefined ? {} : placeAt({}, rule.text, message);
  return { status, document: satisfied(said, rule) };
}

export function classOfStatus(status: number): string | null {
  return Object.entries(STATUSES).find(([, known]) => known === status)?.[0] ?? null;
}

export function send({ status, document }: Worded, headers: Readonly<Record<string, string>> = {}): SimulatedAnswer {
  const body = status === 204 ? '' : JSON.stringify(document);
  return { status, headers: { 'content-type': 'application/json;charset=UTF-8', ...headers }, body };
}
