import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRedis, type TestRedis } from '../setup/redis-server.ts';
import { startTurnup, turnup } from './support.ts';

const METRICS_TOKEN = 'metrics-token-0123456789';

let cwd: string;
let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis({ aof: true });
  cwd = await mkdtemp(join(tmpdir(), 'turnup-worker-'));
  const config = {
    redis: { url: redis.url },
    secretKeys: [{ id: 'k1', key: Buffer.alloc(32).toString('base64') }],
    metrics: { token: METRICS_TOKEN },
    workers: { probePort: 0 },
  };
  await writeFile(join(cwd, 'turnup.yaml'), JSON.stringify(config));
});
afterAll(async () => {
  await redis.stop();
  await rm(cwd, { recursive: true, force: true });
});

describe('turnup worker', () => {
  it('answers probes, guards its metrics, and stops gracefully', async () => {
    const child = startTurnup(['worker'], { cwd });
    const port = await new Promise<number>((resolve, reject) => {
      let said = '';
      createInterface({ input: child.stdout! }).on('line', (line) => {
        said += `${line}\n`;
        const entry = JSON.parse(line) as { msg: string; port?: number };
        if (entry.port !== undefined) resolve(entry.port);
      });
      child.stderr!.on('data', (bytes: Buffer) => (said += bytes.toString()));
      child.once('exit', () => reject(new Error(said)));
    });
    const get = (path: string, headers: Record<string, string> = {}) =>
      fetch(`http://127.0.0.1:${port}${path}`, { headers });
    expect((await get('/healthz')).status).toBe(200);
    expect(await (await get('/readyz')).json()).toEqual({ ready: true, checks: { redis: true } });
    expect((await get('/metrics')).status).toBe(401);
    const metrics = await get('/metrics', { authorization: `Bearer ${METRICS_TOKEN}` });
    expect(await metrics.text()).toContain('turnup_');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('I2 refuses a Redis that would drop orders', async () => {
    const client = redis.client();
    await client.config('SET', 'maxmemory-policy', 'allkeys-lru');
    const { code, stderr } = await turnup(['worker'], { cwd });
    await client.config('SET', 'maxmemory-policy', 'noeviction');
    expect(stderr).toContain('TURNUP_REDIS_UNFIT');
    expect(stderr).toContain('allkeys-lru');
    expect(code).toBe(1);
  });
});
