import { whileStoreIsThere, type Store } from './lua.ts';

/** Id and fingerprint of the order that a client placed under this externalId or Idempotency-Key; null: none. */
export async function findKnown(
  store: Store,
  client: string,
  names: { externalId: string; idempotencyKey: string | undefined },
): Promise<{ id: string; fingerprint: string } | null> {
  const { externalId, idempotencyKey } = names;
  const keys = [store.keys.idempotency(client, 'e', externalId)];
  if (idempotencyKey !== undefined) keys.push(store.keys.idempotency(client, 'k', idempotencyKey));
  const found = (await whileStoreIsThere(() => store.redis.mget(keys))).find((value) => value !== null);
  if (!found) return null;
  const [id = '', fingerprint = ''] = found.split(' ');
  return { id, fingerprint };
}
