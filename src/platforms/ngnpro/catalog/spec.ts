import { z } from 'zod';
import type { Json } from '../../port.ts';
import { id, int, text } from '../operations/scalars.ts';
import { itemsIn, type Listing } from '../operations/listing.ts';
import { isObject, lowered } from '../operations/values.ts';
import type { PortName } from '../soap/ports.ts';
import type { Args, NgnproClient } from '../types.ts';
import { plain } from './read.ts';

/** A query as it was checked: coerced, absent members left out. */
export type Query = { readonly [name: string]: unknown };

/** A read of the catalogue that is one call. */
export interface ReadSpec {
  readonly title: string;
  readonly port: PortName;
  readonly operation: string;
  readonly params: z.ZodObject;
  /** Left out: the query itself. */
  args(query: Query): Args;
  /** What of the reply is told. */
  told(reply: unknown): Json;
  /** Told where the platform says that nothing is recorded; left out: null. */
  readonly nothingRecorded?: Json;
  /** Whether there is nothing, where nothing public says by which fault that is told. */
  isNothing?(client: NgnproClient, query: Query): Promise<boolean>;
  /** What that look calls. */
  readonly looks?: readonly string[];
  readonly aboutCalls?: true;
}

/** `SipPort.getDomains` in its parts. */
function partsOf(call: string): { port: PortName; operation: string } {
  const [port = '', operation = ''] = call.split('.');
  return { port: port as PortName, operation };
}

/** Of a query everything is text. */
export const number = (type: z.ZodInt) => z.coerce.number().pipe(type);
export const flag = z.enum(['true', 'false'], 'must be true or false').transform((value) => value === 'true');
/** Filters take `%` as a wildcard in places (ngnpro.md, "Retry …"). */
export const pattern = text(255);
export const ofOwner = number(int()).optional();

export const user = { username: text(64), domain: text(128) };

export const sipIdOf = ({ username, domain }: Query): Args => lowered({ username, domain }) as Args;

const MOST = 500;

/** A page of a list. */
const page = {
  start: number(int()).default(0),
  count: number(int(1, MOST)).default(100),
  orderBy: text(32)
    .regex(/^[A-Za-z_]+$/, 'must be the name of a member')
    .optional(),
  direction: z.enum(['ASC', 'DESC']).default('ASC'),
};

/** `{ items, total }`. */
const listIn =
  (member: string) =>
  (reply: unknown): Json => {
    const found = isObject(reply) ? reply : {};
    const items = itemsIn(found[member]);
    const { total } = found;
    return { items: plain(items), total: typeof total === 'number' ? total : items.length };
  };

/** A list by filters, a page at a time. */
export function listRead(title: string, { port, operation, member }: Listing, filters: z.ZodRawShape): ReadSpec {
  return {
    title,
    port,
    operation,
    params: z.strictObject({ ...z.object(filters).partial().shape, ...page }),
    args({ start, count, orderBy: attribute, direction, ...filter }) {
      const orderBy = attribute === undefined ? {} : { orderBy: { attribute, direction } };
      return { query: { filter, ...orderBy, range: { start, count } } };
    },
    told: listIn(member),
  };
}

/** Names of groups with commas between them. */
export const groupNames = text(1000).transform((names) => names.split(',').map((name) => name.trim()));

/** Something by its name; null where the platform has none. */
export function oneRead(
  title: string,
  call: string,
  params: z.ZodRawShape,
  args: (query: Query) => Args,
  more: Partial<ReadSpec> = {},
): ReadSpec {
  return { title, ...partsOf(call), params: z.strictObject(params), args, told: plain, ...more };
}

/** Something of an account. */
export const ofAccount = (title: string, call: string, more: Partial<ReadSpec> = {}): ReadSpec =>
  oneRead(title, call, user, (query) => ({ sipId: sipIdOf(query) }), more);

export const anId = number(id);
export { listIn };
