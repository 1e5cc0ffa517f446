import type { OrderView } from '../../orders/record.ts';
import { openApi, orderPath, type ApiOptions } from '../api-client.ts';
import { orderText } from '../order-text.ts';
import { EXIT_OK } from '../report.ts';

export interface ActInput extends ApiOptions {
  id: string;
  act: 'retry' | 'cancel' | 'undo' | 'close' | 'release';
  body: { reason: string } | null;
}

export async function run({ id, act, body, ...options }: ActInput): Promise<number> {
  const api = await openApi(options);
  const order = await api.call<OrderView>({
    method: 'POST',
    path: orderPath(id, act),
    ...(body && { body: JSON.stringify(body) }),
  });
  console.log(options.json ? JSON.stringify(order, null, 2) : orderText(order));
  return EXIT_OK;
}
