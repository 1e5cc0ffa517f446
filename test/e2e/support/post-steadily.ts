import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from './crm.ts';
import type { OrderBody } from './orders.ts';
import type { World } from './world.ts';

/** Null: no answer came. */
export type Posted = readonly [OrderBody, Answer | null];

/** Posts orders one after the other, each once, until it is stopped. */
export function postSteadily(world: World, everyMs: number) {
  const stopping = new AbortController();
  const posted: Posted[] = [];
  const posts: Promise<unknown>[] = [];
  const done = (async () => {
    while (!stopping.signal.aborted) {
      const body = world.order();
      posts.push(world.crm.post(body).then((answer) => posted.push([body, answer])));
      await sleep(everyMs);
    }
  })();
  return {
    posted: posted as readonly Posted[],
    async stop(): Promise<void> {
      stopping.abort();
      await done;
      await Promise.all(posts);
    },
  };
}

export const isAccepted = ([, answer]: Posted): boolean => answer?.status === 202;
export const isRefused = ([, answer]: Posted): boolean => answer?.status === 503;
