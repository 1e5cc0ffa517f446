import type { OrderContent, Stage, TargetSettings } from '../port.ts';
import { platformNumber } from './numbers.ts';
import type { SipwiseSettings } from './settings.ts';
import type { Item, PreferenceDefinition, PreferenceDefinitions, SipwiseClient } from './types.ts';

/** What a plan calls the ids of what is made. */
const ID_NAMES: Readonly<Record<string, string>> = {
  customercontacts: 'contactId',
  customers: 'customerId',
  subscribers: 'subscriberId',
};

/** What a plan calls the ids of what is looked up, by the first word of what it is kept under. */
const REFERENCE_NAMES: Readonly<Record<string, string>> = { billingprofile: 'billingProfileId', domain: 'domainId' };

/** Records writes instead of sending them; see `Stage` for who answers reads. */
export function rehearse({ native }: TargetSettings<SipwiseSettings>, stage: Stage<SipwiseClient>): SipwiseClient {
  const { target, order } = stage;
  const world = createWorld(stage);
  const references = new Map<string, number>();

  function referenceId(key: string): number {
    const [kind = ''] = key.split(' ');
    const id = references.get(key) ?? stage.numberFor(REFERENCE_NAMES[kind] ?? `${kind}Id`);
    references.set(key, id);
    return id;
  }

  return {
    resellerId: native.resellerId,
    ids: target?.ids ?? { get: (key) => Promise.resolve(referenceId(key)), forget: () => {} },
    get: (path) => (target ? target.get(path) : Promise.resolve(world(path))),
    async create(collection, body) {
      stage.record({ method: 'POST', path: `/api/${collection}/`, body });
      return stage.numberFor(ID_NAMES[collection] ?? `${collection}Id`);
    },
    async put(path, body) {
      stage.record({ method: 'PUT', path, body });
    },
    async patch(path, body) {
      stage.record({ method: 'PATCH', path, body });
    },
    async remove(path) {
      stage.record({ method: 'DELETE', path });
    },
    definitions: async () => (target ? target.definitions() : definitionsOf(order)),
    forgetDefinitions: () => Promise.resolve(),
  };
}

/**
 * A target without anything of the order, except that the customer is there when the order gives no contact to make it
 * with, and its subscribers when the order is about such. Objects are shown empty: steps then see nothing in the way.
 */
function createWorld({ order, numberFor }: Stage): (path: string) => Item {
  const isThere = order.action !== 'provision';
  const hasCustomer = isThere || order.customer.contact === undefined;
  const customer: Item = hasCustomer
    ? {
        id: numberFor('customerId'),
        external_id: order.customer.externalId,
        contact_id: numberFor('contactId'),
        status: 'active',
      }
    : {};
  const subscribers = (isThere ? order.subscribers : []).map((one): Item & { username: string } => ({
    id: numberFor(`${one.id}.subscriberId`),
    customer_id: customer['id'],
    external_id: one.externalId,
    username: one.username,
    domain: one.domain,
    primary_number: one.number && platformNumber(one.number),
    alias_numbers: one.aliases.map(platformNumber),
    status: 'active',
  }));

  return (path) => {
    const { pathname, searchParams } = new URL(path, 'http://rehearsal');
    const collection = /^\/api\/(\w+)\/$/.exec(pathname)?.[1];
    if (collection === undefined) return {};
    const username = searchParams.get('username')?.replaceAll(String.raw`\*`, '*');
    const found = {
      customers: hasCustomer ? [customer] : [],
      subscribers: subscribers.filter((one) => username === undefined || one.username === username),
    }[collection];
    return { _embedded: { [`ngcp:${collection}`]: found ?? [] } };
  };
}

/** As if the target had every preference that the order names: the door has checked them by what is cached. */
function definitionsOf({ subscribers }: OrderContent): PreferenceDefinitions {
  const named = subscribers.flatMap(({ preferences }) => Object.entries(preferences ?? {}));
  return new Map(
    named.map(([name, value]): [string, PreferenceDefinition] => {
      const one: unknown = Array.isArray(value) ? value[0] : value;
      const type = typeof one === 'boolean' ? 'boolean' : typeof one === 'number' ? 'int' : 'string';
      return [name, { type, max: Array.isArray(value) ? 0 : 1, readOnly: false }];
    }),
  );
}
