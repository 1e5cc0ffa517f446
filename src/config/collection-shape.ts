import { isIP } from 'node:net';
import { isAbsolute, normalize } from 'node:path';
import { z } from 'zod';
import { checkWhen, scheduleShape } from './schedule.ts';
import { pemText, secretText, type Sources } from './sources.ts';

/*
 * One source of `collections`: where files are fetched from by SFTP. What a server may be spoken to with is a closed
 * list of strong algorithms: the configuration can narrow it and cannot widen it.
 */

const CIPHERS = ['aes256-gcm@openssh.com', 'aes256-ctr', 'aes256-cbc'] as const;
const MACS = ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com'] as const;
const KEY_EXCHANGES = ['curve25519-sha256', 'curve25519-sha256@libssh.org'] as const;
const HOST_KEY_ALGORITHMS = ['rsa-sha2-512', 'rsa-sha2-256'] as const;
const CHECKSUMS = ['sha256', 'sha512', 'md5'] as const;
const CONVERSIONS = ['text', 'number', 'dialled', 'integer', 'decimal'] as const;

const MOST_ADDRESSES = 3;
const GIB = 2 ** 30;

const count = (max: number) => z.int().min(1).max(max);

const address = z.string().refine((text) => isIP(text) !== 0, { error: 'must be an IP address' });

/** As `ssh-keygen -lf` prints it. */
const fingerprint = z
  .string()
  .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, { error: 'must be "SHA256:" and 43 characters, as "ssh-keygen -lf" prints it' });

function algorithms<const T extends readonly [string, ...string[]]>(known: T, standard: readonly T[number][]) {
  return z
    .array(z.enum(known, { error: `must be one of ${known.join(', ')}` }))
    .min(1)
    .default([...standard]);
}

/** An absolute path, or one from the login's own folder, that stays where it says. */
const remoteFolder = z
  .string()
  .min(1)
  .max(1024)
  .refine((path) => !path.includes('\0') && !path.split('/').includes('..'), { error: 'must not hold ".."' });

const filePattern = z
  .string()
  .regex(/^[^/\\\p{Cc}]{1,255}$/u, { error: 'must be a file name in which * and ? may stand for others, without "/"' })
  .refine((text) => (text.match(/\*/g)?.length ?? 0) <= 4, { error: 'may have 4 of "*" at most' });

const delimiter = z
  .string()
  .regex(/^[^\r\n"A-Za-z0-9]$/, { error: 'must be one character, such as ";"' })
  .default(';');

const csvField = z.strictObject({
  column: z
    .union([z.string().min(1).max(255), count(1000)], { error: 'must be the name of a column or its place from 1 on' })
    .describe('Column of the file, by its name in the first line or by its place from 1 on.'),
  as: z.enum(CONVERSIONS, { error: `must be one of ${CONVERSIONS.join(', ')}` }).default('text'),
  optional: z.boolean().default(false).describe('Whether it may be empty: then it is null.'),
});

const csv = z
  .strictObject({
    delimiter: delimiter.describe('What stands between two columns.'),
    encoding: z.enum(['utf-8', 'windows-1252']).default('utf-8').describe('Of the files.'),
    header: z.boolean().default(true).describe('Whether the first line names the columns.'),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/, { error: 'must be two capital letters (ISO 3166-1)' })
      .optional()
      .describe('Of numbers that are written without a country code, e.g. `IT`.'),
    fields: z
      .record(z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, { error: 'must be letters, digits and "_"' }), csvField)
      .refine((fields) => Object.keys(fields).length > 0, { error: 'needs at least one' })
      .describe(
        'Members of a record, by name: `{ column, as, optional }`. `as`: `text`; `number`, a telephone number, written as E.164; `dialled`, the same, and where it is none (short codes) the digits as dialled; `integer`; `decimal`.',
      )
      .meta({ reads: 'map of `{ column, as, optional }`' }),
  })
  .optional();

const limits = z
  .strictObject({
    fileBytes: z
      .int()
      .min(1)
      .max(1024 * GIB)
      .default(GIB)
      .describe('Largest file; a larger one is refused and told.'),
    runBytes: z
      .int()
      .min(1)
      .max(1024 * GIB)
      .default(16 * GIB)
      .describe('Most bytes of one run; the next goes on.'),
    runFiles: count(1_000_000).default(10_000).describe('Most files of one run; the next goes on.'),
  })
  .prefault({})
  .describe('How much is fetched at once.');

