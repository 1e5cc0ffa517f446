import type { Stage } from '../../port.ts';
import {
  ADDRESS,
  DID,
  HUNT_GROUP,
  RATE,
  RATE_PLAN,
  RESELLER,
  USER_LOCATION,
  WHITE_LIST,
} from '../operations/collections.ts';
import type { Listed } from '../operations/listed.ts';
import { sameValue } from '../read.ts';
import type { Args, Item, Reply } from '../types.ts';
import { AS_FOUND, listedSeeds } from './seeds.ts';

const LISTED: readonly Listed[] = [DID, WHITE_LIST, ADDRESS, HUNT_GROUP, USER_LOCATION, RESELLER, RATE_PLAN, RATE];

export interface Lists {
  /** Undefined where the operation lists none of these. */
  read(service: string, operation: string, args: Args): Reply | undefined;
  /** Undefined where the operation is about none of these. */
  write(service: string, operation: string, args: Args): Reply | undefined;
}

/** The objects that the platform lists, as an order that is rehearsed makes and removes them. */
export function createLists({ order, numberFor }: Stage, more: (listed: Listed) => readonly Item[]): Lists {
  const held = new Map(LISTED.map((listed) => [listed, [...more(listed), ...listedSeeds(listed, order)]]));

  const isNamed = (listed: Listed, item: Item, args: Args): boolean => {
    const { [listed.idArg]: id, ...whose } = args;
    return sameValue(item[listed.idArg === 'contact' ? 'contact' : 'id'], id) && isOf(item, whose);
  };

  /** Whether a list that is asked for with `args` has it; what is not known of an item excludes nothing. */
  const isOf = (item: Item, args: Args): boolean =>
    Object.entries(args).every(([name, value]) => {
      const known = item[name];
      return known === undefined || known === AS_FOUND || sameValue(known, value);
    });

  function insert(listed: Listed, args: Args): Reply {
    const given = (listed.element === null ? args : args[listed.element]) as Item | Item[];
    const name = listed.idArg === 'id' ? 'rateId' : listed.idArg;
    let id: number | null = null;
    for (const item of [given].flat()) {
      id = listed.idArg === 'contact' ? null : numberFor(name);
      held.get(listed)?.push(id === null ? item : { ...item, id });
    }
    // Each service tells the id elsewhere.
    return { [listed.idArg]: id, return: { id }, [listed.element ?? 'return']: { id } };
  }

  return {
    read(service, operation, args) {
      const listed = LISTED.find((one) => one.listing.service === service && one.listing.operation === operation);
      return listed && { [listed.listing.element]: (held.get(listed) ?? []).filter((item) => isOf(item, args)) };
    },
    write(service, operation, args) {
      for (const listed of LISTED) {
        if (listed.service !== service) continue;
        const items = held.get(listed) ?? [];
        if (operation === listed.insert) return insert(listed, args);
        if (operation === listed.update) {
          const changed = args[listed.element ?? ''] as Item;
          held.set(listed, [...items.filter((item) => !sameValue(item['id'], changed['id'])), changed]);
          return null;
        }
        if (operation === listed.remove) {
          held.set(
            listed,
            items.filter((item) => !isNamed(listed, item, args)),
          );
          return null;
        }
      }
      return undefined;
    },
  };
}
