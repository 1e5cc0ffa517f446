import type { RequestHandler } from 'express';
import { TurnupError } from '../../errors/index.ts';
import type { OrderStore } from '../../orders/store.ts';
import { principalOf } from '../auth/principal.ts';
import { readJournalQuery, readListQuery } from './query.ts';
import { visibleOrder } from './visible-order.ts';

export function readOrder(store: OrderStore): RequestHandler {
  return async (req, res) => {
    res.json(await visibleOrder(store, req, res));
  };
}

/** A client's list holds its own orders only, whatever it asks for. */
export function listOrders(store: OrderStore): RequestHandler {
  return async (req, res) => {
    const { state, target, customer, externalId, limit, cursor } = readListQuery(req);
    const principal = principalOf(res);
    const page = await store.list({
      limit,
      ...(principal.kind === 'client' && { client: principal.name }),
      ...(state !== undefined && { state }),
      ...(target !== undefined && { target }),
      ...(customer !== undefined && { customer }),
      ...(externalId !== undefined && { externalId }),
      ...(cursor !== undefined && { cursor }),
    });
    res.json(page);
  };
}

export function readJournal(store: OrderStore): RequestHandler {
  return async (req, res) => {
    const { limit, cursor } = readJournalQuery(req);
    const { id } = await visibleOrder(store, req, res);
    const page = await store.journal(id, { limit, ...(cursor !== undefined && { cursor }) });
    if (!page) throw new TurnupError('TURNUP_NOT_FOUND', { detail: 'there is no such order' });
    res.json(page);
  };
}
