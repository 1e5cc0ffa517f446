import type { AuditTurn, Finding } from '../../src/audits/audit.ts';
import { repairOrder, suspendAgain } from '../../src/audits/repair.ts';
import type { TurnResult } from '../../src/audits/store.ts';
import { nameOf, type LedgerEntry } from '../../src/ledger/entry.ts';
import type { Ledger, LedgerReading } from '../../src/ledger/ledger.ts';
import type { OrderStore } from '../../src/orders/store.ts';
import type { UnderWay } from '../../src/orders/under-way.ts';
import type { Target } from '../../src/targets/targets.ts';
import { compareCustomer, foreignOf, type Compared, type Comparison } from './compare.ts';
import type { createPlacer } from './place.ts';

export interface CustomerOptions {
  readonly ledger: Pick<Ledger, 'fold' | 'read'>;
  readonly store: Pick<OrderStore, 'underWay'>;
  readonly place: ReturnType<typeof createPlacer>;
}

/** Looks at a customer that orders come to all the time; then it is left for later. */
const TRIES = 3;

const isAt = (order: string): string => `order ${order} is not finished`;

const ofCustomer = (customer: string, state: Finding['state'], why: string | null): Finding => ({
  customer,
  subscriber: null,
  state,
  members: [],
  why,
  order: null,
});

const keyOf = ({ subscriber }: Finding): string => (subscriber === null ? '' : nameOf(subscriber));

/** What a person has to see to, since no modify order can. */
function withAdvice(finding: Finding): Finding {
  if (finding.state !== 'missing' || finding.subscriber === null || finding.why !== null) return finding;
  return { ...finding, why: 'its password is not kept: place a provision order for it' };
}

/** An order that waits for a person in the middle of its work says of what it is at neither before nor after. */
function atHeld(finding: Finding, held: readonly UnderWay[]): Finding {
  const order = held.find(({ customer, subscribers }) => {
    if (finding.subscriber === null) return customer || subscribers === 'all';
    return subscribers === 'all' || subscribers.some((one) => nameOf(one) === nameOf(finding.subscriber!));
  });
  return order ? { ...finding, state: 'unknown', members: [], why: isAt(order.id) } : finding;
}

/** Compares one customer, and places what repairs it where the audit is to. */
export function createCustomerCheck({ ledger, store, place }: CustomerOptions) {
  async function told(turn: AuditTurn, customer: string) {
    await ledger.fold();
    const [reading, underWay] = await Promise.all([
      ledger.read(turn.target, customer),
      store.underWay(turn.target, customer),
    ]);
    const orders = underWay.map(({ id, isMoving }) => `${id} ${isMoving}`).toSorted();
    const mark = JSON.stringify([reading?.version ?? null, orders]);
    return { reading, underWay, moving: underWay.find(({ isMoving }) => isMoving), mark };
  }

  async function compare(
    turn: AuditTurn,
    target: Target,
    client: unknown,
    customer: string,
    entry: LedgerEntry | undefined,
  ): Promise<Comparison> {
    const at = { target: turn.target, customer };
    if (entry) return compareCustomer(target, client, at, entry);
    const foreign = await foreignOf(target, client, at, null);
    const own = ofCustomer(customer, 'unknown', 'Turnup was told nothing of this customer');
    return { findings: [own, ...foreign], modify: [], suspend: [] };
  }

  async function repair(
    turn: AuditTurn,
    target: Target,
    { version }: LedgerReading,
    compared: Comparison,
    findings: readonly Finding[],
  ): Promise<{ findings: Finding[]; orders: number }> {
    let orders = turn.orders;
    let rows = [...findings];
    const rowOf = (one: Finding): Finding | undefined => rows.find((row) => keyOf(row) === keyOf(one));
    // What a held order is at is left to it.
    const still = ({ findings: found }: Compared): Finding[] => found.filter((one) => rowOf(one)?.state === 'differs');
    const repairs = [
      ...compared.modify.map((one) => repairOrder(one.order, still(one))),
      ...compared.suspend.map((one) => suspendAgain(one.order, rows)),
    ].filter((one) => one !== null);
    for (const { order, of } of repairs) {
      const differs = [...new Set(of.flatMap(({ members }) => members))];
      const { placed, outcome } = await place(turn, target, { order, differs, version }, orders);
      orders = placed;
      const repaired = new Set(of.map(keyOf));
      rows = rows.map((row) => {
        if (!repaired.has(keyOf(row))) return row;
        if ('refused' in outcome) return { ...row, why: `not repaired: ${outcome.refused}` };
        return { ...row, order: row.order ?? outcome.order };
      });
    }
    return { findings: rows, orders };
  }

  /**
   * @param customer its externalId
   * @param isPatient it may be put off, also when it was before
   */
  return async function check(
    turn: AuditTurn,
    target: Target,
    client: unknown,
    customer: string,
    isPatient: boolean,
  ): Promise<TurnResult> {
    let busy: string | null = null;
    for (let tried = 0; tried < TRIES; tried += 1) {
      const before = await told(turn, customer);
      busy = before.moving?.id ?? null;
      if (busy !== null) break;
      const compared = await compare(turn, target, client, customer, before.reading?.entry);
      const after = await told(turn, customer);
      // What was compared was on its way from one to the other.
      if (after.mark !== before.mark) continue;
      const findings = compared.findings.map((one) => withAdvice(atHeld(one, before.underWay)));
      if (!turn.repair || !before.reading) return { findings, putOff: false, orders: turn.orders };
      return { ...(await repair(turn, target, before.reading, compared, findings)), putOff: false };
    }
    if (isPatient) return { findings: [], putOff: true, orders: turn.orders };
    const why = busy === null ? 'orders came to it all the time' : isAt(busy);
    return { findings: [ofCustomer(customer, 'unknown', why)], putOff: false, orders: turn.orders };
  };
}
