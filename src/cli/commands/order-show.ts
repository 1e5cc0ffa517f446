import type { OrderView } from '../../orders/record.ts';
import { openApi, orderPath, type ApiOptions } from '../api-client.ts';
import { orderText } from '../order-text.ts';
import { EXIT_OK } from '../report.ts';

export async function run(input: ApiOptions & { id: string }): Promise<number> {
  const api = await openApi(input);
  const order = await api.call<OrderView>({ method: 'GET', path: orderPath(input.id) });
  console.log(input.json ? JSON.stringify(order, null, 2) : orderText(order));
  return EXIT_OK;
}
