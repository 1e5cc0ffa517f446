import type { RequestHandler } from 'express';
import { TurnupError, type Evidence } from '../../errors/index.ts';
import { evidencePlace } from '../../orders/evidence.ts';
import type { OrderStore } from '../../orders/store.ts';
import type { KeyRing } from '../../secrets/index.ts';
import { actorOf, principalOf, requireOperator, type Principal } from '../auth/principal.ts';
import { visibleOrder } from './visible-order.ts';

export interface EvidenceDeps {
  readonly store: OrderStore;
  readonly keyRing: Pick<KeyRing, 'open'>;
}

/** What a target answered to an attempt of a step and nobody understood. */
export interface EvidenceView extends Evidence {
  readonly step: string;
  readonly at: string;
  readonly run: number;
  readonly attempt: number;
}

/**
 * Opens what is kept of an order; the journal has told who does before anything is shown.
 * @throws TurnupError `TURNUP_FORBIDDEN` for who may not act on orders, `TURNUP_NOT_FOUND` for an archived order
 */
export async function openEvidence(
  { store, keyRing }: EvidenceDeps,
  order: string,
  principal: Principal,
): Promise<EvidenceView[]> {
  requireOperator(principal, 'operator');
  const found = await store.evidence(order, actorOf(principal));
  if (found === null) {
    throw new TurnupError('TURNUP_NOT_FOUND', { detail: 'the order is archived: its data is gone, this with it' });
  }
  return found.map(({ sealed, step, ...when }) => {
    const evidence = JSON.parse(keyRing.open(sealed, evidencePlace(order, step))) as Evidence;
    return { step, ...when, ...evidence };
  });
}

/** `GET /v1/orders/{id}/evidence` */
export function readEvidence(deps: EvidenceDeps): RequestHandler {
  return async (req, res) => {
    const principal = principalOf(res);
    requireOperator(principal, 'operator');
    const { id } = await visibleOrder(deps.store, req, res);
    res.set('Cache-Control', 'no-store').json({ items: await openEvidence(deps, id, principal) });
  };
}
