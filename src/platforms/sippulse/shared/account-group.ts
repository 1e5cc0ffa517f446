import { textOrNull } from '../read.ts';
import type { Item, SippulseClient } from '../types.ts';
import { readOrNothing } from './sound.ts';

export const ACCOUNT_GROUP_SERVICE = 'AccountGroupWS';

/** `user@domain` of the group's manager; one without a domain is of `ownDomain`. */
export function managerOf(accountManager: string, ownDomain: string): { username: string; domain: string } {
  const at = accountManager.lastIndexOf('@');
  if (at < 0) return { username: accountManager, domain: ownDomain };
  return { username: accountManager.slice(0, at), domain: accountManager.slice(at + 1) };
}

export interface AccountGroup {
  readonly accounts: readonly string[];
  /** Null where the platform does not tell it: the name of this member is assumed. */
  readonly managerProfile: string | null;
}

/** A group that nobody is in yet need not be there. */
export async function groupOf(
  client: SippulseClient,
  accountManager: string,
  ownDomain: string,
): Promise<AccountGroup> {
  const group = await readOrNothing(client, managerOf(accountManager, ownDomain).domain, async () => {
    const reply = await client.read(ACCOUNT_GROUP_SERVICE, 'retrieveAccountGroup', { accountManager });
    return (reply?.['return'] as Item | null | undefined) ?? null;
  });
  return {
    accounts: [(group?.['account'] ?? []) as string[] | string].flat(),
    managerProfile: textOrNull(group?.['managerProfile']),
  };
}

/** The accounts in a manager's group. */
export const accountsIn = async (
  client: SippulseClient,
  accountManager: string,
  ownDomain: string,
): Promise<readonly string[]> => (await groupOf(client, accountManager, ownDomain)).accounts;
