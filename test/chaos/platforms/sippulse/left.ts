export interface Leftover {
  /** The contract number. */
  readonly customer: string;
  readonly username: string;
  readonly account: string;
  /** Its DIDs, without the country code. */
  readonly numbers: readonly string[];
}

export interface Named {
  readonly id: number;
  readonly name: string;
}

/** Something that an operation may remove. */
export interface Spare {
  readonly service: string;
  readonly operation: string;
  readonly args: Readonly<Record<string, string | number>>;
  /** As the auditor calls it (things.ts). */
  readonly thing: string;
}

export interface Leftovers {
  readonly strangers: readonly Leftover[];
  readonly regulars: readonly Leftover[];
  readonly wards: readonly Leftover[];
  /** Account of the manager of a group that has one member. */
  readonly manager: string;
  readonly huntGroups: readonly Named[];
  readonly ratePlans: readonly Named[];
  readonly reseller: string;
  readonly spares: readonly Spare[];
}
