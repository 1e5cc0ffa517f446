import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Redis } from 'ioredis';

/** The ways in which a secret could lie somewhere without being seen at first sight. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  // The end of base64 depends on what follows it.
  const base64 = (text: Buffer): string => text.toString('base64').replace(/=+$/, '').slice(0, -1);
  return [secret, encodeURIComponent(secret), bytes.toString('hex'), base64(bytes)];
}

const JWT = /\beyJ[\w-]{8,}\.eyJ/;

/** Where one of `secrets` is found; each place names itself. A JWT is one of the platform's, so it is looked for too. */
export function leaksIn(places: readonly (readonly [string, string])[], secrets: readonly string[]): string[] {
  const everything = places.map(([, text]) => text).join('\n');
  const found = secrets.filter((secret) => formsOf(secret).some((form) => everything.includes(form)));
  const where = (holds: (text: string) => boolean): string => places.find(([, text]) => holds(text))?.[0] ?? 'pieces';
  const leaks = found.map((secret) => {
    const forms = formsOf(secret);
    return `${secret} in ${where((text) => forms.some((form) => text.includes(form)))}`;
  });
  return JWT.test(everything) ? [...leaks, `a JWT in ${where((text) => JWT.test(text))}`] : leaks;
}

async function valueOf(redis: Redis, key: string): Promise<string> {
  const type = await redis.type(key);
  switch (type) {
    case 'string':
      return (await redis.getBuffer(key))?.toString('latin1') ?? '';
    case 'hash':
      return JSON.stringify(await redis.hgetall(key));
    case 'list':
      return JSON.stringify(await redis.lrange(key, 0, -1));
    case 'set':
      return JSON.stringify(await redis.smembers(key));
    case 'zset':
      return JSON.stringify(await redis.zrange(key, '0', '-1'));
    case 'stream':
      return JSON.stringify(await redis.xrange(key, '-', '+'));
    case 'none':
      // It expired since its name was read.
      return '';
    default:
      throw new Error(`key ${key} is of type ${type}, which nobody looks into`);
  }
}

/** Every key and its value, whatever its type. */
export async function storedIn(redis: Redis): Promise<(readonly [string, string])[]> {
  const keys = await redis.keys('*');
  return Promise.all(keys.map(async (key) => [`Redis ${key}`, `${key} ${await valueOf(redis, key)}`] as const));
}

/** Every file below `folder`: with AOF, every write there ever was. */
export function filesIn(folder: string): (readonly [string, string])[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => [`file ${file}`, readFileSync(file, 'latin1')] as const);
}
