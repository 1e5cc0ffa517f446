import { customerNativeOf } from '../native.ts';
import { ACCOUNT_GROUP_SERVICE, accountsIn, managerOf } from '../shared/account-group.ts';
import { gone, reload, reloadOfSubscriber } from '../shared/reload.ts';
import { textOrNull } from '../read.ts';
import { accountOf, missing, userOf, type Context } from './common.ts';
import { entriesStep } from './entries-step.ts';

function groupOf(ctx: Context) {
  const group = customerNativeOf(ctx.order.customer.native).accountGroup;
  if (!group) throw missing('the account group');
  return group;
}

/**
 * The subscriber as a member of the group of accounts that the customer's native data names. It is the manager's
 * subscriber that is to be reloaded (assumed, sippulse.md).
 */
export const accountGroupStep = entriesStep({
  nature: 'change',
  uses: ['customer.native.accountGroup'],

  wanted: (ctx) => [accountOf(ctx)],
  nameOf: (member) => textOrNull(member['account']) ?? '',
  list: async (ctx) => {
    const accounts = await accountsIn(ctx.client, groupOf(ctx).accountManager, userOf(ctx).domain);
    return accounts.map((account) => ({ account }));
  },
  async insert(ctx, account) {
    await ctx.client.write(ACCOUNT_GROUP_SERVICE, 'addAccountGroup', { ...groupOf(ctx), account: [account] });
    return null;
  },
  remove: (ctx, { account }) =>
    ctx.client.write(ACCOUNT_GROUP_SERVICE, 'removeAccountGroup', { ...groupOf(ctx), account: [account] }),
  reload: (ctx) => reload(ctx, gone(reloadOfSubscriber(managerOf(groupOf(ctx).accountManager, userOf(ctx).domain)))),
});
