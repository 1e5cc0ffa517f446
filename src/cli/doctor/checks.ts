import type { Redis } from 'ioredis';
import { loadConfig, type Config } from '../../config/index.ts';
import { TurnupError } from '../../errors/index.ts';
import { connectRedis } from '../../redis/connect.ts';
import { checkRedis } from '../../redis/fitness.ts';
import { createKeys } from '../../redis/keys.ts';
import { checkCollections } from './check-collection.ts';
import { checkTarget } from './check-target.ts';
import type { Check } from './check.ts';

function bad(about: string, error: unknown): Check {
  return { about, verdict: 'bad', detail: error instanceof Error ? error.message : String(error) };
}

async function checkKeys(config: Config, redis: Redis): Promise<Check> {
  const inUse = await redis.hgetall(createKeys(config.redis.prefix).sealedWith());
  const known = new Set(config.secretKeys.map(({ id }) => id));
  const missing = Object.entries(inUse).filter(([id, count]) => Number(count) > 0 && !known.has(id));
  if (missing.length > 0) {
    const detail = `live orders are sealed with ${missing.map(([id]) => id).join(', ')}, which secretKeys lacks`;
    return { about: 'keys', verdict: 'bad', detail };
  }
  const [current] = config.secretKeys;
  const detail = current ? `${known.size} configured, ${current.id} seals` : 'one will be made at the first start';
  return { about: 'keys', verdict: 'good', detail };
}

async function checkStore(config: Config): Promise<Check[]> {
  const { url } = config.redis;
  if (url === null) {
    // Not started here: doctor may run beside the process that owns it.
    const detail = 'no URL: "turnup serve" starts an embedded one; "turnup api" and "turnup worker" need a URL';
    return [{ about: 'redis', verdict: 'warning', detail }];
  }
  let redis: Redis;
  try {
    redis = await connectRedis(url, { role: 'api', startMs: 5000 });
  } catch (error) {
    return [bad('redis', error)];
  }
  try {
    const fitness = await checkRedis(redis);
    return [
      { about: 'redis', verdict: 'good', detail: `${fitness.product} answers` },
      ...fitness.faults.map((detail): Check => ({ about: 'redis', verdict: 'bad', detail })),
      ...fitness.notGuaranteed.map((detail): Check => ({ about: 'redis', verdict: 'warning', detail })),
      await checkKeys(config, redis),
    ];
  } catch (error) {
    return [bad('redis', error)];
  } finally {
    redis.disconnect();
  }
}

/** Everything an order needs, looked at without changing anything. Never throws. */
export async function runChecks(path: string | undefined): Promise<Check[]> {
  let config: Config;
  try {
    config = await loadConfig(path === undefined ? {} : { path });
  } catch (error) {
    if (!(error instanceof TurnupError)) throw error;
    const faults = error.faults.map((fault) => bad('configuration', `${fault.path.join('.')}: ${fault.message}`));
    return faults.length > 0 ? faults : [bad('configuration', error)];
  }
  const about = 'configuration';
  const noTargets: Check = { about, verdict: 'bad', detail: 'it has no targets' };
  const noClients: Check = { about, verdict: 'bad', detail: 'it has no clients, so nobody may place an order' };
  const targets = await Promise.all([...config.targets.values()].map(checkTarget));
  const collections = await checkCollections(config);
  return [
    { about, verdict: 'good', detail: config.file },
    ...(config.targets.size === 0 ? [noTargets] : []),
    ...(config.clients.length === 0 ? [noClients] : []),
    ...config.warnings.map((detail): Check => ({ about, verdict: 'warning', detail })),
    ...(await checkStore(config)),
    ...targets.flat(),
    ...collections,
  ];
}
