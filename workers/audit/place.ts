import type { Motor } from '../../flows/motor.ts';
import type { AuditTurn } from '../../src/audits/audit.ts';
import { platformFaults } from '../../src/intake/platform-faults.ts';
import { toRecord } from '../../src/intake/to-record.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { parseOrder, toPosted, type Order } from '../../src/orders/model/index.ts';
import type { OrderStore } from '../../src/orders/store.ts';
import type { KeyRing } from '../../src/secrets/index.ts';
import type { Target } from '../../src/targets/targets.ts';
import { AT_ONCE } from './compare.ts';

export interface PlaceOptions {
  readonly store: Pick<OrderStore, 'accept' | 'note'>;
  readonly motor: Pick<Motor, 'start' | 'cancel'>;
  readonly ledger: Pick<Ledger, 'fold' | 'read'>;
  readonly keyRing: KeyRing;
  readonly idempotencyMs: number;
}

/** An order that repairs, and what it was made from. */
export interface RepairWish {
  readonly order: Order;
  /** For the journal. */
  readonly differs: readonly string[];
  /** Of the ledger's entry that it was compared with. */
  readonly version: string;
}

export type Placed = { readonly order: string } | { readonly refused: string };

const CAME_FIRST = 'an order of the customer came first';
/** Journals bear no more. */
const MOST_TOLD = 100;

/** Places orders that repair through the ordinary intake: checked, stored, planned and run like any other. */
export function createPlacer({ store, motor, ledger, keyRing, idempotencyMs }: PlaceOptions) {
  /** @param placed how many the audit has placed until now; gives how many with this one */
  return async function place(
    turn: AuditTurn,
    target: Target,
    wish: RepairWish,
    placed: number,
  ): Promise<{ placed: number; outcome: Placed }> {
    for (let number = placed + 1; ; number += 1) {
      const externalId = `audit-${turn.id}-${number}`;
      const parsed = parseOrder(toPosted({ ...wish.order, externalId }), {
        now: new Date(),
        areaCodes: () => target.settings.areaCodes,
        maxSubscribers: AT_ONCE,
      });
      const faults = parsed.ok ? await platformFaults(target, parsed.order) : parsed.faults;
      if (!parsed.ok || faults.length > 0) {
        const [{ path, message }] = faults as [(typeof faults)[number]];
        return { placed, outcome: { refused: `${path.join('.')} ${message}` } };
      }
      const { owner: client, by } = turn;
      const accepted = await store.accept(
        toRecord({ keyRing, target, order: parsed.order, client, by, idempotencyMs }),
      );
      // An attempt at another turn that a crash cut short placed an order under this name.
      if (accepted.kind === 'different') continue;
      const { id } = accepted;
      const detail = { audit: turn.id, why: 'the target has otherwise', differs: wish.differs.slice(0, MOST_TOLD) };
      if (accepted.kind === 'created') await store.note(id, { type: 'audit', step: null, by: 'turnup', detail });
      if (accepted.kind === 'created' && !(accepted.head && (await isStillTold(target, wish)))) {
        await motor.cancel(id, 'turnup', CAME_FIRST);
        return { placed: number, outcome: { refused: CAME_FIRST } };
      }
      await motor.start(id);
      return { placed: number, outcome: { order: id } };
    }
  };

  /** An order that ended meanwhile may have told otherwise; one that comes now waits behind the repair, and wins. */
  async function isStillTold(target: Target, { order, version }: RepairWish): Promise<boolean> {
    await ledger.fold();
    return (await ledger.read(target.name, order.customer.externalId))?.version === version;
  }
}
