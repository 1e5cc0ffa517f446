import type { Request, Response } from 'express';
import { TurnupError } from '../../errors/index.ts';
import type { OrderView } from '../../orders/record.ts';
import type { OrderStore } from '../../orders/store.ts';
import { principalOf } from '../auth/principal.ts';
import { isOrderId } from './order-id.ts';

/**
 * The order of the path, when the caller may see it.
 * @throws TurnupError `TURNUP_NOT_FOUND`, the same for an order that is not there and one that is another client's
 */
export async function visibleOrder(store: OrderStore, req: Request, res: Response): Promise<OrderView> {
  const principal = principalOf(res);
  const id = String(req.params['id']);
  const order = isOrderId(id) ? await store.read(id) : null;
  if (!order || (principal.kind === 'client' && order.client !== principal.name)) {
    throw new TurnupError('TURNUP_NOT_FOUND', { detail: 'there is no such order' });
  }
  return order;
}
