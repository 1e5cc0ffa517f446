import type { RequestHandler } from 'express';
import { z } from 'zod';
import { TurnupError } from '../errors/index.ts';
import type { Metrics } from '../observability/index.ts';
import type { CatalogRead, Json, JsonObject } from '../platforms/port.ts';
import type { Target, Targets } from '../targets/targets.ts';
import { principalOf } from './auth/principal.ts';
import { checked } from './orders/query.ts';
import { asAnswer, withinLimit } from './target-answer.ts';
import { visibleTarget } from './visible-target.ts';

export interface CatalogDeps {
  readonly targets: Pick<Targets, 'get' | 'breaker' | 'throttledUntil' | 'failed' | 'succeeded'>;
  readonly metrics: Pick<Metrics, 'platformCall'>;
  /** How long a caller waits, in ms; left out: as long as is usual. */
  readonly limitMs?: number;
}

export interface CatalogView {
  name: string;
  title: string;
  /** JSON Schema of the query. */
  params: unknown;
}

const RETRY_MS = 30_000;

/** Of a query everything is text, which is what the reads expect. */
const paramsOf = (read: CatalogRead): unknown =>
  z.toJSONSchema(read.params.strict(), { io: 'input', unrepresentable: 'any', target: 'draft-2020-12' });

/** `GET /v1/targets/{name}/catalog`: what can be read of a target's own data. */
export function listCatalog({ targets }: Pick<CatalogDeps, 'targets'>): RequestHandler {
  return (req, res) => {
    const { platform } = visibleTarget(targets, principalOf(res), String(req.params['name']));
    const items = Object.entries(platform.catalog ?? {}).map(([name, read]): CatalogView => ({
      name,
      title: read.title,
      params: paramsOf(read),
    }));
    res.json({ items, next: null });
  };
}

/** @throws TurnupError `TURNUP_TARGET_PARKED`: nothing may disturb a target that is down or asks for fewer calls (I6) */
async function requireOpen({ targets }: CatalogDeps, name: string): Promise<'closed' | 'halfOpen'> {
  const [{ state, until, reason }, throttledUntil] = await Promise.all([
    targets.breaker(name),
    targets.throttledUntil(name),
  ]);
  if (state === 'open') {
    const retryAfterMs = until === null ? RETRY_MS : Math.max(1000, Date.parse(until) - Date.now());
    throw new TurnupError('TURNUP_TARGET_PARKED', { detail: reason?.title ?? 'its breaker is open', retryAfterMs });
  }
  if (throttledUntil !== null) {
    const retryAfterMs = Math.max(1000, Date.parse(throttledUntil) - Date.now());
    throw new TurnupError('TURNUP_TARGET_PARKED', { detail: 'it asked for fewer calls', retryAfterMs });
  }
  return state;
}

async function readTarget(deps: CatalogDeps, target: Target, read: CatalogRead, params: JsonObject): Promise<Json> {
  return withinLimit((signal) => {
    const client = target.connection().bind({
      signal,
      beforeCall: async (write) => {
        signal.throwIfAborted();
        if (write) throw new TurnupError('TURNUP_INTERNAL', { detail: 'a catalogue only reads' });
        await target.takeCall(signal);
      },
      afterCall: (call) => deps.metrics.platformCall(target.name, call),
    });
    return read.read(client, params as never);
  }, deps.limitMs);
}

/** `GET /v1/targets/{name}/catalog/{what}`: one page of a target's own data, for the forms of a CRM. */
export function readCatalog(deps: CatalogDeps): RequestHandler {
  const { targets } = deps;
  return async (req, res) => {
    const target = visibleTarget(targets, principalOf(res), String(req.params['name']));
    const { catalog = {} } = target.platform;
    const what = String(req.params['what']);
    const read = Object.hasOwn(catalog, what) ? catalog[what] : undefined;
    if (!read) {
      const known = Object.keys(catalog).join(', ') || 'nothing';
      throw new TurnupError('TURNUP_NOT_FOUND', { detail: `of this target can be read: ${known}` });
    }
    const params = checked(read.params.strict(), { ...req.query }) as JsonObject;
    const state = await requireOpen(deps, target.name);
    let data: Json;
    try {
      data = await readTarget(deps, target, read, params);
    } catch (thrown) {
      if (!(thrown instanceof TurnupError)) throw thrown;
      const error = target.judge(thrown, 'catalog');
      // One read that fails is no reason to stop orders; a target that is away or refuses the login is.
      await targets.failed(target.name, error, { answered: true });
      throw asAnswer(error);
    }
    if (state === 'halfOpen') await targets.succeeded(target.name);
    res.json(data);
  };
}
