import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { until } from './until.ts';

export interface ProcessOptions {
  /** For failures of a test. */
  readonly name: string;
  /** Of node: a script and its arguments. */
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Takes every line of output, of both kinds. */
  readonly told: (line: string) => void;
}

/** One life of a process under test. */
export interface Running {
  readonly name: string;
  readonly pid: number;
  readonly lines: readonly string[];
  readonly alive: boolean;
  /** Resolves with the first line that holds `text`; fails at once when the process ends without it. */
  says(text: string): Promise<string>;
  /** `kill -9`. Resolves when it is gone. */
  kill(): Promise<void>;
  /** Gives the exit code; null when a signal ended it. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
  signal(signal: NodeJS.Signals): void;
}

const LEASH = new URL('leash.mjs', import.meta.url).href;

export function startProcess({ name, args, env, cwd, told }: ProcessOptions): Running {
  const child = spawn(process.execPath, ['--import', LEASH, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    ...(cwd !== undefined && { cwd }),
  });
  child.stdin.on('error', () => undefined);
  const lines: string[] = [];
  const take = (line: string): void => {
    lines.push(line);
    told(line);
  };
  createInterface({ input: child.stdout }).on('line', take);
  createInterface({ input: child.stderr }).on('line', take);
  const gone = once(child, 'close').then(([code]: unknown[]) => code as number | null);
  const isAlive = (): boolean => child.exitCode === null && child.signalCode === null;

  return {
    name,
    pid: child.pid ?? 0,
    lines,
    get alive() {
      return isAlive();
    },
    async says(text) {
      const found = await until(
        () => lines.find((line) => line.includes(text)) ?? (isAlive() ? null : 'ended'),
        `${name} says ${text}`,
      );
      if (found === 'ended') throw new Error(`${name} ended before it said ${text}:\n${lines.slice(-5).join('\n')}`);
      return found;
    },
    async kill() {
      child.kill('SIGKILL');
      child.kill('SIGCONT');
      await gone;
    },
    end(signal = 'SIGTERM') {
      child.kill(signal);
      return gone;
    },
    signal(signal) {
      child.kill(signal);
    },
  };
}
