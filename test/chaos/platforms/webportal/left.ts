/** A company with one office and one user in it. */
export interface Leftover {
  readonly customer: string;
  readonly office: string;
  readonly username: string;
  /** E.164. */
  readonly number: string;
  readonly externalId: string | null;
}

export interface Leftovers {
  readonly strangers: readonly Leftover[];
  readonly regulars: readonly Leftover[];
  /** Numbers that left to another operator, in E.164. */
  readonly portedOut: readonly string[];
}
