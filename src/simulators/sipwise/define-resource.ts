import { collectionLinks, itemLinks } from './hal.ts';
import { listPage } from './listing.ts';
import { applyPatch, readPatch } from './patch.ts';
import { notFound, pathNotFound, type JsonObject } from './refusal.ts';
import type { Context, ItemMethod, Outcome, Resource, ResourceSpec } from './resource.ts';

/** Related objects asked for with `expand`, and whether all of them are known (sipwise-ngcp.md §3). */
function expansions<Row extends { readonly id: number }>(
  spec: ResourceSpec<Row>,
  context: Context,
): { readonly valid: boolean; readonly into: ((row: Row, item: JsonObject) => void) | null } {
  const wanted = context.query.get('expand');
  if (wanted === undefined) return { valid: true, into: null };
  const fields = wanted.split(',').map((field) => field.trim());
  const known = fields.filter((field) => spec.expand?.[field]);
  return {
    valid: known.length === fields.length || context.query.get('soft_expand') === '1',
    into: (row, item) => {
      for (const field of known) item[`${field}_expand`] = spec.expand?.[field]?.(row, context) ?? null;
    },
  };
}

/** Gives a specification the common behaviour: finding, scope, HAL, paging, patching, 404s. */
export function defineResource<Row extends { readonly id: number }>(spec: ResourceSpec<Row>): Resource {
  const { name, entity, sortable, fields } = spec;

  function find(id: number, context: Context, method: ItemMethod): Row {
    const row = spec.table(context.state).get(id);
    const { resellerId } = context.account;
    if (row && (resellerId === null || spec.resellerOf(row) === resellerId)) return row;
    throw notFound(spec.entityOf?.[method] ?? entity);
  }

  function item(row: Row, context: Context): JsonObject {
    const links = itemLinks(name, row.id, spec.links?.(row));
    return { _links: links, ...spec.represent(row, context) };
  }

  function changed(row: Row, context: Context, representation: boolean): Outcome {
    if (!representation) return { status: 204, body: null, applied: 'minimal' };
    return { status: 200, body: item(row, context), applied: 'representation' };
  }

  return {
    name,
    sortable,
    fields,
    adminOnly: spec.adminOnly ?? false,
    genericCode: spec.genericCode ?? false,
    collectionMethods: spec.collectionMethods,
    itemMethods: spec.itemMethods,
    filterNames: Object.keys(spec.filters),

    list(context) {
      const { resellerId } = context.account;
      const visible = resellerId === null ? null : (row: Row): boolean => spec.resellerOf(row) === resellerId;
      const page = listPage(context.state, { table: spec.table(context.state), visible }, spec, context.query);
      const expand = expansions(spec, context);
      const items = page.rows.map((row) => {
        const one = item(row, context);
        expand.into?.(row, one);
        return one;
      });
      const links = collectionLinks(name, page, context.query, spec.pageLinks ?? true);
      const body: JsonObject = { _links: links, total_count: page.total };
      if (items.length > 0) body['_embedded'] = { [`ngcp:${name}`]: items };
      return { status: expand.valid ? 200 : 409, body };
    },

    read(id, context) {
      const row = find(id, context, 'GET');
      const body = item(row, context);
      const expand = expansions(spec, context);
      expand.into?.(row, body);
      return { status: expand.valid ? 200 : 409, body };
    },

    create(body, context, representation) {
      if (!spec.create) throw pathNotFound();
      const row = spec.create(body(), context);
      const location = `/api/${name}/${row.id}`;
      if (!representation || !spec.genericCode) return { status: 201, body: null, location };
      return { status: 201, body: item(row, context), location, applied: 'representation' };
    },

    replace(id, body, context, representation) {
      const row = find(id, context, 'PUT');
      spec.replace?.(row, body(), context);
      return changed(row, context, representation);
    },

    patch(id, body, context, representation) {
      if (!spec.patch) throw pathNotFound();
      const steps = readPatch(body(), spec.patch.ops);
      const row = find(id, context, 'PATCH');
      if (steps.length > 0) {
        const patched = applyPatch(spec.patch.view(row, context), steps);
        spec.patch.apply(row, patched, context, steps);
      }
      return changed(row, context, representation);
    },

    remove(id, context) {
      spec.remove?.(find(id, context, 'DELETE'), context);
      return { status: 204, body: null };
    },
  };
}
