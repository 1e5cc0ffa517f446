import type { Item } from './spec.ts';
import type { Listed } from './listed.ts';
import { RELOAD_OF_ADDRESSES, reloadOfSubscriber } from '../shared/reload.ts';

/*
 * The kinds of objects that an order may make and remove one by one. Keys, compensations and reloads: sippulse.md,
 * "Retry, find-before-create, compensation, reload".
 */

const ofUser = ({ username, domain }: Item): Item => ({ username, domain });
const ofDomain = ({ domain }: Item): Item => ({ domain });
const memberOf = (value: unknown, member: string): unknown => (value as Item | null | undefined)?.[member];

export const DID: Listed = {
  noun: 'DID',
  service: 'DidWS',
  listing: { service: 'DidWS', operation: 'listByAcc', element: 'did', args: ({ accountCode }) => ({ accountCode }) },
  element: 'did',
  key: ['aliasUsername'],
  made: ['id'],
  defaults: { didToRuri: false, reverseBilling: false },
  idArg: 'didId',
  idIn: (reply) => reply?.['didId'],
  insert: 'insertDid',
  remove: 'deleteDid',
  removeArgs: (_, didId) => ({ didId }),
  reload: (_, didId) => ({ operation: 'reloadDid', args: { didId } }),
  takenCode: 'TURNUP_NUMBER_TAKEN',
};

export const WHITE_LIST: Listed = {
  noun: 'white list entry',
  service: 'WhiteListWS',
  listing: { service: 'WhiteListWS', operation: 'listWhiteList', element: 'whiteList', args: ofUser },
  element: 'whiteList',
  key: ['username', 'domain', 'prefix'],
  made: ['id'],
  idArg: 'whiteListId',
  idIn: (reply) => reply?.['whiteListId'],
  insert: 'insertWhiteList',
  remove: 'deletetWhiteList',
  removeArgs: (_, whiteListId) => ({ whiteListId }),
  reload: reloadOfSubscriber,
};

export const ADDRESS = {
  noun: 'address',
  service: 'AddressWS',
  listing: { service: 'AddressWS', operation: 'lisAddresses', element: 'address', args: ofUser },
  element: 'address',
  key: ['username', 'domain', 'ipAddress', 'mask', 'port', 'method', 'techPrefix'],
  made: ['id', 'contextInfo', 'group', 'pattern'],
  idArg: 'addressId',
  idIn: (reply) => memberOf(reply?.['return'], 'id'),
  insert: 'insertAddress',
  update: 'updateAddress',
  remove: 'removeAddress',
  removeArgs: ({ domain }, addressId) => ({ domain, addressId }),
  reload: () => RELOAD_OF_ADDRESSES,
} satisfies Listed;

export const HUNT_GROUP = {
  noun: 'hunt group',
  service: 'HuntGroupWS',
  listing: { service: 'HuntGroupWS', operation: 'listHuntGroups', element: 'huntGroup', args: ofDomain },
  element: 'huntGroup',
  key: ['domain', 'description'],
  made: ['id', 'uri'],
  idArg: 'huntGroupId',
  idIn: (reply) => memberOf(reply?.['huntGroup'], 'id'),
  insert: 'insertHuntGroup',
  update: 'updateHuntGroup',
  remove: 'removeHuntGroup',
  removeArgs: ({ domain }, huntGroupId) => ({ domain, huntGroupId }),
  reload: (_, huntGroupId) => ({ operation: 'reloadHuntGroup', args: { huntGroupId } }),
} satisfies Listed;

/** A permanent registration; it has no id and needs no reload that is known. */
export const USER_LOCATION: Listed = {
  noun: 'location',
  service: 'UserLocationWS',
  listing: { service: 'UserLocationWS', operation: 'listUserLocations', element: 'userLocation', args: ofUser },
  element: null,
  key: ['username', 'domain', 'contact'],
  made: ['expires', 'userAgent'],
  idArg: 'contact',
  idIn: () => undefined,
  insert: 'addUserLocation',
  insertArgs: ({ username, domain, contact }) => ({ username, domain, contact }),
  remove: 'removeUserLocation',
  removeArgs: ({ username, domain }, contact) => ({ username, domain, contact }),
};

export const RESELLER: Listed = {
  noun: 'reseller',
  service: 'ResellerWS',
  listing: { service: 'ResellerWS', operation: 'listByDomain', element: 'reseller', args: ofDomain },
  element: 'reseller',
  key: ['domain', 'name'],
  made: ['id'],
  unseen: ['password', 'credit'],
  idArg: 'resellerId',
  idIn: (reply) => reply?.['resellerId'],
  insert: 'insertReseller',
  remove: 'deleteReseller',
  removeArgs: (_, resellerId) => ({ resellerId }),
};

export const RATE_PLAN = {
  noun: 'rate plan',
  service: 'RatePlanWS',
  listing: { service: 'RatePlanWS', operation: 'listRatePlansByDomain', element: 'ratePlan', args: ofDomain },
  element: 'ratePlan',
  key: ['domain', 'name'],
  made: ['id'],
  idArg: 'idRatePlan',
  idIn: (reply) => memberOf(reply?.['ratePlan'], 'id'),
  insert: 'insertRatePlan',
  update: 'updateRatePlan',
  remove: 'removeRatePlan',
  removeArgs: (_, idRatePlan) => ({ idRatePlan }),
} satisfies Listed;

export const RATE = {
  noun: 'rate',
  service: 'RateWS',
  listing: {
    service: 'RateWS',
    operation: 'listRatesByParams',
    element: 'rate',
    args: ({ domain, rateId }) => ({ domain, rateId }),
  },
  element: 'rate',
  key: ['domain', 'rateId', 'prefix'],
  made: ['id'],
  idArg: 'id',
  idIn: () => undefined,
  insert: 'insertRates',
  insertArgs: (rate) => ({ rate: [rate] }),
  update: 'updateRate',
  remove: 'removeRate',
  removeArgs: (_, id) => ({ id }),
} satisfies Listed;
