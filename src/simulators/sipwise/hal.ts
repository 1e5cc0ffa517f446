import type { Page } from './listing.ts';
import { linkQuery, type Query } from './query.ts';
import type { JsonObject } from './refusal.ts';

const CURIES = { href: 'http://purl.org/sipwise/ngcp-api/#rel-{rel}', name: 'ngcp', templated: true };
const PROFILE = { href: 'http://purl.org/sipwise/ngcp-api/' };

/** `_links` of an item (sipwise-ngcp.md §3). */
export function itemLinks(collection: string, id: number, more?: Record<string, string>): JsonObject {
  const links: JsonObject = {
    collection: { href: `/api/${collection}/` },
    curies: CURIES,
    'ngcp:journal': [{ href: `/api/${collection}/${id}/journal/` }],
    profile: PROFILE,
    self: { href: `/api/${collection}/${id}` },
  };
  for (const [relation, href] of Object.entries(more ?? {})) links[`ngcp:${relation}`] = [{ href }];
  return links;
}

/** `_links` of a page: `next` and `prev` only where there is such a page, `ngcp:<collection>` only with hits. */
export function collectionLinks(
  collection: string,
  page: Page<{ readonly id: number }>,
  query: Query,
  pageLinks: boolean,
): JsonObject {
  const base = `/api/${collection}/`;
  const { paging } = page;
  const to = (number: number): JsonObject => ({
    href: `${base}?${linkQuery(query, { ...paging, page: number })}`,
  });
  const links: JsonObject = { curies: CURIES, profile: PROFILE, self: to(paging.page) };
  if (page.rows.length > 0) links[`ngcp:${collection}`] = page.rows.map((row) => ({ href: `${base}${row.id}` }));
  if (pageLinks && page.hasNext) links['next'] = to(paging.page + 1);
  if (pageLinks && paging.page > 1) links['prev'] = to(paging.page - 1);
  return links;
}
