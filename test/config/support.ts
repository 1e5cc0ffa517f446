import { TurnupError } from '../../src/errors/index.ts';
import { parseConfig, type Config } from '../../src/config/index.ts';

/** A valid configuration that uses every section and both forms of every list, as the value YAML would give. */
export function example(): Record<string, unknown> {
  return {
    environment: { name: 'staging', colour: 'crimson' },
    http: { host: '127.0.0.1', port: 3000, publicUrl: 'https://turnup.example.com', trustProxy: 1 },
    redis: {
      url: 'redis://:redis-password@127.0.0.1:6379/0',
      prefix: '{turnup}',
      durability: 'auto',
      embedded: { allowInProduction: false, saveBeforeAccept: true },
    },
    secretKeys: [{ id: 'k1', key: KEY }],
    clients: [{ name: 'crm', token: 'client-token-0123456789', targets: ['vienna'] }],
    operators: [
      { name: 'ops', password: 'operator-password', token: 'operator-token-0123456789', role: 'operator' },
      { name: 'eye', password: 'viewer-password' },
    ],
    limits: { requestsPerMinute: 100, bodyBytes: 4096, subscribersPerOrder: 7 },
    log: { level: 'warn' },
    retention: { settledHours: 1, archiveDays: 2, idempotencyDays: 3 },
    workers: {
      lockMs: 1000,
      stalledMs: 1000,
      reconcileMs: 1000,
      shutdownMs: 1000,
      auditPerSecond: 3,
      probePort: 9100,
    },
    audits: [
      { target: 'vienna', cron: '30 2 * * 1-5', timezone: 'Europe/Vienna', repair: true },
      { target: 'vienna', every: '12h', timezone: 'UTC', repair: false },
    ],
    dashboard: { enabled: false, sessionHours: 1 },
    metrics: { token: 'metrics-token-0123456789' },
    targets: {
      vienna: {
        platform: 'sipwise',
        url: 'https://ngcp.example.com:1443',
        auth: { username: 'administrator', password: 'platform-password' },
        tls: { verify: true },
        resellerId: 1,
        areaCodes: ['+431', '+43720'],
        concurrency: 4,
        rate: { max: 50, perSeconds: 1 },
        timeouts: { connectMs: 1000, readMs: 1000, writeMs: 1000 },
        faults: [{ status: 500, text: '/dead ?lock/i', step: 'subscriber', class: 'transient', hint: 'Wait.' }],
      },
    },
  };
}

export const KEY = Buffer.alloc(32, 7).toString('base64');

/** Every secret of `example`. */
export const SECRETS = [
  'redis-password',
  KEY,
  Buffer.alloc(32, 7).toString('hex'),
  'client-token-0123456789',
  'operator-password',
  'operator-token-0123456789',
  'viewer-password',
  'metrics-token-0123456789',
  'platform-password',
];

export function parse(value: unknown, env: NodeJS.ProcessEnv = {}): Config {
  return parseConfig(typeof value === 'string' ? value : JSON.stringify(value), {
    file: '/etc/turnup/turnup.yaml',
    env,
  });
}

/** Faults as `path: message`. */
export function faultsOf(value: unknown, env: NodeJS.ProcessEnv = {}): string[] {
  try {
    parse(value, env);
    return [];
  } catch (error) {
    if (!(error instanceof TurnupError) || error.code !== 'TURNUP_CONFIG_INVALID') throw error;
    return error.faults.map(({ path, message }) => `${path.join('.')}: ${message}`);
  }
}
