import { setTimeout as sleep } from 'node:timers/promises';

export interface FaultRule {
  readonly match?: { readonly method?: string; readonly path?: string; readonly operation?: string };
  readonly fault: 'dropReply' | 'dropRequest' | 'status' | 'stall' | 'reset' | 'slow';
  readonly status?: number;
  readonly ms?: number;
  readonly probability?: number;
}

/** The `/__` paths that every stand-in has. */
export interface Control {
  state<State>(): Promise<State>;
  setFaults(seed: number, rules: readonly FaultRule[]): Promise<void>;
}

const AGAIN_MS = 250;
const MOST_TRIES = 120;

export function createControl(url: string): Control {
  return {
    state: async <State>() => (await fetch(`${url}/__state`)).json() as Promise<State>,
    /** The stand-in may just have been killed: then it is told once it is back. */
    async setFaults(seed, rules) {
      for (let tries = 1; ; tries += 1) {
        const asked = fetch(`${url}/__faults`, { method: 'POST', body: JSON.stringify({ seed, rules }) });
        const answer = await asked.catch((error: unknown) => {
          if (tries === MOST_TRIES) throw error;
          return null;
        });
        if (answer?.ok) return;
        if (answer) throw new Error(`fault plan refused: ${await answer.text()}`);
        await sleep(AGAIN_MS);
      }
    },
  };
}
