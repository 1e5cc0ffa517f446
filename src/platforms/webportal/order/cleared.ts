import type { OrderContent } from '../../port.ts';

/** Whether a modify order clears a member, by its path with the id of the subscriber. */
export const clears = ({ cleared }: Pick<OrderContent, 'cleared'>, path: string): boolean =>
  cleared?.includes(path) ?? false;
