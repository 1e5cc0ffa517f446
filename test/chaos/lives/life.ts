/** What the CRM believes of one subscriber: so it is when all its orders went well. */
export interface Believed {
  readonly username: string;
  readonly number: string | null;
  readonly aliases: readonly string[];
  /** Types and names of what is set. */
  readonly forwards: readonly string[];
  readonly preferences: readonly string[];
}

export interface Life {
  readonly customer: string;
  /** Of subscribers; those that are not there are free for new ones. */
  readonly names: readonly string[];
  /** A user name that is nobody's. */
  readonly nobody: string;
  readonly numbers: readonly string[];
  readonly lines: Map<string, Believed>;
  /** How many orders are still to come. */
  left: number;
}
