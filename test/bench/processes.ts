import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

export interface Child {
  /** Lets a loaded process start; resolves when it has. */
  go(): Promise<{ url: string | null }>;
  stop(): Promise<void>;
}

function launch(program: string, args: string[]): { child: ChildProcess; next(): Promise<Record<string, unknown>> } {
  const child = spawn(process.execPath, [...(process.env['BENCH_NODE_ARGS']?.split(' ') ?? []), program, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const iterator = lines[Symbol.asyncIterator]();
  return {
    child,
    async next() {
      const { value, done } = await iterator.next();
      if (done) throw new Error(`${program} ended early`);
      return JSON.parse(value) as Record<string, unknown>;
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = once(child, 'exit');
  child.stdin?.end();
  child.kill('SIGTERM');
  await gone;
}

/** Starts a process of child.ts and waits until it is loaded. */
export async function launchChild(role: 'api' | 'worker' | 'floor', args: string[]): Promise<Child> {
  const { child, next } = launch(path('./child.ts'), [role, ...args]);
  await next();
  return {
    async go() {
      child.stdin?.write('go\n');
      return (await next()) as { url: string | null };
    },
    async stop() {
      const gone = once(child, 'exit');
      child.stdin?.end();
      await gone;
    },
  };
}

export async function launchSimulator(): Promise<{ url: string; stop(): Promise<void> }> {
  const { child, next } = launch(path('../../src/simulators/main.ts'), ['sipwise', '--port', '0']);
  const { url } = (await next()) as { url: string };
  return { url, stop: () => end(child) };
}
