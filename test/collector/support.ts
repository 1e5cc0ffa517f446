import { afterAll, beforeAll } from 'vitest';
import { parseConfig, type CollectionConfig } from '../../src/config/index.ts';
import { createSftpUser, type SftpUser, type TestSshd } from '../setup/sshd.ts';

/** One user for the calling file, from before its first test until after its last. */
export function useSftpUser(): SftpUser {
  let user: SftpUser | undefined;
  beforeAll(async () => {
    user = await createSftpUser();
  });
  afterAll(() => user?.remove());
  return new Proxy({} as SftpUser, {
    get: (_target, name) => user![name as keyof SftpUser],
  });
}

/** A source as a configuration file has it, for `user` on `server`. */
export function sourceText(
  user: SftpUser,
  server: Pick<TestSshd, 'host' | 'port' | 'hostKey'>,
  more: object = {},
): object {
  return {
    host: server.host,
    port: server.port,
    sourceAddresses: ['127.0.0.1'],
    username: user.username,
    password: user.password,
    privateKey: user.privateKey,
    passphrase: user.passphrase,
    hostKeys: [server.hostKey],
    folder: user.files,
    schedule: { everySeconds: 3600 },
    settleSeconds: 0,
    minimumFreeBytes: 0,
    retentionDays: 30,
    ...more,
  };
}

/** The one source of a configuration that holds only that. */
export function readSource(text: object, dataDir = '/nowhere'): CollectionConfig {
  const config = parseConfig(JSON.stringify({ collections: { cdr: text } }), {
    file: 'turnup.yaml',
    env: { TURNUP_DATA: dataDir },
    platforms: [],
  });
  return config.collections.get('cdr')!;
}
