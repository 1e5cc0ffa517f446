import { sortedRows, waysTo, type CallsOf } from '../operations/coverage.ts';
import type { CoverageRow } from '../port.ts';
import { READS } from './catalog/table.ts';
import { OPERATION_TABLE } from './operations/table.ts';

const of =
  (port: string) =>
  (...operations: readonly string[]): string[] =>
    operations.map((operation) => `${port}.${operation}`);

const sip = of('SipPort');
const voicemail = of('VoicemailPort');
const customer = of('CustomerPort');
const enumeration = of('EnumPort');
const rating = of('RatingPort');
const dns = of('DnsPort');

const DIVERSIONS = sip('getCallDiversions', 'setCallDiversions');

/** What each kind of step of a subscriber's provisioning calls, its undo included. */
export const ORDER_STEP_OPERATIONS: CallsOf = {
  customer: [
    ...customer('getCustomers', 'getProperties', 'addAccount', 'deleteAccount'),
    ...sip('getDomains', 'getAccounts', 'getAliases'),
    ...enumeration('getNumbers'),
  ],
  domains: sip('getDomains', 'addDomain', 'deleteDomain', 'getAccounts'),
  subscriber: sip('getAccount', 'getAliases', 'getDomains', 'addAccount', 'deleteAccount'),
  billingProfile: rating('getEntityProfiles', 'setEntityProfiles', 'deleteEntityProfiles'),
  aliases: sip('getAliases', 'addAlias', 'deleteAlias', 'getDomains'),
  enumNumbers: enumeration('getRanges', 'getNumber', 'addNumber', 'deleteNumber'),
  voicemail: [...voicemail('getAccount', 'addAccount', 'updateAccount', 'deleteAccount'), ...DIVERSIONS],
  callForwards: [...DIVERSIONS, ...sip('getAccount', 'updateAccount')],
  preferences: sip(
    'getAccount',
    'updateAccount',
    'addToGroup',
    'removeFromGroup',
    'getAcceptRules',
    'setAcceptRules',
    'getRejectMembers',
    'setRejectMembers',
    'getBarringPrefixes',
    'setBarringPrefixes',
  ),
};

const LOCATED = [...customer('getCustomers', 'getProperties'), ...sip('getAccounts', 'getAccount')];
const CHANGED_CUSTOMER = [...LOCATED, ...customer('getAccount', 'updateAccount')];
const GROUPS = sip('addToGroup', 'removeFromGroup');

/** The same of the steps that mean something else in orders of another action. */
export const LIFE_STEP_OPERATIONS: { readonly [action: string]: CallsOf } = {
  modify: {
    customer: CHANGED_CUSTOMER,
    contact: CHANGED_CUSTOMER,
    billingProfile: [
      ...sip('getAccounts'),
      ...rating('getEntityProfiles', 'setEntityProfiles', 'deleteEntityProfiles'),
    ],
    subscriber: sip('getAccount', 'updateAccount', 'addToGroup', 'removeFromGroup'),
    aliases: sip('getAccount', 'updateAccount', 'getAliases', 'addAlias', 'deleteAlias'),
    enumNumbers: enumeration('getRanges', 'getNumber', 'addNumber', 'deleteNumber'),
    password: sip('getAccount', 'updateAccount'),
    mailboxRemoval: [...sip('getAccount'), ...DIVERSIONS, ...voicemail('getAccount', 'deleteAccount')],
    numberMove: [
      ...LOCATED,
      ...sip('getAliases', 'addAlias', 'updateAlias', 'deleteAlias', 'updateAccount'),
      ...enumeration('getNumber', 'updateNumber'),
    ],
  },
  suspend: { customer: [...LOCATED, ...GROUPS], subscriber: [...LOCATED, ...GROUPS] },
  resume: { customer: [...LOCATED, ...GROUPS], subscriber: [...LOCATED, ...GROUPS] },
  terminate: {
    ownership: LOCATED,
    aliases: [...LOCATED, ...sip('getAliases', 'deleteAlias')],
    enumNumbers: [...LOCATED, ...enumeration('getNumbers', 'deleteNumber')],
    voicemail: [...LOCATED, ...voicemail('getAccount', 'deleteAccount')],
    billingProfile: [...LOCATED, ...rating('getEntityProfiles', 'deleteEntityProfiles')],
    subscriber: [...LOCATED, ...sip('deleteAccount')],
    customer: [
      ...LOCATED,
      ...sip('getAliases', 'deleteAlias', 'deleteAccount', 'getDomains', 'deleteDomain'),
      ...enumeration('getRanges', 'getNumbers', 'deleteNumber'),
      ...dns('getZones'),
      ...voicemail('getAccount', 'deleteAccount'),
      ...rating('getEntityProfiles', 'deleteEntityProfiles'),
      ...customer('deleteAccount'),
    ],
  },
};

const ways = waysTo({
  operations: OPERATION_TABLE,
  reads: Object.fromEntries(
    Object.entries(READS).map(([what, { port, operation, looks = [] }]) => [what, [`${port}.${operation}`, ...looks]]),
  ),
  orderSteps: ORDER_STEP_OPERATIONS,
  lifeSteps: LIFE_STEP_OPERATIONS,
  more: { 'SipPort.getCalls': 'calls' },
});

/** Every operation of the ports and how an order or a read reaches it. */
export const COVERAGE: readonly CoverageRow[] = sortedRows(
  [...ways].map(([call, reachedBy]) => {
    const [service = '', operation = ''] = call.split('.');
    return { service, operation, reachedBy: reachedBy.join('; ') };
  }),
);
