import type { OrderView } from '../../orders/record.ts';
import { openApi, orderPath, type ApiOptions } from '../api-client.ts';
import { orderText } from '../order-text.ts';
import { EXIT_OK, usage } from '../report.ts';

export interface SkipInput extends ApiOptions {
  id: string;
  step: string;
  reason: string;
  result?: string;
}

function parseResult(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw usage('--result is not JSON');
  }
}

export async function run({ id, step, reason, result, ...options }: SkipInput): Promise<number> {
  const body = JSON.stringify({ reason, ...(result !== undefined && { result: parseResult(result) }) });
  const api = await openApi(options);
  const order = await api.call<OrderView>({ method: 'POST', path: orderPath(id, 'steps', step, 'skip'), body });
  console.log(options.json ? JSON.stringify(order, null, 2) : orderText(order));
  return EXIT_OK;
}
