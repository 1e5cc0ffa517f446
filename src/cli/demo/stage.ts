import { randomBytes } from 'node:crypto';
import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { startApi } from '../../api/start.ts';
import { parseConfig, type Config } from '../../config/index.ts';
import { createLogger, createMetrics } from '../../observability/index.ts';
import { startEmbeddedRedis } from '../../redis/embedded/index.ts';
import { portalProfile, startSftp, startSimulator } from '../../simulators/index.ts';
import manifest from '../../../package.json' with { type: 'json' };
import { startWorkers } from '../../../workers/start.ts';
import { cdrConfig, SOURCE } from './cdr.ts';
import { DOMAIN } from './story.ts';

/** The demo's targets, and the platform each of them is. */
export const TARGETS = { vienna: 'sipwise', saopaulo: 'sippulse', hague: 'ngnpro', rome: 'webportal' } as const;
export type TargetName = keyof typeof TARGETS;

/** Everything the demo needs, running in this process but for Redis. */
export interface Stage {
  url: string;
  /** Where each target's stand-in listens. */
  platforms: Readonly<Record<TargetName, string>>;
  /** Login of the dashboard. */
  operator: { name: string; password: string; token: string };
  clientToken: string;
  redis: string;
  /** Where collected files lie. */
  collected: string;
  close(): Promise<void>;
}

/** A portal that answers 200 to everything and queues its work; the profile is the stand-in's own. */
const PORTAL_PROFILE = portalProfile('outcome');

const secret = () => randomBytes(18).toString('base64url');

export async function setStage(options: { port: number | null; tell(line: string): void }): Promise<Stage> {
  const { tell } = options;
  // A folder of its own, so that a demo neither meets nor leaves orders of a real installation.
  const root = resolve(process.env['TURNUP_DATA'] || '.turnup');
  await mkdir(root, { recursive: true });
  const dataDir = await mkdtemp(join(root, 'demo-'));
  const closing: (() => Promise<void>)[] = [() => rm(dataDir, { recursive: true, force: true })];
  const close = async () => {
    for (const step of closing.toReversed()) await step().catch((error: unknown) => tell(`demo: ${String(error)}`));
  };
  try {
    const embedded = await startEmbeddedRedis({ dataDir, log: { info: () => {}, warn: tell } });
    closing.push(() => embedded.stop());
    const start = async (target: TargetName): Promise<string> => {
      const simulator = await startSimulator({ platform: TARGETS[target], webportal: { profile: PORTAL_PROFILE } });
      closing.push(() => simulator.close());
      return simulator.url;
    };
    const platforms = {
      vienna: await start('vienna'),
      saopaulo: await start('saopaulo'),
      hague: await start('hague'),
      rome: await start('rome'),
    };

    const sftp = await startSftp();
    closing.push(() => sftp.close());
    const collected = join(dataDir, SOURCE);

    const operator = { name: 'ops', password: secret(), token: secret() };
    const clientToken = secret();
    const config = demoConfig({
      platforms,
      operator,
      clientToken,
      collections: { [SOURCE]: cdrConfig(sftp, collected) },
      port: options.port ?? (await freePort(3000)),
    });
    const log = createLogger({ level: process.env['TURNUP_DEMO_LOG'] === '1' ? 'info' : 'silent' });
    const metrics = createMetrics({ version: manifest.version });
    const common = { config, redisUrl: embedded.url, log, metrics };
    const workers = await startWorkers(common);
    closing.push(() => workers.close());
    const api = await startApi(common);
    closing.push(() => api.close());
    return { url: api.url, platforms, operator, clientToken, redis: embedded.describe, collected, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function demoConfig(made: {
  platforms: Stage['platforms'];
  operator: Stage['operator'];
  clientToken: string;
  collections: object;
  port: number;
}): Config {
  const { operator } = made;
  // YAML reads JSON, and JSON needs no quoting rules of its own.
  const settings = {
    environment: { name: 'demo', colour: '#7c3aed' },
    http: { host: '127.0.0.1', port: made.port },
    secretKeys: [{ id: 'demo', key: randomBytes(32).toString('base64') }],
    clients: [{ name: 'crm', token: made.clientToken, targets: Object.keys(TARGETS) }],
    operators: [{ ...operator, role: 'admin' }],
    workers: { reconcileMs: 2_000 },
    collections: made.collections,
    targets: {
      vienna: {
        platform: TARGETS.vienna,
        url: made.platforms.vienna,
        auth: { username: 'administrator', password: 'administrator' },
        resellerId: 1,
        areaCodes: ['+431'],
      },
      saopaulo: {
        platform: TARGETS.saopaulo,
        url: `${made.platforms.saopaulo}/SipPulse`,
        auth: { username: 'admin', password: 'admin' },
        areaCodes: ['+5511'],
      },
      hague: {
        platform: TARGETS.hague,
        url: `${made.platforms.hague}/ngnpro`,
        voicemailUrl: `${made.platforms.hague}/ngnpro/voicemail`,
        auth: { username: 'admin', password: 'admin', impersonate: 1001 },
      },
      rome: {
        platform: TARGETS.rome,
        url: made.platforms.rome,
        auth: { username: 'portal', password: 'portal-password' },
        domain: DOMAIN,
        office: 'Sede',
        profile: PORTAL_PROFILE,
      },
    },
  };
  return parseConfig(JSON.stringify(settings), { file: 'demo.yaml', env: { ...process.env, REDIS_URL: '' } });
}

/** The wanted port if it is free, else any. */
async function freePort(wanted: number): Promise<number> {
  const server = createServer();
  return new Promise((done) => {
    server.once('error', () => done(0));
    server.listen(wanted, '127.0.0.1', () => server.close(() => done(wanted)));
  });
}
