import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { Motor } from '../../../flows/motor.ts';
import { TurnupError } from '../../errors/index.ts';
import type { Logger } from '../../observability/index.ts';
import { parseJsonStrict } from '../../orders/model/index.ts';
import type { OrderView } from '../../orders/record.ts';
import type { OrderStore } from '../../orders/store.ts';
import { actorOf, principalOf, requireActor, requireOperator, type Principal } from '../auth/principal.ts';
import { bytesOf } from '../http/body.ts';
import { checked } from './query.ts';
import { visibleOrder } from './visible-order.ts';

/** What a person does to a whole order, with a reason. */
export const ACTS = ['cancel', 'undo', 'close', 'release'] as const;
export type Act = (typeof ACTS)[number];

export type ActingMotor = Pick<Motor, 'retry' | 'cancel' | 'undoHeld' | 'closeOrder' | 'release'>;

export interface ActDeps {
  readonly store: OrderStore;
  readonly motor: ActingMotor;
  readonly log: Logger;
}

/** Why, for the journal. */
export const reasonText = z.string().trim().min(1).max(500);

const withReason = z.strictObject({ reason: reasonText });

/** What the engine says of an act that it does not carry out. */
type Answer = { readonly kind: string; readonly reason?: string };

type Perform = (motor: ActingMotor, id: string, by: string, reason: string) => Promise<Answer>;

const PERFORM: Readonly<Record<Act | 'retry', Perform>> = {
  retry: (motor, id, by) => motor.retry(id, by),
  cancel: (motor, ...deed) => motor.cancel(...deed),
  undo: (motor, ...deed) => motor.undoHeld(...deed),
  close: (motor, ...deed) => motor.closeOrder(...deed),
  release: (motor, ...deed) => motor.release(...deed),
};

/** @throws TurnupError `TURNUP_STATE_CONFLICT` with the reason when the engine refused */
export function requireAnswer(answer: Answer, order: OrderView): void {
  if (answer.kind === 'refused') {
    const detail = answer.reason ?? `The order is ${order.state}; only a held one allows this.`;
    throw new TurnupError('TURNUP_STATE_CONFLICT', { detail });
  }
  // It was seen a moment ago: what is left of it is its archive.
  if (answer.kind === 'missing') {
    throw new TurnupError('TURNUP_STATE_CONFLICT', { detail: `The order is ${order.state} and archived.` });
  }
}

/** The one way in for every act on an order, from the API and the dashboard alike (I9). */
export async function actOnOrder(
  { motor, log }: Pick<ActDeps, 'motor' | 'log'>,
  order: OrderView,
  deed: { readonly act: Act | 'retry'; readonly principal: Principal; readonly reason: string },
): Promise<void> {
  const by = actorOf(deed.principal);
  const { act, reason } = deed;
  requireAnswer(await PERFORM[act](motor, order.id, by, reason), order);
  log.info({ order: order.id, act, by, reason }, 'order acted on');
}

/** What a client may do to its own orders; anything else needs an operator. */
const CLIENTS_MAY: readonly (Act | 'retry')[] = ['retry', 'cancel'];

function requireMayAct(principal: Principal, act: Act | 'retry'): void {
  if (CLIENTS_MAY.includes(act)) requireActor(principal);
  else requireOperator(principal, 'operator');
}

/** `POST /v1/orders/{id}/<act>` */
export function handleAct(deps: ActDeps, act: Act | 'retry'): RequestHandler {
  return async (req, res) => {
    const principal = principalOf(res);
    const order = await visibleOrder(deps.store, req, res);
    requireMayAct(principal, act);
    const reason = act === 'retry' ? '' : checked(withReason, parseJsonStrict(bytesOf(req))).reason;
    await actOnOrder(deps, order, { act, principal, reason });
    res.status(202).json(await deps.store.read(order.id));
  };
}
