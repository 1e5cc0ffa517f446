import type { RequestHandler } from 'express';
import { z } from 'zod';
import { TurnupError } from '../errors/index.ts';
import type { Logger } from '../observability/index.ts';
import type { CallsQuery, JsonObject } from '../platforms/port.ts';
import type { Target, Targets } from '../targets/targets.ts';
import { actorOf, principalOf, requireCallsRight, type Principal } from './auth/principal.ts';
import { checked } from './orders/query.ts';
import { readingTarget, type ReadingDeps } from './reading-target.ts';
import { asAnswer, withinLimit } from './target-answer.ts';
import { visibleTarget } from './visible-target.ts';

export interface CallsDeps extends ReadingDeps {
  readonly targets: ReadingDeps['targets'] & Pick<Targets, 'get'>;
  readonly log: Logger;
}

const DAY_MS = 86_400_000;
const LONGEST_DAYS = 31;
const MOST = 1000;

const name = z.string().min(1, { error: 'must not be empty' }).max(255, { error: 'is too long' });
const time = z.iso
  .datetime({ offset: true, error: 'must be a time in ISO 8601 with its offset, e.g. 2026-11-30T09:00:00Z' })
  .transform((text) => new Date(text));

const LIMIT_ERROR = `must be a number from 1 to ${MOST}`;
const limit = z
  .string()
  .regex(/^[1-9][0-9]{0,3}$/, { error: LIMIT_ERROR })
  .transform(Number)
  .refine((count) => count <= MOST, { error: LIMIT_ERROR });

const members = { username: name.optional(), domain: name.optional(), limit: limit.default(100) };

/** The last 24 hours unless it says otherwise. */
function queryAt(now: number) {
  return z
    .strictObject({ ...members, from: time.optional(), to: time.optional() })
    .transform(({ username, domain, from, to, limit: most }, ctx): CallsQuery => {
      const end = to ?? new Date(from ? Math.min(now, from.getTime() + LONGEST_DAYS * DAY_MS) : now);
      const start = from ?? new Date(end.getTime() - DAY_MS);
      const span = end.getTime() - start.getTime();
      if (span <= 0) ctx.addIssue({ code: 'custom', path: ['from'], message: 'must be earlier than "to"' });
      if (span > LONGEST_DAYS * DAY_MS) {
        ctx.addIssue({ code: 'custom', path: ['from'], message: `must be at most ${LONGEST_DAYS} days before "to"` });
      }
      const who = { ...(username !== undefined && { username }), ...(domain !== undefined && { domain }) };
      return { ...who, from: start, to: end, limit: most };
    });
}

type Items = readonly JsonObject[];

/** By the platform's own service, or by what the target's configuration names. */
async function readItems(deps: CallsDeps, target: Target, who: Principal, query: CallsQuery): Promise<Items> {
  const { platform } = target;
  const { readCalls: read } = platform;
  if (read) return readingTarget(deps, target, who, 'calls', (client) => read(client, query));
  const reader = target.calls();
  if (!reader) {
    const detail = platform.openCalls
      ? `call records are not switched on: see "targets.${target.name}.calls" of the configuration`
      : `${platform.title} has no call records that could be read`;
    throw new TurnupError('TURNUP_NOT_FOUND', { detail });
  }
  return withinLimit(() => reader.read(query), deps.limitMs).catch((error: unknown) => {
    throw error instanceof TurnupError ? asAnswer(error) : error;
  });
}

/** `GET /v1/targets/{name}/calls`: call records of a target, newest first. */
export function readCalls(deps: CallsDeps): RequestHandler {
  const { targets, log } = deps;
  return async (req, res) => {
    const principal = principalOf(res);
    const target = visibleTarget(targets, principal, String(req.params['name']));
    requireCallsRight(principal);
    const query = checked(queryAt(Date.now()), { ...req.query });
    const items = await readItems(deps, target, principal, query);
    // That somebody looked is part of the proof that nobody looked who may not.
    log.info({ target: target.name, by: actorOf(principal), count: items.length }, 'call records read');
    res.json({ from: query.from.toISOString(), to: query.to.toISOString(), items });
  };
}
