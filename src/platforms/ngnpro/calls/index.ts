import { TurnupError, type Fault } from '../../../errors/index.ts';
import type { CallsQuery, Json, JsonObject } from '../../port.ts';
import { itemsIn } from '../operations/listing.ts';
import { isBlank, isObject, lowered } from '../operations/values.ts';
import type { Item, NgnproClient } from '../types.ts';
import { quotedPrintable, secondsOf } from './text.ts';

type Source = 'placed' | 'received' | 'missed';
type Call = { readonly [member: string]: Json } & { readonly source: Source; readonly startedAt: string };

/** A received call without a stop was not completed (ngnpro.md, CallsQuery). */
const sourceOf = (asked: 'placed' | 'received', { stopTime }: Item): Source =>
  asked === 'received' && isBlank(stopTime) ? 'missed' : asked;

const isoOf = (seconds: number): string => new Date(seconds * 1000).toISOString();

/** A time as ISO 8601 UTC; as the platform tells it where it is in no known form. */
function timeOf(value: unknown): Json {
  const seconds = secondsOf(value);
  if (seconds !== null) return isoOf(seconds);
  return isBlank(value) ? null : String(value);
}

function callOf(asked: 'placed' | 'received', found: Item): Call {
  const started = secondsOf(found['startTime']);
  const members = Object.entries(found).map(([name, value]): [string, Json] => [
    name,
    typeof value === 'string' ? quotedPrintable(value) : ((value ?? null) as Json),
  ]);
  return {
    ...Object.fromEntries(members),
    startTime: timeOf(found['startTime']),
    stopTime: timeOf(found['stopTime']),
    price: priceOf(found['price']),
    source: sourceOf(asked, found),
    startedAt: started === null ? '' : isoOf(started),
  };
}

function priceOf(value: unknown): Json {
  const price = Number(value);
  return isBlank(value) || !Number.isFinite(price) ? null : price;
}

/** @throws TurnupError `TURNUP_INVALID_REQUEST`: the platform tells the calls of one account at a time */
function accountIn({ username, domain }: CallsQuery): { username: string; domain: string } {
  if (username !== undefined && domain !== undefined) return lowered({ username, domain }) as never;
  const message = 'is required: the platform tells the calls of one account';
  const missing = Object.entries({ username, domain }).filter(([, value]) => value === undefined);
  const faults = missing.map(([name]): Fault => ({ path: [name], message }));
  throw new TurnupError('TURNUP_INVALID_REQUEST', { faults });
}

/**
 * Calls of an account by SipPort.getCalls. Each has `source`, which is `placed`, `received` or `missed`, and `startedAt`;
 * beside them the platform's own members by their own names: times ISO 8601 UTC, `duration` in seconds, `price` as a
 * number in the platform's currency. Of `limit` each of placed and received calls are asked for, so that none is missing
 * among the newest.
 */
export async function readCalls(client: NgnproClient, query: CallsQuery): Promise<readonly JsonObject[]> {
  const sipId = accountIn(query);
  // Whole seconds, both inclusive.
  const span = {
    fromDate: Math.ceil(query.from.getTime() / 1000),
    toDate: Math.ceil(query.to.getTime() / 1000) - 1,
    limit: query.limit,
  };
  const reply = await client.call('SipPort', 'getCalls', { sipId, query: { placed: span, received: span } });
  const found = isObject(reply) ? reply : {};
  return (['placed', 'received'] as const)
    .flatMap((asked) => itemsIn(found[asked]).map((one) => callOf(asked, one as Item)))
    .toSorted((one, other) => other.startedAt.localeCompare(one.startedAt))
    .slice(0, query.limit);
}
