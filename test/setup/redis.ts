import { afterAll, beforeAll, beforeEach } from 'vitest';
import { startRedis, type StartRedisOptions, type TestRedis } from './redis-server.ts';

export { findChromium } from './chromium.ts';
export { startRedis, type StartRedisOptions, type TestRedis } from './redis-server.ts';
export { waitFor } from './wait-for.ts';

export interface UseRedisOptions extends StartRedisOptions {
  /** `each` (default) empties it before each test, `never` leaves that to the file. */
  flush?: 'each' | 'never';
}

/**
 * One real server for the calling test file, from before its first test until after its last. What is returned can be
 * read in hooks and tests, not while the file is being collected.
 */
export function useRedis(options: UseRedisOptions = {}): TestRedis {
  const { flush = 'each', ...start } = options;
  let server: TestRedis | undefined;
  beforeAll(async () => {
    server = await startRedis(start);
  });
  beforeEach(async () => {
    if (flush === 'each' && server?.pid) await empty(server);
  });
  afterAll(async () => {
    await server?.stop();
  });
  return new Proxy({} as TestRedis, {
    get(_target, name) {
      if (!server) throw new Error('useRedis(): the server is there in hooks and tests only');
      return server[name as keyof TestRedis];
    },
  });
}

async function empty(server: TestRedis): Promise<void> {
  const client = server.client();
  await client.flushall();
  client.disconnect();
}
