import { isTerminal, type OrderSeen } from '../seen.ts';
import { isFlaw } from '../orders.ts';
import type { Bench } from '../platforms/platform.ts';
import { casesOf, evidenceOf, excerpt, isOfLife, linesOf, type Case, type Evidence, type Violate } from './evidence.ts';

/** Outcomes of trouble on the way, not of what was ordered. */
const PASSING = ['transient', 'ambiguous'];

type Benches = ReadonlyMap<string, Bench>;
type Tell = (rule: string, what: string) => void;

/** Every order that was answered is there and at rest, and what it says of itself is so. */
export function auditOrders(evidence: Evidence, benches: Benches, violate: Violate): void {
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
  for (const [target, bench] of benches) {
    const own = evidenceOf(evidence, target);
    for (const one of casesOf(own))
      auditCase(one, own, bench, (rule, what) =>
        violate(rule, `${one.order.externalId}: ${what}`, excerpt(journals.get(one.order.id))),
      );
  }
}

function auditCase(one: Case, evidence: Evidence, bench: Bench, violate: Tell): void {
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
  if (order.state === 'pending') return auditPending(one, evidence, violate);
  if (order.state === 'held') return auditHeld(one, evidence, bench, violate);
  if (!isTerminal(order)) return violate('I2 nothing is stuck', `${order.state} at the end`);
  auditFailed(one, violate);
}

function auditPending(one: Case, evidence: Evidence, violate: Tell): void {
  const { order } = one;
  const head = casesOf(evidence).find((other) => other.order.id === order.blockedBy?.id);
  if (head && linesOf(head).every((line) => !linesOf(one).includes(line)))
    violate('I5', `it waits for ${head.order.externalId}, which stands in another line`);
  else if (head && !isAtRest(head.order, evidence.orders))
    violate('I2 nothing is stuck', `pending behind ${head.order.externalId}, which is ${head.order.state}`);
  else if (!head) violate('I2 nothing is stuck', 'pending behind nothing');
}

/** Held, or behind one that is: an order with operations waits in two lines. */
function isAtRest(order: OrderSeen, all: readonly OrderSeen[]): boolean {
  if (order.state === 'held') return true;
  const head = all.find(({ id }) => id === order.blockedBy?.id);
  return order.state === 'pending' && head !== undefined && isAtRest(head, all);
}

/** `failed` (undone or closed) and `partial`: some failure must be told, one that this order may have. */
function auditFailed(one: Case, violate: Tell): void {
  const { order, entry } = one;
  const { error } = order;
  if (order.state === 'partial' && !entry.remedies.includes('close'))
    violate('state', 'partial although nobody closed it');
  if (!error) {
    if (order.state === 'failed') violate('state', 'failed without an error');
    return;
  }
  if (!isFlaw(entry.planned, error) && !PASSING.includes(error.class)) {
    violate(
      'real reasons',
      `${order.state} with ${error.code} at ${error.step} (${error.detail}), which nothing explains`,
    );
  }
}

/** The reason of a held order, checked on the platform as it is. */
function auditHeld(one: Case, evidence: Evidence, bench: Bench, violate: Tell): void {
  const { error, direction } = one.order;
  if (!error) return violate('real reasons', 'held without a reason');
  const told = `${error.code} at ${error.step} (${error.detail})`;
  // Of a life it is judged with those beside it (lives.ts).
  if (direction === 'undo') {
    if (!isOfLife(one) && !bench.undoMayHold(one, evidence)) violate('real reasons', `held in undoing: ${told}`);
    return;
  }
  if (error.code === 'TURNUP_DEADLINE_PASSED') {
    if (Date.parse(one.entry.body.deadline ?? '') >= Date.now()) violate('real reasons', 'its deadline is not over');
    return;
  }
  const isReal = isOfLife(one) ? isFlaw(one.entry.planned, error) : bench.isReal(one, evidence);
  if (!isReal) violate('real reasons', `held with ${told}, but the platform does not say so`);
}
