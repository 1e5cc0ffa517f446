import type { Operation } from '../profile/model.ts';
import { readAt } from '../profile/pointer.ts';
import { plainText } from '../text.ts';

export interface Page {
  readonly params: Readonly<Record<string, string>>;
  readonly number: number;
}

type Seen = Page & { readonly items: readonly unknown[]; readonly document: unknown };

/**
 * What asks for the page after the one that was seen, or for the first; null: there is none.
 *
 * @param count of the things seen so far
 */
export function nextPage({ paging }: Operation, last: Seen | null, count: number): Page | null {
  if (paging === null) return last === null ? { params: {}, number: 0 } : null;
  const number = last === null ? 0 : last.number + 1;
  if (paging.kind === 'cursor') {
    if (last === null) return { params: {}, number };
    const cursor = readAt(last.document, paging.next);
    const isOver =
      cursor === undefined || cursor === null || cursor === '' || last.params[paging.param] === plainText(cursor);
    return isOver ? null : { params: { [paging.param]: plainText(cursor) }, number };
  }
  if (last !== null && last.items.length < paging.size) return null;
  const value = paging.kind === 'page' ? paging.first + number : count;
  const size = paging.sizeParam === null ? {} : { [paging.sizeParam]: String(paging.size) };
  return { params: { [paging.param]: String(value), ...size }, number };
}
