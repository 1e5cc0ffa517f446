import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from './find-program.ts';
import { endGuarded, startGuarded } from './guarded.ts';
import { freePort } from './redis-server.ts';
import { waitFor } from './wait-for.ts';

const run = promisify(execFile);
const FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/usr/bin'];
const HOST = '127.0.0.1';
/** Users of test runs that were killed are known by this and the process that made them. */
const USER_PREFIX = 'turnup-sftp-';

export const WHAT_TO_INSTALL = 'no sshd, or not root: "apt-get install openssh-server" (it need not run as a service)';

/** sshd checks passwords and becomes the user, so it must be root's. For `describe.skipIf(!lookForSshd())`. */
export function lookForSshd(): string | null {
  return process.getuid?.() === 0 ? findProgram(['sshd'], FOLDERS) : null;
}

/** A throw-away user of the machine, its key and password, and a folder that it can read. */
export interface SftpUser {
  readonly username: string;
  readonly password: string;
  readonly privateKey: string;
  readonly passphrase: string;
  /** Readable by the user; everything below is removed in the end. */
  readonly dir: string;
  /** What the server shows. */
  readonly files: string;
  /** Another key, which no server knows. */
  readonly strangeKey: string;
  remove(): Promise<void>;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Exit codes of useradd and userdel while another test file is at the list of users. */
const IS_BUSY = new Set([1, 10]);

/** Changes the machine's list of users, which others may be changing too. */
async function changeUsers(program: string, args: readonly string[], input = ''): Promise<void> {
  await waitFor(
    async () => {
      try {
        const changing = run(findProgram([program], FOLDERS)!, [...args]);
        changing.child.stdin!.end(input);
        await changing;
        return true;
      } catch (error) {
        if (IS_BUSY.has((error as { code: number }).code)) return false;
        throw error;
      }
    },
    { timeoutMs: 30_000, everyMs: 100, what: `${program} ${args.join(' ')}` },
  );
}

/** Each by one test file only: the others see it gone. */
async function removeStaleUsers(): Promise<void> {
  const names = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':')[0]!);
  for (const name of names.filter((one) => one.startsWith(USER_PREFIX))) {
    if (!isAlive(Number(name.slice(USER_PREFIX.length)))) {
      await run(findProgram(['userdel'], FOLDERS)!, [name]).catch(() => undefined);
    }
  }
}

/** Debian's server brings it along. */
const keygen = (): string => findProgram(['ssh-keygen'], FOLDERS)!;

function makeKey(
  file: string,
  options: { type?: string; bits?: number; passphrase?: string; pem?: boolean } = {},
): string {
  const { type = 'rsa', bits = 2048, passphrase = '', pem = false } = options;
  const args = ['-q', '-t', type, ...(type === 'rsa' ? ['-b', String(bits)] : []), ...(pem ? ['-m', 'PEM'] : [])];
  execFileSync(keygen(), [...args, '-N', passphrase, '-C', 'test', '-f', file]);
  return readFileSync(file, 'utf8');
}

/** Keys for tests of what is refused. */
export const testKey = (dir: string, name: string, options: Parameters<typeof makeKey>[1]): string =>
  makeKey(join(dir, name), options);

