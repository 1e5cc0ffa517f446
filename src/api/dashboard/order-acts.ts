import type { RequestHandler } from 'express';
import { TurnupError } from '../../errors/index.ts';
import type { Logger } from '../../observability/index.ts';
import { principalOf, requireOperator } from '../auth/principal.ts';
import { actOnOrder, reasonText, type Act, type ActingMotor } from '../orders/acts.ts';
import { isOrderId } from '../orders/order-id.ts';
import { formOf, hasFormToken } from './form.ts';
import { orderPath } from './order-form.ts';
import { sendOrderPage, type OrderPageOptions } from './order-page.ts';

export interface OrderActOptions extends OrderPageOptions {
  readonly motor: ActingMotor;
  readonly log: Logger;
}

function readReason(form: Record<string, unknown>): string {
  const parsed = reasonText.safeParse(form['reason']);
  if (parsed.success) return parsed.data;
  throw new TurnupError('TURNUP_INVALID_REQUEST', { detail: 'Give a reason of 1 to 500 characters.' });
}

/** A button of the order's page: the same event as the call of the API (I9). */
export function createOrderAct(options: OrderActOptions, act: Act | 'retry'): RequestHandler {
  const { store, sessions } = options;
  return async (req, res) => {
    const principal = requireOperator(principalOf(res), 'operator');
    const form = formOf(req);
    if (!hasFormToken(await sessions.open(req, res), form['csrf'])) {
      throw new TurnupError('TURNUP_FORBIDDEN', { detail: 'the form is too old; open the page again' });
    }
    const id = String(req.params['id']);
    const order = isOrderId(id) ? await store.read(id) : null;
    if (!order) throw new TurnupError('TURNUP_NOT_FOUND', { detail: 'there is no such order' });
    try {
      await actOnOrder(options, order, { act, principal, reason: act === 'retry' ? '' : readReason(form) });
    } catch (error) {
      if (!(error instanceof TurnupError) || ![409, 422].includes(error.status)) throw error;
      const notice = { text: error.detail ?? error.title, isFault: true };
      await sendOrderPage(options, req, res, { status: error.status, notice });
      return;
    }
    res.redirect(303, `${orderPath(id)}?done=${act}`);
  };
}
