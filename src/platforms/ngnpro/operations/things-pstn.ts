import type { Listing } from './listing.ts';
import { callOf, inList, listedBy, type Thing } from './thing.ts';
import type { Item } from './spec.ts';
import { isSame } from './values.ts';

/* Carriers, gateways and their rules. The platform makes the ids and keeps nothing apart. */

const sip = (operation: string, member: string): Listing => ({ port: 'SipPort', operation, member });

export const CARRIERS = sip('getCarriers', 'carriers');
export const GATEWAYS = sip('getGateways', 'gateways');
export const RULES = sip('getGatewayRules', 'gateway_rules');
export const ROUTES = sip('getRoutes', 'routes');

/** By its id where that is known, else by what makes it what it is. */
const byIdOr =
  (...members: readonly string[]) =>
  (item: Item): Item =>
    item['id'] === undefined ? Object.fromEntries(members.map((member) => [member, item[member]])) : { id: item['id'] };

const belongsBy =
  (member: string) =>
  (one: Item, { id }: Item): boolean =>
    isSame(one[member], id);

const routesOfCarrier = listedBy('routes', ROUTES, ({ id }) => ({ carrier_id: id }), belongsBy('carrier_id'));

export const CARRIER = {
  noun: 'carrier',
  port: 'SipPort',
  element: 'carrier',
  key: ['name'],
  name: 'id',
  nameArg: 'id',
  resultName: 'carrierId',
  add: 'addCarrier',
  update: 'updateCarrier',
  remove: 'deleteCarrier',
  looks: [callOf(CARRIERS)],
  look: inList(CARRIERS, byIdOr('name')),
  made: ['id', 'changeDate'],
  hanging: [listedBy('gateways', GATEWAYS, ({ id }) => ({ carrier_id: id }), belongsBy('carrier_id')), routesOfCarrier],
} satisfies Thing;

export const GATEWAY = {
  noun: 'gateway',
  port: 'SipPort',
  element: 'gateway',
  key: ['carrier_id', 'name'],
  name: 'id',
  nameArg: 'id',
  resultName: 'gatewayId',
  add: 'addGateway',
  update: 'updateGateway',
  remove: 'deleteGateway',
  looks: [callOf(GATEWAYS)],
  look: inList(GATEWAYS, byIdOr('name', 'carrier_id')),
  // The carrier's name is told beside its id.
  made: ['id', 'carrier', 'changeDate'],
  hanging: [listedBy('rules', RULES, ({ id }) => ({ gateway_id: id }), belongsBy('gateway_id'))],
} satisfies Thing;

export const RULE = {
  noun: 'gateway rule',
  port: 'SipPort',
  element: 'rule',
  key: ['gateway_id', 'prefix', 'minLength', 'maxLength'],
  name: 'id',
  nameArg: 'id',
  resultName: 'ruleId',
  add: 'addGatewayRule',
  update: 'updateGatewayRule',
  remove: 'deleteGatewayRule',
  looks: [callOf(RULES)],
  look: inList(RULES, byIdOr('gateway_id', 'prefix')),
  made: ['id', 'changeDate'],
} satisfies Thing;