export async function createSftpUser(): Promise<SftpUser> {
  await removeStaleUsers();
  const username = `${USER_PREFIX}${process.pid}`;
  const password = randomBytes(12).toString('hex');
  const passphrase = randomBytes(8).toString('hex');
  const dir = mkdtempSync(join(tmpdir(), 'turnup-sshd-'));
  const files = join(dir, 'files');
  chmodSync(dir, 0o755);
  mkdirSync(files);
  await changeUsers('useradd', ['-M', '-N', '-d', files, '-s', '/bin/sh', username]);
  await changeUsers('chpasswd', [], `${username}:${password}\n`);
  const ids = execFileSync('id', ['-u', username], { encoding: 'utf8' });
  chownSync(files, Number(ids), 0);
  // As PEM: ssh2 takes a second or more for the passphrase of a key in the format of OpenSSH.
  const privateKey = makeKey(join(dir, 'id_rsa'), { passphrase, pem: true });
  writeFileSync(join(dir, 'authorized_keys'), readFileSync(join(dir, 'id_rsa.pub')), { mode: 0o644 });
  return {
    username,
    password,
    privateKey,
    passphrase,
    dir,
    files,
    strangeKey: makeKey(join(dir, 'strange')),
    async remove() {
      await changeUsers('userdel', [username]);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

export interface SshdOptions {
  /** Lines of sshd_config that take the place of those of the strict server. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly hostKeyType?: 'rsa' | 'ed25519';
  readonly port?: number;
  /** A host key of its own, instead of the one that all servers of the user share. */
  readonly isStrange?: boolean;
}

export interface TestSshd {
  readonly host: string;
  readonly port: number;
  /** `SHA256:…` */
  readonly hostKey: string;
  log(): string;
  stop(): Promise<void>;
}

/** As strict as the operators' servers are. */
const STRICT: Readonly<Record<string, string>> = {
  AuthenticationMethods: 'publickey,password',
  PubkeyAuthentication: 'yes',
  PasswordAuthentication: 'yes',
  KbdInteractiveAuthentication: 'no',
  Ciphers: 'aes256-gcm@openssh.com,aes256-ctr,aes256-cbc',
  MACs: 'hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com',
  KexAlgorithms: 'curve25519-sha256',
  HostKeyAlgorithms: 'rsa-sha2-512,rsa-sha2-256',
  PubkeyAcceptedAlgorithms: 'rsa-sha2-256,rsa-sha2-512',
};

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, HOST);
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

let started = 0;

/** A real OpenSSH server on loopback that lets `user` in, by default only as the operators do. */
export async function startSshd(user: SftpUser, options: SshdOptions = {}): Promise<TestSshd> {
  const sshd = lookForSshd();
  if (!sshd) throw new Error(WHAT_TO_INSTALL);
  mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  started += 1;
  const dir = join(user.dir, `sshd-${started}`);
  mkdirSync(dir);
  const { hostKeyType = 'rsa', isStrange = false } = options;
  const keyFile = join(isStrange ? dir : user.dir, `host_key_${hostKeyType}`);
  if (!existsSync(keyFile)) makeKey(keyFile, { type: hostKeyType });
  const hostKey = execFileSync(keygen(), ['-lf', `${keyFile}.pub`], { encoding: 'utf8' }).split(' ')[1]!;
  const port = options.port ?? (await freePort());
  const log = join(dir, 'log');
  const settings = {
    Port: String(port),
    ListenAddress: HOST,
    HostKey: keyFile,
    PidFile: 'none',
    UsePAM: 'no',
    StrictModes: 'no',
    AllowUsers: user.username,
    AuthorizedKeysFile: join(user.dir, 'authorized_keys'),
    Subsystem: 'sftp internal-sftp',
    ForceCommand: 'internal-sftp',
    LogLevel: 'VERBOSE',
    ...STRICT,
    ...options.settings,
  };
  const config = join(dir, 'sshd_config');
  writeFileSync(
    config,
    Object.entries(settings)
      .map(([name, value]) => `${name} ${value}\n`)
      .join(''),
  );
  const server = await startGuarded([sshd, '-D', '-E', log, '-f', config], user.dir);
  let isGone = false;
  void server.gone.then(() => (isGone = true));
  const read = (): string => readFileSync(log, 'utf8');
  await waitFor(() => isGone || answers(port), { what: `sshd answers on port ${port}` });
  if (isGone) throw new Error(`sshd did not start:\n${read()}`);
  return {
    host: HOST,
    port,
    hostKey,
    log: read,
    async stop() {
      if (!isGone) await endGuarded(server, 'SIGTERM');
    },
  };
}
