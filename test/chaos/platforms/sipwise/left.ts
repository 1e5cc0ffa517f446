export interface Leftover {
  readonly customer: string;
  readonly customerId: number;
  readonly username: string;
  readonly externalId: string;
  readonly subscriberId: number;
  readonly number: { readonly cc: string; readonly ac: string; readonly sn: string };
}

export interface Leftovers {
  readonly strangers: readonly Leftover[];
  readonly regulars: readonly Leftover[];
}
