import type { Finding, StepContext, StepKind, StepResult } from '../../port.ts';
import { idOf } from '../lookup.ts';
import { isGone, isRefusal } from '../refusal.ts';
import { imageIn } from '../shared/image.ts';
import { existingCustomer, subscribersOfCustomer } from '../shared/locate.ts';
import {
  lockingEntry,
  lockingOf,
  resumed,
  sameLocking,
  setLocking,
  SUSPENDED,
  UNLOCKED,
  type Locking,
  type LockingEntry,
} from '../shared/locking.ts';
import { byHand, objectId } from '../steps/by-hand.ts';
import type { Item, SipwiseClient } from '../types.ts';

type Status = 'active' | 'locked';

/** How a customer and its subscribers were. */
interface Image {
  readonly customerId: number;
  readonly contactId: number;
  readonly status: string;
  /** Subscribers that were otherwise than the customer's status has them by itself. */
  readonly others: readonly LockingEntry[];
}

const pathOf = (id: number): string => `/api/customers/${id}`;

/** How the platform makes all subscribers when the customer comes to a status (sipwise-ngcp.md §8.2). */
const usual = (status: string): Required<Locking> => (status === 'locked' ? SUSPENDED : UNLOCKED);

/**
 * Locks or unlocks a customer with all its subscribers. The platform overwrites the levels that subscribers had of their
 * own; what a resumption leaves to them is set again, and so is all of it by undo. Result: `{ customerId, contactId }`.
 */
function lockingStep(status: Status, wantedOf: (was: Locking) => Required<Locking>): StepKind<SipwiseClient> {
  /** Subscribers that are not as they are to be, by how they were at first. */
  function astray(subscribers: readonly Item[], was: Image) {
    const lockingIn = lockingsOf(was);
    return subscribers
      .map((one) => ({ id: idOf(one), now: lockingOf(one), wanted: wantedOf(lockingIn(one)) }))
      .filter(({ now, wanted }) => !sameLocking(wanted, now));
  }

  return {
    nature: 'change',
    opensSecrets: false,
    uses: [],
    resultShape: byHand({ customerId: objectId.optional() }),

    async find(ctx): Promise<Finding> {
      const { customer } = await existingCustomer(ctx.client, ctx.order.customer.externalId);
      const subscribers = await subscribersOfCustomer(ctx.client, idOf(customer));
      const now = imageOf(customer, subscribers);
      if (customer['status'] === status && astray(subscribers, firstOf(ctx) ?? now).length === 0)
        return { state: 'present', ours: ctx.intent !== null, result: resultOf(now) };
      return { state: 'different', before: now as never };
    },

    async do(ctx, finding) {
      const { client } = ctx;
      const now = imageIn(finding) as unknown as Image;
      const was = firstOf(ctx) ?? now;
      if (now.status !== status) await setStatus(client, now.customerId, status);
      for (const { id, wanted } of astray(await subscribersOfCustomer(client, now.customerId), was))
        await setLocking(client, id, wanted);
      return resultOf(now);
    },

    async undo(ctx) {
      const was = firstOf(ctx);
      if (was) await restore(ctx.client, was);
    },
  };
}

export const suspendCustomerStep = lockingStep('locked', () => SUSPENDED);
export const resumeCustomerStep = lockingStep('active', resumed);

const resultOf = ({ customerId, contactId }: Image): StepResult => ({ customerId, contactId });

function firstOf({ intent }: StepContext<SipwiseClient>): Image | null {
  return intent?.state === 'different' ? (intent.before as unknown as Image) : null;
}

function imageOf(customer: Item, subscribers: readonly Item[]): Image {
  const status = String(customer['status']);
  return {
    customerId: idOf(customer),
    contactId: idOf(customer, 'contact_id'),
    status,
    others: subscribers.filter((one) => !sameLocking(usual(status), lockingOf(one))).map(lockingEntry),
  };
}

/** How each subscriber was. */
function lockingsOf({ status, others }: Image): (subscriber: Item) => Required<Locking> {
  const own = new Map(others.map(([id, state, lock]) => [id, { status: state, lock }]));
  return (subscriber) => own.get(idOf(subscriber)) ?? usual(status);
}

async function setStatus(client: SipwiseClient, id: number, status: string): Promise<void> {
  await client.patch(pathOf(id), [{ op: 'replace', path: '/status', value: status }]);
}

async function restore(client: SipwiseClient, was: Image): Promise<void> {
  try {
    const { status } = await client.get(pathOf(was.customerId));
    if (status !== was.status) await setStatus(client, was.customerId, was.status);
  } catch (error) {
    // It was terminated since, with all its subscribers.
    if (isGone(error) || isRefusal(error, 422, /already terminated and cannot be changed/)) return;
    throw error;
  }
  const lockingIn = lockingsOf(was);
  for (const one of await subscribersOfCustomer(client, was.customerId)) {
    const wanted = lockingIn(one);
    if (!sameLocking(wanted, lockingOf(one))) await setLocking(client, idOf(one), wanted);
  }
}
