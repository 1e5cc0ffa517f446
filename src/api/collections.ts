import type { RequestHandler } from 'express';
import { z } from 'zod';
import { FILE_STATES } from '../collector/model.ts';
import type { Collections } from '../collector/read.ts';
import type { Logger } from '../observability/index.ts';
import { parseJsonStrict } from '../orders/model/index.ts';
import { actorOf, principalOf, requireOperator } from './auth/principal.ts';
import { bytesOf } from './http/body.ts';
import { checked, cursor, pageLimit } from './orders/query.ts';

export interface CollectionDeps {
  readonly collections: Collections;
  readonly log: Logger;
}

const RUNS_SHOWN = 20;

const filesQuery = z.strictObject({
  state: z.enum(FILE_STATES).optional(),
  limit: pageLimit.default(50),
  cursor: cursor.pipe(
    z
      .string()
      .regex(/^[0-9]{1,16}$/, { error: 'is no cursor' })
      .optional(),
  ),
});

const wishBody = z.strictObject({
  since: z
    .union([z.iso.datetime({ offset: true }), z.iso.date()], {
      error: 'must be a date or a time in ISO 8601, e.g. 2026-11-30 or 2026-11-30T09:00:00Z',
    })
    .transform((text) => Math.floor(Date.parse(text) / 1000))
    .optional(),
});

const sourceOf = (params: Readonly<Record<string, unknown>>): string => String(params['source']);

/** `GET /v1/collections` */
export function listCollections({ collections }: CollectionDeps): RequestHandler {
  return async (_req, res) => {
    requireOperator(principalOf(res), 'viewer');
    const items = await Promise.all(collections.names().map((name) => collections.read(name)));
    res.json({ items, next: null });
  };
}

/** `GET /v1/collections/{source}` */
export function readCollection({ collections }: CollectionDeps): RequestHandler {
  return async (req, res) => {
    requireOperator(principalOf(res), 'viewer');
    const name = sourceOf(req.params);
    const [view, runs] = await Promise.all([collections.read(name), collections.runs(name, RUNS_SHOWN)]);
    res.json({ ...view, runs });
  };
}

/** `GET /v1/collections/{source}/files`: names may carry telephone numbers, so not for everybody who may look. */
export function listCollectedFiles({ collections, log }: CollectionDeps): RequestHandler {
  return async (req, res) => {
    const operator = requireOperator(principalOf(res), 'operator');
    const { state, limit: most, cursor: after } = checked(filesQuery, { ...req.query });
    const name = sourceOf(req.params);
    const query = { limit: most, ...(state !== undefined && { state }), ...(after !== undefined && { cursor: after }) };
    const page = await collections.files(name, query);
    log.info({ source: name, by: actorOf(operator), count: page.items.length }, 'collected files listed');
    res.json(page);
  };
}

/** `POST /v1/collections/{source}/runs`: also releases a source that is held. */
export function startCollection({ collections, log }: CollectionDeps): RequestHandler {
  return async (req, res) => {
    const operator = requireOperator(principalOf(res), 'operator');
    const { since = null } = checked(wishBody, parseJsonStrict(bytesOf(req)));
    const name = sourceOf(req.params);
    const by = actorOf(operator);
    const id = await collections.start(name, { by, since });
    log.info({ source: name, run: id, by, since }, 'collection started by hand');
    res
      .status(202)
      .location(`/v1/collections/${encodeURIComponent(name)}`)
      .json({ id, source: name });
  };
}
