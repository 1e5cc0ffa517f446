import { isDeepStrictEqual } from 'node:util';
import type { Request, RequestHandler, Response } from 'express';
import { amendPlan, type AmendedPlan } from '../../../flows/amendment.ts';
import { planOrder } from '../../../flows/plan.ts';
import { rehearseOrder } from '../../../flows/rehearsal/rehearse.ts';
import { TurnupError, type Fault } from '../../errors/index.ts';
import { peersOf } from '../../orders/accept.ts';
import type { AmendInput } from '../../orders/amend.ts';
import { canonicalContent, keepSecrets, parseJsonStrict, splitSecrets, type Order } from '../../orders/model/index.ts';
import type { StoredStep } from '../../orders/plan.ts';
import type { OrderView } from '../../orders/record.ts';
import { secretPaths, stepKind } from '../../platforms/port.ts';
import { madeUpFor } from '../../intake/made-up.ts';
import { actorOf, principalOf, requireActor } from '../auth/principal.ts';
import type { ApiDeps } from '../deps.ts';
import { bytesOf } from '../http/body.ts';
import { checkOrder } from '../intake-check.ts';
import { readPlanWish } from '../plan/answer.ts';
import { changesBetween, describeChanges, usesChange, type Change, type OrderParts } from './changes.ts';
import { withDomains } from '../../intake/domains.ts';
import { conflict, openContent, type Current } from './stored-order.ts';
import { visibleOrder } from './visible-order.ts';

export type AmendDeps = Pick<ApiDeps, 'config' | 'store' | 'motor' | 'targets' | 'keyRing' | 'log'>;

