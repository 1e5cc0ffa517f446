/* A part of the port, which names it `Stage`. */

/** A call that a step would make and that changes the target; what is `undefined` in a body is not sent. */
export type RehearsedCall =
  | { readonly method: string; readonly path: string; readonly body?: unknown }
  | { readonly service: string; readonly operation: string; readonly body?: unknown };

/** What a rehearsal is given: steps run in it as they are, and nothing leaves the house. */
export interface StageFor<Order, Client> {
  /** The whole order; stand-ins in the place of its secrets. */
  readonly order: Order;
  /**
   * The real target, which then answers what is read; writes are recorded all the same. Left out: reads are answered as
   * by a target that has what the order counts on, and nothing of what it makes.
   */
  readonly target?: Client;
  record(call: RehearsedCall): void;
  /** Stands for a number that only the target can give, such as an id; a plan shows it as `{name}`. */
  numberFor(name: string): number;
  /** Stands for a secret that only the target knows. Digits. */
  secret(): string;
}
