import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process under test, with one name over all its lives. */
export interface Node {
  readonly name: string;
  readonly pid: number | null;
  readonly logFile: string;
  readonly frozen: boolean;
  /** Starts it, as often as it takes, as a service manager would; resolves when it says that it is ready. */
  start(): Promise<void>;
  /** `kill -9`. */
  kill(): Promise<void>;
  /** SIGTERM; `kill -9` when it does not end in time. Gives whether it ended by itself. */
  stop(): Promise<boolean>;
  freeze(): void;
  thaw(): void;
  /** Ends of ready processes that nobody asked for. */
  readonly collapses: readonly string[];
}

export interface NodeOptions {
  name: string;
  args: readonly string[];
  logFile: string;
  /** A line of standard output that means that the process works. */
  ready: string;
}

const STOP_MS = 15_000;
const AGAIN_MS = 300;
const KEPT_LINES = 12;

interface Life {
  readonly child: ChildProcess;
  readonly gone: Promise<unknown>;
  readonly isReady: Promise<boolean>;
  readonly lastLines: string[];
  asked: boolean;
}

const running = new Set<ChildProcess>();
// Nothing may outlive the run, however it ends; a frozen process would not even notice that its parent is gone.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

export function createNode({ name, args, logFile, ready }: NodeOptions): Node {
  const log: WriteStream = createWriteStream(logFile, { flags: 'a' });
  const collapses: string[] = [];
  let life: Life | null = null;
  let frozen = false;

  function launch(): Life {
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    running.add(child);
    const lastLines: string[] = [];
    let became!: (ready: boolean) => void;
    const isReady = new Promise<boolean>((resolve) => {
      became = resolve;
    });
    let wasReady = false;
    const take = (line: string): void => {
      log.write(`${line}\n`);
      lastLines.push(line);
      if (lastLines.length > KEPT_LINES) lastLines.shift();
      if (!wasReady && line.includes(ready)) {
        wasReady = true;
        became(true);
      }
    };
    createInterface({ input: child.stdout }).on('line', take);
    createInterface({ input: child.stderr }).on('line', take);
    child.stdin.on('error', () => undefined);
    const gone = once(child, 'exit').then(([code, signal]: unknown[]) => {
      running.delete(child);
      became(false);
      if (wasReady && !started.asked)
        collapses.push(`${name} ended by itself (${String(signal ?? code)}): ${lastLines.join(' | ')}`);
      if (life === started) life = null;
    });
    const started: Life = { child, gone, isReady, lastLines, asked: false };
    return started;
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ending = life;
    if (!ending) return;
    ending.asked = true;
    ending.child.kill(signal);
    await ending.gone;
    frozen = false;
  }

  return {
    name,
    logFile,
    collapses,
    get pid() {
      return life?.child.pid ?? null;
    },
    get frozen() {
      return frozen;
    },
    async start() {
      while (!life) {
        life = launch();
        if (await life.isReady) return;
        await sleep(AGAIN_MS);
      }
    },
    kill: () => end('SIGKILL'),
    async stop() {
      const ending = life;
      if (!ending) return true;
      ending.asked = true;
      ending.child.kill('SIGTERM');
      const inTime = await Promise.race([ending.gone.then(() => true), sleep(STOP_MS, false, { ref: false })]);
      if (!inTime) await end('SIGKILL');
      return inTime;
    },
    freeze() {
      frozen = life?.child.kill('SIGSTOP') ?? false;
    },
    thaw() {
      life?.child.kill('SIGCONT');
      frozen = false;
    },
  };
}
