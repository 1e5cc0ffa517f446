import { TurnupError } from '../../../errors/index.ts';
import type { PortName } from '../soap/ports.ts';
import type { NgnproClient } from '../types.ts';
import type { Item } from './spec.ts';
import { isObject } from './values.ts';

/** A list that the platform tells page by page. */
export interface Listing {
  readonly port: PortName;
  readonly operation: string;
  /** Member of the answer that holds the objects. */
  readonly member: string;
}

const PAGE = 100;
/** A filter that names one thing gives a handful, unless the platform did not understand it. */
const MOST = 5000;

export const itemsIn = (value: unknown): Item[] => (Array.isArray(value) ? value.filter(isObject) : []);

export const textsIn = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string' && one !== '') : [];

/**
 * All that the platform lists for a filter; it may be more than what was asked for, since filters take wildcards.
 * @throws TurnupError `TURNUP_TARGET_UNEXPECTED` for a list without end
 */
export async function listAll(
  client: NgnproClient,
  { port, operation, member }: Listing,
  filter: Item,
): Promise<Item[]> {
  const found: Item[] = [];
  while (found.length < MOST) {
    const query = { filter, range: { start: found.length, count: PAGE } };
    const reply = await client.call(port, operation, { query });
    const page = isObject(reply) ? itemsIn(reply[member]) : [];
    found.push(...page);
    const total = isObject(reply) ? reply['total'] : null;
    const isOver = typeof total === 'number' ? found.length >= total : page.length < PAGE;
    if (isOver || page.length === 0) return found;
  }
  throw new TurnupError('TURNUP_TARGET_UNEXPECTED', { detail: `${port}.${operation} lists more than ${MOST}` });
}
