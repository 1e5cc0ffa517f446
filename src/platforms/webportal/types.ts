import type { StepContext, StepKind } from '../port.ts';
import type { Profile } from './profile/model.ts';
import type { OperationName } from './profile/operations.ts';
import type { Values } from './wire/values.ts';

/** Something on the portal. */
export interface Item {
  readonly id: string;
  readonly document: unknown;
}

export interface Made {
  /** `exists`: the portal says that it was there already. */
  readonly kind: 'made' | 'exists';
  /** Null where the answer does not tell it. */
  readonly id: string | null;
}

export interface Change {
  /** As an order has them; null clears. */
  readonly fields?: Values;
  /** As the portal had them: names of fields and what stood there. */
  readonly raw?: Readonly<Record<string, unknown>>;
  /** The thing as it was read, for calls that send it whole. */
  readonly document?: unknown;
}

/** The operations of a profile, bound to one attempt. Names of ids and keys: `names` of the operation. */
export interface WebportalClient {
  readonly profile: Profile;
  /** Name of the office where an order names none. */
  readonly office: string;
  /** SIP domain of subscribers, where the profile has no field for it. */
  readonly domain: string;
  has(operation: OperationName): boolean;
  /** What is there; none where the profile takes the answer for "absent". */
  find(operation: OperationName, names: Values): Promise<readonly Item[]>;
  create(operation: OperationName, names: Values, fields: Values): Promise<Made>;
  change(operation: OperationName, names: Values, change?: Change): Promise<'done' | 'absent'>;
  /** @throws TurnupError `TURNUP_LEASE_LOST` when the attempt ends meanwhile */
  pause(ms: number): Promise<void>;
}

export type Context = StepContext<WebportalClient>;
export type Kind = StepKind<WebportalClient>;
