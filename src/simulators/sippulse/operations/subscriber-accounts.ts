import { ServiceFault } from '../fault.ts';
import { absent, accountIn, dto, number, subscriberIn, text, type Operation, type Operations } from '../operation.ts';
import type { SubscriberRow } from '../rows.ts';
import { accountOf } from '../state.ts';
import type { Arguments } from '../values.ts';
import { checkQuota } from './subscriber-input.ts';
import { shownSubscriber } from './subscribers.ts';

type PasswordColumn = 'password' | 'passwordPortal';

/** @throws ServiceFault unless the actual one is right and the new one is told twice */
export function changePassword(row: SubscriberRow, column: PasswordColumn, args: Arguments): void {
  const wanted = text(args, 'newPassword');
  if (text(args, 'confirmNewPassword') !== wanted) throw new ServiceFault('The new passwords differ');
  if (text(args, 'actualPassword') !== row.columns[column]) throw new ServiceFault('The actual password is wrong');
  row.columns[column] = wanted;
}

const change =
  (column: PasswordColumn): Operation =>
  (args, context) => {
    changePassword(subscriberIn(args, context), column, args);
  };

const retrieve =
  (column: PasswordColumn): Operation =>
  (args, context) => ({ return: subscriberIn(args, context).columns[column] });

export const subscriberAccountOperations: Operations = {
  retrievePassword: retrieve('password'),
  retrievePasswordWEB: retrieve('passwordPortal'),
  changePassword: change('password'),
  changePasswordWEB: change('passwordPortal'),

  changeProfile(args, context) {
    const row = subscriberIn(args, context);
    const id = number(args, 'newProfileId');
    const profile = context.state.profiles.get(id);
    if (profile?.domain !== row.domain) throw new ServiceFault(`Profile ${id} not found`);
    row.columns['profile'] = profile.profile;
  },

  /** Adds, every time it comes; a negative value takes away. */
  addCredit(args, context) {
    const row = subscriberIn(args, context);
    const value = number(args, 'value');
    const obs = text(args, 'obs');
    row.credit += value;
    context.state.creditTransactions.push({ account: accountOf(row.username, row.domain), value, obs });
  },
  retrieveCredit: (args, context) => ({ return: subscriberIn(args, context).credit }),

  retrieveDailyQuota(args, context) {
    const account = accountIn(args, context);
    const row = context.state.subscribers.get(account);
    if (!row) return absent(context, `Subscriber ${account}`);
    const { username, domain, dailyQuota } = row;
    return { dailyQuotaDTO: { ...dailyQuota, username, domain } };
  },
  /** The counter too: an old `dailyQuotaConsumed` rewrites it. */
  updateDailyQuota(args, context) {
    const given = dto(args, 'dailyQuotaDTO');
    const row = subscriberIn(given, context);
    checkQuota(given, 'dailyQuotaType', 'dailyQuota');
    const { username: _username, domain: _domain, ...quota } = given;
    row.dailyQuota = quota;
  },

  retrieveMonthlyQuotaDTO(args, context) {
    const account = accountIn(args, context);
    const row = context.state.subscribers.get(account);
    if (!row) return absent(context, `Subscriber ${account}`);
    const { username, domain, monthlyQuota } = row;
    return { monthlyQuotaDTO: { ...monthlyQuota, username, domain } };
  },
  updateMonthlyQuota(args, context) {
    const given = dto(args, 'monthlyQuotaDTO');
    const row = subscriberIn(given, context);
    checkQuota(given, 'monthlyQuotaType', 'monthlyQuota');
    const { username: _username, domain: _domain, ...quota } = given;
    row.monthlyQuota = quota;
  },

  /** The same alias twice is two records: nothing public says that it is unique, and nothing lists them. */
  insertDBAliases(args, context) {
    const given = dto(args, 'dbAliases');
    const row = subscriberIn(given, context);
    const aliasUsername = text(given, 'aliasUsername');
    const aliasDomain = text(given, 'aliasDomain');
    const id = context.state.nextId('dbAlias');
    const { username, domain } = row;
    const columns = { aliasUsername, aliasDomain, username, domain };
    context.state.dbAliases.add({ id, domain, account: accountOf(username, domain), columns });
    return { return: { ...shownSubscriber(row, context), id } };
  },
  deleteDBAliases(args, context) {
    const { dbAliases } = context.state;
    const id = number(args, 'dbAliases');
    const row = dbAliases.rows.get(id);
    if (!row) throw new ServiceFault(`Alias ${id} not found`);
    dbAliases.remove(row);
  },
};
