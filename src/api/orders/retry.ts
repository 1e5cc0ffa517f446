import type { RequestHandler } from 'express';
import type { Motor } from '../../../flows/motor.ts';
import { TurnupError } from '../../errors/index.ts';
import type { OrderStore } from '../../orders/store.ts';
import { actorOf, principalOf, requireActor } from '../auth/principal.ts';
import { visibleOrder } from './visible-order.ts';

/** Lets a held order go on; the same event as a retry from the dashboard (I9). */
export function retryOrder(store: OrderStore, motor: Pick<Motor, 'retry'>): RequestHandler {
  return async (req, res) => {
    const principal = principalOf(res);
    const { id } = await visibleOrder(store, req, res);
    requireActor(principal);
    const retried = await motor.retry(id, actorOf(principal));
    if (retried.kind === 'refused') throw new TurnupError('TURNUP_STATE_CONFLICT', { detail: retried.reason });
    if (retried.kind === 'missing') throw new TurnupError('TURNUP_NOT_FOUND', { detail: 'there is no such order' });
    res.status(202).json(await store.read(id));
  };
}
