import { createHash } from 'node:crypto';

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** As the platform keeps a password: `md5(user:domain:pw):md5(user@domain:domain:pw)` (ngnpro.md, "Password"). */
export function digestsOf(account: { username: string; domain: string }, password: string): string {
  const [username, domain] = [account.username.toLowerCase(), account.domain.toLowerCase()];
  return `${md5(`${username}:${domain}:${password}`)}:${md5(`${username}@${domain}:${domain}:${password}`)}`;
}
