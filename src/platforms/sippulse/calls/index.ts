import type { Connection } from 'mariadb';
import type { CallsQuery, CallsReader, Json, JsonObject, TargetSettings } from '../../port.ts';
import { CALL_SOURCES, indispensable, toJson, type CallSource } from './columns.ts';
import { connectionOptions, createDatabase, type KnownColumns } from './database.ts';
import { callsFailure } from './failures.ts';
import { readDatabaseUrl, type CallsSettings } from './settings.ts';
import { createTimeZone, type TimeZone } from './time-zone.ts';

export { callsSettings, type CallsSettings } from './settings.ts';

/** `time` stands beside the columns because the two views name it differently. */
type Call = JsonObject & { readonly source: CallSource['name']; readonly startedAt: string };

function presentColumns(source: CallSource, known: KnownColumns): string[] {
  const present = known.get(source.table) ?? new Set();
  const missing = indispensable(source).find((column) => !present.has(column));
  if (missing !== undefined) {
    const what = present.size === 0 ? source.table : `the column ${missing} of ${source.table}`;
    throw callsFailure('TURNUP_TARGET_FAILED', `${what} is missing, or the user may not read it`);
  }
  return Object.keys(source.columns).filter((column) => present.has(column));
}

interface Condition {
  readonly sql: string;
  readonly value: string;
}

const ASCII = /^[\0-\x7f]*$/;

/**
 * Compared as the database compares, which is how the platform itself knows its subscribers. It refuses to compare a
 * column with what the column's character set cannot hold.
 */
function equals(column: string, value: string): Condition {
  return { sql: ASCII.test(value) ? `\`${column}\` = ?` : `CONVERT(\`${column}\` USING utf8mb4) = ?`, value };
}

function whose({ username, domain }: CallsQuery): Condition[] {
  if (username !== undefined && domain !== undefined) return [equals('accountcode', `${username}@${domain}`)];
  if (username !== undefined) return [equals('caller_id', username)];
  return domain === undefined ? [] : [equals('caller_domain', domain)];
}

async function readSource(
  connection: Connection,
  known: KnownColumns,
  source: CallSource,
  query: CallsQuery,
  zone: TimeZone,
): Promise<Call[]> {
  const columns = presentColumns(source, known);
  const conditions: Condition[] = [
    { sql: `\`${source.time}\` >= ?`, value: zone.localBound(query.from) },
    { sql: `\`${source.time}\` < ?`, value: zone.localBound(query.to) },
    ...whose(query),
  ];
  const order = [source.time, 'id'].filter((column) => columns.includes(column));
  const rows = await connection.execute<unknown[][]>(
    `SELECT ${columns.map((column) => `\`${column}\``).join(', ')} FROM \`${source.table}\` ` +
      `WHERE ${conditions.map(({ sql }) => sql).join(' AND ')} ` +
      `ORDER BY ${order.map((column) => `\`${column}\` DESC`).join(', ')} LIMIT ?`,
    [...conditions.map(({ value }) => value), query.limit],
  );
  return rows.map((row) => {
    const values = columns.map((column, i): [string, Json] => [
      column,
      toJson(source.columns[column] ?? 'text', row[i], zone.toUtc),
    ]);
    const call: Record<string, Json> = Object.fromEntries(values);
    return { ...call, source: source.name, startedAt: zone.toUtc(String(row[columns.indexOf(source.time)])) ?? '' };
  });
}

/**
 * Reads `vi_cdrs` (rated calls) and `acc` (calls that were not completed) where the target's configuration has `calls`
 * (sippulse.md, CDR tables). Every call has `source`, `rated` or `failed`, and `startedAt`; beside them the columns of
 * its view by their own names, as far as the server has them: times ISO 8601 UTC, `duration` in seconds, money as
 * numbers in the platform's currency.
 *
 * With user name and domain it reads the calls of that account (`accountcode`); with one of them, the calls whose
 * caller has that name or that domain; with neither, all.
 *
 * Connects when it is first asked.
 */
export function openCalls(
  settings: TargetSettings<{ readonly calls?: CallsSettings | undefined }>,
): CallsReader | null {
  const { calls } = settings.native;
  if (!calls) return null;
  const address = readDatabaseUrl(calls.url);
  if (typeof address === 'string') throw callsFailure('TURNUP_TARGET_FAILED', `"calls.url" ${address}`);
  const zone = createTimeZone(calls.timezone);
  const database = createDatabase(
    connectionOptions(address, settings),
    CALL_SOURCES.map(({ table }) => table),
  );
  return {
    read: (query) =>
      database.use(async (connection, known) => {
        const found: Call[] = [];
        // One after the other: a person's form can wait, the platform's database should not notice.
        for (const source of CALL_SOURCES) found.push(...(await readSource(connection, known, source, query, zone)));
        return found.toSorted((a, b) => b.startedAt.localeCompare(a.startedAt)).slice(0, query.limit);
      }),
    close: () => database.close(),
  };
}
