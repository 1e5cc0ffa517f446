import type { OrderContent } from '../../port.ts';

/** Whether a modify order clears the member of that path, e.g. `customer.contact.phone`, `subscribers.s1.aliases`. */
export const clears = ({ cleared }: Pick<OrderContent, 'cleared'>, path: string): boolean =>
  cleared?.includes(path) ?? false;
