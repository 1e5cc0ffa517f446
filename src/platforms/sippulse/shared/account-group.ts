import type { Item, SippulseClient } from '../types.ts';
import { readOrNothing } from './sound.ts';

export const ACCOUNT_GROUP_SERVICE = 'AccountGroupWS';

/** `user@domain` of the group's manager; one without a domain is of `ownDomain`. */
export function managerOf(accountManager: string, ownDomain: string): { username: string; domain: string } {
  const at = accountManager.lastIndexOf('@');
  if (at < 0) return { username: accountManager, domain: ownDomain };
  return { username: accountManager.slice(0, at), domain: accountManager.slice(at + 1) };
}

/** The accounts in a manager's group; a group that nobody is in yet need not be there. */
export async function accountsIn(client: SippulseClient, accountManager: string, ownDomain: string): Promise<string[]> {
  const group = await readOrNothing(client, managerOf(accountManager, ownDomain).domain, async () => {
    const reply = await client.read(ACCOUNT_GROUP_SERVICE, 'retrieveAccountGroup', { accountManager });
    return (reply?.['return'] as Item | null | undefined) ?? null;
  });
  return [(group?.['account'] ?? []) as string[] | string].flat();
}
