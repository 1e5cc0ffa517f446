import { createServer, connect, type Server, type Socket } from 'node:net';
import { once } from 'node:events';

/** What passes through a proxy, for whoever listens. Times are when the bytes came in, before any delay. */
export interface Listener {
  /** A new connection; what it gives is told of every chunk in each direction. */
  open(): { sent(chunk: Buffer, at: number): void; received(chunk: Buffer): void };
}

export type HalfOpen = 'toServer' | 'toClient' | 'both';

/** A TCP link that can be made as bad as real ones are. Everything acts on it at once. */
export interface Proxy {
  readonly name: string;
  readonly port: number;
  /** Ends every connection, with a reset. Gives how many there were. */
  cut(): number;
  /** New connections are refused and the present ones end, until `heal`. */
  refuse(): Promise<void>;
  /** Bytes take that long in each direction, until `heal`. */
  slow(ms: number): void;
  /** Bytes in that direction vanish while the connection stays open, until `heal`; what was hit ends then, as with a router that forgot it. */
  halfOpen(direction: HalfOpen): void;
  heal(): Promise<void>;
  close(): Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  /** Bytes of it are lost: it can only end. */
  spoilt: boolean;
}

const HOST = '127.0.0.1';

export async function createProxy(
  name: string,
  options: { port: number; to: number; listener?: Listener },
): Promise<Proxy> {
  const pairs = new Set<Pair>();
  let delayMs = 0;
  let lost: HalfOpen | null = null;
  let server: Server | null = null;

  function end(pair: Pair): void {
    pairs.delete(pair);
    pair.client.resetAndDestroy();
    pair.server.resetAndDestroy();
  }

  function pump(pair: Pair, from: Socket, to: Socket, direction: HalfOpen, told?: (chunk: Buffer) => void): void {
    let queue: Promise<void> | null = null;
    let waiting = 0;
    function forward(chunk: Buffer | null): void {
      if (!pairs.has(pair)) return;
      if (chunk === null) to.end();
      else {
        told?.(chunk);
        to.write(chunk);
      }
    }
    function push(chunk: Buffer | null): void {
      if (lost === direction || lost === 'both') pair.spoilt = true;
      if (pair.spoilt && (lost === direction || lost === 'both' || chunk !== null)) return;
      if (delayMs === 0 && waiting === 0) return forward(chunk);
      const due = Date.now() + delayMs;
      waiting += 1;
      queue = (queue ?? Promise.resolve())
        .then(() => new Promise<void>((resolve) => setTimeout(resolve, Math.max(0, due - Date.now()))))
        .then(() => {
          waiting -= 1;
          forward(chunk);
        });
    }
    from.on('data', push);
    from.on('end', () => push(null));
    from.on('error', () => undefined);
    from.on('close', () => {
      // A half-open link tells neither side that the other is gone.
      if (pair.spoilt && lost !== null) return;
      pairs.delete(pair);
      setTimeout(() => to.destroy(), delayMs).unref();
    });
  }

  function accept(client: Socket): void {
    const upstream = connect({ host: HOST, port: options.to });
    const pair: Pair = { client, server: upstream, spoilt: false };
    pairs.add(pair);
    client.setNoDelay(true);
    upstream.setNoDelay(true);
    upstream.on('error', () => end(pair));
    const ears = options.listener?.open();
    client.on('data', (chunk: Buffer) => ears?.sent(chunk, Date.now()));
    pump(pair, client, upstream, 'toServer');
    pump(pair, upstream, client, 'toClient', (chunk) => ears?.received(chunk));
  }

  async function listen(): Promise<void> {
    const listening = createServer({ allowHalfOpen: true }, accept);
    listening.listen(options.port, HOST);
    await once(listening, 'listening');
    server = listening;
  }

  function cut(): number {
    const count = pairs.size;
    for (const pair of pairs) end(pair);
    return count;
  }

  await listen();
  return {
    name,
    port: options.port,
    cut,
    async refuse() {
      server?.close();
      server = null;
      cut();
    },
    slow(ms) {
      delayMs = ms;
    },
    halfOpen(direction) {
      lost = direction;
    },
    async heal() {
      delayMs = 0;
      lost = null;
      for (const pair of pairs) if (pair.spoilt) end(pair);
      if (!server) await listen();
    },
    async close() {
      server?.close();
      server = null;
      cut();
    },
  };
}
