import type { Request, RequestHandler } from 'express';
import { TurnupError, type Fault } from '../errors/index.ts';
import { toRecord } from '../intake/to-record.ts';
import { canonicalContent, parseJsonStrict } from '../orders/model/index.ts';
import type { Accepted, AcceptInput } from '../orders/accept.ts';
import type { OrderView } from '../orders/record.ts';
import { actorOf, ownerName, principalOf, requireActor, type Principal } from './auth/principal.ts';
import type { ApiDeps } from './deps.ts';
import { bytesOf } from './http/body.ts';
import { checkOrder, readAsPostedBefore, type CheckedOrder } from './intake-check.ts';
import { answerPlan, readPlanWish } from './plan/answer.ts';

export type IntakeDeps = Pick<ApiDeps, 'config' | 'store' | 'motor' | 'targets' | 'keyRing' | 'log' | 'metrics'>;

const DAY_MS = 86_400_000;
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;

function readIdempotencyKey(req: Request): { key: string | undefined; faults: Fault[] } {
  const key = req.get('Idempotency-Key')?.trim();
  if (key === undefined || IDEMPOTENCY_KEY.test(key)) return { key, faults: [] };
  return { key, faults: [{ path: ['Idempotency-Key'], message: 'must be 1 to 255 visible ASCII characters' }] };
}

function recordOf(deps: IntakeDeps, principal: Principal, checked: CheckedOrder, key: string | undefined): AcceptInput {
  return toRecord({
    keyRing: deps.keyRing,
    target: checked.target,
    order: checked.order,
    client: ownerName(principal),
    by: actorOf(principal),
    idempotencyKey: key,
    idempotencyMs: deps.config.retention.idempotencyDays * DAY_MS,
  });
}

async function readBack(deps: IntakeDeps, id: string): Promise<OrderView> {
  const order = await deps.store.read(id);
  if (!order)
    throw new TurnupError('TURNUP_NOT_FOUND', { detail: 'the order was placed before and is no longer kept' });
  return order;
}

/**
 * A client whose answer was lost posts again, perhaps when the deadline is over or the target offers something else: what was
 * accepted stays accepted.
 */
async function findAccepted(
  deps: IntakeDeps,
  principal: Principal,
  input: unknown,
  key: string | undefined,
): Promise<Accepted | null> {
  const order = readAsPostedBefore(deps, input);
  if (!order) return null;
  const { externalId } = order;
  const known = await deps.store.known(ownerName(principal), { externalId, idempotencyKey: key });
  if (!known || !deps.keyRing.verifyFingerprint(known.fingerprint, canonicalContent(order))) return null;
  return { kind: 'same', id: known.id };
}

/** An order that is posted again may have lost its jobs together with the first answer. */
async function mayStart(store: IntakeDeps['store'], accepted: Accepted): Promise<boolean> {
  if (accepted.kind === 'created') return accepted.head;
  return (await store.read(accepted.id))?.state === 'acknowledged';
}

/**
 * `POST /v1/orders`: an order that is answered 202 is stored; its jobs follow, here or by the reconciler. With
 * `dryRun=true` it is only planned: whether it was placed before makes no difference.
 */
export function placeOrder(deps: IntakeDeps): RequestHandler {
  const { store, motor, log } = deps;
  return async (req, res) => {
    const principal = principalOf(res);
    requireActor(principal);
    const input = parseJsonStrict(bytesOf(req));
    const wish = readPlanWish(req);
    const { key, faults } = readIdempotencyKey(req);
    if (wish) {
      await answerPlan(deps, await checkOrder(deps, principal, input, faults), wish, req, res);
      return;
    }
    const accepted = await checkOrder(deps, principal, input, faults).then(
      (checked) => store.accept(recordOf(deps, principal, checked, key)),
      async (error: unknown) => {
        const before = faults.length === 0 ? await findAccepted(deps, principal, input, key) : null;
        if (!before) throw error;
        return before;
      },
    );

    if (accepted.kind === 'different') {
      const message = `was used for order ${accepted.id} with other content`;
      const path = [key === undefined ? 'externalId' : 'externalId or Idempotency-Key'];
      throw new TurnupError('TURNUP_DUPLICATE_ORDER', { faults: [{ path, message }] });
    }
    if (await mayStart(store, accepted)) {
      // The order is stored: whatever happens here, it is accepted, and the reconciler adds the jobs (I1, I2).
      await motor.start(accepted.id).catch((error: unknown) => {
        log.warn({ err: error, order: accepted.id }, 'the jobs of an accepted order could not be added');
      });
    }
    res.set('Location', `/v1/orders/${accepted.id}`);
    res.status(accepted.kind === 'created' ? 202 : 200).json(await readBack(deps, accepted.id));
  };
}
