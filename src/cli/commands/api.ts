import { openRuntime } from '../runtime.ts';
import { runParts } from '../run-parts.ts';
import { createStopSignal } from '../stop-signal.ts';

export async function run(options: { config?: string }): Promise<number> {
  const stop = createStopSignal();
  const runtime = await openRuntime({ ...options, role: 'api' });
  return runParts(
    [
      async () => {
        const { startApi } = await import('../../api/start.ts');
        const api = await startApi(runtime);
        return { name: 'API', close: () => api.close() };
      },
    ],
    { stop, log: runtime.log, limitMs: runtime.config.workers.shutdownMs },
  );
}
