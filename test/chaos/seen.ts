import type { OrderBody, Planned, Remedy } from './orders.ts';

/** What this suite reads of an order. */
export interface StepSeen {
  readonly id: string;
  readonly item: string | null;
  readonly kind: string;
  readonly state: string;
  readonly outcome: string | null;
  readonly attempts: number;
  readonly finishedAt: string | null;
  readonly result: Record<string, unknown> | null;
  readonly error: { readonly code: string; readonly class: string; readonly detail: string | null } | null;
}
export interface OrderSeen {
  readonly id: string;
  readonly externalId: string;
  readonly target: string;
  readonly state: string;
  readonly run: number;
  readonly direction: 'forward' | 'undo';
  readonly createdAt: string;
  readonly completedAt: string | null;
  readonly blockedBy: { readonly kind: string; readonly id: string | null } | null;
  readonly steps: readonly StepSeen[];
  readonly error: {
    readonly code: string;
    readonly class: string;
    readonly detail: string | null;
    readonly step: string | null;
  } | null;
}
export interface EntrySeen {
  readonly at: string;
  readonly type: string;
  readonly step: string | null;
  readonly by: string;
  readonly detail: Record<string, unknown>;
}

export const TERMINAL = ['completed', 'partial', 'failed', 'cancelled'];
export const isTerminal = (order: OrderSeen): boolean => TERMINAL.includes(order.state);

/** What became of one planned order, as the CRM knows it. */
export interface Entry {
  readonly planned: Planned;
  /** As posted; for the auditor as amended, where it was. */
  readonly body: OrderBody;
  /** What it was to be amended to, the last time somebody asked. */
  amended: OrderBody | null;
  /** Null: refused at the door. */
  id: string | null;
  /** Answers to cancel: it was promised, refused, or nobody knows. */
  cancel: 'promised' | 'refused' | 'unknown' | null;
  readonly remedies: Remedy[];
  /** The platform now has what the order lacked. */
  mended: boolean;
  retries: number;
}

/** One thing the nemesis did. Times are ms since the epoch. */
export interface Deed {
  readonly kind: 'kill' | 'fault';
  readonly what: string;
  readonly who: string;
  readonly from: number;
  until: number;
}
