import type { OperationOrder, OrderContent } from '../../port.ts';
import type { Listed } from '../operations/listed.ts';
import { TOGGLES } from '../preference-names.ts';
import type { Item } from '../types.ts';

/*
 * What an order's operations count on: objects they change or remove are there, and otherwise than the order wants them.
 * A plan shows their members as `{as found}`.
 */

export const AS_FOUND = '{as found}';

const objectIn = (args: Item, element: string): Item => (args[element] ?? {}) as Item;

const asFound = (members: Item, kept: readonly string[]): Item =>
  Object.fromEntries(Object.entries(members).map(([name, value]) => [name, kept.includes(name) ? value : AS_FOUND]));

const isSame = (one: Item, { username, domain }: Item): boolean =>
  one['username'] === username && one['domain'] === domain;

/** Objects of a list that operations of the order change or remove. */
export function listedSeeds(listed: Listed, { operations }: OrderContent): Item[] {
  return operations.flatMap(({ service, operation, args }) => {
    if (service !== listed.service) return [];
    if (operation === listed.update) {
      return [asFound(objectIn(args, listed.element ?? ''), ['id', 'domain', 'username', 'rateId'])];
    }
    if (operation !== listed.remove) return [];
    const { [listed.idArg]: id, ...rest } = args;
    const named = Object.fromEntries(listed.key.map((member) => [member, AS_FOUND]));
    return [{ ...named, ...rest, [listed.idArg === 'contact' ? 'contact' : 'id']: id }];
  });
}

/** Members of a subscriber that operations of the order change. */
export function subscriberSeed(user: Item, { operations }: OrderContent): Item {
  return Object.assign({}, ...operations.map((operation) => changedBy(user, operation))) as Item;
}

function changedBy(user: Item, { operation, args }: OperationOrder): Item {
  const subscriber = objectIn(args, 'subscriber');
  if (isSame(subscriber, user)) return asFound(subscriber, ['username', 'domain']);
  if (!isSame(args, user)) return {};
  const toggle = Object.entries(TOGGLES).find(([, pair]) => (pair as readonly string[]).includes(operation));
  if (toggle) return { [toggle[0]]: toggle[1][0] !== operation };
  switch (operation) {
    case 'activateVoicemail':
      return { voicemail: false, voiceMailPassword: AS_FOUND };
    case 'blockVoicemail':
      return { voicemail: true };
    case 'activateLowCreditNotification':
      return { lowCreditNotification: false, lowCreditLimit: AS_FOUND };
    case 'blockLowCreditNotification':
      return { lowCreditNotification: true };
    case 'changeProfile':
      return { profile: AS_FOUND };
    default:
      return {};
  }
}
