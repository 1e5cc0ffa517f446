import { randomBytes, timingSafeEqual, createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import ssh2, { type AuthContext, type Connection, type ServerConfig } from 'ssh2';
import { sampleFiles, type SftpFile } from './call-records.ts';
import { serveFolder } from './files.ts';
import { makeRsaKey, type RsaKey } from './keys.ts';

interface SftpOptions {
  /** 0 (default) takes a free port. */
  readonly port?: number;
  /** Loopback by default. */
  readonly host?: string;
}

/** What one has to know to log in, made up at the start. */
export interface SftpSource {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  /** PEM, RSA 2048. */
  readonly privateKey: string;
  /** Fingerprint, as `ssh-keygen -lf` prints it. */
  readonly hostKey: string;
  readonly folder: string;
  /** Puts a file there, or another in its place. */
  put(name: string, file: SftpFile): void;
  close(): Promise<void>;
}

const FOLDER = '/out/cdr';
const USERNAME = 'olo-demo';

/** What tim-web-portal.md §1 lists and nothing else; a hosting network may well take no other client. */
const ALGORITHMS = {
  kex: ['curve25519-sha256', 'curve25519-sha256@libssh.org'],
  serverHostKey: ['rsa-sha2-512', 'rsa-sha2-256'],
  cipher: ['aes256-gcm@openssh.com', 'aes256-ctr'],
  hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com'],
  compress: ['none'],
} satisfies NonNullable<ServerConfig['algorithms']>;

const isSame = (one: string | Buffer, other: string | Buffer): boolean => {
  const digest = (value: string | Buffer): Buffer => createHash('sha256').update(value).digest();
  return timingSafeEqual(digest(one), digest(other));
};

/** The key first, then the password; neither alone lets anybody in (tim-web-portal.md §1). */
function askForBoth(client: Connection, user: RsaKey, password: string): void {
  const allowed = ssh2.utils.parseKey(user.privateKey);
  let hasKey = false;
  client.on('authentication', (ctx: AuthContext) => {
    const isUser = isSame(ctx.username, USERNAME);
    if (ctx.method === 'publickey' && !hasKey) {
      const isKnown = isUser && isSame(ctx.key.data, user.wire);
      if (!isKnown) return ctx.reject(['publickey']);
      // Whether the key would do; the proof comes next.
      if (!ctx.signature) return ctx.accept();
      const { blob, signature, hashAlgo } = ctx;
      // Whatever its types say, it gives an error where it cannot tell.
      const isProven: unknown = !(allowed instanceof Error) && blob && allowed.verify(blob, signature, hashAlgo);
      if (isProven !== true) return ctx.reject(['publickey']);
      hasKey = true;
      return ctx.reject(['password'], true);
    }
    if (ctx.method === 'password' && hasKey && isUser && isSame(ctx.password, password)) return ctx.accept();
    return ctx.reject([hasKey ? 'password' : 'publickey']);
  });
}

/**
 * A server that gives call records out as a hosting network does: two factors, a short list of algorithms, one folder
 * that can only be read. Keys and password are made at the start and are in no file.
 */
export async function startSftp({ port = 0, host = '127.0.0.1' }: SftpOptions = {}): Promise<SftpSource> {
  const [hostKey, userKey] = await Promise.all([makeRsaKey(), makeRsaKey()]);
  const password = randomBytes(18).toString('base64url');
  const files = sampleFiles();
  const clients = new Set<Connection>();

  const config: ServerConfig = { hostKeys: [hostKey.privateKey], algorithms: ALGORITHMS, ident: 'turnup-stand-in' };
  const server = new ssh2.Server(config, (client) => {
    clients.add(client);
    client.once('close', () => clients.delete(client));
    // A client that goes away in the middle is its own affair.
    client.on('error', () => undefined);
    // A server of this library signs with SHA-1 too, whatever it is told, for a client that takes nothing better.
    client.on('handshake', ({ serverHostKey }) => {
      if (!ALGORITHMS.serverHostKey.some((name) => name === serverHostKey)) client.end();
    });
    askForBoth(client, userKey, password);
    client.on('ready', () => {
      client.on('session', (accept) => {
        accept().on('sftp', (acceptSftp) => serveFolder(acceptSftp(), FOLDER, files));
      });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve());
  });
  return {
    host,
    port: (server.address() as AddressInfo).port,
    username: USERNAME,
    password,
    privateKey: userKey.privateKey,
    hostKey: hostKey.fingerprint,
    folder: FOLDER,
    put: (name, file) => void files.set(name, file),
    close: async () => {
      for (const client of clients) client.end();
      await new Promise<void>((done) => {
        server.close(() => done());
      });
    },
  };
}
