import { BlockList, isIP } from 'node:net';
import type { Config } from './config.ts';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Whether what is sent to `host` stays on this machine. */
function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  const family = isIP(bare);
  if (family === 0) return bare === 'localhost' || bare.endsWith('.localhost');
  return LOOPBACK.check(bare, family === 6 ? 'ipv6' : 'ipv4');
}

/** Settings that are allowed but leave something open that a person should know about. */
export function warningsOf(config: Omit<Config, 'warnings'>): string[] {
  const warnings: string[] = [];
  const { host, publicUrl, trustProxy } = config.http;
  const behindTls = trustProxy !== false || publicUrl?.startsWith('https:') === true;
  if (!isLoopback(host) && !behindTls) {
    warnings.push(
      `http.host ${host} is reachable from outside and speaks plain HTTP: put a proxy with TLS in front of it and set http.trustProxy.`,
    );
  }
  for (const { name, settings } of config.targets.values()) {
    const url = new URL(settings.url);
    if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
      warnings.push(`targets.${name}.url is plain HTTP: its password goes over the network in the clear.`);
    }
    if (!settings.tls.verify) warnings.push(`targets.${name}.tls.verify is false: anybody can pose as this target.`);
  }
  for (const { name, algorithms } of config.collections.values()) {
    if (algorithms.ciphers.includes('aes256-cbc')) {
      warnings.push(`collections.${name} allows aes256-cbc: name it only where the server has no other cipher.`);
    }
  }
  if (config.redis.durability === 'none') {
    warnings.push('redis.durability is none: a crash of Redis may lose orders that were answered 202.');
  }
  return warnings;
}
