import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import type { Redis } from 'ioredis';
import type { Violate } from './evidence.ts';

/** Finds any of many secrets in one pass: four bytes of each are looked up at every place. */
export function createSecretFinder(secrets: Iterable<string>) {
  const byStart = new Map<number, Buffer[]>();
  for (const secret of new Set(secrets)) {
    const bytes = Buffer.from(secret, 'utf8');
    if (bytes.length < 6) throw new Error('a secret that is this short is found everywhere');
    const start = bytes.readUInt32BE(0);
    byStart.set(start, [...(byStart.get(start) ?? []), bytes]);
  }
  const marks = new Uint8Array(65_536);
  for (const start of byStart.keys()) marks[(start ^ (start >>> 16)) & 0xffff] = 1;

  /** The first secret that is in it, or null. */
  return function find(haystack: Buffer): string | null {
    let start = 0;
    for (let at = 0; at < haystack.length; at += 1) {
      start = ((start << 8) | haystack[at]!) >>> 0;
      if (at < 3 || marks[(start ^ (start >>> 16)) & 0xffff] === 0) continue;
      for (const secret of byStart.get(start) ?? []) {
        const found = haystack.subarray(at - 3, at - 3 + secret.length);
        if (found.equals(secret)) return secret.toString('utf8');
      }
    }
    return null;
  };
}

type Find = ReturnType<typeof createSecretFinder>;

/** No secret in clear in Redis, now or ever, in a log, or in an answer (I8). */
export async function auditSecrets(
  options: { redis: Redis; redisDir: string; logFiles: readonly string[]; answers: readonly string[]; find: Find },
  violate: Violate,
): Promise<{ bytes: number; keys: number }> {
  const { find } = options;
  let bytes = 0;
  const look = (where: string, content: Buffer): void => {
    bytes += content.length;
    const secret = find(content);
    if (secret === null) return;
    const at = content.indexOf(secret);
    const around = content.subarray(Math.max(0, at - 120), at + secret.length + 40).toString('utf8');
    violate('I8 no secret', `${where} holds ${secret}`, around);
  };
  const keys = await lookIntoKeys(options.redis, look);
  for (const file of filesBelow(options.redisDir)) look(`the file of Redis ${file}`, readFileSync(file));
  for (const file of options.logFiles) look(`the log ${file}`, readFileSync(file));
  look('an answer of the API', Buffer.from(options.answers.join('\n')));
  return { bytes, keys };
}

function filesBelow(dir: string): string[] {
  return readdirSync(dir).flatMap((name) => {
    const file = join(dir, name);
    return statSync(file).isDirectory() ? filesBelow(file) : [file];
  });
}

async function lookIntoKeys(redis: Redis, look: (where: string, content: Buffer) => void): Promise<number> {
  let count = 0;
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(cursor, 'COUNT', 500);
    cursor = next;
    for (const key of keys) {
      count += 1;
      look(`the name of key ${key}`, Buffer.from(key));
      look(`key ${key}`, await contentOf(redis, key));
    }
  } while (cursor !== '0');
  return count;
}

async function contentOf(redis: Redis, key: string): Promise<Buffer> {
  const type = await redis.type(key);
  switch (type) {
    case 'string':
      return inflated((await redis.getBuffer(key)) ?? Buffer.alloc(0));
    case 'hash':
      return flat(await redis.hgetallBuffer(key));
    case 'list':
      return flat(await redis.lrangeBuffer(key, 0, -1));
    case 'set':
      return flat(await redis.smembersBuffer(key));
    case 'zset':
      return flat(await redis.zrangeBuffer(key, '0', '-1'));
    case 'stream':
      return flat(await redis.xrangeBuffer(key, '-', '+'));
    case 'none':
      return Buffer.alloc(0);
    default:
      throw new Error(`${key} is of the type ${type}, into which nobody looks`);
  }
}

function flat(value: unknown): Buffer {
  if (Buffer.isBuffer(value)) return Buffer.concat([value, Buffer.from('\n')]);
  if (Array.isArray(value)) return Buffer.concat(value.map(flat));
  if (typeof value === 'object' && value !== null)
    return Buffer.concat(
      Object.entries(value).map(([name, inner]) => Buffer.concat([Buffer.from(`${name}\n`), flat(inner)])),
    );
  return Buffer.alloc(0);
}

/** What is compressed is looked into as well. */
function inflated(content: Buffer): Buffer {
  try {
    return Buffer.concat([content, inflateRawSync(content)]);
  } catch {
    return content;
  }
}