interface Amendment {
  /** With its secrets, also those that were made up. */
  readonly order: Order;
  readonly parts: OrderParts;
  readonly generated: readonly string[];
  readonly changes: readonly Change[];
  readonly plan: readonly StoredStep[];
  readonly difference: AmendedPlan;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const FIXED_TEXT = 'must stay as it is; cancel the order and place another one';

/** What says which order it is and where it stands in line. */
function fixedFaults(input: unknown, { order }: Current): Fault[] {
  if (!isObject(input)) return [];
  const customer = isObject(input['customer']) ? input['customer']['externalId'] : '';
  const pairs: [path: string[], given: unknown, kept: unknown][] = [
    [['externalId'], input['externalId'], order.externalId],
    [['target'], input['target'], order.target],
    [['action'], input['action'] ?? 'provision', order.action],
    [['customer', 'externalId'], customer, order.customer.externalId],
  ];
  return pairs.filter(([, given, kept]) => given !== kept).map(([path]) => ({ path, message: FIXED_TEXT }));
}

function lineFaults({ order: before, content }: Current, after: Order): Fault[] {
  const faults: Fault[] = [];
  if (before.operations.length > 0 !== after.operations.length > 0)
    faults.push({ path: ['operations'], message: `${FIXED_TEXT}: operations stand in a line of their own` });
  if (!isDeepStrictEqual(peersOf(before), peersOf(after)))
    faults.push({ path: ['moves'], message: 'must stay moves from the same customers' });
  if (content.mailed && before.notBefore !== after.notBefore)
    faults.push({ path: ['notBefore'], message: 'must stay as it is: its time has come' });
  return faults;
}

const nameOf = ({ username, domain }: { username: string; domain: string }): string =>
  `${username}@${domain}`.toLowerCase();

/** Secrets that the order does not speak of stay those of the same subscriber or operation: nobody can read and repeat them. */
function withKeptSecrets({ order: before, parts }: Current, after: Order): Order {
  const same = new Set([
    ...before.subscribers
      .filter((one) => after.subscribers.some((other) => other.id === one.id && nameOf(other) === nameOf(one)))
      .map(({ id }) => id),
    ...before.operations
      .filter((one) => after.operations.some(({ id, operation }) => id === one.id && operation === one.operation))
      .map(({ id }) => id),
  ]);
  const kept = Object.entries(parts.secrets).filter(([key]) => {
    const [list = '', id = ''] = key.split('.');
    return (list !== 'subscribers' && list !== 'operations') || same.has(id);
  });
  return keepSecrets(after, Object.fromEntries(kept));
}

async function readAmendment(deps: AmendDeps, current: Current, req: Request, res: Response): Promise<Amendment> {
  const { target, content, parts: before } = current;
  const input = parseJsonStrict(bytesOf(req));
  const { order: posted } = await checkOrder(deps, principalOf(res), input, fixedFaults(input, current));
  const faults = lineFaults(current, posted);
  if (faults.length > 0) throw new TurnupError('TURNUP_INVALID_ORDER', { faults });
  const order = withKeptSecrets(current, posted);
  const { body, secrets: given } = splitSecrets(order, secretPaths(target.platform, target.settings));
  const fresh = madeUpFor(target, order);
  const parts = { body, secrets: { ...given, ...fresh } };
  const stillGenerated = content.generated.filter((key) => parts.secrets[key] === before.secrets[key]);
  const changes = changesBetween(before, parts);
  const plan = planOrder(target.platform, order);
  const isOther = (step: StoredStep): boolean => {
    const kind = stepKind(target.platform, order.action, step.kind);
    return changes.some((change) => usesChange(step, kind, change));
  };
  const generated = [...new Set([...stillGenerated, ...Object.keys(fresh)])];
  return { order, parts, generated, changes, plan, difference: amendPlan(content, plan, isOther) };
}

/** What `dryRun=true` shows: the plan of the amended order, and what becomes of each step. */
async function planView({ target }: Current, { order, difference }: Amendment) {
  const { platform, settings } = target;
  const { steps, pivot } = await rehearseOrder({ platform, settings, order: withDomains(order) });
  return {
    steps: steps.map((step) => ({ ...step, change: difference.changes.get(step.id)! })),
    undo: difference.undo.map(({ id, kind, title }) => ({ id, kind, title })),
    pivot,
  };
}

function toInput(deps: AmendDeps, id: string, by: string, current: Current, amendment: Amendment): AmendInput {
  const { keyRing } = deps;
  const { parts, plan, difference, changes, generated } = amendment;
  const sealed = Object.keys(parts.secrets).length > 0 ? keyRing.seal(JSON.stringify(parts.secrets), id) : null;
  const stepsOf = (kind: string): string[] =>
    [...difference.changes].filter(([, change]) => change === kind).map(([step]) => step);
  return {
    by,
    version: current.content.version,
    fingerprint: keyRing.fingerprint(canonicalContent(amendment.order)),
    order: withDomains(parts.body),
    plan,
    secrets: sealed === null ? null : { sealed, keyId: keyRing.currentKeyId },
    generated,
    keep: stepsOf('keep'),
    detail: {
      keep: stepsOf('keep'),
      redo: stepsOf('redo'),
      undo: difference.undo.map((step) => step.id),
      add: stepsOf('add'),
      ...describeChanges(changes),
    },
  };
}

const requireAmendable = ({ content }: Current): void => {
  const { state, direction } = content;
  if (direction === 'undo') throw conflict(`The order is ${state} and being undone; there is nothing to amend.`);
  if (state !== 'held' && state !== 'acknowledged' && state !== 'pending')
    throw conflict(`The order is ${state}; only one that is held or has not begun can be amended.`);
};

/** Whoever lost the answer amends again. */
function isAmendedSo({ keyRing }: AmendDeps, { content }: Current, { order }: Amendment): boolean {
  return content.amendedAs !== null && keyRing.verifyFingerprint(content.amendedAs, canonicalContent(order));
}

async function readCurrent(deps: AmendDeps, view: OrderView): Promise<Current> {
  const content = await deps.store.content(view.id);
  if (!content) throw conflict(`The order is ${view.state} and archived.`);
  return openContent(deps, view.id, content);
}

/**
 * `POST /v1/orders/{id}/amend`: other content for an order that is held or has not begun. What stays as it is stays done;
 * what does not is undone first. With `dryRun=true` the difference is only told.
 */
export function amendOrder(deps: AmendDeps): RequestHandler {
  const { store, motor, log } = deps;
  return async (req, res) => {
    const principal = principalOf(res);
    requireActor(principal);
    const view = await visibleOrder(store, req, res);
    const wish = readPlanWish(req);
    const current = await readCurrent(deps, view);
    const amendment = await readAmendment(deps, current, req, res);
    if (!wish && isAmendedSo(deps, current, amendment)) {
      res.status(200).json(view);
      return;
    }
    requireAmendable(current);
    if (wish) {
      res.json(await planView(current, amendment));
      return;
    }
    const by = actorOf(principal);
    const answer = await store.amend(view.id, toInput(deps, view.id, by, current, amendment));
    if (answer.kind === 'refused') throw conflict(answer.reason);
    if (answer.kind === 'changed' || answer.kind === 'missing')
      throw conflict('Something else happened to the order meanwhile; read it again.');
    log.info({ order: view.id, act: 'amend', by, changes: amendment.changes.length }, 'order acted on');
    if (answer.kind === 'turned') {
      // The amendment is stored: whatever happens here, the reconciler moves the jobs.
      await motor.undo(view.id).catch((error: unknown) => {
        log.warn({ err: error, order: view.id }, 'the jobs of an amended order could not be moved');
      });
    }
    res.status(202).json(await store.read(view.id));
  };
}
