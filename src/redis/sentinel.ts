import type { RedisOptions } from 'ioredis';

/** A Redis that is found by asking sentinels. */
export interface SentinelAddress {
  /** For the client; with the passwords. */
  readonly options: RedisOptions;
  /** Without what is secret, for messages. */
  readonly shown: string;
}

const URL_FORM = /^(rediss?)\+sentinel:\/\/(?:([^@/?#]*)@)?([^@/?#]+)\/([\w.-]+)(?:\/(\d+))?(?:\?([^#]*))?$/;
const PORT = 26_379;
/** A sentinel that hangs must not be waited for while others would answer, in ms. */
const ANSWER_MS = 2_000;

/** `host`, `host:port` or `[v6]:port`. */
function hostAndPort(text: string): { host: string; port: number } {
  const [, host = '', port] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(text) ?? [];
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port: port === undefined ? PORT : Number(port) };
}

function login(text: string | undefined): Pick<RedisOptions, 'username' | 'password'> {
  if (text === undefined) return {};
  const [user = '', ...password] = text.split(':');
  return {
    ...(user && { username: decodeURIComponent(user) }),
    ...(password.length > 0 && { password: decodeURIComponent(password.join(':')) }),
  };
}

/**
 * Reads `redis+sentinel://[user:password@]host:port[,host:port…]/name[/db][?sentinelPassword=…]`: the sentinels that
 * know the primary by that name. User and password are those of the Redis servers. `rediss+sentinel` speaks TLS to
 * sentinels and servers. Null for any other URL.
 */
export function parseSentinelUrl(url: string): SentinelAddress | null {
  const [, scheme, user, hosts = '', name = '', db = '0', query = ''] = URL_FORM.exec(url) ?? [];
  if (scheme === undefined) return null;
  const sentinelPassword = new URLSearchParams(query).get('sentinelPassword');
  return {
    options: {
      ...login(user),
      ...(scheme === 'rediss' && { tls: {}, sentinelTLS: {}, enableTLSForSentinelMode: true }),
      ...(sentinelPassword !== null && { sentinelPassword }),
      sentinels: hosts.split(',').map(hostAndPort),
      name,
      db: Number(db),
      sentinelCommandTimeout: ANSWER_MS,
      // A primary that was cut off does not know that it was replaced; the sentinels do.
      failoverDetector: true,
    },
    shown: `${scheme}+sentinel://${hosts}/${name}/${db}`,
  };
}
