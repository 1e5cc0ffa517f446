import { DEFINITIONS_DOCUMENT } from '../definitions/index.ts';
import type { SingleDocument } from '../router.ts';

/** There are no items (sipwise-ngcp.md §8.7). */
export const subscriberPreferenceDefinitions: SingleDocument = {
  name: 'subscriberpreferencedefs',
  collectionMethods: ['GET'],
  itemMethods: [],
  filterNames: [],
  sortable: [],
  fields: [],
  document: () => DEFINITIONS_DOCUMENT,
};
