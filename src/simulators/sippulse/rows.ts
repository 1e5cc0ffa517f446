import type { Fields, Scalar } from './values.ts';

/** A stored DTO; members that were not sent are absent. */
export type Columns = Record<string, Scalar | undefined>;

export interface Owned {
  readonly id: number;
  readonly domain: string;
}

export interface ProfileRow extends Owned {
  readonly profile: string;
}

export interface SubscriberRow {
  readonly id: number;
  readonly username: string;
  readonly domain: string;
  /** The subscriberDTO but for `id` and `accountCode`. */
  columns: Columns;
  /** What no operation shows (sippulse.md, "Not visible"). */
  active: boolean;
  privacyCalls: boolean;
  topologyHiding: boolean;
  dailyStatistics: boolean;
  /** Of subscriberClassVDTO what subscriberDTO lacks. */
  classV: Columns;
  cps: number;
  keepAlive: number;
  credit: number;
  dailyQuota: Fields;
  monthlyQuota: Fields;
}

/** A row that is one DTO with the server's id in it. */
export interface DtoRow extends Owned {
  columns: Columns;
}

export interface DidRow extends DtoRow {
  /** Whether the number came out of its domain's pool of available ones, and so returns there. */
  readonly pooled: boolean;
}

/** A row of one subscriber, who may be gone: nothing takes it along (sippulse.md, removeSubscriber). */
export interface AccountRow extends DtoRow {
  readonly account: string;
}

export interface ResellerRow extends DtoRow {
  credit: number;
}

export interface AccountGroupRow {
  readonly accountManager: string;
  readonly managerProfile: string;
  readonly accounts: Set<string>;
}

/** What `obs` was given for; the services themselves list no transaction. */
export interface CreditTransaction {
  readonly account: string;
  readonly value: number;
  readonly obs: string;
}
