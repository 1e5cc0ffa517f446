import type { Request, RequestHandler } from 'express';
import { z } from 'zod';
import type { Motor } from '../../../flows/motor.ts';
import { FINDING_STATES, type AuditView } from '../../audits/audit.ts';
import type { AuditStore } from '../../audits/store.ts';
import { TurnupError } from '../../errors/index.ts';
import type { Logger } from '../../observability/index.ts';
import { parseJsonStrict } from '../../orders/model/index.ts';
import type { Targets } from '../../targets/targets.ts';
import { actorOf, ownerName, principalOf, requireOperator } from '../auth/principal.ts';
import { bytesOf } from '../http/body.ts';
import { isOrderId } from '../orders/order-id.ts';
import { checked, pageLimit } from '../orders/query.ts';

export interface AuditDeps {
  readonly audits: AuditStore;
  readonly targets: Pick<Targets, 'get'>;
  readonly motor: Pick<Motor, 'startAudit'>;
  readonly log: Logger;
}

export const MOST_CUSTOMERS = 1_000;

const wish = z.strictObject({
  target: z.string().min(1).max(128),
  customers: z.array(z.string().min(1).max(255)).min(1).max(MOST_CUSTOMERS).optional(),
  repair: z.boolean().default(false),
});

const listQuery = z.strictObject({
  target: z.string().min(1).max(128).optional(),
  limit: pageLimit.default(50),
  cursor: z.uuid().optional(),
});

const readQuery = z.strictObject({
  state: z.enum(FINDING_STATES).optional(),
  limit: pageLimit.default(100),
  cursor: z.string().min(1).max(16).optional(),
});

const given = <T extends object>(members: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as never;

/** @throws TurnupError `TURNUP_INVALID_REQUEST` */
function requireAuditable({ targets }: AuditDeps, name: string): void {
  const target = targets.get(name);
  const fault = (message: string): TurnupError =>
    new TurnupError('TURNUP_INVALID_REQUEST', { faults: [{ path: ['target'], message }] });
  if (!target) throw fault('is not a configured target');
  if (!target.platform.actions.includes('modify')) {
    throw fault(`is ${target.platform.title}, which has no modify orders: they are what an audit compares by`);
  }
}

/** @throws TurnupError `TURNUP_NOT_FOUND` */
async function auditOf({ audits }: AuditDeps, req: Request): Promise<AuditView> {
  const id = String(req.params['id']);
  const audit = isOrderId(id) ? await audits.read(id) : null;
  if (!audit) throw new TurnupError('TURNUP_NOT_FOUND', { detail: 'there is no such audit, or it is no longer kept' });
  return audit;
}

/** `POST /v1/audits`: it is stored before it is answered, and done by the workers. */
export function beginAudit(deps: AuditDeps): RequestHandler {
  const { audits, motor, log } = deps;
  return async (req, res) => {
    const operator = requireOperator(principalOf(res), 'operator');
    const { target, customers, repair } = checked(wish, parseJsonStrict(bytesOf(req)));
    requireAuditable(deps, target);
    const by = actorOf(operator);
    const id = (await audits.create({ target, customers, repair, by, owner: ownerName(operator) }))!;
    log.info({ audit: id, target, customers: customers?.length ?? null, repair, by }, 'audit ordered');
    // It is stored: whatever happens here, the workers find it.
    await motor.startAudit(id).catch((error: unknown) => {
      log.warn({ err: error, audit: id }, 'the job of an audit could not be added');
    });
    res
      .set('Location', `/v1/audits/${id}`)
      .status(202)
      .json(await audits.read(id));
  };
}

/** `GET /v1/audits`: newest first, without what they found. */
export function listAudits({ audits }: AuditDeps): RequestHandler {
  return async (req, res) => {
    requireOperator(principalOf(res), 'viewer');
    res.json(await audits.list(given(checked(listQuery, { ...req.query }))));
  };
}

/** `GET /v1/audits/{id}`: how far it is, and a page of what it found. */
export function readAudit(deps: AuditDeps): RequestHandler {
  return async (req, res) => {
    requireOperator(principalOf(res), 'viewer');
    const query = checked(readQuery, { ...req.query });
    const audit = await auditOf(deps, req);
    res.json({ ...audit, findings: await deps.audits.findings(audit.id, given(query)) });
  };
}

/** `POST /v1/audits/{id}/cancel`: the customer in hand is the last; orders that were placed go on. */
export function cancelAudit(deps: AuditDeps): RequestHandler {
  return async (req, res) => {
    const operator = requireOperator(principalOf(res), 'operator');
    const audit = await auditOf(deps, req);
    if (!(await deps.audits.end(audit.id, 'cancelled'))) {
      const { state } = (await deps.audits.read(audit.id)) ?? audit;
      throw new TurnupError('TURNUP_STATE_CONFLICT', { detail: `The audit is ${state}.` });
    }
    deps.log.info({ audit: audit.id, by: actorOf(operator) }, 'audit cancelled');
    res.status(202).json(await deps.audits.read(audit.id));
  };
}
