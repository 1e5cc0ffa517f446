import type { PlanView } from '../../../flows/rehearsal/view.ts';
import type { OrderView } from '../../orders/record.ts';
import { openApi, type ApiOptions } from '../api-client.ts';
import { orderText } from '../order-text.ts';
import { planText } from '../plan-text.ts';
import { readJsonText } from '../read-json.ts';
import { EXIT_OK } from '../report.ts';
import { parseSeconds } from '../watch-order.ts';
import { waitAndTell } from './order-wait.ts';

export interface SubmitInput extends ApiOptions {
  file: string;
  wait?: boolean;
  timeout: string;
  dryRun?: boolean;
  idempotencyKey?: string;
}

export async function run(input: SubmitInput): Promise<number> {
  const seconds = parseSeconds(input.timeout);
  const body = await readJsonText(input.file);
  const api = await openApi(input);
  const headers: Record<string, string> =
    input.idempotencyKey === undefined ? {} : { 'idempotency-key': input.idempotencyKey };
  if (input.dryRun) {
    const plan = await api.call<PlanView>({ method: 'POST', path: '/v1/orders?dryRun=true', body, headers });
    console.log(input.json ? JSON.stringify(plan, null, 2) : `the order is valid; its plan:\n${planText(plan)}`);
    return EXIT_OK;
  }
  const order = await api.call<OrderView>({ method: 'POST', path: '/v1/orders', body, headers });
  if (input.wait) return waitAndTell(api, order.id, { seconds, json: input.json === true });
  console.log(input.json ? JSON.stringify(order, null, 2) : orderText(order));
  return EXIT_OK;
}
