import type { CatalogRead, Json } from '../../port.ts';
import { isFault } from '../fault.ts';
import type { NgnproClient } from '../types.ts';
import type { Query, ReadSpec } from './spec.ts';
import { READS } from './table.ts';

/*
 * Reads for a CRM's forms. What takes the account's own password (PresencePort) is reached by an order's operations, calls
 * by `calls`.
 */

async function read(client: NgnproClient, spec: ReadSpec, query: Query): Promise<Json> {
  try {
    return spec.told(await client.call(spec.port, spec.operation, spec.args(query)));
  } catch (error) {
    if (!isFault(error)) throw error;
    if (spec.nothingRecorded !== undefined && isFault(error, 'mailboxUnknown')) return spec.nothingRecorded;
    // So does the page tell what is not there.
    if (error.code === 'TURNUP_REFERENCE_UNKNOWN') return null;
    if (spec.isNothing && (await spec.isNothing(client, query))) return null;
    throw error;
  }
}

/** `null` where the platform has nothing of what was asked for. */
export const catalog: { readonly [what: string]: CatalogRead<NgnproClient> } = Object.fromEntries(
  Object.entries(READS).map(([what, spec]) => [
    what,
    {
      title: spec.title,
      params: spec.params,
      ...(spec.aboutCalls && { aboutCalls: true as const }),
      read: (client: NgnproClient, query: never) => read(client, spec, query),
    },
  ]),
);
