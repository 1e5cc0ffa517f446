import { readFileSync } from 'node:fs';
import { TurnupError } from '../errors/index.ts';
import type { HttpSettings } from './types.ts';

export interface TlsOptions {
  readonly rejectUnauthorized: boolean;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** @throws TurnupError `TURNUP_CONFIG_INVALID` when a file cannot be read. */
export function readTls(tls: HttpSettings['tls']): TlsOptions {
  return {
    rejectUnauthorized: tls.verify,
    ...(tls.ca === undefined ? {} : { ca: pem('ca', tls.ca) }),
    ...(tls.cert === undefined ? {} : { cert: pem('cert', tls.cert) }),
    ...(tls.key === undefined ? {} : { key: pem('key', tls.key) }),
  };
}

function pem(member: string, textOrPath: string): string {
  if (textOrPath.includes('-----BEGIN ')) return textOrPath;
  try {
    return readFileSync(textOrPath, 'utf8');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new TurnupError('TURNUP_CONFIG_INVALID', { detail: `tls.${member}: the file cannot be read (${reason})` });
  }
}
