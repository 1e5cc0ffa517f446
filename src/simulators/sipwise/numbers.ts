import type { NumberRow, SubscriberRow } from './rows.ts';
import type { SipwiseState } from './state.ts';

/** A number as it is asked for. Content is not checked by the platform: letters pass (sipwise-ngcp.md §8.3). */
export interface NumberParts {
  readonly cc: string;
  readonly ac: string;
  readonly sn: string;
  readonly is_devid?: boolean;
}

export const digitsOf = (parts: NumberParts): string => `${parts.cc}${parts.ac}${parts.sn}`;
const keyOf = (parts: NumberParts): string => `${parts.cc} ${parts.ac} ${parts.sn}`;

/** Who has exactly this number now. */
export function ownerOf(state: SipwiseState, parts: NumberParts): SubscriberRow | null {
  return state.numberByParts.get(keyOf(parts))?.owner ?? null;
}

/** Who has these digits now, however they are split. */
export function ownerOfDigits(state: SipwiseState, parts: NumberParts): SubscriberRow | null {
  return state.numberByDigits.get(digitsOf(parts))?.owner ?? null;
}

function assign(state: SipwiseState, owner: SubscriberRow, parts: NumberParts, primary: boolean): NumberRow {
  const key = keyOf(parts);
  let row = state.numberByParts.get(key);
  if (!row) {
    row = {
      id: state.nextId('numbers'),
      cc: parts.cc,
      ac: parts.ac,
      sn: parts.sn,
      is_devid: false,
      owner: null,
      primary: false,
    };
    state.numberByParts.set(key, row);
  }
  row.owner = owner;
  row.primary = primary;
  row.is_devid = !primary && parts.is_devid === true;
  state.numbers.set(row.id, row);
  state.numberByDigits.set(digitsOf(row), row);
  state.numbersBySn.add(row.sn.toLowerCase(), row);
  return row;
}

function release(state: SipwiseState, row: NumberRow): void {
  row.owner = null;
  row.primary = false;
  state.numbers.delete(row.id);
  state.numberByDigits.delete(digitsOf(row));
  state.numbersBySn.remove(row.sn.toLowerCase(), row);
}

/** Frees all numbers of a subscriber; they are reusable at once. */
export function releaseNumbers(state: SipwiseState, owner: SubscriberRow): void {
  if (owner.primary) release(state, owner.primary);
  for (const alias of owner.aliases) release(state, alias);
  owner.primary = null;
  owner.aliases = [];
}

/** As the database gives them, whatever order they were sent in. */
const byId = (rows: readonly NumberRow[]): NumberRow[] => rows.toSorted((a, b) => a.id - b.id);

/** Makes these the subscriber's numbers, in place of those it has. Check for other owners before. */
export function setNumbers(
  state: SipwiseState,
  owner: SubscriberRow,
  primary: NumberParts | null,
  aliases: readonly NumberParts[],
): void {
  releaseNumbers(state, owner);
  owner.primary = primary && assign(state, owner, primary, true);
  owner.aliases = byId(aliases.map((alias) => assign(state, owner, alias, false)));
}

/** Hands an alias over (§8.12). */
export function moveAlias(row: NumberRow, to: SubscriberRow): void {
  if (row.owner) row.owner.aliases = row.owner.aliases.filter((alias) => alias !== row);
  row.owner = to;
  to.aliases = byId([...to.aliases, row]);
}

/** All numbers, the primary first. */
export function numbersOf(owner: SubscriberRow): NumberRow[] {
  return owner.primary ? [owner.primary, ...owner.aliases] : owner.aliases;
}
