import { setTimeout as sleep } from 'node:timers/promises';
import { TurnupError } from '../errors/index.ts';
import type { OrderView, Page } from '../orders/record.ts';
import { orderPath, type ApiClient } from './api-client.ts';
import { isPassing, watchOrder } from './watch-order.ts';

/** What became of one order. `undone`: its undo had stopped and is complete now. */
export interface RetryResult {
  order: string;
  externalId: string;
  result: 'fixed' | 'undone' | 'heldAgain' | 'ended' | 'refused' | 'unfinished' | 'error' | 'notTried';
  state: OrderView['state'] | null;
  code: string | null;
  detail: string | null;
}

export interface Selection {
  state: 'held' | 'failed';
  target?: string;
  customer?: string;
  /** Of the order's error. */
  code?: string;
  limit: number;
}

export interface Pace {
  /** Orders begun in a second. */
  rate: number;
  maxFailures: number;
  /** How long one order may take to come to rest. */
  seconds: number;
}

const PAGE = 200;
/** Each is looked at several times a second. */
const MOST_IN_HAND = 10;
const ASK_AGAIN_MS = 1_000;

export const isFixed = ({ result }: RetryResult): boolean => result === 'fixed' || result === 'undone';

/** The orders that match, oldest first; `more`: there are others beyond the limit. */
export async function selectOrders(api: ApiClient, wanted: Selection): Promise<{ orders: OrderView[]; more: boolean }> {
  const { state, target, customer, code, limit } = wanted;
  const found: OrderView[] = [];
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({ state, limit: String(PAGE) });
    for (const [name, value] of Object.entries({ target, customer, cursor })) if (value) query.set(name, value);
    const page: Page<OrderView> = await api.call({ method: 'GET', path: `/v1/orders?${query.toString()}` });
    found.push(...page.items.filter((order) => code === undefined || order.error?.code === code));
    cursor = page.next;
  } while (cursor !== null && found.length <= limit);
  return { orders: found.slice(0, limit).toReversed(), more: found.length > limit };
}

/** @throws TurnupError when the API refuses, or stays away for too long */
async function askToRetry(api: ApiClient, id: string, until: number): Promise<void> {
  for (let isAgain = false; ; isAgain = true) {
    try {
      await api.call({ method: 'POST', path: orderPath(id, 'retry') });
      return;
    } catch (error) {
      // The answer before may have been lost on its way: then the order goes on already.
      if (isAgain && error instanceof TurnupError && error.code === 'TURNUP_STATE_CONFLICT') return;
      if (!isPassing(error) || performance.now() > until) throw error;
      await sleep(ASK_AGAIN_MS);
    }
  }
}

function judge(before: OrderView, { order, ended }: { order: OrderView; ended: boolean }): RetryResult {
  const wasUndoing = before.state === 'held' && before.direction === 'undo';
  const isUndone = order.state === 'cancelled' || order.state === 'failed';
  const settled = order.state === 'held' ? 'heldAgain' : wasUndoing && isUndone ? 'undone' : 'ended';
  return {
    order: order.id,
    externalId: order.externalId,
    result: !ended ? 'unfinished' : order.state === 'completed' ? 'fixed' : settled,
    state: order.state,
    code: order.error?.code ?? null,
    detail: order.error?.detail ?? null,
  };
}

async function retryOne(api: ApiClient, order: OrderView, seconds: number): Promise<RetryResult> {
  try {
    await askToRetry(api, order.id, performance.now() + seconds * 1000);
    return judge(order, await watchOrder(api, order.id, { seconds, quiet: true }));
  } catch (error) {
    if (!(error instanceof TurnupError)) throw error;
    const result = error.code === 'TURNUP_STATE_CONFLICT' ? 'refused' : 'error';
    const { code, detail = null } = error;
    return { order: order.id, externalId: order.externalId, result, state: order.state, code, detail };
  }
}

/**
 * Retries the orders and waits for each until it has come to rest: that a retry is accepted does not mean that it
 * helped. Never more at a time than may still fail, so that at most `maxFailures` of them do.
 */
export async function retryMany(
  api: ApiClient,
  orders: readonly OrderView[],
  pace: Pace,
  tell: (result: RetryResult) => void,
): Promise<RetryResult[]> {
  const results: RetryResult[] = [];
  const inHand = new Set<Promise<void>>();
  const failures = (): number => results.filter((result) => !isFixed(result)).length;
  const settle = (result: RetryResult): void => {
    results.push(result);
    tell(result);
  };
  const waiting = [...orders];
  while (waiting.length > 0 && failures() < pace.maxFailures) {
    if (inHand.size >= Math.min(MOST_IN_HAND, pace.maxFailures - failures())) {
      await Promise.race(inHand);
      continue;
    }
    const one: Promise<void> = retryOne(api, waiting.shift()!, pace.seconds)
      .then(settle)
      .finally(() => inHand.delete(one));
    inHand.add(one);
    await sleep(1000 / pace.rate);
  }
  await Promise.all(inHand);
  for (const { id, externalId, state } of waiting) {
    settle({ order: id, externalId, result: 'notTried', state, code: null, detail: null });
  }
  return results;
}
