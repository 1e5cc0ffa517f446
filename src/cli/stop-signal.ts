import { EXIT_FAILED } from './report.ts';

/** The wish of whoever runs this process that it stop: SIGTERM, SIGINT (Ctrl-C) or SIGHUP. */
export interface StopSignal {
  /** Resolves with the signal's name at the first one. */
  readonly requested: Promise<NodeJS.Signals>;
}

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/*
 * One Ctrl-C arrives more than once when npm or the starting script passes it on besides the terminal: what follows
 * that soon is the same wish.
 */
const SAME_WISH_MS = 500;

/** Listens from now on. A second wish ends the process at once. */
export function createStopSignal(): StopSignal {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  let first: number | null = null;
  const heard = (signal: NodeJS.Signals): void => {
    const now = performance.now();
    if (first === null) {
      first = now;
      resolve(signal);
    } else if (now - first > SAME_WISH_MS) {
      process.exit(EXIT_FAILED);
    }
  };
  for (const signal of SIGNALS) process.on(signal, heard);
  return { requested: promise };
}
