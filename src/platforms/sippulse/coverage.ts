import { sortedRows, waysTo, type CallsOf } from '../operations/coverage.ts';
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
export const ORDER_STEP_OPERATIONS: CallsOf = {
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
export const LIFE_STEP_OPERATIONS: { readonly [action: string]: CallsOf } = {
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

function rowsOf(call: string, reachedBy: readonly string[]): CoverageRow[] {
  const [service = '', operation = ''] = call.split('.');
  const [, ...seconds] = namesOf(operation);
  return [
    { service, operation, reachedBy: reachedBy.join('; ') },
    ...seconds.map((second) => ({ service, operation: second, reachedBy: `alias of ${operation}` })),
  ];
}

const ways = waysTo({
  operations: OPERATION_TABLE,
  reads: Object.fromEntries(
    Object.entries(READS).map(([what, { service, operation }]) => [what, [`${service}.${operation}`]]),
  ),
  orderSteps: ORDER_STEP_OPERATIONS,
  lifeSteps: LIFE_STEP_OPERATIONS,
});

/** Every operation of the services and how an order or a read reaches it. */
export const COVERAGE: readonly CoverageRow[] = sortedRows(
  [...ways].flatMap(([call, reachedBy]) => rowsOf(call, reachedBy)),
);
