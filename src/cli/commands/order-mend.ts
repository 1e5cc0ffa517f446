import type { OrderView } from '../../orders/record.ts';
import { openApi, orderPath, type ApiOptions } from '../api-client.ts';
import { orderText } from '../order-text.ts';
import { readJsonText } from '../read-json.ts';
import { EXIT_OK } from '../report.ts';

export async function run(input: ApiOptions & { id: string; file: string }): Promise<number> {
  const body = await readJsonText(input.file);
  const api = await openApi(input);
  const order = await api.call<OrderView>({
    method: 'PATCH',
    path: orderPath(input.id),
    body,
    contentType: 'application/merge-patch+json',
  });
  console.log(input.json ? JSON.stringify(order, null, 2) : orderText(order));
  return EXIT_OK;
}
