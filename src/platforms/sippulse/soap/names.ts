/**
 * Operations that the live service has under another name than the vendor's page (sippulse.md, "Three things"), and one
 * service: the live name, then the page's.
 */
const SECOND_NAMES: Readonly<Record<string, string>> = {
  lisAddresses: 'listAddresses',
  insertAddress: 'insertAddresses',
  updateAddress: 'updateAddresses',
  removeAddress: 'removeAddresses',
  insertHuntGroup: 'insertHuntGroups',
  updateHuntGroup: 'updateHuntGroups',
  deletetWhiteList: 'deleteWhiteList',
};

const SECOND_SERVICES: Readonly<Record<string, string>> = { WhiteListWS: 'WhitelistWS' };

/** All names of an operation, the one that was seen live first. */
export const namesOf = (operation: string): readonly string[] => withSecond(operation, SECOND_NAMES);

/** All paths of a service, the one that was seen live first. */
export const pathsOf = (service: string): readonly string[] => withSecond(service, SECOND_SERVICES);

/** The live name of an operation that the page spells otherwise, else null. */
export function liveNameOf(operation: string): string | null {
  return Object.entries(SECOND_NAMES).find(([, second]) => second === operation)?.[0] ?? null;
}

/** Whether only the server itself can tell under which name it has the operation. */
export const hasSecondName = (service: string, operation: string): boolean =>
  Object.hasOwn(SECOND_NAMES, operation) || Object.hasOwn(SECOND_SERVICES, service);

function withSecond(name: string, seconds: Readonly<Record<string, string>>): readonly string[] {
  const second = Object.hasOwn(seconds, name) ? seconds[name] : undefined;
  return second === undefined ? [name] : [name, second];
}
