import type { CoverageRow } from '../port.ts';
import { READS } from './catalog/table.ts';
import { OPERATION_TABLE } from './operations/table.ts';
import { HIDDEN_SWITCHES, TOGGLES } from './preference-names.ts';
import { SOUND_CALLS } from './shared/sound.ts';
import { RECORD_CALLS } from './shared/subscriber-record.ts';
import { namesOf } from './soap/names.ts';

const of =
  (service: string) =>
  (...operations: readonly string[]): string[] =>
    operations.map((operation) => `${service}.${operation}`);

const subscriber = of('SubscriberWS');
const did = of('DidWS');
const reload = of('ReloadModulesWS');
const reseller = of('ResellerWS');

const RETRIEVE = [...subscriber('retrieveSubscriber'), ...SOUND_CALLS];
const RELOAD = reload('reloadSubscriber');
const WHOLE = RECORD_CALLS;
const CLASS_V = subscriber('retrieveSubscriberClassV', 'updateSubscriberClassV');
const PROFILES = of('ProfileWS')('listProfilesByDomain');

/** What each kind of step of a subscriber's provisioning calls, its undo included. */
export const ORDER_STEP_OPERATIONS: { readonly [kind: string]: readonly string[] } = {
  reseller: [...of('DomainWS')('listDomains'), ...reseller('listByDomain', 'insertReseller', 'deleteReseller')],
  subscriber: [
    ...RETRIEVE,
    ...subscriber('insertSubscriber', 'removeSubscriber'),
    ...PROFILES,
    ...of('RatePlanWS')('listRatePlansByDomain'),
    ...did('listByAcc'),
    ...RELOAD,
  ],
  services: [...RETRIEVE, ...subscriber('updateSubscriberServices')],
  numbers: [...RETRIEVE, ...did('listByAcc', 'insertDid', 'deleteDid'), ...reload('reloadDid')],
  callForwards: [...WHOLE, ...CLASS_V, ...RELOAD],
  preferences: [
    ...WHOLE,
    ...CLASS_V,
    ...subscriber(...Object.values(TOGGLES).flat()),
    ...subscriber('activateLowCreditNotification', 'blockLowCreditNotification', 'changeProfile'),
    ...PROFILES,
    ...RELOAD,
  ],
  switches: subscriber(...Object.values(HIDDEN_SWITCHES).flat()),
  quotas: [
    ...RETRIEVE,
    ...subscriber('retrieveDailyQuota', 'updateDailyQuota', 'retrieveMonthlyQuotaDTO', 'updateMonthlyQuota'),
    ...RELOAD,
  ],
  voicemail: [...WHOLE, ...subscriber('activateVoicemail', 'blockVoicemail'), ...RELOAD],
  whiteList: [...RETRIEVE, ...of('WhiteListWS')('listWhiteList', 'insertWhiteList', 'deletetWhiteList'), ...RELOAD],
  addresses: [
    ...RETRIEVE,
    ...of('AddressWS')('lisAddresses', 'insertAddress', 'removeAddress'),
    ...reload('reloadAddress'),
  ],
  locations: [...RETRIEVE, ...of('UserLocationWS')('listUserLocations', 'addUserLocation', 'removeUserLocation')],
  accountGroup: [
    ...of('AccountGroupWS')('retrieveAccountGroup', 'addAccountGroup', 'removeAccountGroup'),
    ...SOUND_CALLS,
    ...RELOAD,
  ],
  credit: [...RETRIEVE, ...subscriber('retrieveCredit', 'addCredit')],
  reload: RELOAD,
  reloadDids: reload('reloadDid'),
  reloadAddresses: reload('reloadAddress'),
};

const DIDS = did('listByAcc', 'insertDid', 'deleteDid');
const BILLING = subscriber('updateSubscriberBillingInfo');
const HUNT_GROUPS = of('HuntGroupWS');

