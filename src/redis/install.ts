import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { TurnupError } from '../errors/index.ts';

/*
 * A redis-server without root on Debian and Ubuntu: the distribution's own packages, fetched and checked by apt with
 * package lists of its own, unpacked below the data folder.
 */

const run = promisify(execFile);
/** redis-server itself is a link into redis-tools, so both are needed; the others are its libraries. */
const PACKAGES = ['redis-server', 'redis-tools', 'libjemalloc2', 'liblzf1'];
const TIMEOUT_MS = 300_000;

const folderOf = (dataDir: string): string => join(dataDir, 'redis-server');
const programOf = (folder: string): string => join(folder, 'usr', 'bin', 'redis-server');

/** Path of the redis-server that `installRedis` put below `dataDir`; null when there is none. */
export function installedRedis(dataDir: string): string | null {
  const program = programOf(folderOf(dataDir));
  try {
    accessSync(program, constants.X_OK);
    return program;
  } catch {
    return null;
  }
}

async function must(program: string, args: readonly string[], cwd: string): Promise<string> {
  try {
    const { stdout } = await run(program, args, { cwd, timeout: TIMEOUT_MS, maxBuffer: 16_777_216 });
    return stdout;
  } catch (cause) {
    const { code, stderr } = cause as { code?: unknown; stderr?: string };
    const detail =
      code === 'ENOENT'
        ? `${program} is not there: this works on Debian and Ubuntu only`
        : `${program} failed: ${stderr?.trim().split('\n').at(-1) ?? String(cause)}`;
    throw new TurnupError('TURNUP_REDIS_MISSING', { detail, cause });
  }
}

/** apt's settings that keep it inside `work`: it may not write where it usually does. */
async function aptOptions(work: string): Promise<string[]> {
  const lists = join(work, 'lists');
  const cache = join(work, 'cache');
  await mkdir(join(lists, 'partial'), { recursive: true });
  await mkdir(join(cache, 'archives', 'partial'), { recursive: true });
  return [
    `Dir::State::Lists=${lists}`,
    `Dir::Cache=${cache}`,
    'Debug::NoLocking=true',
    // Translations and contents of packages are half of what an update fetches.
    'Acquire::Languages=none',
    'Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false',
    // As root apt would drop to a user who may not write here.
    'APT::Sandbox::User=root',
  ].flatMap((option) => ['-o', option]);
}

/** Puts a small script in the place of the link, so that the program finds its libraries whoever runs it. */
async function wrapProgram(folder: string): Promise<void> {
  const program = programOf(folder);
  const real = join(folder, 'usr', 'libexec', 'redis-server');
  const [triplet] = await readdir(join(folder, 'usr', 'lib')).then((names) =>
    names.filter((name) => name.includes('-linux-')),
  );
  await mkdir(join(folder, 'usr', 'libexec'), { recursive: true });
  const target = join(folder, 'usr', 'bin', 'redis-check-rdb');
  await symlink('../bin/redis-check-rdb', real).catch(() => copyFile(target, real));
  await rm(program, { force: true });
  const script = [
    '#!/bin/sh',
    'root=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd)',
    `LD_LIBRARY_PATH="$root/usr/lib/${triplet ?? ''}" exec "$root/usr/libexec/redis-server" "$@"`,
    '',
  ].join('\n');
  await writeFile(program, script);
  await chmod(program, 0o755);
}

/**
 * Fetches redis-server into `dataDir`. Uses the network. Repeatable: a newer one replaces the one that is there.
 * @returns what `redis-server --version` says
 * @throws TurnupError `TURNUP_REDIS_MISSING` saying what was missing or failed
 */
export async function installRedis(dataDir: string, tell: (line: string) => void): Promise<string> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const work = await mkdtemp(join(dataDir, 'redis-install-'));
  try {
    const options = await aptOptions(work);
    tell('fetching the package lists');
    await must('apt-get', [...options, '-qq', 'update'], work);
    tell(`fetching ${PACKAGES.join(', ')}`);
    await must('apt-get', [...options, '-qq', 'download', ...PACKAGES], work);
    const unpacked = join(work, 'unpacked');
    const archives = (await readdir(work)).filter((name) => name.endsWith('.deb'));
    for (const archive of archives) await must('dpkg-deb', ['-x', archive, unpacked], work);
    await wrapProgram(unpacked);
    const version = await must(programOf(unpacked), ['--version'], work);
    await rm(folderOf(dataDir), { recursive: true, force: true });
    await rename(unpacked, folderOf(dataDir));
    return version.trim();
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
