import type { Ledger } from '../src/ledger/ledger.ts';
import type { Logger } from '../src/observability/index.ts';

export type LedgerKeeper = ReturnType<typeof createLedgerKeeper>;

/** Enters orders that have ended into the ledger, soon after, with nobody waiting for it. */
export function createLedgerKeeper(ledger: Pick<Ledger, 'fold'>, log: Logger) {
  let folding: Promise<unknown> = Promise.resolve();
  let waits = false;

  return {
    /** One that is asked for while one is under way enters all that ended until it begins. */
    soon(): void {
      if (waits) return;
      waits = true;
      folding = folding
        .then(() => {
          waits = false;
          return ledger.fold();
        })
        // What is not entered now is by the next round of the reconciler.
        .catch((error: unknown) => log.warn({ err: error }, 'ended orders could not be entered in the ledger'));
    },
    async close(): Promise<void> {
      await folding;
    },
  };
}
