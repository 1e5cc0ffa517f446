import type { Json } from '../../port.ts';
import { idOf, textOrNull } from '../lookup.ts';
import type { Item, PatchOperation, SipwiseClient } from '../types.ts';

/** The lock level that comes with the status `locked` (sipwise-ngcp.md §8.3). */
const GLOBAL_LOCK = '4';

/** Status and lock level of a subscriber are two things (sipwise-ngcp.md §8.3). */
export interface Locking {
  /** Left out: stays as it is. */
  readonly status?: string;
  /** `1` to `5`; null: none. */
  readonly lock: string | null;
}

export const SUSPENDED: Required<Locking> = { status: 'locked', lock: GLOBAL_LOCK };
export const UNLOCKED: Required<Locking> = { status: 'active', lock: null };

/** Not suspended. A level other than the one a suspension sets is another matter, and stays. */
export const resumed = ({ lock }: Locking): Required<Locking> => ({
  status: 'active',
  lock: lock === GLOBAL_LOCK ? null : lock,
});

export const lockingOf = (found: Item): Required<Locking> => ({
  status: String(found['status']),
  lock: textOrNull(found['lock']),
});

export const sameLocking = (a: Locking, b: Locking): boolean =>
  (a.status === undefined || b.status === undefined || a.status === b.status) && a.lock === b.lock;

export const readLocking = (value: Json): Required<Locking> => lockingOf(value as unknown as Item);

/** A locked subscriber at another level than the usual: every change of it brings that one back. */
export const isOddlyLocked = ({ status, lock }: Locking): boolean => status === 'locked' && lock !== GLOBAL_LOCK;

/** `add` because `replace` needs the member to be there. */
function operationsOf({ status, lock }: Locking): PatchOperation[] {
  return [
    ...(status === undefined ? [] : [{ op: 'add', path: '/status', value: status } as const]),
    { op: 'add', path: '/lock', value: lock },
  ];
}

/** Both in one call; `locked` wins over another level sent with it, which then takes a second one (§8.3, §8.7). */
export async function setLocking(client: SipwiseClient, id: number, wanted: Locking): Promise<void> {
  await client.patch(`/api/subscribers/${id}`, operationsOf(wanted));
  if (isOddlyLocked(wanted)) await setLevel(client, id, wanted.lock);
}

async function setLevel(client: SipwiseClient, id: number, lock: string | null): Promise<void> {
  const operation: PatchOperation =
    lock === null ? { op: 'remove', path: '/lock' } : { op: 'add', path: '/lock', value: lock };
  await client.patch(`/api/subscriberpreferences/${id}`, [operation]);
}

/** After a change of an oddly locked subscriber: brings its level back where the platform took it away. */
export async function keepLevel(client: SipwiseClient, id: number, wanted: Locking): Promise<void> {
  if (!isOddlyLocked(wanted)) return;
  const now = lockingOf(await client.get(`/api/subscribers/${id}`));
  if (now.status === wanted.status && now.lock !== wanted.lock) await setLevel(client, id, wanted.lock);
}

/** What brings the subscriber's locking back: its id first. */
export type LockingEntry = readonly [id: number, status: string, lock: string | null];

export function lockingEntry(found: Item): LockingEntry {
  const { status, lock } = lockingOf(found);
  return [idOf(found), status, lock];
}
