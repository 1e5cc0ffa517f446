import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { TurnupError } from '../../../src/errors/index.ts';
import type { CallsQuery, CallsReader, JsonObject, TargetSettings } from '../../../src/platforms/port.ts';
import { callsSettings, openCalls, type CallsSettings } from '../../../src/platforms/sippulse/calls/index.ts';
import { loopbackCertificate, type Certificate } from '../../../src/simulators/harness/certificate.ts';
import { startMariadb, type TestMariadb } from '../../setup/mariadb.ts';
import { CREATE_ACC, CREATE_VI_CDRS, FAILED_CALL, RATED_CALL } from './cdr-tables.ts';

export const USER = 'turnup_calls';
export const PASSWORD = 'pa:ss/wo@rd?%';
export const MARCH: CallsQuery = {
  from: new Date('2026-03-01T00:00:00Z'),
  to: new Date('2026-04-01T00:00:00Z'),
  limit: 100,
};

export type Row = Readonly<Record<string, string | number | null>>;

export interface ReaderOptions {
  url?: string;
  port?: number;
  timezone?: string;
  readMs?: number;
  connectMs?: number;
  tls?: TargetSettings['tls'];
}

export interface CallsLab {
  readonly server: TestMariadb;
  readonly certificate: Certificate;
  urlOf(port: number, more?: string): string;
  settingsOf(options?: ReaderOptions): TargetSettings<{ calls: CallsSettings }>;
  /** Closed after the test. */
  reader(options?: ReaderOptions): CallsReader;
  insert(table: 'vi_cdrs' | 'acc', row: Row): Promise<void>;
  /** A call like the example, with a new id. */
  rated(more?: Row): Promise<void>;
  failed(more?: Row): Promise<void>;
}

/** One MariaDB for the calling test file; before each test both views are empty and the login may read them. */
export function useCallsLab(): CallsLab {
  let server: TestMariadb;
  let certificate: Certificate;
  const opened: CallsReader[] = [];

  beforeAll(async () => {
    certificate = await loopbackCertificate();
    server = await startMariadb({ tls: certificate });
  });

  afterAll(async () => {
    await server.stop();
  });

  beforeEach(async () => {
    await server.admin.query(`DROP VIEW IF EXISTS vi_cdrs; DROP TABLE IF EXISTS vi_cdrs, acc, cdrs;`);
    await server.admin.query(`${CREATE_VI_CDRS}; ${CREATE_ACC};`);
    await server.admin.query(
      `CREATE OR REPLACE USER '${USER}'@'127.0.0.1' IDENTIFIED BY '${PASSWORD}';
       GRANT SELECT ON turnup.vi_cdrs TO '${USER}'@'127.0.0.1';
       GRANT SELECT ON turnup.acc TO '${USER}'@'127.0.0.1'`,
    );
  });

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((made) => made.close()));
  });

  const lab: CallsLab = {
    get server() {
      return server;
    },
    get certificate() {
      return certificate;
    },
    urlOf: (port, more = '') => `mysql://${USER}:${encodeURIComponent(PASSWORD)}@${server.host}:${port}/turnup${more}`,
    settingsOf: (options = {}) => ({
      name: 'sp',
      url: 'http://127.0.0.1:8080/SipPulse',
      auth: { username: 'admin', password: 'soap-secret' },
      tls: options.tls ?? { verify: true },
      concurrency: 1,
      timeouts: { connectMs: options.connectMs ?? 5000, readMs: options.readMs ?? 5000, writeMs: 5000 },
      areaCodes: [],
      native: {
        calls: callsSettings.parse({
          url: options.url ?? lab.urlOf(options.port ?? server.port),
          ...(options.timezone ? { timezone: options.timezone } : {}),
        }),
      },
    }),
    reader(options) {
      const made = openCalls(lab.settingsOf(options));
      if (!made) throw new Error('not switched on');
      opened.push(made);
      return made;
    },
    async insert(table, row) {
      const names = Object.keys(row);
      const marks = names.map(() => '?').join(', ');
      await server.admin.query(
        `INSERT INTO ${table} (${names.map((name) => `\`${name}\``).join(', ')}) VALUES (${marks})`,
        Object.values(row),
      );
    },
    rated: (more = {}) => lab.insert('vi_cdrs', { ...RATED_CALL, id: null, ...more }),
    failed: (more = {}) => lab.insert('acc', { ...FAILED_CALL, id: null, ...more }),
  };
  return lab;
}

/** What it is refused with. Fails where it is not, or with an error that is not ours. */
export async function refusal(work: Promise<unknown>): Promise<TurnupError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof TurnupError))
    throw new Error(`expected a TurnupError, got ${String(error)}`, { cause: error });
  return error;
}

/** A member that is text. */
export function textOf(call: JsonObject, name: string): string {
  const value = call[name];
  if (typeof value !== 'string') throw new Error(`${name} is no text`);
  return value;
}
