import type { Order } from '../orders/model/index.ts';

/** The order as it is stored: a step sees its own subscriber only, and may want to know of all domains. */
export function withDomains(order: Order): Order & { domains?: readonly string[] } {
  const domains = new Map(order.subscribers.map(({ domain }) => [domain.toLowerCase(), domain]));
  return domains.size > 0 ? { ...order, domains: [...domains.values()] } : order;
}
