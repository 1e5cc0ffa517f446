import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { Motor } from '../../../flows/motor.ts';
import { TurnupError, type Fault } from '../../errors/index.ts';
import type { Logger } from '../../observability/index.ts';
import { parseJsonStrict } from '../../orders/model/index.ts';
import type { OrderView, StepView } from '../../orders/record.ts';
import type { OrderStore } from '../../orders/store.ts';
import { stepKind } from '../../platforms/port.ts';
import type { KeyRing } from '../../secrets/index.ts';
import type { Targets } from '../../targets/targets.ts';
import { actorOf, principalOf, requireOperator } from '../auth/principal.ts';
import { bytesOf } from '../http/body.ts';
import { reasonText, requireAnswer } from './acts.ts';
import { checked, faultsOf } from './query.ts';
import { visibleOrder } from './visible-order.ts';

export interface SkipDeps {
  readonly store: OrderStore;
  readonly motor: Pick<Motor, 'skip'>;
  readonly targets: Pick<Targets, 'get'>;
  readonly keyRing: Pick<KeyRing, 'open'>;
  readonly log: Logger;
}

const skipBody = z.strictObject({ reason: reasonText, result: z.record(z.string(), z.unknown()).default({}) });

/** A handful of ids; it is kept in the record, the journal and every answer. */
const MOST_BYTES = 2048;
/** Shorter ones are found in any text. */
const SHORTEST_SECRET = 4;

type Result = Record<string, unknown>;

/** What later steps need of it, by the platform's own words for the step. */
function shapeFaults(deps: SkipDeps, order: OrderView, step: StepView, result: Result): Fault[] {
  const target = deps.targets.get(order.target);
  const kind = target && stepKind(target.platform, order.action, step.kind);
  const parsed = (kind?.resultShape ?? z.strictObject({})).safeParse(result);
  return parsed.success
    ? []
    : faultsOf(parsed.error).map(({ path, message }) => ({ path: ['result', ...path], message }));
}

/** A result is shown to everybody who may read the order (I8). */
async function holdsSecret(deps: SkipDeps, id: string, text: string): Promise<boolean> {
  const content = await deps.store.content(id);
  if (!content?.secrets) return false;
  const secrets = Object.values(JSON.parse(deps.keyRing.open(content.secrets, id)) as Record<string, string>);
  return secrets.some(
    (secret) => secret.length >= SHORTEST_SECRET && text.includes(JSON.stringify(secret).slice(1, -1)),
  );
}

async function checkResult(deps: SkipDeps, order: OrderView, step: StepView, result: Result): Promise<void> {
  const text = JSON.stringify(result);
  const faults: Fault[] = [];
  if (order.direction === 'undo') {
    if (text !== '{}')
      faults.push({ path: ['result'], message: 'is not needed: an undo leaves nothing for later steps' });
  } else faults.push(...shapeFaults(deps, order, step, result));
  if (Buffer.byteLength(text) > MOST_BYTES)
    faults.push({ path: ['result'], message: `must be at most ${MOST_BYTES} bytes` });
  if (await holdsSecret(deps, order.id, text)) {
    faults.push({ path: ['result'], message: 'must not hold a password or PIN of the order' });
  }
  if (faults.length > 0) throw new TurnupError('TURNUP_INVALID_REQUEST', { faults });
}

/** `POST /v1/orders/{id}/steps/{step}/skip`: a person did it by hand. */
export function skipStep(deps: SkipDeps): RequestHandler {
  const { store, motor, log } = deps;
  return async (req, res) => {
    const principal = principalOf(res);
    const order = await visibleOrder(store, req, res);
    const operator = requireOperator(principal, 'operator');
    const id = String(req.params['step']);
    const step = order.steps.find((one) => one.id === id);
    if (!step) throw new TurnupError('TURNUP_NOT_FOUND', { detail: 'the order has no such step' });
    const { reason, result } = checked(skipBody, parseJsonStrict(bytesOf(req)));
    await checkResult(deps, order, step, result);
    const by = actorOf(operator);
    requireAnswer(await motor.skip(order.id, id, by, reason, result), order);
    log.info({ order: order.id, step: id, act: 'skip', by, reason }, 'order acted on');
    res.status(202).json(await store.read(order.id));
  };
}
