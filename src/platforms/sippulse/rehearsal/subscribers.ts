import type { OrderContent, Stage } from '../../port.ts';
import { TOGGLES } from '../preference-names.ts';
import { BILLING_MEMBERS, mailOf } from '../subscriber-members.ts';
import type { Args, Item, Reply } from '../types.ts';
import { changedClassV, changedQuota, customerOf, foundRecord } from './life-seeds.ts';
import { subscriberSeed } from './seeds.ts';

const nameOf = ({ username, domain }: { readonly username?: unknown; readonly domain?: unknown }): string =>
  `${String(username)}@${String(domain)}`;

/** Subscribers that the order makes. One that it gives no mail address for cannot be made, so it must be there. */
export function madeBy(order: OrderContent): Set<string> {
  const own = order.action === 'provision' ? order.subscribers.filter((one) => mailOf(order, one) !== undefined) : [];
  const byOperation = order.operations
    .filter(({ operation }) => operation === 'insertSubscriber')
    .map(({ args }) => (args['subscriber'] ?? {}) as Item);
  return new Set([...own.map((one) => nameOf(one)), ...byOperation.map((one) => nameOf(one))]);
}

/** A subscriber that the order counts on. */
interface Known {
  record: Item | null;
  classV: Item;
  balance: number;
  quotas: { [element: string]: Item };
}

export interface Subscribers {
  read(operation: string, args: Args): Reply;
  write(operation: string, args: Args): Reply;
}

/** SubscriberWS, as an order that is rehearsed makes, changes and removes subscribers; others are taken to be there. */
export function createSubscribers(stage: Stage): Subscribers {
  const { order, numberFor } = stage;
  const made = madeBy(order);
  const all = new Map<string, Known>();

  function knownOf(user: Args): Known {
    const name = nameOf(user);
    const known = all.get(name) ?? {
      record: made.has(name) ? null : strangerOf(user),
      classV: classVOf(user),
      balance: 0,
      quotas: {},
    };
    all.set(name, known);
    return known;
  }

  const strangerOf = (user: Args): Item => ({
    id: numberFor('subscriberId'),
    username: user['username'],
    domain: user['domain'],
    contractNumber: customerOf(order, user),
    ...foundRecord(user, order),
    ...subscriberSeed(user, order),
  });

  const classVOf = (user: Args): Item =>
    made.has(nameOf(user)) ? {} : { ...changedClassV(user, order), ...subscriberSeed(user, order) };

  const change = (user: Args, members: Item): Reply => {
    const known = knownOf(user);
    if (known.record) known.record = { ...known.record, ...members };
    return null;
  };

  function writeOne(operation: string, args: Args): Reply {
    const toggle = Object.entries(TOGGLES).find(([, pair]) => (pair as readonly string[]).includes(operation));
    if (toggle) return change(args, { [toggle[0]]: toggle[1][0] === operation });
    switch (operation) {
      case 'removeSubscriber':
        knownOf(args).record = null;
        return null;
      case 'activateVoicemail':
        return change(args, { voicemail: true, voiceMailPassword: args['voicemailPassword'] });
      case 'blockVoicemail':
        return change(args, { voicemail: false });
      case 'activateLowCreditNotification':
      case 'blockLowCreditNotification':
        return change(args, { lowCreditNotification: operation.startsWith('activate') });
      case 'changeProfile':
        return change(args, { profile: profileNamed(args['newProfileId']) });
      case 'changePassword':
        return change(args, { password: args['newPassword'] });
      case 'changePasswordWEB':
        return change(args, { passwordPortal: args['newPassword'] });
      case 'addCredit':
        knownOf(args).balance += Number(args['value']);
        return null;
      case 'insertDBAliases':
        return { return: { id: numberFor('aliasId') } };
      default:
        return null;
    }
  }

  return {
    read(operation, args) {
      const known = knownOf(args);
      switch (operation) {
        case 'retrieveSubscriber':
          return known.record && { return: known.record };
        case 'retrieveSubscriberClassV':
          return { return: known.classV };
        case 'retrieveCredit':
          return { return: known.balance };
        case 'retrieveDailyQuota':
          return { dailyQuotaDTO: known.quotas['dailyQuotaDTO'] ?? changedQuota(args, order, 'daily') };
        case 'retrieveMonthlyQuotaDTO':
          return { monthlyQuotaDTO: known.quotas['monthlyQuotaDTO'] ?? changedQuota(args, order, 'monthly') };
        case 'retrievePassword':
          return { return: known.record?.['password'] ?? stage.secret() };
        case 'retrievePasswordWEB':
          return { return: known.record?.['passwordPortal'] ?? stage.secret() };
        default:
          return null;
      }
    },
    write(operation, args) {
      const [element, value] = Object.entries(args).find(([, member]) => typeof member === 'object') ?? [];
      const object = value as Item | undefined;
      if (element === undefined || !object) return writeOne(operation, args);
      const known = knownOf(object);
      if (element.endsWith('QuotaDTO')) known.quotas[element] = object;
      if (element !== 'subscriber') return operation === 'insertDBAliases' ? writeOne(operation, object) : null;
      if (operation === 'insertSubscriber') {
        const id = numberFor('subscriberId');
        known.record = { ...object, id };
        return { subscriberId: id };
      }
      if (operation === 'updateSubscriberClassV') known.classV = object;
      else if (operation === 'updateSubscriber') known.record = { id: known.record?.['id'], ...object };
      else if (operation === 'updateSubscriberBillingInfo') change(object, billingOf(object));
      else change(object, withoutServices(object));
      return null;
    },
  };
}

/** What is not sent is cleared. */
const billingOf = (object: Item): Item => Object.fromEntries(BILLING_MEMBERS.map((member) => [member, object[member]]));

/** What updateSubscriberServices sends is shown by another name, or by none. */
function withoutServices({ cps: _cps, keepAlive: _keepAlive, email, ...members }: Item): Item {
  return email === undefined ? members : { ...members, emailAddress: email };
}

/** A rehearsal's own names of profiles, since nothing tells the names of those that an order names by id. */
export const profileNamed = (id: unknown): string => `{profile ${String(id)}}`;
