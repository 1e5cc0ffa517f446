import type { Faults } from '../../check-faults.ts';
import type { CallSpec, Condition, Operation, Profile } from './model.ts';
import { OPERATION_NAMES, type OperationName } from './operations.ts';
import { placeholdersOf } from './template.ts';

/*
 * What a profile must be as a whole, so that an order can be carried out by it, looked for again and undone
 * (tim-web-portal.md §4, rules 3 to 5).
 */

type Rule = (profile: Profile, faults: Faults) => void;

/** The names of the values that a call is sent with. */
export function namesIn({ path, query, headers, set }: CallSpec): Set<string> {
  const templates = [path, ...query.map(([, value]) => value), ...headers.map(([, value]) => value)];
  const members = set.flatMap(([, value]) => (Array.isArray(value) ? [value] : []));
  return new Set([...templates, ...members].flatMap((template) => placeholdersOf(template)).map(({ name }) => name));
}

const at = (name: OperationName, ...more: string[]): string[] => ['operations', name, ...more];

const OWNERS = ['company', 'office', 'user'] as const;
const KEY_NAMES = { company: ['companyKey'], office: ['officeName'], user: ['userKey', 'number', 'username'] } as const;

/** The field that natural keys are compared by. */
export function keyFieldOf(profile: Profile, owner: (typeof OWNERS)[number]): string {
  if (owner === 'office') return 'name';
  return owner === 'company' ? profile.keys.company : profile.keys.user;
}

const createNeedsFind: Rule = ({ operations }, faults) => {
  for (const owner of OWNERS) {
    const create = operations.get(`${owner}.create`);
    if (!create || operations.has(`${owner}.find`)) continue;
    if (create.repeat === 'idempotent') {
      if (create.id === null)
        faults.add(at(create.name, 'id'), `is required without ${owner}.find: nothing else tells the id`);
      continue;
    }
    faults.add(
      at(create.name),
      `needs ${owner}.find: without it nobody can tell whether the work was done when a reply is lost; or "repeat: idempotent", if the manual promises that`,
    );
  }
};

const findSaysWhat: Rule = (profile, faults) => {
  for (const owner of OWNERS) {
    const find = profile.operations.get(`${owner}.find`);
    if (!find) continue;
    const names = namesIn(find);
    const keys: readonly string[] = KEY_NAMES[owner];
    const field = keyFieldOf(profile, owner);
    if (!keys.some((key) => names.has(key)))
      faults.add(at(find.name), `does not say what it looks for: {${keys.join('} or {')}}`);
    if (owner === 'office' && !names.has('companyId') && !names.has('companyKey')) {
      faults.add(at(find.name), 'does not say of which company: {companyId} or {companyKey}');
    }
    if (find.found.some(({ many }) => many) && !profile.fields[owner].has(field)) {
      faults.add(at(find.name), `gives a list, so that fields.${owner}.${field} must say where the key of each is`);
    }
  }
};

const userHasOwner: Rule = ({ operations, fields }, faults) => {
  const find = operations.get('user.find');
  if (!find) return;
  const names = namesIn(find);
  const isScoped = ['companyId', 'companyKey', 'officeId'].some((name) => names.has(name));
  const isTold = ['companyId', 'companyKey', 'officeId'].some((name) => fields.user.has(name));
  if (!isScoped && !isTold) {
    faults.add(at('user.find'), 'does not tell whose a number is: map fields.user.companyId, companyKey or officeId');
  }
};

const lists: Rule = ({ operations }, faults) => {
  for (const { name, paging, found } of operations.values()) {
    if (paging && !found.some(({ many }) => many))
      faults.add(at(name, 'paging'), 'needs "many: true": only a list has pages');
    const isList = name === 'office.list' || name === 'user.list';
    if (isList && !found.every(({ many }) => many)) faults.add(at(name, 'found'), 'needs "many: true"');
  }
};

const removals: Rule = ({ operations }, faults) => {
  for (const [owner, list] of [
    ['company', 'office.list'],
    ['office', 'user.list'],
  ] as const) {
    const remove = operations.get(`${owner}.remove`);
    if (!remove || remove.children === 'refused') continue;
    if (operations.has(list)) continue;
    const why = remove.children === null ? 'must say' : 'needs the operation';
    faults.add(
      at(remove.name, 'children'),
      `${why} ${remove.children === null ? `what happens to what hangs on it (refused), or the profile needs ${list}` : list} to look before: an undo must not take along what is somebody else's`,
    );
  }
  for (const { name, children } of operations.values()) {
    if (children !== null && name !== 'company.remove' && name !== 'office.remove') {
      faults.add(at(name, 'children'), 'is about company.remove and office.remove only');
    }
  }
};

const pairs: Rule = ({ operations, fields }, faults) => {
  const together = (one: OperationName, other: OperationName, why: string): void => {
    if (operations.has(one) && !operations.has(other)) faults.add(at(one), `needs ${other}: ${why}`);
  };
  for (const group of ['services', 'callForwards', 'voicemail'] as const) {
    together(`${group}.set`, `${group}.get`, 'what is changed must be known before, to be brought back');
    if (operations.has(`${group}.set`) && fields[group].size === 0)
      faults.add(at(`${group}.set`), `needs fields.${group}`);
  }
  for (const owner of ['company', 'user'] as const) {
    together(`${owner}.suspend`, `${owner}.resume`, 'a suspension could not be undone');
    together(`${owner}.resume`, `${owner}.suspend`, 'a resumption could not be undone');
    if (!operations.has(`${owner}.suspend`)) continue;
    together(`${owner}.suspend`, `${owner}.find`, 'it is not known what to suspend');
    if (!fields[owner].has('status'))
      faults.add(at(`${owner}.suspend`), `needs fields.${owner}.status: whether it is suspended`);
  }
  for (const owner of OWNERS) {
    together(`${owner}.update`, `${owner}.find`, 'what is changed must be known before, to be brought back');
  }
};

