/*
 * What a profile may map (tim-web-portal.md §4): names of ours, for what every hosting portal of this kind must be able
 * to do. Which calls they are only the operator's manual tells.
 */

/** Things that have fields. */
export const OBJECTS = [
  'company',
  'office',
  'user',
  'services',
  'callForwards',
  'voicemail',
  'wlr',
  'antifraud',
] as const;
export type ObjectName = (typeof OBJECTS)[number];

/**
 * `find` looks by natural key, `create` makes, `change` changes or takes away, `read` reads what hangs on a user, `list`
 * only informs.
 */
export type Nature = 'find' | 'create' | 'change' | 'read' | 'list';

export interface OperationInfo {
  readonly object: ObjectName | null;
  readonly nature: Nature;
  /** What a person reads. */
  readonly title: string;
  /** What a path, query or `set` may name besides the fields of the object. */
  readonly names: readonly string[];
}

const COMPANY = ['companyId', 'companyKey'];
const OFFICE = [...COMPANY, 'officeId', 'officeName'];
const USER = [...OFFICE, 'userId', 'number', 'username', 'domain', 'externalId'];
/** What a telephone number says, and a company where the portal wants to know it too. */
const NUMBER = [...COMPANY, 'number'];
const LINE = [...NUMBER, 'lineId'];

const entry = (object: ObjectName | null, nature: Nature, names: readonly string[], title: string): OperationInfo => ({
  object,
  nature,
  title,
  names: ['orderKey', ...names],
});

export const OPERATIONS = {
  'company.find': entry('company', 'find', ['companyKey'], 'look for a company by its key'),
  'company.create': entry('company', 'create', ['companyKey'], 'make a company'),
  'company.update': entry('company', 'change', COMPANY, 'change a company'),
  'company.remove': entry('company', 'change', COMPANY, 'take a company away'),
  'company.suspend': entry('company', 'change', COMPANY, 'suspend a company'),
  'company.resume': entry('company', 'change', COMPANY, 'resume a company'),
  'office.find': entry('office', 'find', [...COMPANY, 'officeName'], 'look for an office of a company by its name'),
  'office.list': entry('office', 'find', COMPANY, 'all offices of a company'),
  'office.create': entry('office', 'create', [...COMPANY, 'officeName'], 'make an office'),
  'office.update': entry('office', 'change', OFFICE, 'change an office'),
  'office.remove': entry('office', 'change', OFFICE, 'take an office away'),
  'user.find': entry('user', 'find', [...USER, 'userKey'], 'look for a user by its key'),
  'user.named': entry('user', 'find', [...COMPANY, 'username', 'domain'], 'look for a user by its user name'),
  'user.list': entry('user', 'find', COMPANY, 'all users of a company'),
  'user.create': entry('user', 'create', [...USER, 'userKey'], 'make a user'),
  'user.update': entry('user', 'change', USER, 'change a user'),
  'user.remove': entry('user', 'change', USER, 'take a user away'),
  'user.suspend': entry('user', 'change', USER, 'suspend a user'),
  'user.resume': entry('user', 'change', USER, 'resume a user'),
  'services.get': entry('services', 'read', USER, 'read the services of a user'),
  'services.set': entry('services', 'change', USER, 'change services of a user'),
  'callForwards.get': entry('callForwards', 'read', USER, 'read the call forwards of a user'),
  'callForwards.set': entry('callForwards', 'change', USER, 'change call forwards of a user'),
  'voicemail.get': entry('voicemail', 'read', USER, 'read the mailbox of a user'),
  'voicemail.set': entry('voicemail', 'change', USER, 'change the mailbox of a user'),
  'portedOut.find': entry(null, 'list', ['number'], 'whether a number left to another operator'),
  'portedOut.list': entry(null, 'list', [], 'numbers that left to other operators'),
  'numbers.list': entry(null, 'list', [], 'numbers of the operator'),
  'wlr.list': entry(null, 'list', [], 'rented lines known to the portal'),
  'wlr.find': entry('wlr', 'find', NUMBER, 'look for a rented line by its number'),
  'wlr.create': entry('wlr', 'create', NUMBER, 'make a rented line known'),
  'wlr.update': entry('wlr', 'change', LINE, 'change a rented line'),
  'wlr.remove': entry('wlr', 'change', LINE, 'take a rented line away'),
  'antifraud.get': entry('antifraud', 'list', NUMBER, 'antifraud limits of a number'),
  'antifraud.set': entry('antifraud', 'change', NUMBER, 'change antifraud limits of a number'),
  'dashboard.get': entry(null, 'list', [], 'counters of the dashboard'),
} as const satisfies Record<string, OperationInfo>;

export type OperationName = keyof typeof OPERATIONS;

export const OPERATION_NAMES = Object.keys(OPERATIONS) as OperationName[];

export const infoOf = (name: OperationName): OperationInfo => OPERATIONS[name];

/** Whether it changes the target. */
export const isWrite = (name: OperationName): boolean => ['create', 'change'].includes(infoOf(name).nature);
