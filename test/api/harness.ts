import { Writable } from 'node:stream';
import { createLogger, createMetrics } from '../../src/observability/index.ts';
import { startApi, type HttpTimeouts, type RunningApi } from '../../src/api/start.ts';
import { parseConfig, type Config } from '../../src/config/index.ts';
import type { Platform } from '../../src/platforms/port.ts';
import { TEST_KEY } from '../engine/harness.ts';
import { createWorld, toyPlatform } from '../engine/toy.ts';
import type { TestRedis } from '../setup/redis.ts';

export const TOKENS = {
  crm: 'crm-token-0123456789',
  shop: 'shop-token-0123456789',
  vera: 'vera-token-0123456789',
  olga: 'olga-token-0123456789',
  adam: 'adam-token-0123456789',
} as const;

export const PASSWORDS = { vera: 'vera-password', olga: 'olga-password', adam: 'adam-password' } as const;

export interface TestApiOptions {
  redis: Pick<TestRedis, 'url'>;
  platform?: Platform;
  /** Further sections of the configuration file, YAML. */
  more?: string;
  timeouts?: Partial<HttpTimeouts>;
  /** Default 0: any that is free. */
  port?: number;
  publicUrl?: string;
  /** Changes the text of the configuration file. */
  edit?(text: string): string;
}

export interface TestApi extends RunningApi {
  /** Every line that was logged. */
  readonly logged: string[];
  readonly config: Config;
}

/** Clients crm (target lab) and shop (target other); operators vera (viewer), olga (operator), adam (admin). */
function testConfig(options: TestApiOptions): Config {
  const { redis, platform = toyPlatform(createWorld()), more = '', port = 0, publicUrl, edit = (all) => all } = options;
  const operator = (name: keyof typeof PASSWORDS, role: string) =>
    `{ name: ${name}, password: ${PASSWORDS[name]}, token: ${TOKENS[name]}, role: ${role} }`;
  const target = (host: string) =>
    `{ platform: ${platform.name}, url: 'https://${host}', auth: { username: u, password: target-password } }`;
  const text = `
http: { port: ${port}${publicUrl ? `, publicUrl: '${publicUrl}'` : ''} }
environment: { name: lab-test, colour: '#7c2d12' }
redis: { url: '${redis.url}' }
secretKeys: [{ id: ${TEST_KEY.id}, key: '${TEST_KEY.key.toString('base64')}' }]
clients:
  - { name: crm, token: ${TOKENS.crm}, targets: [lab] }
  - { name: shop, token: ${TOKENS.shop}, targets: [other] }
operators:
  - ${operator('vera', 'viewer')}
  - ${operator('olga', 'operator')}
  - ${operator('adam', 'admin')}
targets:
  lab: ${target('lab.example.com')}
  other: ${target('other.example.com')}
${more}`;
  return parseConfig(edit(text), { file: 'turnup.yaml', env: {}, platforms: [platform] });
}

export async function startTestApi(options: TestApiOptions): Promise<TestApi> {
  const logged: string[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logged.push(chunk.toString());
      done();
    },
  });
  const config = testConfig(options);
  const api = await startApi({
    config,
    redisUrl: options.redis.url,
    log: createLogger({ level: 'debug', destination }),
    metrics: createMetrics({ version: 'test' }),
    ...(options.timeouts && { timeouts: options.timeouts }),
  });
  return { ...api, logged, config };
}

/** All keys but those that are written at a start: BullMQ's of each queue, and what the store is known by. */
export async function storedKeys(redis: TestRedis): Promise<string[]> {
  const keys = await redis.client().keys('*');
  return keys.filter((key) => !key.endsWith(':meta') && !key.endsWith(':t:marker'));
}

export interface Answer {
  status: number;
  headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into it as they like
  body: any;
}

export interface CallOptions {
  token?: keyof typeof TOKENS | null;
  method?: string;
  /** Sent as JSON, unless it is text or bytes. */
  body?: unknown;
  headers?: Record<string, string>;
}

/** One call to the API; as client crm unless told otherwise. */
export async function call(api: RunningApi, path: string, options: CallOptions = {}): Promise<Answer> {
  const { token = 'crm', body, method = body === undefined ? 'GET' : 'POST' } = options;
  const raw = typeof body === 'string' || body instanceof Uint8Array;
  const response = await fetch(api.url + path, {
    method,
    redirect: 'manual',
    headers: {
      ...(token !== null && { authorization: `Bearer ${TOKENS[token]}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...options.headers,
    },
    ...(body !== undefined && { body: raw ? (body as string) : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, headers: response.headers, body: isJson && text ? JSON.parse(text) : text };
}

let placed = 0;

/** A good order for target lab. */
export function sampleOrder(change: Record<string, unknown> = {}): Record<string, unknown> {
  placed += 1;
  return {
    externalId: `CRM-${placed}`,
    target: 'lab',
    customer: { externalId: `C-${placed}` },
    subscribers: [
      { username: `john${placed}`, domain: 'sip.example.com', password: 'a-Secret-17', number: '+43987610001' },
    ],
    ...change,
  };
}
