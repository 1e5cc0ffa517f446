import { serveProbes } from '../../observability/index.ts';
import { connectRedis } from '../../redis/connect.ts';
import { sameSecret } from '../../secrets/index.ts';
import { parsePort } from '../parse-port.ts';
import { openRuntime, type Runtime } from '../runtime.ts';
import { runParts, type Part } from '../run-parts.ts';
import { createStopSignal } from '../stop-signal.ts';

async function startProbes({ config, redisUrl, metrics, log }: Runtime, port: number): Promise<Part> {
  // A connection that fails soon: a probe must be answered while Redis is away.
  const redis = await connectRedis(redisUrl, { role: 'api' });
  const { token } = config.metrics;
  const probes = await serveProbes({
    host: config.http.host,
    port,
    metrics,
    ready: async () => {
      const answers = await redis.ping().then(
        () => true,
        () => false,
      );
      return { ready: answers, checks: { redis: answers } };
    },
    mayReadMetrics: (header) => token === null || sameSecret(header ?? '', `Bearer ${token}`),
  });
  log.info({ port: probes.port }, 'probes started');
  return {
    name: 'probes',
    async close() {
      await probes.close();
      redis.disconnect();
    },
  };
}

export async function run(options: { config?: string; probePort?: string }): Promise<number> {
  const { probePort, ...more } = options;
  const given = probePort === undefined ? null : parsePort(probePort);
  const stop = createStopSignal();
  const runtime = await openRuntime({ ...more, role: 'worker' });
  const { config, log } = runtime;
  const port = given ?? config.workers.probePort ?? null;
  return runParts(
    [
      ...(port === null ? [] : [() => startProbes(runtime, port)]),
      async () => {
        const { startWorkers } = await import('../../../workers/start.ts');
        const workers = await startWorkers(runtime);
        return { name: 'workers', close: () => workers.close() };
      },
    ],
    { stop, log, limitMs: config.workers.shutdownMs },
  );
}
