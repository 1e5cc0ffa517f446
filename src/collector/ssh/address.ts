import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { connect, isIP, SocketAddress, type Socket } from 'node:net';
import type { CollectionConfig } from '../../config/index.ts';
import { TurnupError } from '../../errors/index.ts';
import { toSourceError } from './failures.ts';

type AddressSettings = Pick<CollectionConfig, 'host' | 'port' | 'localAddress' | 'sourceAddresses'>;

export interface Way {
  /** Address of the server. */
  readonly remote: string;
  /** Address of this machine that the connection leaves from; one of those that are allowed. */
  readonly local: string;
}

/** One form for each address: IPv6 has many, and a socket of both families writes IPv4 as IPv6. */
function plain(address: string): string {
  const bare = address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
  return isIP(bare) === 6 ? new SocketAddress({ address: bare, family: 'ipv6' }).address : bare;
}

/** A datagram socket that is connected has its own address, and nothing has been sent. */
async function addressTowards(remote: string, port: number): Promise<string> {
  const socket = createSocket(isIP(remote) === 6 ? 'udp6' : 'udp4');
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.connect(port, remote, () => resolve());
    });
    return socket.address().address;
  } catch (error) {
    throw toSourceError(error);
  } finally {
    socket.close();
  }
}

/**
 * Which way a connection takes, found out without sending anything to the server.
 * @throws TurnupError `TURNUP_SOURCE_ADDRESS` when it would leave from an address that is not allowed
 */
export async function findWay({ host, port, localAddress, sourceAddresses }: AddressSettings): Promise<Way> {
  const family = localAddress === null ? 0 : isIP(localAddress);
  const found = await lookup(host, { family }).catch((error: unknown) => {
    throw toSourceError(error);
  });
  const remote = found.address;
  const local = localAddress ?? (await addressTowards(remote, port));
  const allowed = sourceAddresses.map(plain);
  if (!allowed.includes(plain(local))) {
    const detail = `the way to ${host} leaves from ${local}; allowed are ${allowed.join(', ')}`;
    throw new TurnupError('TURNUP_SOURCE_ADDRESS', { detail });
  }
  return { remote, local };
}

/**
 * A TCP connection from the allowed address and no other.
 * @throws TurnupError `TURNUP_SOURCE_UNREACHABLE`, `TURNUP_SOURCE_ADDRESS`
 */
export async function openSocket(way: Way, port: number, timeoutMs: number): Promise<Socket> {
  // Without noDelay each request waits for the delayed acknowledgement of the one before (ssh2 does not set it).
  const socket = connect({ host: way.remote, port, localAddress: way.local, noDelay: true, keepAlive: true });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => {
    reject(new TurnupError('TURNUP_SOURCE_UNREACHABLE', { detail: `no connection within ${timeoutMs} ms` }));
  }, timeoutMs);
  const failed = (error: unknown): void => reject(toSourceError(error, way.local));
  socket.once('connect', resolve);
  socket.once('error', failed);
  try {
    await promise;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
    socket.off('error', failed);
  }
  return socket;
}
