import type { Order } from './order.ts';

/**
 * The order as one text that is equal for equal orders, whatever the order of members and the form of numbers they
 * were posted in. Holds the secrets in clear: for a keyed hash, never to be stored or logged.
 */
export function canonicalContent(order: Order): string {
  return JSON.stringify(order, (_name, value: unknown) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}
