import { rootCertificates } from 'node:tls';
import { createConnection, createPool, type Connection, type Pool, type PoolConfig } from 'mariadb';
import type { TargetSettings } from '../../port.ts';
import { endsSession, translateDatabaseFailure, callsFailure } from './failures.ts';
import type { DatabaseAddress } from './settings.ts';

/** It is somebody's production database: two connections at most, and none for long when nobody asks. */
const MOST_CONNECTIONS = 2;
const IDLE_SECONDS = 60;
/** How much longer than the database's own limit an answer may take, so that the database's word comes first. */
const GRACE_MS = 2000;
/** For a connection that lay idle to show that it still is one. */
const PING_MS = 1000;
const MAX_PACKET_BYTES = 16 * 1024 * 1024;

/** Plugins that never show the password to who listens or to a server that only claims to be the right one. */
const LOGINS = ['mysql_native_password', 'client_ed25519', 'parsec', 'caching_sha2_password', 'sha256_password'];

export type DatabaseLimits = Pick<TargetSettings, 'timeouts' | 'tls'>;

/** The columns of each table, in lower case, as the login sees them. */
export type KnownColumns = ReadonlyMap<string, ReadonlySet<string>>;

export interface Database {
  /** @throws TurnupError whatever happens */
  use<T>(work: (connection: Connection, columns: KnownColumns) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/**
 * Limits the session itself, so that it can only read whatever the login may do. The time for a statement has another
 * name and unit in MySQL than in MariaDB; each reads only what is in its own kind of comment.
 */
function sessionStatements(readMs: number): string[] {
  return [
    'SET SESSION TRANSACTION READ ONLY',
    `SET SESSION wait_timeout = ${2 * IDLE_SECONDS} ` +
      `/*M!100102 , SESSION max_statement_time = ${readMs / 1000} */ ` +
      `/*!50708 , SESSION max_execution_time = ${readMs} */`,
  ];
}

function tlsOptions({ ca, verify }: TargetSettings['tls']) {
  return { rejectUnauthorized: verify, ...(ca === undefined ? {} : { ca: [...rootCertificates, ca] }) };
}

export function connectionOptions(address: DatabaseAddress, { timeouts, tls }: DatabaseLimits): PoolConfig {
  const { tls: encrypted, ...where } = address;
  return {
    ...where,
    ...(encrypted ? { ssl: tlsOptions(tls) } : {}),
    initSql: sessionStatements(timeouts.readMs),
    connectTimeout: timeouts.connectMs,
    socketTimeout: timeouts.readMs + GRACE_MS,
    maxAllowedPacket: MAX_PACKET_BYTES,
    maxAllowedColumns: 128,
    // A server could otherwise send the login on to another, or ask for a file of this machine.
    permitRedirect: false,
    permitLocalInfile: false,
    multipleStatements: false,
    allowPublicKeyRetrieval: false,
    restrictedAuth: LOGINS,
    // Logs of the driver would hold the values of a statement.
    logger: { warning: () => undefined },
    logParam: false,
    connectAttributes: false,
    rowsAsArray: true,
    dateStrings: true,
    bigIntAsNumber: true,
    decimalAsNumber: true,
    // The types of the driver lack some of these.
  } as PoolConfig;
}

async function readColumns(connection: Connection, tables: readonly string[]): Promise<KnownColumns> {
  const rows = await connection.execute<[string, string][]>(
    'SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name IN ' +
      `(${tables.map(() => '?').join(', ')})`,
    [...tables],
  );
  const columnsOf = (table: string): string[] =>
    rows.filter(([name]) => name.toLowerCase() === table).map(([, column]) => column.toLowerCase());
  return new Map(tables.map((table) => [table, new Set(columnsOf(table))]));
}

async function lookFirst(options: PoolConfig, tables: readonly string[]): Promise<KnownColumns> {
  const connection = await createConnection(options);
  // Unheard, an error between two commands would end the process.
  connection.on('error', () => undefined);
  try {
    return await readColumns(connection, tables);
  } finally {
    await connection.end().catch(() => undefined);
  }
}

interface Session {
  readonly pool: Pool;
  readonly columns: KnownColumns;
}

/** Connects when first used, and anew after a failure. */
export function createDatabase(options: PoolConfig, tables: readonly string[]): Database {
  let session: Promise<Session> | null = null;
  let closed = false;

  async function open(): Promise<Session> {
    // A pool tries again, a refused login too, until its time is up; a connection alone tells at once what is wrong.
    const columns = await lookFirst(options, tables);
    const pool = createPool({
      ...options,
      connectionLimit: MOST_CONNECTIONS,
      minimumIdle: 0,
      idleTimeout: IDLE_SECONDS,
      acquireTimeout: options.connectTimeout ?? 0,
      pingTimeout: PING_MS,
    });
    return { pool, columns };
  }

  async function drop(dropped: Promise<Session>): Promise<void> {
    if (session === dropped) session = null;
    const opened = await dropped.catch(() => null);
    if (opened && !opened.pool.closed) await opened.pool.end();
  }

  return {
    async use(work) {
      if (closed) throw callsFailure('TURNUP_TARGET_FAILED', 'the reader is closed');
      const mine = (session ??= open());
      try {
        const { pool, columns } = await mine;
        const connection = await pool.getConnection();
        return await work(connection, columns).finally(() => void connection.release().catch(() => undefined));
      } catch (error) {
        if (endsSession(error) || (await mine.catch(() => null)) === null) void drop(mine).catch(() => undefined);
        throw translateDatabaseFailure(error);
      }
    },
    async close() {
      closed = true;
      if (session) await drop(session);
    },
  };
}
