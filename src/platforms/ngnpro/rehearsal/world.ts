import type { Stage } from '../../port.ts';
import { DIVERSIONS } from '../forwards.ts';
import { CUSTOMER } from '../operations/customer.ts';
import { ACCOUNT } from '../operations/things-sip.ts';
import { accountName, sipIdFor } from '../shared/kinds.ts';
import { entityOf } from '../shared/rating.ts';
import { itemsOf, textsOf } from '../shared/read.ts';
import type { PortName } from '../soap/ports.ts';
import type { Args, Item, NgnproDefaults, Plain, SipId } from '../types.ts';
import { absent, createObjects } from './objects.ts';
import { AS_FOUND } from './as-found.ts';
import { leadsToMailbox, ratedBy } from './life-seeds.ts';
import { madeBy, seedsOf } from './seeds.ts';

export interface World {
  read(port: PortName, operation: string, args: Args): Plain;
  write(port: PortName, operation: string, args: Args): Plain;
}

/** What an account has as a whole: the operation that sets it, the part that holds it, and what others have there. */
const WHOLES: { readonly [set: string]: { readonly part: string; readonly found: Plain; readonly none: Plain } } = {
  setCallDiversions: {
    part: 'diversions',
    found: Object.fromEntries(Object.values(DIVERSIONS).map((member) => [member, AS_FOUND])),
    none: {},
  },
  setAcceptRules: {
    part: 'rules',
    found: { persistent: [{ start: AS_FOUND, stop: AS_FOUND, groups: [AS_FOUND], days: 0 }] },
    none: {},
  },
  setRejectMembers: { part: 'members', found: [AS_FOUND], none: [] },
  setBarringPrefixes: { part: 'prefixes', found: [AS_FOUND], none: [] },
  setPresenceInformation: { part: 'information', found: { activity: AS_FOUND }, none: {} },
  setPolicy: { part: 'policy', found: { allow: [AS_FOUND] }, none: {} },
};

/** A server that has what an order counts on and nothing of what it makes. */
export function createWorld(stage: Stage, defaults: NgnproDefaults): World {
  const { order, numberFor } = stage;
  const numbers = new Map<string, number>();
  /** What is there has one number each, whoever asks. */
  const known = (name: string): number => {
    const number = numbers.get(name) ?? numberFor(name);
    numbers.set(name, number);
    return number;
  };
  const objects = createObjects(stage, (thing) => seedsOf(thing, { ...stage, numberFor: known }, defaults));
  const made = madeBy(order);
  const wholes = new Map<string, Plain>();
  const profiles = new Map<unknown, Item>();
  const credits: Item[] = [];
  for (const sipId of ratedBy(order)) {
    const entity = entityOf(sipId);
    profiles.set(entity, { entity, profileWeekday: AS_FOUND, profileWeekend: AS_FOUND });
  }
  let routes: Item[] = order.operations
    .filter(({ operation }) => operation === 'updateRoutes' || operation === 'deleteRoutes')
    .flatMap(({ args }) => (args['routes'] as Item[]).map(({ id }) => ({ id })) as Item[]);
  for (const { operation, args } of order.operations) {
    const { entity = null } = args;
    if (operation === 'deleteEntityProfiles') profiles.set(entity, { entity, profileWeekday: AS_FOUND });
  }
  const deletesPresence = order.operations.some(({ operation }) => operation === 'deletePresenceInformation');

  const wholeKey = (set: string, args: Args): string => `${set} ${accountName(sipIdFor(args['sipId'] as SipId))}`;

  function wholeOf(set: string, args: Args): Plain | undefined {
    const whole = WHOLES[set];
    if (!whole) return undefined;
    const kept = wholes.get(wholeKey(set, args));
    if (kept !== undefined) return kept;
    const sipId = sipIdFor(args['sipId'] as SipId);
    const isNone = set === 'setPresenceInformation' && !deletesPresence;
    if (isNone || made.has(accountName(sipId))) return whole.none;
    const leading = set === 'setCallDiversions' ? leadsToMailbox(order, sipId) : null;
    return leading ? { ...(whole.found as Item), ...leading } : whole.found;
  }

  function joined(args: Args, isIn: boolean): null {
    const account = objects.find(ACCOUNT, args['sipId']);
    const others = textsOf(account?.['groups']).filter((name) => name !== args['group']);
    const groups = isIn ? [...others, String(args['group'])] : others;
    if (account) objects.write('SipPort', 'updateAccount', { account: { ...account, groups } });
    return null;
  }

  return {
    read(port, operation, args) {
      const found = objects.read(port, operation, args);
      if (found !== undefined) return found;
      const whole = wholeOf(operation.replace(/^get/, 'set'), args);
      if (whole !== undefined) return operation === 'getAcceptRules' ? { rules: whole } : whole;
      switch (operation) {
        case 'getGroups':
          return objects.find(ACCOUNT, args['sipId'])?.['groups'] ?? [];
        case 'getProperties':
          return objects.find(CUSTOMER, args['customer'])?.['properties'] ?? [];
        case 'getEntityProfiles': {
          const profile = profiles.get(args['entity']);
          if (!profile) throw absent(port, operation, 'profileUnknown');
          return profile;
        }
        case 'getCreditHistory':
          return { entries: credits, total: credits.length };
        case 'getPrepaidStatus':
          return [{ balance: 0 }];
        case 'getRoutes':
          return { routes, total: routes.length };
        default:
          return null;
      }
    },
    write(port, operation, args) {
      const object = objects.write(port, operation, args);
      if (object !== undefined) return object;
      const whole = WHOLES[operation];
      if (whole) wholes.set(wholeKey(operation, args), (args[whole.part] ?? whole.none) as Plain);
      switch (operation) {
        case 'addToGroup':
          return joined(args, true);
        case 'removeFromGroup':
          return joined(args, false);
        case 'setEntityProfiles': {
          const profile = args['profiles'] as Item;
          profiles.set(profile['entity'], profile);
          return null;
        }
        case 'deleteEntityProfiles':
          profiles.delete(args['entity']);
          return null;
        case 'deletePresenceInformation':
          wholes.set(wholeKey('setPresenceInformation', args), {});
          return null;
        case 'addBalance':
          credits.push({ description: String(args['description']), value: Number(args['value']) });
          return null;
        case 'addRoutes':
          routes = [
            ...routes,
            ...itemsOf(args['routes'] as Plain).map((one) => ({ ...one, id: numberFor('routeId') })),
          ];
          return null;
        case 'deleteRoutes': {
          const gone = itemsOf(args['routes'] as Plain).map(({ id }) => id);
          routes = routes.filter(({ id }) => !gone.includes(id));
          return null;
        }
        case 'updateRoutes': {
          const changed = itemsOf(args['routes'] as Plain);
          routes = routes.map((one) => changed.find(({ id }) => id === one['id']) ?? one);
          return null;
        }
        case 'setProperties': {
          const customer = objects.find(CUSTOMER, args['customer']) ?? { id: args['customer'] as number };
          objects.write('CustomerPort', 'updateAccount', {
            account: { ...customer, properties: args['properties'] as Plain },
          });
          return null;
        }
        default:
          return null;
      }
    },
  };
}