/** Settings of one source. */
export function collectionShape(sources: Sources) {
  return {
    host: z.string().min(1).max(255).describe('Name or address of the SFTP server.'),
    port: z.int().min(1).max(65_535).default(22).describe('Its port.'),
    sourceAddresses: z
      .array(address)
      .min(1)
      .max(MOST_ADDRESSES, { error: `must be ${MOST_ADDRESSES} at most` })
      .describe(
        "Addresses of this installation's machines that the operator of the server lets in, 3 at most. No connection is opened from another. Behind NAT: the inner addresses.",
      ),
    localAddress: address
      .optional()
      .describe('The one of them to connect from; left out: the one that the way to the server leads over.'),
    username: z.string().min(1).max(255).describe('Login.'),
    password: secretText(sources, z.string().min(1).max(1024)).describe('Its password: the second factor.'),
    privateKey: pemText(sources).describe('Its RSA key of 2048 bits or more, PEM or OpenSSH: the first factor.'),
    passphrase: secretText(sources, z.string().min(1).max(1024)).optional().describe('Of the key, when it has one.'),
    hostKeys: z
      .array(fingerprint)
      .min(1)
      .max(MOST_ADDRESSES)
      .describe("Fingerprints of the server's host key, `SHA256:…`; another key is refused."),
    algorithms: z
      .strictObject({
        keyExchange: algorithms(KEY_EXCHANGES, KEY_EXCHANGES).describe('Key exchange.'),
        hostKey: algorithms(HOST_KEY_ALGORITHMS, HOST_KEY_ALGORITHMS).describe("Signatures of the server's host key."),
        ciphers: algorithms(CIPHERS, ['aes256-gcm@openssh.com', 'aes256-ctr']).describe(
          'Ciphers. `aes256-cbc` only where the server has no other; it needs a server with strict key exchange.',
        ),
        macs: algorithms(MACS, MACS).describe('Message authentication.'),
      })
      .prefault({})
      .describe('What is offered to the server, best first; nothing weaker than these can be named.'),
    connections: count(10)
      .default(1)
      .describe('Most connections to this server at once, over all sources and workers.'),
    folder: remoteFolder.describe('Folder on the server.'),
    depth: z.int().min(0).max(3).default(0).describe('How many levels of folders below it are looked into.'),
    files: z
      .array(filePattern)
      .min(1)
      .max(16)
      .default(['*'])
      .describe('Names of the files that are fetched; `*` and `?` stand for others.'),
    checksum: z
      .strictObject({
        suffix: z
          .string()
          .regex(/^\.[A-Za-z0-9._-]{1,30}$/, { error: 'must be such as ".sha256"' })
          .describe('A file is fetched when one of its name and this suffix lies beside it.'),
        algorithm: z.enum(CHECKSUMS).default('sha256').describe('What that file holds, in hexadecimal.'),
      })
      .optional()
      .describe('Checksums that the server offers.'),
    settleSeconds: z
      .int()
      .min(0)
      .max(3600)
      .default(10)
      .describe('A file is whole when two listings this far apart show the same size and time.'),
    schedule: z.strictObject(scheduleShape).superRefine(checkWhen).describe('When it runs.'),
    into: z
      .string()
      .min(1)
      .max(1024)
      .refine((path) => !path.includes('\0') && (isAbsolute(path) || !normalize(path).startsWith('..')), {
        error: 'must be a folder',
      })
      .optional()
      .describe('Local folder; left out: `$TURNUP_DATA/collections/<name>`.'),
    limits,
    minimumFreeBytes: z
      .int()
      .min(0)
      .max(1024 * GIB)
      .default(GIB)
      .describe('Room that is left on the local disk: a file that would not leave it is not fetched.'),
    retentionDays: count(3650).describe('Days that fetched files and records are kept; then they are removed.'),
    deleteAtSource: z
      .boolean()
      .default(false)
      .describe('Whether a file that was handed over is removed from the server. Only where its operator agreed.'),
    parser: z.enum(['none', 'csv']).default('none').describe('`csv`: records are made of the files as well.'),
    csv: csv.describe('How lines become records; with `parser: csv`.'),
  };
}