/** Rented lines and antifraud limits are known by their number. */
const numbers: Rule = ({ operations, fields }, faults) => {
  const needs = (one: OperationName, other: OperationName, why: string): void => {
    if (operations.has(one) && !operations.has(other)) faults.add(at(one), `needs ${other}: ${why}`);
  };
  const isRepeatable = operations.get('wlr.create')?.repeat === 'idempotent';
  if (!isRepeatable) {
    needs('wlr.create', 'wlr.find', 'without it nobody can tell whether the work was done when a reply is lost');
  }
  needs('wlr.update', 'wlr.find', 'what is changed must be known before, to be brought back');
  needs('wlr.remove', 'wlr.find', 'it is not known what to take away');
  needs('antifraud.set', 'antifraud.get', 'what is changed must be known before, to be brought back');
  for (const name of ['wlr.find', 'antifraud.get', 'antifraud.set'] as const) {
    const operation = operations.get(name);
    const isSent = operation?.sendsFields === true && fields.antifraud.has('number');
    if (operation && !namesIn(operation).has('number') && !isSent)
      faults.add(at(name), 'does not say of which {number}');
  }
  const find = operations.get('wlr.find');
  if (find?.found.some(({ many }) => many) && !fields.wlr.has('number')) {
    faults.add(at('wlr.find'), 'gives a list, so that fields.wlr.number must say where the number of each is');
  }
};

const bodiesHaveFields: Rule = ({ operations, fields }, faults) => {
  for (const { name, info, sendsFields } of operations.values()) {
    if (sendsFields && info.object && fields[info.object].size === 0) {
      faults.add(at(name, 'body'), `sends fields.${info.object}, of which there are none`);
    }
  }
};

const tickets: Rule = ({ operations, jobs }, faults) => {
  for (const { name, ticket } of operations.values()) {
    if (ticket && !jobs) faults.add(at(name, 'ticket'), 'needs "jobs": how it is asked after');
  }
  if (jobs && !namesIn(jobs.poll).has('ticket')) faults.add(['jobs', 'poll', 'path'], 'does not name {ticket}');
};

const statusCode = ({ statuses }: Condition): readonly number[] => statuses ?? [];

/**
 * Where an answer of some status can be an error by what it says, no answer of that status is a success by its status
 * alone: what neither says is unknown, never a success (rule 5).
 */
const successSaysSo: Rule = (profile, faults) => {
  const { errors, operations, jobs, auth } = profile;
  const says = errors.filter(({ test }) => test !== null);
  const isDoubtful = (status: number): boolean =>
    says.some(({ statuses }) => statuses === null || statuses.includes(status));
  const check = (rules: readonly Condition[], path: readonly string[]): void => {
    const silent = rules.filter((rule) => rule.test === null).flatMap(statusCode);
    const doubtful = [...new Set(silent.filter((status) => isDoubtful(status)))];
    if (doubtful.length === 0) return;
    faults.add(
      path,
      `takes every answer ${doubtful.join(', ')} for a success, although errors tell some of them by what they say: name what a success says`,
    );
  };
  for (const { name, found, done } of operations.values()) {
    check(found, at(name, 'found'));
    check(done, at(name, 'done'));
  }
  if (jobs) check(jobs.done, ['jobs', 'poll', 'done']);
  if (auth.kind === 'login-session') check(auth.done, ['auth', 'done']);
};

const errorsAreAboutSomething: Rule = ({ errors }, faults) => {
  for (const [index, { on }] of errors.entries()) {
    for (const [place, name] of (on ?? []).entries()) {
      if (!(OPERATION_NAMES as readonly string[]).includes(name))
        faults.add(['errors', index, 'on', place], 'is no operation');
    }
  }
};

const namedOnce: Rule = ({ operations, jobs, keys }, faults) => {
  const isUsable = (operation: Operation): boolean => {
    const names = namesIn(operation);
    const isOfUser = !['wlr', 'antifraud', null].includes(operation.info.object);
    return !(names.has('number') && keys.user !== 'number' && isOfUser);
  };
  for (const operation of operations.values()) {
    if (!isUsable(operation))
      faults.add(at(operation.name), 'names {number}, which an order need not have: keys.user is username');
  }
  if (jobs && ![...operations.values()].some(({ ticket }) => ticket))
    faults.add(['jobs'], 'is used by no operation: none has a ticket');
};

const RULES: readonly Rule[] = [
  createNeedsFind,
  findSaysWhat,
  userHasOwner,
  lists,
  removals,
  pairs,
  numbers,
  bodiesHaveFields,
  tickets,
  successSaysSo,
  errorsAreAboutSomething,
  namedOnce,
];

export function checkRules(profile: Profile, faults: Faults): void {
  for (const rule of RULES) rule(profile, faults);
}
