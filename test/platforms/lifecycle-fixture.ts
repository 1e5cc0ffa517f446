import type fc from 'fast-check';
import type { Json, OrderContent } from '../../src/platforms/port.ts';
import type { ConformanceFixture, StandIn } from './conformance.ts';

/** Two customers on the target. Each order was carried out before a test begins. */
export interface World {
  /** With the subscribers `s1` and `s2`, which have something of all that a modify order can change. */
  readonly mine: OrderContent;
  /** Another customer, with the subscriber `s1`. */
  readonly other: OrderContent;
}

/** An order of one of the actions that change what is there. */
export interface LifecycleCase {
  /** Begins with the action, e.g. `modify: contact and billing profile`. */
  readonly name: string;
  /** Orders that are carried out before: what a resume order resumes. Their work is not undone. */
  readonly first?: (world: World) => readonly OrderContent[];
  readonly order: (world: World) => OrderContent;
  /** Expects of the state what the order asks for. Left out: something is changed. */
  readonly reaches?: (state: Json, world: World) => void;
  /** Kinds that do their work again when the order comes once more, as the platform shows nobody what they did. */
  readonly unseen?: readonly string[];
  /** What only a look at the target tells: which calls, or which ones undo makes. */
  readonly unforeseen?: 'calls' | 'undo';
  /** Further orders, like this one, that meet something of somebody else's. */
  readonly strangers?: (world: World) => readonly OrderContent[];
  /** Further orders, like this one, that name something that is not there. */
  readonly missing?: (world: World) => readonly OrderContent[];
}

/** What the suite needs to know of a platform. */
export interface LifecycleFixture<Client, Native> {
  readonly conformance: Pick<ConformanceFixture<Client, Native>, 'platform' | 'start' | 'settings' | 'prepare'>;
  /** Orders for two new customers, with names and numbers of their own in every call. */
  world(): World;
  readonly cases: readonly LifecycleCase[];
  /** False where a subscriber is the customer's whatever the customer's number is. */
  readonly knowsCustomers: boolean;
  /**
   * All that the stand-in holds, as its `/__state` shows it, without the times it made itself and the ids that it gives
   * anew to what is set again.
   */
  state(client: Client, standIn: StandIn): Promise<Json>;
  /** Modify orders for a world, without steps that have no way back. Any two of them may follow each other. */
  readonly modifications: fc.Arbitrary<(world: World) => OrderContent>;
  /** How many of them are tried. */
  readonly runs?: number;
}
