import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createMetrics, serveProbes, type ProbesOptions } from '../../src/observability/index.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function start(options: Partial<ProbesOptions> = {}) {
  const metrics = createMetrics({ version: '1.2.3' });
  const ready = () => Promise.resolve({ ready: true, checks: { redis: true } });
  const probes = await serveProbes({ host: '127.0.0.1', port: 0, metrics, ready, ...options });
  stops.push(probes.close);
  return (path: string, init: RequestInit = {}) => fetch(`http://127.0.0.1:${probes.port}${path}`, init);
}

test('healthz says that the process lives', async () => {
  const get = await start();
  expect((await get('/healthz')).status).toBe(200);
});

test('readyz says whether it can work, and what is missing', async () => {
  const yes = await start();
  expect((await yes('/readyz')).status).toBe(200);
  const no = await start({ ready: () => Promise.resolve({ ready: false, checks: { redis: false } }) });
  const answer = await no('/readyz');
  expect(answer.status).toBe(503);
  expect(await answer.json()).toEqual({ ready: false, checks: { redis: false } });
});

test('a check that breaks is a 500 without its text', async () => {
  const get = await start({ ready: () => Promise.reject(new Error('secret')) });
  const answer = await get('/readyz');
  expect(answer.status).toBe(500);
  expect(await answer.text()).not.toContain('secret');
});

test('metrics are for whoever may read them', async () => {
  const open = await start();
  expect(await (await open('/metrics')).text()).toContain('turnup_build_info');
  const closed = await start({ mayReadMetrics: (given) => given === 'Bearer right' });
  expect((await closed('/metrics')).status).toBe(401);
  expect((await closed('/metrics', { headers: { authorization: 'Bearer right' } })).status).toBe(200);
  expect((await closed('/healthz')).status).toBe(200);
});

test('anything else is refused', async () => {
  const get = await start();
  expect((await get('/')).status).toBe(404);
  expect((await get('/healthz', { method: 'POST' })).status).toBe(405);
});

test('a taken port is an error, not a process without probes', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  stops.push(async () => void other.close());
  await expect(start({ port: (other.address() as AddressInfo).port })).rejects.toThrow('EADDRINUSE');
});
