import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { startApi } from '../../src/api/start.ts';
import { parseConfig } from '../../src/config/index.ts';
import { createLogger, createMetrics } from '../../src/observability/index.ts';
import { connectRedis } from '../../src/redis/connect.ts';
import { startWorkers } from '../../workers/start.ts';
import { startFloorWorkers } from './floor.ts';

/*
 * One measured process. Says `ready` when it is loaded, starts at `go` on standard input, says `started`, ends when
 * standard input ends.
 */

const [role, redisUrl = '', simulatorUrl = '', concurrency = '8', yaml = ''] = process.argv.slice(2);

async function start(): Promise<{ close(): Promise<void>; url?: string }> {
  if (role === 'floor') {
    const redis = await connectRedis(redisUrl, { role: 'worker' });
    const workers = await startFloorWorkers(redis, simulatorUrl, Number(concurrency));
    return {
      async close() {
        await workers.close();
        redis.disconnect();
      },
    };
  }
  const config = parseConfig(Buffer.from(yaml, 'base64').toString('utf8'), { file: 'bench.yaml' });
  const options = {
    config,
    redisUrl,
    log: createLogger({ level: 'fatal' }),
    metrics: createMetrics({ version: 'bench' }),
  };
  return role === 'api' ? startApi(options) : startWorkers(options);
}

const lines = createInterface({ input: process.stdin });
const say = (message: object) => process.stdout.write(`${JSON.stringify(message)}\n`);
const running: { close(): Promise<void> }[] = [];
lines.on('line', () => {
  void begin();
});
async function begin(): Promise<void> {
  const started = await start();
  running.push(started);
  say({ started: true, url: started.url ?? null });
}
say({ ready: true });
await once(lines, 'close');
await Promise.all(running.map((started) => started.close()));
process.exit(0);
