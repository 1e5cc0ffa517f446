import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerProcess } from './server-process.ts';

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5000;
/** A server that ran this long is not failing to start: the next restart is prompt again. */
const STEADY_MS = 30_000;

export interface Supervisor {
  /** Of the server that runs; null while it is being started again. */
  pid(): number | null;
  /** Ends the server and the supervision. */
  stop(): Promise<void>;
}

/**
 * Keeps a server running: starts it again whenever it ends without being told to, waiting longer each time it does not
 * last. `start` resolves when the server answers.
 */
export function supervise(
  first: ServerProcess,
  start: () => Promise<ServerProcess>,
  tell: (line: string) => void,
): Supervisor {
  const stopping = new AbortController();
  let current: ServerProcess | null = first;

  const restart = async (wait: number): Promise<ServerProcess | null> => {
    for (let waitMs = wait; !stopping.signal.aborted; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
      await sleep(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return null;
      try {
        return await start();
      } catch (error) {
        tell(`redis: could not be started again: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return null;
  };

  const watch = async (): Promise<void> => {
    let waitMs = FIRST_WAIT_MS;
    while (current && !stopping.signal.aborted) {
      const since = performance.now();
      await current.gone;
      current = null;
      if (stopping.signal.aborted) return;
      tell('redis: the embedded server ended unexpectedly; it is started again');
      waitMs = performance.now() - since > STEADY_MS ? FIRST_WAIT_MS : Math.min(waitMs * 2, LONGEST_WAIT_MS);
      current = await restart(waitMs);
    }
  };
  const watched = watch();

  return {
    pid: () => current?.pid ?? null,
    async stop() {
      stopping.abort();
      await current?.stop();
      await watched;
      // A start that was under way when the stop came has left a server.
      await current?.stop();
    },
  };
}
