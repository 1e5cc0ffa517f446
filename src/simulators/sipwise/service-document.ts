import type { SimulatedAnswer } from '../harness/platform.ts';
import type { Account } from './accounts.ts';
import type { FieldDoc } from './resource.ts';

export interface DocumentedResource {
  readonly name: string;
  readonly adminOnly?: boolean;
  readonly collectionMethods: readonly string[];
  readonly itemMethods: readonly string[];
  readonly filterNames: readonly string[];
  readonly sortable: readonly string[];
  readonly fields: readonly FieldDoc[];
}

const READING = ['GET', 'HEAD', 'OPTIONS'];

function actions(methods: readonly string[], account: Account): string[] {
  if (methods.length === 0) return [];
  const all = [...methods, 'HEAD', 'OPTIONS'];
  return account.readOnly ? all.filter((method) => READING.includes(method)) : all;
}

/**
 * `GET /api/`: asked with exactly `Accept: application/json` the machine-readable list of what each collection can do,
 * otherwise a page for people (sipwise-ngcp.md §9).
 */
export function serviceDocument(
  accept: string | undefined,
  resources: readonly DocumentedResource[],
  account: Account,
): SimulatedAnswer {
  const seen = resources.filter((resource) => !resource.adminOnly || account.role === 'admin');
  if (accept !== 'application/json') {
    const items = seen.map(({ name }) => `<li><a href="/api/${name}/">${name}</a></li>`).join('\n');
    return {
      status: 200,
      headers: { 'content-type': 'application/xhtml+xml' },
      body: `<?xml version="1.0" encoding="utf-8"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><head><title>API</title></head><body><ul>\n${items}\n</ul></body></html>\n`,
    };
  }
  const document = Object.fromEntries(
    seen.map((resource) => [
      resource.name,
      {
        actions: actions(resource.collectionMethods, account),
        item_actions: actions(resource.itemMethods, account),
        fields: resource.fields,
        sorting_cols: resource.sortable,
        query_params: resource.filterNames,
      },
    ]),
  );
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: `${JSON.stringify(document, null, 3)}\n`,
  };
}
