/** A company with one office and one user in it. */
export interface Leftover {
  readonly customer: string;
  readonly companyId: string;
  readonly office: string;
  readonly username: string;
  /** E.164. */
  readonly number: string;
  readonly externalId: string | null;
}

export interface Leftovers {
  readonly strangers: readonly Leftover[];
  readonly regulars: readonly Leftover[];
  /** Only operations work on them. */
  readonly wards: readonly Leftover[];
  /** Numbers of rented lines: those that operations change, and those that they take away, each once. */
  readonly keptLines: readonly string[];
  readonly spareLines: readonly string[];
  /** Numbers that left to another operator, in E.164. */
  readonly portedOut: readonly string[];
}
