import type { OrderView, Page } from '../../orders/record.ts';
import { openApi, type ApiOptions } from '../api-client.ts';
import { listText } from '../order-text.ts';
import { EXIT_OK } from '../report.ts';

const FILTERS = ['state', 'target', 'customer', 'externalId', 'limit', 'cursor'] as const;

export type ListInput = ApiOptions & { [filter in (typeof FILTERS)[number]]?: string };

export async function run(input: ListInput): Promise<number> {
  const query = new URLSearchParams();
  for (const filter of FILTERS) {
    const value = input[filter];
    if (value !== undefined) query.set(filter, value);
  }
  const api = await openApi(input);
  const page = await api.call<Page<OrderView>>({ method: 'GET', path: `/v1/orders?${query.toString()}` });
  console.log(input.json ? JSON.stringify(page, null, 2) : listText(page));
  return EXIT_OK;
}
