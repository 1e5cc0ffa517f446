import { ServiceFault } from '../fault.ts';
import { absent, accountIn, dto, need, subscriberIn, type Context, type Operations } from '../operation.ts';
import type { Columns, SubscriberRow } from '../rows.ts';
import { accountOf } from '../state.ts';
import type { Fields } from '../values.ts';
import { insertedColumns, updatedColumns } from './subscriber-input.ts';

/** As `retrieveSubscriber` and `authenticate` show one. */
export function shownSubscriber(row: SubscriberRow, { settings }: Context): Columns {
  const shown: Columns = { ...row.columns, id: row.id, accountCode: accountOf(row.username, row.domain) };
  if (!settings.passwordOnRetrieve) {
    delete shown['password'];
    delete shown['passwordPortal'];
  }
  return shown;
}

const NO_QUOTA = { daily: { dailyQuota: false, dailyQuotaConsumed: 0, dailyQuotaLimit: 0 } };
const NO_MONTHLY_QUOTA = { monthlyQuota: false, monthlyQuotaConsumed: 0, monthlyQuotaLimit: 0 };

function setColumns(row: SubscriberRow, given: Fields, members: readonly string[]): void {
  for (const member of members) {
    if (given[member] === undefined) delete row.columns[member];
    else row.columns[member] = given[member];
  }
}

const BILLING_MEMBERS = [
  'address',
  'city',
  'complement',
  'contractNumber',
  'document',
  'firstName',
  'lastName',
  'mobile',
  'number',
  'phone',
  'quarter',
  'state',
  'zip',
];
const FORWARD_MEMBERS = ['callFwd', 'fwdBusy', 'noAnswer'];
const CLASS_V_MEMBERS = ['bossSecretary', 'callGroup', 'pickupGroup', 'pinCode'];

/** The page marks all members R; an empty string counts as sent for those that only describe. */
const SERVICES_REQUIRED = ['username', 'domain', 'areaCode', 'callLimit', 'countryCode', 'email'];
const SERVICES_PRESENT = ['cityCode', 'localArea', 'rpid'];

export const subscriberOperations: Operations = {
  insertSubscriber(args, context) {
    const given = dto(args, 'subscriber');
    const account = accountIn(given, context);
    const { state } = context;
    if (state.subscribers.has(account)) throw new ServiceFault(`Subscriber ${account} already exists`);
    const columns = insertedColumns(given, context);
    const id = state.nextId('subscriber');
    state.subscribers.set(account, {
      id,
      username: String(columns['username']),
      domain: String(columns['domain']),
      columns,
      active: true,
      privacyCalls: false,
      topologyHiding: false,
      dailyStatistics: false,
      classV: {},
      cps: 0,
      keepAlive: 0,
      credit: 0,
      dailyQuota: NO_QUOTA.daily,
      monthlyQuota: NO_MONTHLY_QUOTA,
    });
    state.accountsSeen.add(account);
    return { subscriberId: id };
  },

  updateSubscriber(args, context) {
    const given = dto(args, 'subscriber');
    const row = subscriberIn(given, context);
    row.columns = updatedColumns(given, context);
  },

  /** Its DIDs, white list, addresses, locations, aliases and memberships stay behind (sippulse.md: nothing public). */
  removeSubscriber(args, context) {
    subscriberIn(args, context);
    context.state.subscribers.delete(accountIn(args, context));
  },

  retrieveSubscriber(args, context) {
    const account = accountIn(args, context);
    const row = context.state.subscribers.get(account);
    return row ? { return: shownSubscriber(row, context) } : absent(context, `Subscriber ${account}`);
  },

  retrieveSubscriberClassV(args, context) {
    const account = accountIn(args, context);
    const row = context.state.subscribers.get(account);
    if (!row) return absent(context, `Subscriber ${account}`);
    const { username, domain, classV, columns } = row;
    const { callFwd, fwdBusy, noAnswer } = columns;
    return { return: { username, domain, ...classV, callFwd, fwdBusy, noAnswer } };
  },

  updateSubscriberBillingInfo(args, context) {
    const given = dto(args, 'subscriber');
    setColumns(subscriberIn(given, context), given, BILLING_MEMBERS);
  },

  updateSubscriberClassV(args, context) {
    const given = dto(args, 'subscriber');
    const row = subscriberIn(given, context);
    setColumns(row, given, FORWARD_MEMBERS);
    row.classV = Object.fromEntries(CLASS_V_MEMBERS.map((member) => [member, given[member]]));
  },

  updateSubscriberServices(args, context) {
    const given = dto(args, 'subscriber');
    const row = subscriberIn(given, context);
    need(given, SERVICES_REQUIRED);
    const missing = SERVICES_PRESENT.find((member) => given[member] === undefined);
    if (missing !== undefined) throw new ServiceFault(`${missing} is required`);
    setColumns(row, given, ['areaCode', 'callLimit', 'cityCode', 'countryCode', 'localArea', 'rpid']);
    row.columns['emailAddress'] = given['email'];
    row.cps = Number(given['cps']);
    row.keepAlive = Number(given['keepAlive']);
  },
};
