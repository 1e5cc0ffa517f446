import type { ObjectName } from './operations.ts';

/*
 * The fields of each thing as an order knows them. A profile says which of them the portal has, and where.
 */

/** Of a field whose value is no plain text. */
export type FieldType = 'text' | 'number' | 'telephone' | 'telephones' | 'boolean';

const text = (...names: string[]): Record<string, FieldType> => Object.fromEntries(names.map((name) => [name, 'text']));

const ADDRESS = text('street', 'houseNumber', 'complement', 'district', 'postcode', 'city', 'state', 'country');

/** Things whose fields have the names that the profile gives them. */
export const FREE_OBJECTS = ['services', 'wlr', 'antifraud'] as const;
export type FreeObject = (typeof FREE_OBJECTS)[number];

/** What is told of those by other means than the fields that an order names. */
export const NUMBER_FIELDS: Readonly<Record<string, FieldType>> = {
  number: 'telephone',
  companyId: 'text',
  companyKey: 'text',
  orderKey: 'text',
};

export const FIELDS: Readonly<Record<Exclude<ObjectName, FreeObject>, Readonly<Record<string, FieldType>>>> = {
  company: {
    ...text('externalId', 'name', 'company', 'firstName', 'lastName', 'email'),
    phone: 'text',
    mobile: 'text',
    ...ADDRESS,
    ...text('taxId', 'vatNumber', 'taxCode', 'profile', 'status', 'orderKey'),
  },
  office: {
    ...text('name', 'companyId', 'companyKey'),
    ...ADDRESS,
    ...text('emergencyArea', 'status', 'orderKey'),
  },
  user: {
    number: 'telephone',
    aliases: 'telephones',
    ...text('rangeFrom', 'rangeTo', 'username', 'domain', 'password', 'webUsername', 'webPassword', 'externalId'),
    ...text('companyId', 'companyKey', 'officeId', 'officeName', 'status', 'orderKey'),
  },
  callForwards: {
    ...text('unconditional', 'busy', 'noAnswer', 'unregistered', 'unavailable'),
    ringTimeout: 'number',
  },
  voicemail: text('pin', 'email'),
};

/** Fields that are secrets whatever the profile says. */
export const SECRET_FIELDS: readonly string[] = ['user.password', 'user.webPassword', 'voicemail.pin'];

/** Things whose orders may carry fields of the portal's own, as `native`. */
export const WITH_NATIVE = ['company', 'office', 'user'] as const;

export const COMPANY_KEYS = ['externalId', 'vatNumber', 'taxCode'] as const;
export const USER_KEYS = ['number', 'username'] as const;

/** States of a company or user, which `values.status` gives the portal's own words. */
export const STATUSES = ['active', 'suspended', 'ceased'] as const;
