import { startEmbeddedRedis } from '../../src/redis/embedded/index.ts';

// A process that owns an embedded Redis, to be killed: `node owner.ts <data folder>`. One line of JSON when it is up.
const [dataDir] = process.argv.slice(2);
const log = { info: () => undefined, warn: () => undefined };
const redis = await startEmbeddedRedis({ dataDir: dataDir!, log });
process.stdout.write(`${JSON.stringify({ url: redis.url, pid: redis.pid() })}\n`);
process.once('SIGTERM', () => void redis.stop());
