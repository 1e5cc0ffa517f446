import { isDeepStrictEqual } from 'node:util';
import type { Fault } from '../../errors/index.ts';
import { secretPath, type Order } from '../../orders/model/index.ts';
import type { StoredStep } from '../../orders/plan.ts';
import type { StepKind } from '../../platforms/port.ts';

/** An order parted from its secrets, as the store keeps it. */
export interface OrderParts {
  readonly body: Order;
  readonly secrets: Readonly<Record<string, string>>;
}

export interface Change {
  /** Subscribers and operations by their id: `['subscribers', 's1', 'number']`. */
  readonly path: readonly string[];
  /** Absent: not there. Never a secret. */
  readonly before?: unknown;
  readonly after?: unknown;
  readonly isSecret: boolean;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const byId = <T extends { id: string }>(items: readonly T[]): Record<string, T> =>
  Object.fromEntries(items.map((item) => [item.id, item]));

function asTree({ subscribers, operations, moves = [], cleared: _cleared, ...rest }: Order): Record<string, unknown> {
  return { ...rest, subscribers: byId(subscribers), operations: byId(operations), moves: byId(moves) };
}

/** The parts of a number mean nothing alone. */
const isWhole = (path: readonly string[]): boolean => path.length === 3 && path[2] === 'number';

function difference(before: unknown, after: unknown, path: readonly string[]): Change[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (isObject(before) && isObject(after) && !isWhole(path)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names].flatMap((name) => difference(before[name], after[name], [...path, name]));
  }
  return [{ path, ...(before !== undefined && { before }), ...(after !== undefined && { after }), isSecret: false }];
}

/** Everything that is otherwise, member by member; of secrets only that they are. */
export function changesBetween(before: OrderParts, after: OrderParts): Change[] {
  const [was, is] = [before.body.cleared ?? [], after.body.cleared ?? []];
  const paths = [...was.filter((path) => !is.includes(path)), ...is.filter((path) => !was.includes(path))];
  const keys = new Set([...Object.keys(before.secrets), ...Object.keys(after.secrets)]);
  const secrets = [...keys].filter((key) => before.secrets[key] !== after.secrets[key]);
  return [
    ...difference(asTree(before.body), asTree(after.body), []),
    ...paths.map((path) => ({ path: path.split('.'), isSecret: false })),
    ...secrets.map((key) => ({ path: secretPath(key), isSecret: true })),
  ];
}

/** Whether a step sends or compares what is changed. */
export function usesChange(step: StoredStep, kind: StepKind | undefined, change: Change): boolean {
  const everything = step.item === null ? ['customer'] : ['subscribers.*', 'operations.*', 'moves.*'];
  return (kind?.uses ?? everything).some((pattern) => {
    const parts = pattern
      .split('.')
      .map((part, at) => (part === '*' && at === 1 && step.item !== null ? step.item : part));
    return change.path.every((name, at) => parts[at] === undefined || parts[at] === '*' || parts[at] === name);
  });
}

/** As faults name it: by position. */
export function faultPath(path: Change['path'], { subscribers, operations, moves = [] }: Order): Fault['path'] {
  const [list = '', id, ...rest] = path;
  const items: readonly { id: string }[] = { subscribers, operations, moves }[list] ?? [];
  const index = items.findIndex((item) => item.id === id);
  return index >= 0 ? [list, index, ...rest] : path;
}

const MOST_CHANGES = 200;
const LONGEST_VALUE = 500;

function shortened(value: unknown): unknown {
  const text = JSON.stringify(value);
  return text.length <= LONGEST_VALUE ? value : `(${text.length} characters)`;
}

/** For the journal: what was and what is now, without secrets, of a size that a journal can bear. */
export function describeChanges(changes: readonly Change[]): Record<string, unknown> {
  const told = changes.slice(0, MOST_CHANGES).map(({ path, before, after, isSecret }) => ({
    path: path.join('.'),
    ...(isSecret
      ? { secret: true }
      : {
          ...(before !== undefined && { before: shortened(before) }),
          ...(after !== undefined && { after: shortened(after) }),
        }),
  }));
  return { changes: told, ...(changes.length > told.length && { more: changes.length - told.length }) };
}