/** The same of the steps that mean something else in orders of another action. */
export const LIFE_STEP_OPERATIONS: { readonly [action: string]: { readonly [kind: string]: readonly string[] } } = {
  modify: {
    subscriber: [...WHOLE, ...BILLING, ...of('RatePlanWS')('listRatePlansByDomain'), ...RELOAD],
    numbers: [...WHOLE, ...DIDS, ...reload('reloadDid'), ...RELOAD],
    whiteList: ORDER_STEP_OPERATIONS['whiteList']!,
    addresses: ORDER_STEP_OPERATIONS['addresses']!,
    locations: ORDER_STEP_OPERATIONS['locations']!,
    reload: RELOAD,
    numberMove: [...WHOLE, ...DIDS, ...reload('reloadDid'), ...RELOAD],
    reloadNumber: [...reload('reloadDid'), ...RELOAD],
  },
  suspend: { ownership: RETRIEVE, subscriber: [...RETRIEVE, ...subscriber('blockSubscriber')] },
  resume: { ownership: RETRIEVE, subscriber: [...RETRIEVE, ...subscriber('activateSubscriber')] },
  terminate: {
    ownership: RETRIEVE,
    numbers: [...RETRIEVE, ...did('listByAcc', 'deleteDid')],
    whiteList: [...RETRIEVE, ...of('WhiteListWS')('listWhiteList', 'deletetWhiteList')],
    addresses: [...RETRIEVE, ...of('AddressWS')('lisAddresses', 'removeAddress')],
    locations: [...RETRIEVE, ...of('UserLocationWS')('listUserLocations', 'removeUserLocation')],
    huntGroups: [...RETRIEVE, ...HUNT_GROUPS('listHuntGroups', 'updateHuntGroup', 'removeHuntGroup')],
    accountGroup: [...RETRIEVE, ...of('AccountGroupWS')('retrieveAccountGroup', 'removeAccountGroup')],
    subscriber: [...RETRIEVE, ...subscriber('removeSubscriber')],
    reload: [...RELOAD, ...SOUND_CALLS],
    reloadHuntGroups: [...HUNT_GROUPS('listHuntGroups'), ...reload('reloadHuntGroup'), ...SOUND_CALLS],
  },
};

/** Ways to an operation, by `<service>.<operation>`, in the order in which a reader should see them. */
function ways(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const add = (call: string, way: string): void => {
    found.set(call, [...(found.get(call) ?? []), way]);
  };
  for (const { service, operation } of OPERATION_TABLE) add(`${service}.${operation}`, `operations: ${operation}`);
  for (const [what, { service, operation }] of Object.entries(READS))
    add(`${service}.${operation}`, `catalog: ${what}`);
  const ordered = { order: ORDER_STEP_OPERATIONS, ...LIFE_STEP_OPERATIONS };
  const used = (call: string, kinds: readonly string[]): string | null =>
    kinds.length > 0 ? `${call}: ${kinds.join(', ')}` : null;
  const calls = new Set([
    ...OPERATION_TABLE.flatMap((spec) => spec.calls),
    ...Object.values(ordered).flatMap((kinds) => Object.values(kinds).flat()),
  ]);
  for (const call of calls) {
    const steps = Object.entries(ordered).map(([action, kinds]) =>
      used(
        action,
        Object.keys(kinds).filter((kind) => kinds[kind]?.includes(call)),
      ),
    );
    const operations = OPERATION_TABLE.filter((spec) => spec.calls.includes(call)).map(({ operation }) => operation);
    const parts = [...steps, found.has(call) ? null : used('within operations', operations)];
    for (const part of parts) if (part !== null) add(call, part);
  }
  return found;
}

function rowsOf(call: string, reachedBy: readonly string[]): CoverageRow[] {
  const [service = '', operation = ''] = call.split('.');
  const [, ...seconds] = namesOf(operation);
  return [
    { service, operation, reachedBy: reachedBy.join('; ') },
    ...seconds.map((second) => ({ service, operation: second, reachedBy: `alias of ${operation}` })),
  ];
}

/** Every operation of the services and how an order or a read reaches it. */
export const COVERAGE: readonly CoverageRow[] = [...ways()]
  .flatMap(([call, reachedBy]) => rowsOf(call, reachedBy))
  .toSorted((one, other) => (`${one.service}.${one.operation}` < `${other.service}.${other.operation}` ? -1 : 1));
