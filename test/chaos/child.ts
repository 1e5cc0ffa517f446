import { readFileSync } from 'node:fs';
import { startApi } from '../../src/api/start.ts';
import { parseConfig } from '../../src/config/index.ts';
import { createLogger, createMetrics } from '../../src/observability/index.ts';
import { startWorkers } from '../../workers/start.ts';

/* One process under test: `child.ts api|worker CONFIG`. Ends on SIGTERM, and when its parent is gone. */

const [role, file = ''] = process.argv.slice(2);
const config = parseConfig(readFileSync(file, 'utf8'), { file });
const log = createLogger({ level: config.log.level });
const options = { config, redisUrl: config.redis.url ?? '', log, metrics: createMetrics({ version: 'chaos' }) };
process.stdin.resume().once('close', () => process.exit(0));

try {
  // With a refused login a breaker stays open for a minute at least: here everything heals faster.
  const breaker = { firstMs: 300, longestMs: 2_000 };
  const running = role === 'api' ? await startApi(options) : await startWorkers({ ...options, breaker });
  process.once('SIGTERM', () => {
    void running.close().then(() => process.exit(0));
  });
} catch (error) {
  log.fatal({ err: error }, 'not started');
  process.exit(1);
}
