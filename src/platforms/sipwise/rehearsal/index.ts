import type { OrderContent, Stage, TargetSettings } from '../../port.ts';
import type { SipwiseSettings } from '../settings.ts';
import type { Item, PreferenceDefinition, PreferenceDefinitions, SipwiseClient } from '../types.ts';
import { createOverlay } from './overlay.ts';
import { createWorld } from './world.ts';

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
  const overlay = createOverlay(readerOf(stage));
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
    get: overlay.get,
    async create(collection, body) {
      stage.record({ method: 'POST', path: `/api/${collection}/`, body });
      return stage.numberFor(ID_NAMES[collection] ?? `${collection}Id`);
    },
    async put(path, body) {
      stage.record({ method: 'PUT', path, body });
    },
    async patch(path, body) {
      stage.record({ method: 'PATCH', path, body });
      await overlay.patch(path, body);
    },
    async remove(path) {
      stage.record({ method: 'DELETE', path });
      overlay.remove(path);
    },
    definitions: async () => (target ? target.definitions() : definitionsOf(order)),
    forgetDefinitions: () => Promise.resolve(),
  };
}

function readerOf(stage: Stage<SipwiseClient>): (path: string) => Promise<Item> {
  const { target } = stage;
  if (target) return (path) => target.get(path);
  const world = createWorld(stage);
  return async (path) => world(path);
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
