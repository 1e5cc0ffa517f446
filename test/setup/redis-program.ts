import { resolve } from 'node:path';
import { installedRedis } from '../../src/redis/install.ts';
import { findProgram } from './find-program.ts';

/** Where `turnup redis install` puts a server, and where the tests put one when the machine has none. */
export const DATA_DIR = resolve(process.env['TURNUP_DATA'] ?? '.turnup');

export const WHAT_TO_INSTALL =
  'the tests need a real Redis: "apt-get install redis-server" (or valkey-server), or put one on PATH';

export function lookForRedisServer(): string | null {
  return findProgram(['redis-server', 'valkey-server']) ?? installedRedis(DATA_DIR);
}

/** @throws Error in one line that says what to install. */
export function findRedisServer(): string {
  const found = lookForRedisServer();
  if (!found) throw new Error(WHAT_TO_INSTALL);
  return found;
}
