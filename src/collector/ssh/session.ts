import { createHash, timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import ssh2, { type Client, type NegotiatedAlgorithms, type SFTPWrapper } from 'ssh2';
import type { CollectionConfig } from '../../config/index.ts';
import { TurnupError } from '../../errors/index.ts';
import { findWay, openSocket, type Way } from './address.ts';
import { toSourceError } from './failures.ts';
import { terrapinFault, watchHandshake } from './handshake.ts';
import { createRemoteFolder, type RemoteFolder } from './remote-folder.ts';
import { createTwoFactors } from './two-factors.ts';

/** What is known of a connection, for a person. */
export interface SessionFacts {
  readonly localAddress: string;
  readonly remoteAddress: string;
  /** `SHA256:…` */
  readonly hostKey: string;
  readonly keyExchange: string;
  readonly hostKeyAlgorithm: string;
  readonly cipher: string;
  /** `implicit` where the cipher has one of its own. */
  readonly mac: string;
  readonly strictKeyExchange: boolean;
  readonly factors: readonly string[];
}

export interface Session extends RemoteFolder {
  readonly facts: SessionFacts;
  /** Aborted when the connection is gone; the reason is a TurnupError. */
  readonly lost: AbortSignal;
  end(): void;
}

const CONNECT_MS = 10_000;
const READY_MS = 20_000;
/** Three that stay without an answer end a connection. */
const KEEP_ALIVE_MS = 10_000;

const ENDED = new TurnupError('TURNUP_SOURCE_UNREACHABLE', { detail: 'the server ended the connection' });

/** `SHA256:…` as `ssh-keygen -lf` prints it. */
function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

function isPinned(fingerprint: string, pinned: readonly string[]): boolean {
  const given = Buffer.from(fingerprint);
  return pinned.some((known) => {
    const wanted = Buffer.from(known);
    return wanted.length === given.length && timingSafeEqual(wanted, given);
  });
}

/** What the two sides settled and what spoke against it, from the first byte to the login. */
function createEntrance(source: CollectionConfig) {
  const factors = createTwoFactors(source);
  const handshake = watchHandshake(source.algorithms);
  let hostKey = '';
  let negotiated: NegotiatedAlgorithms | null = null;
  let refusal: TurnupError | null = null;
  let isIn = false;
  return {
    factors,
    handshake,
    verifyHost(key: Buffer): boolean {
      hostKey = fingerprintOf(key);
      if (isPinned(hostKey, source.hostKeys)) return true;
      const detail = `the server shows ${hostKey}; pinned is ${source.hostKeys.join(', ')}`;
      refusal = new TurnupError('TURNUP_SOURCE_NOT_TRUSTED', { detail });
      return false;
    },
    /** Before anything secret is sent. */
    settled(agreed: NegotiatedAlgorithms): void {
      negotiated = agreed;
      const fault = terrapinFault([agreed.cs.cipher, agreed.sc.cipher], handshake.isStrict());
      if (fault !== null) refusal = new TurnupError('TURNUP_SOURCE_TOO_WEAK', { detail: fault });
    },
    refusal: () => refusal,
    /** An error that came before the login was done. */
    explain(error: unknown): TurnupError {
      const { level } = error as { level?: unknown };
      if (refusal) return refusal;
      const noMatch = handshake.explain(error);
      if (noMatch) return noMatch;
      if (level === 'client-authentication') return factors.explain(error);
      // A connection that the network broke comes with an error of the network.
      const isEnded = error === ENDED || typeof (error as { code?: unknown }).code === 'number';
      if (isEnded && !isIn && factors.used.length > 0) return factors.explainEnd(error);
      return toSourceError(error);
    },
    /** @throws TurnupError `TURNUP_SOURCE_TOO_WEAK` */
    letIn(): void {
      isIn = true;
      factors.requireBoth();
    },
    facts(way: Way): SessionFacts {
      if (!negotiated) throw new Error('no handshake, and yet a session');
      const { kex, serverHostKey, cs, sc } = negotiated;
      const both = (one: string, other: string): string => (one === other ? one : `${one} out, ${other} in`);
      return {
        localAddress: way.local,
        remoteAddress: way.remote,
        hostKey,
        keyExchange: kex,
        hostKeyAlgorithm: serverHostKey,
        cipher: both(cs.cipher, sc.cipher),
        mac: both(cs.mac, sc.mac) || 'implicit',
        strictKeyExchange: handshake.isStrict(),
        factors: [...factors.used],
      };
    },
  };
}

function logIn(client: Client, socket: Socket, source: CollectionConfig, entrance: ReturnType<typeof createEntrance>) {
  const { promise, resolve, reject } = Promise.withResolvers<SFTPWrapper>();
  const fail = (error: unknown): void => reject(entrance.explain(error));
  client.on('handshake', (agreed) => {
    entrance.settled(agreed);
    const refusal = entrance.refusal();
    if (refusal) client.destroy();
    if (refusal) reject(refusal);
  });
  client.on('error', fail);
  client.on('close', () => fail(ENDED));
  client.on('ready', () => {
    try {
      entrance.letIn();
    } catch (error) {
      reject(error);
      return;
    }
    client.sftp((error, sftp) => (error ? fail(error) : resolve(sftp)));
  });
  const { algorithms, username } = source;
  client.connect({
    sock: socket,
    username,
    readyTimeout: READY_MS,
    keepaliveInterval: KEEP_ALIVE_MS,
    algorithms: {
      kex: [...algorithms.keyExchange],
      serverHostKey: [...algorithms.hostKey],
      cipher: [...algorithms.ciphers],
      hmac: [...algorithms.macs],
      compress: ['none'],
    } as never,
    authHandler: ((
      left: string[] | null,
      partial: boolean | null,
      next: Parameters<typeof entrance.factors.handler>[2],
    ) => (entrance.refusal() ? next(false) : entrance.factors.handler(left, partial, next))) as never,
    hostVerifier: (key: Buffer) => entrance.verifyHost(key),
    debug: (line) => entrance.handshake.hear(line),
  });
  return promise;
}

/**
 * A connection with both factors and nothing weaker than was agreed, from an allowed address.
 *
 * @throws TurnupError `TURNUP_SOURCE_UNREACHABLE`, `TURNUP_SOURCE_LOGIN_REFUSED`, `TURNUP_SOURCE_TOO_WEAK`,
 * `TURNUP_SOURCE_NOT_TRUSTED`, `TURNUP_SOURCE_ADDRESS`, `TURNUP_SOURCE_FAILED`, `TURNUP_CONFIG_INVALID`
 */
export async function openSession(source: CollectionConfig): Promise<Session> {
  const entrance = createEntrance(source);
  const way = await findWay(source);
  const socket = await openSocket(way, source.port, CONNECT_MS);
  // One client for one connection: it keeps the state of the one before.
  const client = new ssh2.Client();
  const lost = new AbortController();
  const lose = (error: unknown): void => lost.abort(toSourceError(error));
  let sftp: SFTPWrapper;
  try {
    sftp = await logIn(client, socket, source, entrance);
  } catch (error) {
    client.on('error', () => undefined);
    client.destroy();
    socket.destroy();
    throw error;
  }
  const gone = new TurnupError('TURNUP_SOURCE_UNREACHABLE', { detail: 'the connection was lost' });
  client.on('error', lose);
  client.on('close', () => lose(gone));
  sftp.on('error', lose);
  sftp.on('close', () => lose(gone));
  return {
    facts: entrance.facts(way),
    lost: lost.signal,
    ...createRemoteFolder(sftp, lost.signal, () => {
      lose(new TurnupError('TURNUP_SOURCE_UNREACHABLE', { detail: 'the server stopped answering' }));
      client.destroy();
    }),
    end() {
      lose(gone);
      client.end();
    },
  };
}
