import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { TurnupError } from '../errors/index.ts';
import type { Config, KeyConfig } from './config.ts';
import { redacted } from './redact.ts';
import { NAME_PATTERN } from './schema.ts';

const fileSchema = z.array(z.strictObject({ id: z.string().regex(NAME_PATTERN), key: z.base64().length(44) })).min(1);

async function readKeys(file: string): Promise<KeyConfig[] | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new TurnupError('TURNUP_CONFIG_INVALID', { detail: `cannot read ${file}`, cause });
  }
  let parsed: z.ZodSafeParseResult<z.infer<typeof fileSchema>> | null = null;
  try {
    parsed = fileSchema.safeParse(JSON.parse(text));
  } catch {
    // Not JSON; the parser's message would quote a key.
  }
  if (!parsed?.success) throw new TurnupError('TURNUP_CONFIG_INVALID', { detail: `${file} does not hold keys` });
  return parsed.data.map(({ id, key }) => redacted({ id, key: Buffer.from(key, 'base64') }, ['key']));
}

/** Written beside and then linked, so that the file is there whole or not at all, and never replaces another's. */
async function makeKeys(file: string): Promise<void> {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  const keys = [{ id: `k-${randomBytes(4).toString('hex')}`, key: randomBytes(32).toString('base64') }];
  await writeFile(draft, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600, flag: 'wx', flush: true });
  try {
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/**
 * `config` with keys: its own, else (only with an embedded Redis) those of `$TURNUP_DATA/keys.json`, made there when
 * the file is missing. `tell` gets one line for a person when the file is used.
 * @throws TurnupError `TURNUP_CONFIG_INVALID`
 */
export async function withSecretKeys(config: Config, tell: (line: string) => void): Promise<Config> {
  if (config.secretKeys.length > 0) return config;
  if (config.redis.url !== null) {
    throw new TurnupError('TURNUP_CONFIG_INVALID', { detail: 'secretKeys is required with a Redis URL' });
  }
  const file = join(config.dataDir, 'keys.json');
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  let keys = await readKeys(file);
  if (!keys) {
    await makeKeys(file);
    keys = await readKeys(file);
  }
  if (!keys) throw new TurnupError('TURNUP_CONFIG_INVALID', { detail: `${file} vanished` });
  tell(
    `no secretKeys configured: secrets are sealed with the key in ${file}; keep that file, without it they are lost`,
  );
  return { ...config, secretKeys: keys };
}
