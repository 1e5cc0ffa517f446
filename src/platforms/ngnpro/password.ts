import { createHash } from 'node:crypto';
import type { NgnproDefaults, SipId } from './types.ts';

/** The platform's own form of a password, which is what SIP's digest authentication computes (RFC 2617, §3.2.2.2). */
const md5 = (text: string): string => createHash('md5').update(text, 'utf8').digest('hex');

/** A password that comes as digests already: whoever sends it keeps it from us as well. */
const DIGESTS = /^[0-9a-f]{32}:[0-9a-f]{32}$/;

/**
 * A password as it is sent (ngnpro.md, "Rules worth coding"): both digests of it, for devices that log in with
 * `username` and with `username@domain`, so that the platform never sees the password.
 */
export function passwordFor(
  { username, domain }: SipId,
  password: string,
  { passwords }: Pick<NgnproDefaults, 'passwords'>,
): string {
  if (passwords === 'clear' || DIGESTS.test(password)) return password;
  return `${md5(`${username}:${domain}:${password}`)}:${md5(`${username}@${domain}:${domain}:${password}`)}`;
}
