import type { Redis } from 'ioredis';
import type { SharedWork } from '../platforms/port.ts';
import type { KeyScheme } from '../redis/keys.ts';
import { coalesced } from './coalesced.ts';
import { endTurn, takeTurn } from './turns.ts';

/** Which step of which run of which order: its attempts, and its undo, keep one another's turns. */
export interface SharingStep {
  readonly order: string;
  readonly run: number;
  readonly step: string;
}

export type ShareWork = (step: SharingStep, signal: AbortSignal) => SharedWork;

/** What the steps of all orders of one target have in common, over all workers, through Redis. */
export function createSharedWork(redis: Redis, keys: KeyScheme, target: string): ShareWork {
  return ({ order, run, step }, signal) => {
    const owner = `${order}.${run}.${step}`;
    return {
      coalesced: (name, work) => coalesced({ redis, key: keys.coalesced(target, name), signal }, work),
      takeTurn: (name) => takeTurn(redis, keys.turn(target, name), owner),
      endTurn: (name) => endTurn(redis, keys.turn(target, name), owner),
    };
  };
}
