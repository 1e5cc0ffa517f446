import { infoOf, OPERATION_NAMES, type Nature, type OperationName } from './operations.ts';

type Path = readonly (string | number)[];
type Tree = Record<string, unknown>;

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;

/** In the place of what cannot be read, so that the rest can be looked at. */
const FILLERS: Readonly<Record<string, unknown>> = {
  schema: 'turnup.webportal/1',
  title: '?',
  verifiedAgainst: 'none',
  auth: { kind: 'basic' },
  operations: {},
  fields: {},
};

const FILLER_ERROR = { status: 599, class: 'bug' };

/** A copy without what is faulty: the smallest part that can be left out, or be filled in. */
export function withoutFaulty(value: unknown, paths: readonly Path[]): unknown {
  const root = isTree(value) && !Array.isArray(value) ? structuredClone(value) : {};
  for (const path of paths) leaveOut(root, path);
  return { ...FILLERS, ...root };
}

function leaveOut(root: Tree, [section, ...rest]: Path): void {
  if (section === undefined) return;
  const member = root[section];
  if (rest.length === 0 || !isTree(member) || ['auth', 'jobs'].includes(String(section))) {
    delete root[section];
    return;
  }
  if (section === 'errors' || section === 'secret') {
    if (Array.isArray(member)) member[Number(rest[0])] = section === 'errors' ? FILLER_ERROR : 'user.password';
    return;
  }
  if (section === 'operations' && rest.length > 1 && mend(member, rest)) return;
  const isDeep = section === 'fields' || section === 'native';
  const [name, inner] = rest;
  const holder = member[String(name)];
  if (isDeep && inner !== undefined && isTree(holder)) delete holder[String(inner)];
  else delete member[String(name)];
}

/** What each nature of operation must have. */
const REQUIRED: Readonly<Record<Nature, Tree>> = {
  find: { found: { status: 299 } },
  read: { found: { status: 299 } },
  list: { found: { status: 299 } },
  create: { done: { status: 299 }, repeat: 'unsafe' },
  change: { done: { status: 299 } },
};

/** Leaves out one member of an operation, so that the others are looked at all the same. */
function mend(operations: Tree, [name, member]: Path): boolean {
  const operation = operations[String(name)];
  if (!isTree(operation) || !isOperation(String(name))) return false;
  delete operation[String(member)];
  operations[String(name)] = {
    method: 'POST',
    path: '/',
    ...REQUIRED[infoOf(name as OperationName).nature],
    ...operation,
  };
  return true;
}

const isOperation = (name: string): name is OperationName => (OPERATION_NAMES as readonly string[]).includes(name);
