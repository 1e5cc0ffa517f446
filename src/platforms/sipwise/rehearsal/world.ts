import type { NumberMove, Stage, SubscriberName } from '../../port.ts';
import { textOrNull } from '../lookup.ts';
import type { Item } from '../types.ts';
import { createImagination, type Held, type ImaginedSubscriber } from './imagined.ts';

const nameKey = ({ username, domain }: SubscriberName): string => `${username}@${domain}`.toLowerCase();

/** Filters that are looked at; hits are checked again by who asked, as on the real target. */
const FILTERS: Readonly<Record<string, readonly string[]>> = {
  customers: ['external_id', 'contact_id'],
  subscribers: ['username', 'customer_id', 'webusername'],
};

/**
 * Answers reads as a target without anything of a provision order, except that the customer is there when the order gives
 * no contact to make it with. For orders about what is there: as a target that has all of that, not as the order wants
 * it. Objects nobody counts on are shown empty: steps then see nothing in the way.
 */
export function createWorld(stage: Stage): (path: string) => Item {
  const { order, numberFor } = stage;
  const imagine = createImagination(stage);
  const isThere = order.action !== 'provision';
  const customers: Held[] = isThere || order.customer.contact === undefined ? [imagine.customer()] : [];
  const [customer] = customers;
  const contacts: Held[] = isThere ? [{ ...imagine.contact(), id: customer?.['contact_id'] }] : [];
  const subscribers = new Map<string, ImaginedSubscriber>();
  const numbers: Held[] = [];

  function add(name: SubscriberName, imagined: () => ImaginedSubscriber): ImaginedSubscriber {
    const one = subscribers.get(nameKey(name)) ?? imagined();
    subscribers.set(nameKey(name), one);
    return one;
  }

  function addMove(move: NumberMove): void {
    const { id, from, to } = move;
    let owner = customers.find((one) => one['external_id'] === from.customer);
    if (!owner) {
      owner = {
        id: numberFor(`${id}.customerId`),
        external_id: from.customer,
        contact_id: numberFor(`${id}.contactId`),
        status: 'active',
      };
      customers.push(owner);
    }
    add(to, () => imagine.mover(to, `${id}.to`, customer?.['id']));
    const giver = add(from, () => imagine.mover(from, `${id}.from`, owner['id']));
    const alias = imagine.alias(move);
    numbers.push({ ...alias, id: alias['number_id'], subscriber_id: giver.subscribers['id'] });
    imagine.giveAlias(giver, alias);
  }

  if (isThere) for (const one of order.subscribers) add(one, () => imagine.subscriber(one, customer?.['id']));
  for (const move of order.moves ?? []) addMove(move);

  const all = (collection: string): Item[] => {
    const own = [...subscribers.values()].map((one) => one[collection as keyof ImaginedSubscriber]);
    return { customers, customercontacts: contacts, numbers }[collection] ?? own.filter((one) => one !== undefined);
  };

  return (path) => {
    const { pathname, searchParams } = new URL(path, 'http://rehearsal');
    const [, collection = '', id = ''] = /^\/api\/(\w+)\/(\d*)$/.exec(pathname) ?? [];
    if (id !== '') return all(collection).find((one) => String(one['id']) === id) ?? {};
    const hits = all(collection).filter((one) =>
      (FILTERS[collection] ?? []).every((name) => {
        const wanted = searchParams.get(name)?.replaceAll(String.raw`\*`, '*');
        return wanted === undefined || textOrNull(one[name]) === wanted;
      }),
    );
    return { _embedded: { [`ngcp:${collection}`]: hits } };
  };
}
