import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const TURNUP = fileURLToPath(new URL('../../src/cli/turnup.mjs', import.meta.url));

export interface RunOptions {
  cwd?: string;
  env?: Readonly<Record<string, string>>;
  input?: string;
  /** Options of Node itself. */
  node?: readonly string[];
}

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Starts the program as a child. Nothing of this process's own environment but PATH and HOME reaches it. */
export function startTurnup(args: readonly string[], options: RunOptions = {}): ChildProcess {
  const { PATH = '', HOME = '' } = process.env;
  return spawn(process.execPath, [...(options.node ?? []), TURNUP, ...args], {
    cwd: options.cwd,
    env: { PATH, HOME, NO_COLOR: '1', ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

export async function turnup(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const child = startTurnup(args, options);
  child.stdin!.end(options.input ?? '');
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout!), text(child.stderr!), once(child, 'close')]);
  return { code: code as number | null, stdout, stderr };
}
