import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createConnection, type Connection } from 'mariadb';
import { findProgram } from './find-program.ts';
import { endGuarded, startGuarded } from './guarded.ts';
import { freePort } from './redis-server.ts';
import { waitFor } from './wait-for.ts';

/** Debian keeps servers where only root's PATH looks. */
const FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin'];

const HOST = '127.0.0.1';

export const WHAT_TO_INSTALL = 'no mariadbd: "apt-get install mariadb-server" (it need not run as a service)';

/** For `describe.skipIf(!lookForMariadb())`. */
export function lookForMariadb(): { readonly server: string; readonly install: string } | null {
  const server = findProgram(['mariadbd'], FOLDERS);
  const install = findProgram(['mariadb-install-db'], FOLDERS);
  return server && install ? { server, install } : null;
}

export interface TestMariadb {
  readonly host: string;
  readonly port: number;
  /** May do everything; closes with the server handle. */
  readonly admin: Connection;
  /** SIGKILL, and for good. */
  stop(): Promise<void>;
}

export interface StartMariadbOptions {
  /** PEM texts; with them the server speaks TLS. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

function tlsArgs(dir: string, tls: StartMariadbOptions['tls']): string[] {
  if (!tls) return ['--skip-ssl'];
  writeFileSync(join(dir, 'cert.pem'), tls.cert);
  writeFileSync(join(dir, 'key.pem'), tls.key, { mode: 0o600 });
  return [`--ssl-cert=${join(dir, 'cert.pem')}`, `--ssl-key=${join(dir, 'key.pem')}`];
}

/** A server of its own on loopback, with an empty database `turnup`; small, and careless of what it writes. */
export async function startMariadb(options: StartMariadbOptions = {}): Promise<TestMariadb> {
  const programs = lookForMariadb();
  if (!programs) throw new Error(WHAT_TO_INSTALL);
  const dir = mkdtempSync(join(tmpdir(), 'turnup-mariadb-'));
  try {
    return await launch(programs, dir, options);
  } catch (error) {
    rmSync(dir, { recursive: true, force: true });
    throw error;
  }
}

function commonArgs(dir: string): string[] {
  // A server that starts clears its folder for temporary tables, which by default is everybody's.
  const temporary = join(dir, 'tmp');
  mkdirSync(temporary, { recursive: true });
  return [
    '--no-defaults',
    `--datadir=${join(dir, 'data')}`,
    `--tmpdir=${temporary}`,
    '--innodb-flush-log-at-trx-commit=0',
    // Refused to root otherwise.
    ...(process.getuid?.() === 0 ? ['--user=root'] : []),
  ];
}

async function launch(
  programs: { readonly server: string; readonly install: string },
  dir: string,
  { tls }: StartMariadbOptions,
): Promise<TestMariadb> {
  const log = join(dir, 'mariadb.log');
  const socket = join(dir, 'socket');
  await promisify(execFile)(programs.install, [
    ...commonArgs(dir),
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
  ]);
  const port = await freePort();
  const server = await startGuarded(
    [
      programs.server,
      ...commonArgs(dir),
      `--socket=${socket}`,
      `--pid-file=${join(dir, 'pid')}`,
      `--log-error=${log}`,
      `--bind-address=${HOST}`,
      `--port=${port}`,
      '--skip-name-resolve',
      '--innodb-buffer-pool-size=8M',
      ...tlsArgs(dir, tls),
    ],
    dir,
  );
  let failed = false;
  void server.gone.then(() => (failed = true));
  const admin = await waitFor(
    async () => (failed ? 'gone' : createConnection({ socketPath: socket, user: 'root', multipleStatements: true })),
    { timeoutMs: 30_000, what: `mariadbd answers on port ${port}` },
  );
  if (admin === 'gone') throw new Error(`mariadbd did not start:\n${await readFile(log, 'utf8')}`);
  admin.on('error', () => undefined);
  await admin.query('CREATE DATABASE turnup CHARACTER SET utf8mb4; USE turnup');
  return {
    host: HOST,
    port,
    admin,
    async stop() {
      admin.destroy();
      if (!failed) await endGuarded(server, 'SIGKILL');
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
