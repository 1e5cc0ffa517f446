import { setTimeout as sleep } from 'node:timers/promises';
import { TurnupError } from '../errors/index.ts';
import type { OrderView } from '../orders/record.ts';
import { TERMINAL_STATES } from '../orders/states.ts';
import { orderPath, type ApiClient } from './api-client.ts';
import { createScreen } from './demo/screen.ts';
import { usage } from './report.ts';

const LOOK_EVERY_MS = 200;

export function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (!Number.isFinite(seconds) || seconds <= 0) throw usage(`--timeout ${text} is no number of seconds`);
  return seconds;
}

/** The API or the store is away for a while, or asks to wait. */
export function isPassing(error: unknown): boolean {
  return error instanceof TurnupError && ['outage', 'throttled', 'transient'].includes(error.class);
}

/** Nothing more happens to the order by itself. */
function isOver(order: OrderView): boolean {
  return order.state === 'held' || TERMINAL_STATES.includes(order.state);
}

/**
 * Shows the order's steps as they move until it ends, is held, or the time is over. An API that is away for a while is
 * waited for.
 * @returns the order as it was seen last, and whether it ended
 * @throws TurnupError of the API
 */
export async function watchOrder(
  api: ApiClient,
  id: string,
  options: { seconds: number; quiet: boolean },
): Promise<{ order: OrderView; ended: boolean }> {
  const screen = options.quiet ? null : createScreen();
  const until = performance.now() + options.seconds * 1000;
  let seen: OrderView | null = null;
  try {
    for (;;) {
      const isLate = performance.now() > until;
      try {
        seen = await api.call<OrderView>({ method: 'GET', path: orderPath(id) });
        screen?.show([{ title: `${seen.action} on ${seen.target}`, order: seen }]);
        if (isOver(seen)) return { order: seen, ended: true };
      } catch (error) {
        if (!isPassing(error) || isLate) throw error;
      }
      if (isLate && seen) return { order: seen, ended: false };
      await sleep(LOOK_EVERY_MS);
    }
  } finally {
    screen?.done();
  }
}
