import type { Stage } from '../../port.ts';
import { customerNativeOf } from '../native.ts';
import { didNumbers } from '../numbers.ts';
import { DID, RATE, RESELLER } from '../operations/collections.ts';
import type { Listed } from '../operations/listed.ts';
import { textOrNull } from '../read.ts';
import type { Args, Item, Reply, SubscriberDefaults } from '../types.ts';
import { createLists } from './lists.ts';
import { listSeeds } from './life-seeds.ts';
import { AS_FOUND } from './seeds.ts';
import { createSubscribers, madeBy, profileNamed } from './subscribers.ts';

export interface World {
  read(service: string, operation: string, args: Args): Reply;
  write(service: string, operation: string, args: Args): Reply;
}

/** A server that has what an order counts on and nothing of what it makes. */
export function createWorld(stage: Stage, defaults: SubscriberDefaults): World {
  const lists = createLists(stage, (listed) => [
    ...thereAlready(listed, stage, defaults),
    ...listSeeds(listed, stage, defaults),
  ]);
  const subscribers = createSubscribers(stage);
  const groups = createGroups(stage);
  const references = createReferences(stage, defaults);
  let resellerCredit = 0;

  return {
    read(service, operation, args) {
      const listed = lists.read(service, operation, args);
      if (service === 'RatePlanWS') {
        const plans = references(operation) as Record<string, Item[]>;
        return { ratePlan: [...(plans['ratePlan'] ?? []), ...((listed?.['ratePlan'] ?? []) as Item[])] };
      }
      if (listed !== undefined) return listed;
      if (service === 'SubscriberWS') return subscribers.read(operation, args);
      if (service === 'AccountGroupWS') return groups.read(args);
      if (operation === 'retrieveResellerCredit') return { return: resellerCredit };
      return references(operation);
    },
    write(service, operation, args) {
      if (operation === 'addResellerCredit') resellerCredit += Number(args['value']);
      const listed = lists.write(service, operation, args);
      if (listed !== undefined) return listed;
      if (service === 'SubscriberWS') return subscribers.write(operation, args);
      if (service === 'AccountGroupWS') groups.write(operation, args);
      return null;
    },
  };
}

/** What only an order that is about existing things leaves out, so that it must be there. */
function thereAlready(listed: Listed, { order, numberFor }: Stage, defaults: SubscriberDefaults): Item[] {
  if (listed === DID) {
    if (order.action !== 'provision') return [];
    const made = madeBy(order);
    const others = order.subscribers.filter(({ username, domain }) => !made.has(`${username}@${domain}`));
    return others.flatMap((one) =>
      didNumbers(one, defaults).map((aliasUsername) => ({
        id: numberFor(`${one.id}.didId`),
        accountCode: `${one.username}@${one.domain}`,
        aliasUsername,
      })),
    );
  }
  if (listed === RATE) {
    return order.operations
      .filter(({ operation }) => operation === 'removeAllRatesByRateId')
      .map(({ args }) => ({ ...args, id: numberFor('rateId') }));
  }
  if (listed !== RESELLER) return [];
  const { reseller } = customerNativeOf(order.customer.native);
  const isThere = reseller && (reseller.username === undefined || reseller.password === undefined);
  const credited = order.operations.filter(({ operation }) => operation === 'addResellerCredit');
  const names = [...(isThere ? [reseller.name] : []), ...credited.map(({ args }) => textOrNull(args['resellerName']))];
  return names.map((name) => ({ id: numberFor('resellerId'), name }));
}

function createGroups({ order }: Stage) {
  const removed = order.operations.filter(({ operation }) => operation === 'removeAccountGroup');
  const ended = order.action === 'terminate' ? order.subscribers : [];
  const groups = new Map<unknown, readonly unknown[]>([
    ...removed.map(({ args }): [unknown, unknown[]] => [args['accountManager'], [args['account'] ?? []].flat()]),
    ...ended.map(({ username, domain }): [unknown, unknown[]] => [`${username}@${domain}`, [AS_FOUND]]),
  ]);
  return {
    read: ({ accountManager }: Args): Reply => ({
      return: { account: groups.get(accountManager) ?? [], managerProfile: AS_FOUND },
    }),
    write(operation: string, { accountManager, account }: Args): void {
      const named = [account].flat();
      const others = (groups.get(accountManager) ?? []).filter((name) => !named.includes(name));
      groups.set(accountManager, operation === 'addAccountGroup' ? [...others, ...named] : others);
    },
  };
}

/** Domains, profiles and rate plans: whatever the order names is there. */
function createReferences({ order, numberFor }: Stage, defaults: SubscriberDefaults) {
  const { billingProfile } = order.customer;
  const preferencesOf = (name: string) =>
    order.subscribers.map(({ preferences }) => textOrNull(preferences?.[name])).filter((value) => value !== null);
  const argumentsOf = (name: string) => order.operations.map(({ args }) => textOrNull(args[name]));
  const ids = new Map<string, number>();
  const idFor = (kind: string, name: string): number => {
    const id = ids.get(`${kind} ${name}`) ?? numberFor(kind);
    ids.set(`${kind} ${name}`, id);
    return id;
  };

  return (operation: string): Reply => {
    switch (operation) {
      case 'listDomains': {
        const nested = order.operations.flatMap(({ args }) =>
          Object.values(args).map((arg) => (arg as Item | null)?.['domain']),
        );
        const names = [
          ...(order.domains ?? []),
          ...order.subscribers.map(({ domain }) => domain),
          ...argumentsOf('domain'),
          ...nested,
        ];
        return { domain: names.map((domain) => ({ domain })) };
      }
      case 'listProfilesByDomain': {
        const names = [defaults.profile, ...preferencesOf('profile'), AS_FOUND];
        const given = argumentsOf('newProfileId').filter((id) => id !== null);
        return {
          profile: [
            ...names.map((profile) => ({ id: idFor('profileId', profile), profile })),
            ...given.map((id) => ({ id, profile: profileNamed(id) })),
          ],
        };
      }
      case 'listRatePlansByDomain': {
        const given = [defaults.ratePlanId, ...preferencesOf('ratePlanId')].filter((id) => id !== null);
        const name = billingProfile ?? 'default';
        return {
          ratePlan: [
            { id: idFor('ratePlanId', name), name },
            ...given.map((id) => ({ id, name: `{rate plan ${id}}` })),
          ],
        };
      }
      default:
        return null;
    }
  };
}
