import { z } from 'zod';

/** The `calls` settings after they were checked. `url` is a secret: it holds the password. */
export interface CallsSettings {
  readonly url: string;
  readonly timezone: string;
}

/** Where the database is, taken from the URL. */
export interface DatabaseAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly tls: boolean;
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

/** @returns what the URL says, or in words what is wrong with it, without quoting it: it holds a password. */
export function readDatabaseUrl(text: string): DatabaseAddress | string {
  if (!URL.canParse(text)) return 'must be a URL of the form mysql://user:password@host:3306/database';
  const url = new URL(text);
  if (url.protocol !== 'mysql:' && url.protocol !== 'mariadb:') return 'must start with mysql:// or mariadb://';
  const user = decoded(url.username);
  const password = decoded(url.password);
  const database = decoded(url.pathname.slice(1));
  if (user === null || password === null || database === null)
    return 'has a "%" that is not followed by two hex digits';
  if (url.hostname === '') return 'must name a host';
  if (user === '') return 'must name a user';
  if (password === '') return 'must hold a password';
  if (database === '' || database.includes('/')) return 'must name one database after the host';
  const options = [...url.searchParams];
  if (url.hash !== '' || options.some(([name, value]) => name !== 'tls' || !['true', 'false'].includes(value))) {
    return 'takes only "?tls=true" or "?tls=false" after the database';
  }
  return {
    // Node's sockets take an IPv6 address without the brackets that a URL needs.
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? 3306 : Number(url.port),
    user,
    password,
    database,
    tls: options.some(([, value]) => value === 'true'),
  };
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const callsUrl = z
  .string()
  .max(2048)
  .superRefine((text, ctx) => {
    const read = readDatabaseUrl(text);
    if (typeof read === 'string') ctx.addIssue({ code: 'custom', message: read });
  })
  .describe(
    'Database with the views `vi_cdrs` and `acc`: `mysql://user:password@host:3306/database`, special characters of ' +
      'user and password percent-encoded, `?tls=true` for TLS. A login that may only SELECT these two.',
  );

/** Call records are read only where these settings are given. */
export const callsSettings = z.strictObject({
  url: callsUrl,
  timezone: z
    .string()
    .max(64)
    .refine(isTimeZone, { error: 'must be a time zone such as America/Sao_Paulo, UTC or -03:00' })
    .default('UTC')
    .describe('Time zone of the times in the database, which say none themselves.'),
});
