/*
 * What an audit is to those who read it. Times are ISO 8601 UTC.
 */

export const AUDIT_STATES = ['queued', 'running', 'completed', 'failed', 'cancelled'] as const;
export type AuditState = (typeof AUDIT_STATES)[number];

/**
 * `same`: as Turnup was told · `differs`: there, but otherwise · `missing`: not there · `foreign`: there under our
 * customer, though Turnup was never told of it · `unknown`: could not be told
 */
export const FINDING_STATES = ['same', 'differs', 'missing', 'foreign', 'unknown'] as const;
export type FindingState = (typeof FINDING_STATES)[number];

/** The member by which a finding says that somebody is suspended, or is not, against what was told. */
export const SUSPENDED = 'suspended';

export interface Finding {
  /** The customer's externalId. */
  readonly customer: string;
  /** Null: the customer's own data. */
  readonly subscriber: { readonly username: string; readonly domain: string } | null;
  readonly state: FindingState;
  /** What is otherwise, e.g. `aliases`, `callForwards.busy`, `customer.contact.email`, `suspended`. */
  readonly members: readonly string[];
  /** Why, where that needs saying. */
  readonly why: string | null;
  /** The order that was placed to repair it. */
  readonly order: string | null;
}

export interface AuditFailure {
  readonly code: string;
  readonly title: string;
  readonly detail: string | null;
}

/** What an audit that is running waits for: the target to be there again, or orders to be done. */
export type AuditWait = 'target' | 'orders';

export interface AuditView {
  readonly id: string;
  readonly target: string;
  /** Null: every customer that Turnup was told of. */
  readonly customers: readonly string[] | null;
  readonly repair: boolean;
  /** `operator:<name>`, or `turnup` where the configuration asked for it. */
  readonly by: string;
  readonly state: AuditState;
  readonly waitsFor: AuditWait | null;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  /** Customers. */
  readonly progress: { readonly checked: number; readonly total: number };
  /** Of subscribers and of customers' own data, by what was found. */
  readonly counts: { readonly [state in FindingState]: number };
  /** How many orders were placed to repair. */
  readonly orders: number;
  readonly error: AuditFailure | null;
}

/** What one customer's turn in an audit is to do. */
export interface AuditTurn {
  readonly id: string;
  readonly target: string;
  readonly repair: boolean;
  readonly by: string;
  /** Owner of the orders that it places. */
  readonly owner: string;
  /** Whether those that are the same are listed too. */
  readonly isNamed: boolean;
  /** Null: all customers were looked at. */
  readonly customer: string | null;
  /** It was put off once, since an order was at it. */
  readonly isLast: boolean;
  /** Changes with every turn: the word of a turn that another worker has had already is refused. */
  readonly turn: number;
  /** Orders placed until now. */
  readonly orders: number;
}
