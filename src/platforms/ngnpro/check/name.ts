import type { Faults, Path } from '../../check-faults.ts';
import type { SubscriberName } from '../../port.ts';

/** A key is compared as a text with wildcards, and joined with colons in the digest of a password (ngnpro.md). */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._+-]*$/;
const LONGEST = 64;
const LABEL = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

/** Who it is, of a subscriber or an end of a move. */
export function checkName({ username, domain }: SubscriberName, path: Path, faults: Faults): void {
  faults.add([...path, 'username'], usernameFault(username));
  faults.add([...path, 'domain'], domainFault(domain));
}

function usernameFault(username: string): string | null {
  if (username.length > LONGEST) return `must have at most ${LONGEST} characters`;
  const isNumber = /^\+\d+$/.test(username);
  return isNumber || NAME.test(username) ? null : 'may hold only letters, digits and . _ + -';
}

function domainFault(domain: string): string | null {
  if (domain.length > LONGEST) return `must have at most ${LONGEST} characters`;
  return domain.split('.').every((part) => LABEL.test(part)) ? null : 'must be a domain name';
}
