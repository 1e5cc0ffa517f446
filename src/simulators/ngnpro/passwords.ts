import { createHash } from 'node:crypto';
import type { Context } from './operation.ts';

const md5 = (value: string): string => createHash('md5').update(value).digest('hex');

const DIGESTS = /^[0-9a-f]{32}:[0-9a-f]{32}$/;

/** `md5(user:domain:password) + ":" + md5(user@domain:domain:password)` (ngnpro.md, "Password"). */
const digestsOf = (username: string, domain: string, password: string): string =>
  `${md5(`${username}:${domain}:${password}`)}:${md5(`${username}@${domain}:${domain}:${password}`)}`;

/** What is kept of a password: digests stay digests, and clear ones become some unless they are stored in clear. */
export const stored = (username: string, domain: string, given: string, { settings }: Context): string =>
  settings.storeClearTextPasswords || DIGESTS.test(given) ? given : digestsOf(username, domain, given);

/** Whether a clear password is the one that is kept. */
export const isPassword = (username: string, domain: string, given: string, kept: string): boolean =>
  given !== '' && (kept === given ? !DIGESTS.test(kept) : kept === digestsOf(username, domain, given));
