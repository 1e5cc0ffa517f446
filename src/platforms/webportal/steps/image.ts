import { TurnupError } from '../../../errors/index.ts';
import type { Json } from '../../port.ts';
import type { Fields } from '../profile/model.ts';
import { readAt } from '../profile/pointer.ts';
import { isSame, type Values } from '../wire/values.ts';

/** What stood in the fields that an order changes, as the portal writes it. */
export interface Image {
  readonly raw: { readonly [name: string]: Json };
  /** Secrets that the portal does not show: what they were cannot be brought back. */
  readonly hidden: readonly string[];
}

/** Null when everything is as it is wanted. What a portal does not show is never taken for what is wanted. */
export function imageOf(fields: Fields, wanted: Values, document: unknown): Image | null {
  const raw: { [name: string]: Json } = {};
  const hidden: string[] = [];
  for (const [name, value] of Object.entries(wanted)) {
    const field = fields.get(name);
    if (!field || value === undefined) continue;
    const there = readAt(document, field.at);
    if (field.isSecret && there === undefined && value !== null) {
      hidden.push(name);
      raw[name] = null;
    } else if (!isSame(field, value, document)) raw[name] = (there ?? null) as Json;
  }
  return Object.keys(raw).length === 0 ? null : { raw, hidden };
}

/** The values that are wanted in the place of those in the image. */
export const changedFields = ({ raw }: Image, wanted: Values): Values =>
  Object.fromEntries(Object.keys(raw).map((name) => [name, wanted[name] ?? null]));

/** What of an image can be brought back. */
export const restorable = ({ raw, hidden }: Image): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(raw).filter(([name]) => !hidden.includes(name)));

/** Once all else is as it was. */
export function tellHidden({ hidden }: Image, what: string): void {
  if (hidden.length === 0) return;
  throw new TurnupError('TURNUP_UNDO_FAILED', {
    class: 'rejected',
    detail: `the portal does not show what ${hidden.join(', ')} of ${what} was before this order; all else is as it was`,
    hint: 'Set it on the portal as it should be, then skip this step.',
  });
}
