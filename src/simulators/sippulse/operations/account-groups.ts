import { ServiceFault } from '../fault.ts';
import { absent, openDomain, subscriberOf, text, texts, type Context, type Operations } from '../operation.ts';
import type { Arguments } from '../values.ts';

/** @throws ServiceFault when its domain is unknown or may not be touched */
function managerIn(args: Arguments, context: Context): string {
  const manager = text(args, 'accountManager');
  openDomain(context, manager.slice(manager.indexOf('@') + 1));
  return manager;
}

export const accountGroupOperations: Operations = {
  /** Adds to the accounts of a group that is there already. */
  addAccountGroup(args, context) {
    const { state } = context;
    const accountManager = managerIn(args, context);
    const managerProfile = text(args, 'managerProfile');
    const accounts = texts(args, 'account');
    for (const account of [accountManager, ...accounts]) subscriberOf(account, context);
    const group = state.accountGroups.get(accountManager);
    if (group && group.managerProfile !== managerProfile) {
      throw new ServiceFault(`${accountManager} manages as ${group.managerProfile}`);
    }
    const members = group?.accounts ?? new Set<string>();
    for (const account of accounts) members.add(account);
    if (!group) state.accountGroups.set(accountManager, { accountManager, managerProfile, accounts: members });
  },

  retrieveAccountGroup(args, context) {
    const accountManager = managerIn(args, context);
    const group = context.state.accountGroups.get(accountManager);
    if (!group) return absent(context, `Account group of ${accountManager}`);
    const { managerProfile, accounts } = group;
    return { return: { accountManager, managerProfile, account: [...accounts] } };
  },

  /** Takes these accounts out; the group ends with its last. */
  removeAccountGroup(args, context) {
    const { state } = context;
    const accountManager = managerIn(args, context);
    const managerProfile = text(args, 'managerProfile');
    const accounts = texts(args, 'account');
    const group = state.accountGroups.get(accountManager);
    if (group?.managerProfile !== managerProfile)
      throw new ServiceFault(`Account group of ${accountManager} not found`);
    const stranger = accounts.find((account) => !group.accounts.has(account));
    if (stranger !== undefined) throw new ServiceFault(`${stranger} is not in the group of ${accountManager}`);
    for (const account of accounts) group.accounts.delete(account);
    if (group.accounts.size === 0) state.accountGroups.delete(accountManager);
  },
};
