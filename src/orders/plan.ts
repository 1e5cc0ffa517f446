/** A planned step as the record keeps it. */
export interface StoredStep {
  id: string;
  kind: string;
  item: string | null;
  /** Steps of one line run one after the other. Left out: a line for each item. */
  line?: string;
  needs: readonly string[];
  class: 'compensatable' | 'pivot' | 'retriable';
  title: string;
  /** At most one such step of an order is active at a time. */
  exclusive?: boolean;
  /** A step this one needs: that it `created` proves that nothing of this one is there yet. */
  absentAfter?: string;
  /** Steps wherein its object lies: while what they make is not on the target, neither is this one. */
  within?: readonly string[];
  /**
   * The one step that runs directly before this one, or null. A flow is a tree with one parent per job, so what
   * `needs` leaves open is put into a line here; jobs and standstill are computed from it.
   */
  after: string | null;
}
