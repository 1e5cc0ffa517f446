import type { RequestHandler } from 'express';
import { z } from 'zod';
import { TurnupError } from '../errors/index.ts';
import type { Logger } from '../observability/index.ts';
import type { CatalogRead, JsonObject } from '../platforms/port.ts';
import type { Targets } from '../targets/targets.ts';
import { capabilitiesOf } from './capabilities.ts';
import { actorOf, principalOf, requireCallsRight } from './auth/principal.ts';
import { checked } from './orders/query.ts';
import { readingTarget, type ReadingDeps } from './reading-target.ts';
import { visibleTarget } from './visible-target.ts';

export interface CatalogDeps extends ReadingDeps {
  readonly targets: ReadingDeps['targets'] & Pick<Targets, 'get'>;
  readonly log: Logger;
}

export interface CatalogView {
  name: string;
  title: string;
  /** JSON Schema of the query. */
  params: unknown;
}

/** Of a query everything is text, which is what the reads expect. */
const paramsOf = (read: CatalogRead): unknown =>
  z.toJSONSchema(read.params.strict(), { io: 'input', unrepresentable: 'any', target: 'draft-2020-12' });

/** `GET /v1/targets/{name}/catalog`: what can be read of a target's own data. */
export function listCatalog({ targets }: Pick<CatalogDeps, 'targets'>): RequestHandler {
  return (req, res) => {
    const target = visibleTarget(targets, principalOf(res), String(req.params['name']));
    const { catalog = {} } = target.platform;
    const items = capabilitiesOf(target).catalog.map((name): CatalogView => {
      const read = catalog[name]!;
      return { name, title: read.title, params: paramsOf(read) };
    });
    res.json({ items, next: null });
  };
}

/** `GET /v1/targets/{name}/catalog/{what}`: one page of a target's own data, for the forms of a CRM. */
export function readCatalog(deps: CatalogDeps): RequestHandler {
  const { targets, log } = deps;
  return async (req, res) => {
    const principal = principalOf(res);
    const target = visibleTarget(targets, principal, String(req.params['name']));
    const { catalog = {} } = target.platform;
    const what = String(req.params['what']);
    const read = Object.hasOwn(catalog, what) ? catalog[what] : undefined;
    if (!read) {
      const known = Object.keys(catalog).join(', ') || 'nothing';
      throw new TurnupError('TURNUP_NOT_FOUND', { detail: `of this target can be read: ${known}` });
    }
    if (read.aboutCalls) requireCallsRight(principal);
    const params = checked(read.params.strict(), { ...req.query }) as JsonObject;
    const data = await readingTarget(deps, target, principal, 'catalog', (client) =>
      read.read(client, params as never),
    );
    if (read.aboutCalls) log.info({ target: target.name, by: actorOf(principal), read: what }, 'call records read');
    res.json(data);
  };
}
