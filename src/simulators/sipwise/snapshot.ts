import { ACCOUNTS } from './accounts.ts';
import { parseQuery } from './query.ts';
import { isObject } from './patch.ts';
import type { JsonObject, JsonValue } from './refusal.ts';
import type { Context, Resource } from './resource.ts';
import type { SipwiseState } from './state.ts';

/** In the order of the ids: what was changed and changed back looks the same. */
const EVERYTHING = parseQuery('rows=1000000000&order_by=id');

function itemsOf(resource: Resource, context: Context): JsonValue[] {
  const { body } = resource.list(context);
  const embedded = isObject(body ?? undefined) ? (body as JsonObject)['_embedded'] : undefined;
  const items = isObject(embedded) ? embedded[`ngcp:${resource.name}`] : undefined;
  return (Array.isArray(items) ? items : []).map((item) => {
    const { _links, ...rest } = item as JsonObject;
    return rest;
  });
}

/**
 * All that is held, by collection, each item as an administrator reads it. `terminated` holds what no collection
 * shows any more; terminated customers stay among the customers, as on the platform.
 */
export function snapshot(state: SipwiseState, resources: readonly Resource[]): JsonObject {
  const account = ACCOUNTS[0]!;
  const context: Context = { state, account, query: EVERYTHING, now: Date.now() };
  const collections: JsonObject = {};
  for (const resource of resources) collections[resource.name] = itemsOf(resource, context);
  return {
    ...collections,
    terminated: {
      customercontacts: [...state.terminatedContacts.values()].map((contact) => ({ ...contact })),
      subscribers: state.terminatedSubscribers.map((subscriber) => ({ ...subscriber })),
      billingprofiles: [...state.terminatedBillingProfiles.values()].map(({ id, handle, name }) => ({
        id,
        handle,
        name,
      })),
    },
  };
}
