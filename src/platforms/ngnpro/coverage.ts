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

const ways = waysTo({
  operations: OPERATION_TABLE,
  reads: Object.fromEntries(
    Object.entries(READS).map(([what, { port, operation, looks = [] }]) => [what, [`${port}.${operation}`, ...looks]]),
  ),
  orderSteps: ORDER_STEP_OPERATIONS,
  more: { 'SipPort.getCalls': 'calls' },
});

/** Every operation of the ports and how an order or a read reaches it. */
export const COVERAGE: readonly CoverageRow[] = sortedRows(
  [...ways].map(([call, reachedBy]) => {
    const [service = '', operation = ''] = call.split('.');
    return { service, operation, reachedBy: reachedBy.join('; ') };
  }),
);
