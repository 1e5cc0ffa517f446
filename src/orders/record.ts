import type { ErrorClass, ErrorCode } from '../errors/index.ts';
import type { Direction, OrderState, StepState } from './states.ts';

/** The order as read over the API (API.md "Order, as read"). Times are ISO 8601 UTC. */
export interface OrderView {
  id: string;
  externalId: string;
  client: string;
  target: string;
  platform: string;
  action: string;
  onFailure: 'hold' | 'undo';
  state: OrderState;
  run: number;
  direction: Direction;
  createdAt: string;
  startedAt: string | null;
  completedAt: string | null;
  notBefore: string | null;
  deadline: string | null;
  blockedBy: BlockedBy | null;
  customer: { externalId: string };
  steps: StepView[];
  error: OrderFailure | null;
}

export interface BlockedBy {
  kind: 'order' | 'target' | 'notBefore';
  id: string | null;
  since: string | null;
  until: string | null;
}

export interface StepView {
  id: string;
  item: string | null;
  kind: string;
  state: StepState;
  outcome: 'created' | 'adopted' | 'changed' | 'unchanged' | null;
  attempts: number;
  startedAt: string | null;
  finishedAt: string | null;
  result: Record<string, unknown> | null;
  error: StepFailure | null;
}

export interface StepFailure {
  code: ErrorCode;
  title: string;
  detail: string | null;
  class: ErrorClass;
  hint: string;
}

export interface OrderFailure extends StepFailure {
  step: string | null;
}

export interface JournalEntry {
  at: string;
  type: string;
  step: string | null;
  /** `client:<name>`, `operator:<name>`, or `turnup`. */
  by: string;
  detail: Record<string, unknown>;
}

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface OrderFilter {
  client?: string;
  state?: OrderState;
  target?: string;
  customer?: string;
  externalId?: string;
  limit: number;
  cursor?: string;
}
