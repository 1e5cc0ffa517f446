/** TM Forum TMF641's states of an order (API.md). */
export const ORDER_STATES = [
  'acknowledged',
  'pending',
  'inProgress',
  'held',
  'completed',
  'partial',
  'failed',
  'pendingCancellation',
  'cancelled',
] as const;
export type OrderState = (typeof ORDER_STATES)[number];

export const TERMINAL_STATES: readonly OrderState[] = ['completed', 'partial', 'failed', 'cancelled'];

export const STEP_STATES = ['waiting', 'active', 'done', 'failed', 'skipped', 'undoing', 'undone'] as const;
export type StepState = (typeof STEP_STATES)[number];

export type Direction = 'forward' | 'undo';
