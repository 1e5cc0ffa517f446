import type { CatalogRead } from '../../port.ts';
import type { SippulseClient } from '../types.ts';
import { plain } from './read.ts';
import { READS, type ReadSpec } from './table.ts';

/*
 * Reads for a CRM's forms. What takes the customer's password (CustomerWS) is reached by an order's operations, and what
 * tells one (retrievePassword) by the steps that must compare it, only.
 */

const catalogRead = ({
  title,
  service,
  operation,
  params,
  element,
  isList,
}: ReadSpec): CatalogRead<SippulseClient> => ({
  title,
  params,
  async read(client, args: never) {
    const found = (await client.read(service, operation, args))?.[element];
    if (!isList) return plain(found);
    return plain(found === undefined || found === null ? [] : [found].flat());
  },
});

/** `null` where the platform has nothing of what was asked for; a list is empty then. */
export const catalog: { readonly [what: string]: CatalogRead<SippulseClient> } = Object.fromEntries(
  Object.entries(READS).map(([what, spec]) => [what, catalogRead(spec)]),
);
