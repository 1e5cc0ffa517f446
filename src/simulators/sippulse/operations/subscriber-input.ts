import { ServiceFault } from '../fault.ts';
import { columnsOf, inRange, need, oneOf, type Context } from '../operation.ts';
import type { Columns } from '../rows.ts';
import type { Fields } from '../values.ts';

/*
 * What the page marks R, as far as the server can tell: a boolean or double that was not sent has become false or 0
 * before it gets here (sippulse.md, subscriberDTO).
 */
const REQUIRED = ['username', 'domain', 'password', 'profile', 'ratePlanId', 'emailAddress', 'countryCode', 'areaCode'];
const REQUIRED_ON_INSERT = [...REQUIRED, 'passwordPortal', 'callLimit', 'resellerId'];
const REQUIRED_ON_UPDATE = [...REQUIRED, 'callLimit', 'rings'];

const BY_RATE_PLAN = 1;

function checkReferences(given: Fields, { state }: Context): void {
  const domain = given['domain'];
  if (![...state.profiles.values()].some((row) => row.domain === domain && row.profile === given['profile'])) {
    throw new ServiceFault(`Profile ${String(given['profile'])} not found`);
  }
  const ratePlan = (id: unknown): void => {
    if (state.ratePlans.get(Number(id))?.domain !== domain) throw new ServiceFault(`Rate plan ${String(id)} not found`);
  };
  ratePlan(given['ratePlanId']);
  const resellerId = Number(given['resellerId'] ?? 0);
  if (resellerId !== 0 && state.resellers.get(resellerId)?.domain !== domain) {
    throw new ServiceFault(`Reseller ${resellerId} not found`);
  }
  inRange(given, 'resellerBillingType', 0, 1);
  if (given['resellerBillingType'] === BY_RATE_PLAN) ratePlan(given['resellerRatePlanId']);
}

function check(given: Fields, required: readonly string[], context: Context): void {
  need(given, required);
  if (/[@\s]/.test(String(given['username']))) throw new ServiceFault('username is not valid');
  checkReferences(given, context);
  inRange(given, 'callLimit', 0, 1_000_000);
}

/** Both left out: filled from a numeric username, whose national part starts with the area code. */
function fillLocality(columns: Columns): void {
  const username = String(columns['username']);
  if (!/^\d{10,15}$/.test(username)) return;
  const prefix = String(columns['countryCode']);
  const national = username.length > 11 && username.startsWith(prefix) ? username.slice(prefix.length) : username;
  columns['localArea'] ??= national.slice(0, 2);
  columns['cityCode'] ??= national.slice(2, 6);
}

const SERVER_SIDE = ['id', 'accountCode'];

/** @throws ServiceFault */
export function insertedColumns(given: Fields, context: Context): Columns {
  check(given, REQUIRED_ON_INSERT, context);
  const columns: Columns = columnsOf(given, SERVER_SIDE);
  fillLocality(columns);
  return columns;
}

/** An update replaces: what is not sent is cleared. @throws ServiceFault */
export function updatedColumns(given: Fields, context: Context): Columns {
  check(given, REQUIRED_ON_UPDATE, context);
  return columnsOf(given, SERVER_SIDE);
}

/** @throws ServiceFault */
export function checkQuota(given: Fields, typeMember: string, flag: string): void {
  if (given[flag] === true || given[typeMember] !== undefined) oneOf(given, typeMember, ['M', 'V']);
}
