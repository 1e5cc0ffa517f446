import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

const HOST = '127.0.0.1';

/** A TCP link that a test can take down, freeze and lead elsewhere, as a network or a virtual address can. */
export interface Proxy {
  readonly port: number;
  /** New connections are refused, the present ones end with a reset. */
  down(): void;
  /** Takes connections again. */
  up(): Promise<void>;
  /** New connections lead there; the present ones stay where they are. */
  leadTo(port: number): void;
  /** Nothing passes on the present connections any more, and neither side is told: as with a machine that vanished. */
  freeze(): void;
  /** As `freeze`, once a client has sent `text` and that has been passed on. Resolves when it has come to that. */
  freezeAfter(text: string): Promise<void>;
  /** As `freeze`, once so many bytes have come from the server from now on. Resolves when it has come to that. */
  freezeAfterBytes(count: number): Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly upstream: Socket;
  frozen: boolean;
}

export async function createProxy(options: { port: number; to: number }): Promise<Proxy> {
  const pairs = new Set<Pair>();
  let { to } = options;
  let server: Server | null = null;
  let awaited: { text: string; passed: () => void } | null = null;
  let awaitedBytes: { left: number; passed: () => void } | null = null;

  function freeze(): void {
    for (const pair of pairs) pair.frozen = true;
  }

  function end(pair: Pair): void {
    pairs.delete(pair);
    pair.client.resetAndDestroy();
    pair.upstream.resetAndDestroy();
  }

  function join(client: Socket): void {
    const pair: Pair = { client, upstream: connect({ host: HOST, port: to }), frozen: false };
    pairs.add(pair);
    const { upstream } = pair;
    client.on('data', (chunk) => {
      if (pair.frozen) return;
      upstream.write(chunk);
      if (!awaited || !chunk.includes(awaited.text)) return;
      freeze();
      awaited.passed();
      awaited = null;
    });
    upstream.on('data', (chunk) => {
      if (pair.frozen) return;
      client.write(chunk);
      if (!awaitedBytes) return;
      awaitedBytes.left -= chunk.length;
      if (awaitedBytes.left > 0) return;
      freeze();
      awaitedBytes.passed();
      awaitedBytes = null;
    });
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => end(pair));
    }
  }

  async function up(): Promise<void> {
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
      for (const pair of pairs) end(pair);
    },
    leadTo(port) {
      to = port;
    },
    freeze,
    freezeAfter: (text) => new Promise((passed) => (awaited = { text, passed })),
    freezeAfterBytes: (left) => new Promise((passed) => (awaitedBytes = { left, passed })),
  };
}
