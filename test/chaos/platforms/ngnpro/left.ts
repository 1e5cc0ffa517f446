/** A customer with one subscriber. */
export interface Leftover {
  /** The CRM's number of the customer. */
  readonly customer: string;
  readonly customerId: number;
  readonly email: string;
  readonly username: string;
  /** `user@domain`. */
  readonly account: string;
  /** In digits: the number that calls show, and others. */
  readonly numbers: readonly string[];
}

/** A customer of somebody else whose login is what the CRM's number would make. */
export interface Namesake {
  readonly customer: string;
  readonly customerId: number;
}

/** Something that an operation may remove. */
export interface Spare {
  readonly service: string;
  readonly operation: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** As the auditor calls it (things.ts). */
  readonly thing: string;
  /** Whether it is gone for good. */
  readonly lasts: boolean;
}

/** What operations change or hang something on. */
export interface Kept {
  readonly customerId: number;
  readonly carrierId: number;
  readonly gatewayId: number;
  readonly ruleId: number;
  readonly routeId: number;
  readonly recordId: number;
}

export interface Leftovers {
  readonly strangers: readonly Leftover[];
  readonly regulars: readonly Leftover[];
  readonly wards: readonly Leftover[];
  readonly namesakes: readonly Namesake[];
  /** Digits that are published in ENUM and no alias. */
  readonly published: readonly string[];
  readonly kept: Kept;
  readonly spares: readonly Spare[];
}
