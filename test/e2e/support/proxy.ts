import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

const HOST = '127.0.0.1';

/** A TCP link that a test can take down, stop and lead elsewhere, as a network or a virtual address can. */
export interface Proxy {
  readonly port: number;
  /** New connections are refused, the present ones end with a reset. */
  down(): void;
  /** Takes connections (again), and lets everything through. */
  up(): Promise<void>;
  /** New connections lead there; the present ones stay where they are. */
  leadTo(port: number): void;
  /**
   * Once a client has sent `text`, that still arrives, and from then on nothing passes in either direction. Resolves
   * when it has come to that.
   */
  stopAfter(text: string): Promise<void>;
}

export async function createProxy(options: { port: number; to: number }): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let { to } = options;
  let server: Server | null = null;
  let stopped = false;
  let watched: { text: string; passed: () => void } | null = null;

  function watch(chunk: Buffer): void {
    if (!watched || !chunk.includes(watched.text)) return;
    stopped = true;
    watched.passed();
    watched = null;
  }

  function join(client: Socket): void {
    const upstream = connect({ host: HOST, port: to });
    for (const [from, into] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.setNoDelay(true);
      from.on('data', (chunk) => {
        if (stopped) return;
        into.write(chunk);
        if (from === client) watch(chunk);
      });
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        into.resetAndDestroy();
      });
    }
  }

  async function up(): Promise<void> {
    stopped = false;
    if (server) return;
    server = createServer(join);
    server.listen(options.port, HOST);
    await once(server, 'listening');
  }

  await up();
  return {
    port: options.port,
    up,
    down() {
      server?.close();
      server = null;
      for (const socket of sockets) socket.resetAndDestroy();
    },
    leadTo(port) {
      to = port;
    },
    stopAfter: (text) => new Promise((passed) => (watched = { text, passed })),
  };
}
