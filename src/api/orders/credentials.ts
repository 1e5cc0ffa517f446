import type { RequestHandler } from 'express';
import { TurnupError } from '../../errors/index.ts';
import type { OrderStore } from '../../orders/store.ts';
import type { KeyRing } from '../../secrets/index.ts';
import { ownerName, principalOf } from '../auth/principal.ts';
import { visibleOrder } from './visible-order.ts';

/** The secrets that Turnup made up, to the one who placed the order and nobody else, however high the role. */
export function readCredentials(store: OrderStore, keyRing: Pick<KeyRing, 'open'>): RequestHandler {
  return async (req, res) => {
    const order = await visibleOrder(store, req, res);
    if (order.client !== ownerName(principalOf(res))) {
      throw new TurnupError('TURNUP_FORBIDDEN', { detail: 'only the client that placed the order may read them' });
    }
    const found = await store.credentials(order.id);
    if (found.state === 'none') {
      throw new TurnupError('TURNUP_NOT_FOUND', { detail: 'no credentials were generated for this order' });
    }
    if (found.state === 'notReady') throw new TurnupError('TURNUP_CREDENTIALS_NOT_READY');
    if (found.state === 'gone') throw new TurnupError('TURNUP_CREDENTIALS_GONE');
    const secrets = JSON.parse(keyRing.open(found.sealed, order.id)) as Record<string, string>;
    const subscribers = found.items.map(({ id, username, domain, webUsername, paths }) => ({
      id,
      username,
      domain,
      ...(webUsername !== undefined && { webUsername }),
      ...Object.fromEntries(paths.map((path) => [path.slice(path.lastIndexOf('.') + 1), secrets[path]])),
    }));
    res.set('Cache-Control', 'no-store').json({ orderId: order.id, expiresAt: found.expiresAt, subscribers });
  };
}
