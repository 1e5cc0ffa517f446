import type { Case } from '../audit/evidence.ts';
import type { CustomerBody, OrderBody, SubscriberBody } from '../orders.ts';
import type { Cells, Numbers } from './world.ts';

/** Why an order cannot do what it asks for. */
export type Reason =
  /** The customer or the subscriber that is to be changed is not there. */
  | 'missing'
  /** A subscriber is another customer's, or is there with other numbers. */
  | 'lineTaken'
  | 'numberTaken'
  /** A number that is to be moved is somebody else's. */
  | 'movedTaken'
  | 'movedNowhere'
  /** A number would be the primary one and an alias. */
  | 'numberTwice';

/** How a platform names and shows what lives are about; everything else of them knows no platform. */
export interface LifeWords {
  /** Kind of the step that makes, finds or ends the customer; left out: `customer`. */
  readonly customerStep?: string;
  /** Kind of the step that sets a subscriber's numbers. */
  readonly numbersStep: string;
  /** What a new customer has; nothing where the platform has no customers. */
  newCustomer(customer: CustomerBody): Cells;
  /** What a step of that kind changes of a customer. */
  customerCells(customer: CustomerBody, kind: string): Cells;
  /** What a step of that kind, of the customer, changes of all its subscribers. */
  ofAllLines?(customer: CustomerBody, kind: string): Cells;
  /** What a new subscriber has before its further steps. @param password made up or ordered; null: not known */
  newLine(body: OrderBody, subscriber: SubscriberBody, password: string | null): Cells;
  /** What a step of that kind changes of a subscriber that is so. */
  lineCells(body: OrderBody, subscriber: SubscriberBody, kind: string, now: Cells): Cells;
  /** What a subscriber's step of that kind changes of its customer; left out, or null: nothing. */
  besideLine?(body: OrderBody, subscriber: SubscriberBody, kind: string): Cells | null;
  /** What suspending and resuming make of a subscriber that is so. @param ofAll the whole customer, not it alone */
  locked(action: 'suspend' | 'resume', now: Cells, ofAll: boolean): Cells;
  /** The same for the customer. */
  readonly lockedCustomer: Readonly<Record<'suspend' | 'resume', Cells>>;
  /** Kinds of steps without a way back, as `terminate.subscriber`. */
  readonly pivots: readonly string[];
  /** Kinds of steps that leave a part of their work behind when they are refused. */
  readonly inParts: readonly string[];
  readonly codes: Readonly<Record<Reason, readonly string[]>>;
}

export interface SeenLine {
  readonly customer: string;
  readonly numbers: Numbers;
  readonly cells: Cells;
}

/** What the platform holds of the lives in the end. */
export interface SeenLives {
  readonly customers: ReadonlyMap<string, Cells>;
  readonly lines: ReadonlyMap<string, SeenLine>;
  /** What no subscriber and customer explains. */
  readonly strays: readonly Stray[];
}

export interface Stray {
  readonly what: string;
  /** Whose orders may have left it: the subscriber's name or the customer's number, null: nobody's. */
  readonly of: string | null;
  /** Id in the record of the order that made it. */
  readonly id?: number;
}

/** Whether it concerns the subscriber or customer of that name. */
export function concerns({ entry: { body } }: Case, name: string): boolean {
  const names = [...(body.subscribers ?? []), ...(body.moves ?? []).flatMap(({ from, to }) => [from, to])];
  return body.customer?.externalId === name || names.some(({ username, domain }) => `${username}@${domain}` === name);
}
