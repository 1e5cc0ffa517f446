import type { Logger } from '../observability/index.ts';
import { EXIT_FAILED, EXIT_OK } from './report.ts';
import type { StopSignal } from './stop-signal.ts';

/** Something that was started and must be closed. */
export interface Part {
  readonly name: string;
  close(): Promise<void>;
}

/** Time beyond that of the workers, for the API and Redis to end, in ms. */
const GRACE_MS = 5000;

/** Closes `parts`, the last one first: each may still use those started before it. Never throws. */
async function closeParts(parts: readonly Part[], log: Logger): Promise<boolean> {
  let clean = true;
  for (const part of parts.toReversed()) {
    await part.close().catch((error: unknown) => {
      clean = false;
      log.error({ err: error }, `${part.name} did not stop as it should`);
    });
  }
  return clean;
}

/**
 * Starts the parts one after the other, waits for the wish to stop, and closes them within a limit. When one does not
 * start, those before it are closed and its error is thrown.
 * @returns the exit code
 */
export async function runParts(
  starts: readonly (() => Promise<Part>)[],
  options: { stop: StopSignal; log: Logger; limitMs: number },
): Promise<number> {
  const { stop, log, limitMs } = options;
  const parts: Part[] = [];
  try {
    for (const start of starts) parts.push(await start());
  } catch (error) {
    await closeParts(parts, log);
    throw error;
  }
  const signal = await stop.requested;
  log.info({ signal }, 'stopping');
  const late = setTimeout(() => {
    log.error(`not everything stopped within ${limitMs + GRACE_MS} ms; what was in hand is taken up by other workers`);
    process.exit(EXIT_FAILED);
  }, limitMs + GRACE_MS);
  const clean = await closeParts(parts, log);
  clearTimeout(late);
  log.info('stopped');
  return clean ? EXIT_OK : EXIT_FAILED;
}
