import { isTerminal, type OrderSeen } from '../crm.ts';
import {
  casesOf,
  excerpt,
  itemOf,
  nameOf,
  numbersOf,
  wantedDigits,
  type Case,
  type Evidence,
  type Violate,
} from './evidence.ts';

/** Outcomes of trouble on the way, not of what was ordered. */
const PASSING = ['transient', 'ambiguous'];

/** Every order that was answered is there and at rest, and what it says of itself is so. */
export function auditOrders(evidence: Evidence, violate: Violate): void {
  const { entries, orders, journals } = evidence;
  const known = new Map(entries.map((entry) => [entry.id, entry]));
  for (const order of orders) {
    if (!known.has(order.id))
      violate(
        'no unknown orders',
        `nobody was told of order ${order.id} (${order.externalId})`,
        excerpt(journals.get(order.id)),
      );
  }
  const present = new Set(orders.map(({ id }) => id));
  for (const { id, body } of entries) {
    if (id !== null && !present.has(id))
      violate('I1 accepted means stored', `${body.externalId} was accepted as ${id} and is gone`);
  }
  for (const one of casesOf(evidence))
    auditCase(one, evidence, (rule, what) =>
      violate(rule, `${one.order.externalId}: ${what}`, excerpt(journals.get(one.order.id))),
    );
}

function auditCase(one: Case, evidence: Evidence, violate: (rule: string, what: string) => void): void {
  const { order, entry } = one;
  const journal = evidence.journals.get(order.id) ?? [];
  for (const { type, detail } of journal) {
    const { code, class: errorClass } = detail as { code?: string; class?: string };
    if (type.startsWith('step') && errorClass === 'bug')
      violate('no bug', `a step failed with ${code}: ${String(detail['detail'])}`);
  }
  if (order.externalId !== entry.body.externalId)
    violate('I1 accepted means stored', `it bears the externalId ${order.externalId}`);
  if (order.state === 'completed') {
    if (entry.planned.doomed && !entry.mended) violate('rejected', `completed although it could not`);
    if (entry.cancel === 'promised') violate('cancel', 'completed although its cancellation was promised');
    return;
  }
  if (
    entry.cancel === 'promised' &&
    order.state !== 'cancelled' &&
    !(order.state === 'held' && order.direction === 'undo')
  ) {
    violate('cancel', `${order.state} although its cancellation was promised`);
  }
  if (order.state === 'cancelled') {
    if (entry.cancel === null) violate('cancel', 'cancelled although nobody asked');
    return;
  }
  if (order.state === 'pending') return auditPending(order, evidence, violate);
  if (order.state === 'held') return auditHeld(one, evidence, violate);
  if (!isTerminal(order)) return violate('I2 nothing is stuck', `${order.state} at the end`);
  auditFailed(one, violate);
}

function auditPending(order: OrderSeen, { orders }: Evidence, violate: (rule: string, what: string) => void): void {
  const head = orders.find(({ id }) => id === order.blockedBy?.id);
  if (head?.state !== 'held')
    violate('I2 nothing is stuck', `pending behind ${head ? `${head.externalId}, which is ${head.state}` : 'nothing'}`);
  else if (head.customer.externalId !== order.customer.externalId)
    violate('I5', `it waits for ${head.externalId} of another customer`);
}

/** `failed` (undone or closed) and `partial`: some failure must be told, one that this order may have. */
function auditFailed({ order, entry }: Case, violate: (rule: string, what: string) => void): void {
  const { error } = order;
  if (order.state === 'partial' && !entry.remedies.includes('close'))
    violate('state', 'partial although nobody closed it');
  if (!error) {
    if (order.state === 'failed') violate('state', 'failed without an error');
    return;
  }
  if (!entry.planned.flaws.includes(error.code) && !PASSING.includes(error.class)) {
    violate('real reasons', `${order.state} with ${error.code} (${error.detail}), which nothing explains`);
  }
}

/** The reason of a held order, checked on the platform as it is. */
function auditHeld(one: Case, evidence: Evidence, violate: (rule: string, what: string) => void): void {
  const { order } = one;
  const { error } = order;
  if (!error) return violate('real reasons', 'held without a reason');
  if (order.direction === 'undo') {
    if (!undoIsBlocked(one, evidence)) violate('real reasons', `held in undoing: ${error.code} ${error.detail}`);
    return;
  }
  if (!one.entry.planned.flaws.includes(error.code)) {
    return violate('real reasons', `held with ${error.code} (${error.detail}), which nothing explains`);
  }
  if (!isReal(one, evidence))
    violate('real reasons', `held with ${error.code} (${error.detail}), but the platform does not say so`);
}

function isReal({ order, entry }: Case, { after, journals, tapped }: Evidence): boolean {
  const { error, steps } = order;
  const { customer } = entry.body;
  const step = steps.find(({ id }) => id === error?.step);
  const body = step?.item ? itemOf(entry, step.item) : null;
  switch (error?.code) {
    case 'TURNUP_NUMBER_TAKEN': {
      if (!body) return false;
      const wanted = [...(body.number ? [body.number] : []), ...(body.aliases ?? [])].map(wantedDigits);
      return after.subscribers.some(
        (other) => nameOf(other) !== nameOf(body) && numbersOf(other).some((digits) => wanted.includes(digits)),
      );
    }
    case 'TURNUP_SUBSCRIBER_TAKEN': {
      const found = body && after.subscribers.find((other) => nameOf(other) === nameOf(body));
      const owner = after.customers.find(({ id }) => id === found?.customer_id);
      return owner !== undefined && owner.external_id !== customer.externalId;
    }
    case 'TURNUP_CONTACT_REQUIRED': {
      const failedAt = Date.parse(journals.get(order.id)?.findLast(({ type }) => type === 'stepFailed')?.at ?? '');
      // An order that was let past may have made the customer since.
      const isMadeSince = tapped.some(
        ({ method, path, body: sent, at }) =>
          method === 'POST' &&
          path === '/api/customers/' &&
          at > failedAt &&
          (sent as { external_id?: unknown } | null)?.external_id === customer.externalId,
      );
      const isThere = after.customers.some(
        ({ external_id: id, status }) => id === customer.externalId && status !== 'terminated',
      );
      return !customer.contact && (!isThere || isMadeSince);
    }
    case 'TURNUP_REFERENCE_UNKNOWN':
      return !entry.mended && (entry.planned.lacks.domain !== undefined || entry.planned.lacks.profile !== undefined);
    case 'TURNUP_DEADLINE_PASSED':
      return Date.parse(entry.body.deadline ?? '') < Date.now();
    default:
      return false;
  }
}

/** The one reason an undo may have to stop: another order, let past, has built on what is to be taken away. */
function undoIsBlocked({ order, entry }: Case, { after, orders }: Evidence): boolean {
  if (!entry.remedies.includes('release')) return false;
  const made = order.steps.find(({ kind }) => kind === 'customer')?.result?.['customerId'];
  const others = after.subscribers.filter(({ customer_id: id }) => id === made).map(nameOf);
  return (
    others.length > 0 &&
    orders.some((other) => other.id !== order.id && other.customer.externalId === order.customer.externalId)
  );
}
