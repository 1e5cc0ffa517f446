import { customerNativeOf } from '../native.ts';
import { gone, reload, reloadOfSubscriber } from '../operations/reload.ts';
import { textOrNull } from '../read.ts';
import type { Item } from '../types.ts';
import { isFault } from '../fault.ts';
import { accountOf, missing, userOf, type Context } from './common.ts';
import { entriesStep } from './entries-step.ts';

function groupOf(ctx: Context) {
  const group = customerNativeOf(ctx.order.customer.native).accountGroup;
  if (!group) throw missing('the account group');
  return group;
}

/** Members of the group; one that has none yet is no element, or a fault. */
async function members(ctx: Context): Promise<Item[]> {
  const { accountManager } = groupOf(ctx);
  try {
    const group = (await ctx.client.read('AccountGroupWS', 'retrieveAccountGroup', { accountManager }))?.['return'];
    const accounts = (group as Item | null | undefined)?.['account'] ?? [];
    return (Array.isArray(accounts) ? accounts : [accounts]).map((account: unknown) => ({ account }));
  } catch (error) {
    if (isFault(error)) return [];
    throw error;
  }
}

/** `user@domain` of the group's manager: it is the manager's subscriber that is to be reloaded (assumed, sippulse.md). */
export function managerOf(accountManager: string, ownDomain: string): { username: string; domain: string } {
  const at = accountManager.lastIndexOf('@');
  if (at < 0) return { username: accountManager, domain: ownDomain };
  return { username: accountManager.slice(0, at), domain: accountManager.slice(at + 1) };
}

/** The subscriber as a member of the group of accounts that the customer's native data names. */
export const accountGroupStep = entriesStep({
  nature: 'change',
  uses: ['customer.native.accountGroup'],

  wanted: (ctx) => [accountOf(ctx)],
  nameOf: (member) => textOrNull(member['account']) ?? '',
  list: members,
  async insert(ctx, account) {
    await ctx.client.write('AccountGroupWS', 'addAccountGroup', { ...groupOf(ctx), account: [account] });
    return null;
  },
  remove: (ctx, { account }) =>
    ctx.client.write('AccountGroupWS', 'removeAccountGroup', { ...groupOf(ctx), account: [account] }),
  reload: (ctx) => reload(ctx, gone(reloadOfSubscriber(managerOf(groupOf(ctx).accountManager, userOf(ctx).domain)))),
});
