import type { Row } from './hand.ts';

export interface Made {
  readonly key: string;
  /** Members it must have; others it may. */
  readonly members: Row;
  /** Id that the order's record tells; null where it tells none. */
  readonly id: unknown;
}

export interface Change {
  readonly key: string;
  readonly members: Row;
}
