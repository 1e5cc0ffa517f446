import type { FaultCollector } from './faults.ts';
import type { OrderDraft, SubscriberDraft } from './draft.ts';
import { formatPath, type Path } from './paths.ts';
import type { Action } from './order.ts';

/*
 * What zod's shape cannot say: rules over more than one member, and those that depend on the action. Each works on a
 * draft from which faulty members are gone, so that one fault hides no other.
 */

export interface RuleContext {
  readonly draft: OrderDraft;
  readonly faults: FaultCollector;
  /** Undefined when the order's own is wrong: then only what every action asks for is checked. */
  readonly action: Action | undefined;
  readonly now: Date;
  readonly maxSubscribers: number;
}

type Rule = (ctx: RuleContext) => void;

export function checkRules(ctx: RuleContext): void {
  for (const rule of RULES) rule(ctx);
}

const IDENTIFYING: readonly Action[] = ['suspend', 'resume', 'terminate'];

const isIdentifying = (action: Action | undefined): boolean => action !== undefined && IDENTIFYING.includes(action);

/** Subscribers that can be read at all, with their position. */
export function subscribersOf(draft: OrderDraft): [number, SubscriberDraft][] {
  return [...(draft.subscribers ?? []).entries()].filter(
    (entry): entry is [number, SubscriberDraft] => entry[1] !== undefined,
  );
}

const hasOperations = (draft: OrderDraft): boolean => (draft.operations ?? []).length > 0;
const hasMoves = (draft: OrderDraft): boolean => (draft.moves ?? []).length > 0;

const requireCustomer: Rule = ({ draft, faults, action }) => {
  if (draft.customer !== undefined || faults.covers(['customer'])) return;
  const optional = (hasOperations(draft) || faults.touches(['operations'])) && !isIdentifying(action);
  if (!optional || (draft.subscribers ?? []).length > 0 || hasMoves(draft)) faults.add(['customer'], 'is required');
};

const countSubscribers: Rule = ({ draft, faults, action, maxSubscribers }) => {
  const path = ['subscribers'];
  const count = draft.subscribers?.length ?? 0;
  if (count > maxSubscribers) faults.add(path, `must have at most ${maxSubscribers} elements`);
  if (action !== 'provision' || count > 0 || faults.touches(path)) return;
  if (!hasOperations(draft) && !faults.touches(['operations']))
    faults.add(path, 'must name at least one subscriber to provision');
};

/** Beyond them a time in UTC is written otherwise (`+010000-…`), and no order is meant for it. */
const EARLIEST = Date.UTC(1970, 0);
const LATEST = Date.UTC(9999, 0);

const checkTimes: Rule = ({ draft, faults, now }) => {
  const read = (name: 'notBefore' | 'deadline'): number | undefined => {
    const time = draft[name];
    if (time === undefined) return undefined;
    const ms = Date.parse(time);
    if (ms >= EARLIEST && ms < LATEST) return ms;
    faults.add([name], 'is not a time that an order can be meant for');
    return undefined;
  };
  const notBefore = read('notBefore');
  const deadline = read('deadline');
  if (deadline === undefined) return;
  if (deadline <= now.getTime()) faults.add(['deadline'], 'must lie in the future');
  if (notBefore !== undefined && deadline <= notBefore) faults.add(['deadline'], 'must lie after notBefore');
};

/** Adds a fault at every later holder of a value that must be unique in the order. */
function checkUnique(entries: Iterable<{ path: Path; value: string }>, faults: FaultCollector, what: string): void {
  const first = new Map<string, Path>();
  for (const { path, value } of entries) {
    const earlier = first.get(value);
    if (earlier) faults.add(path, `is the same ${what} as ${formatPath(earlier)}`);
    else first.set(value, path);
  }
}

const uniqueIds: Rule = ({ draft, faults }) => {
  const items = (['subscribers', 'operations', 'moves'] as const).flatMap((list) =>
    [...(draft[list] ?? []).entries()].flatMap(([index, item]) =>
      item?.id === undefined ? [] : [{ path: [list, index, 'id'], value: item.id }],
    ),
  );
  checkUnique(items, faults, 'id');
};

const uniqueUsers: Rule = ({ draft, faults }) => {
  const users = subscribersOf(draft).flatMap(([index, { username, domain }]) =>
    username === undefined || domain === undefined
      ? []
      : [{ path: ['subscribers', index, 'username'], value: `${username.toLowerCase()}@${domain.toLowerCase()}` }],
  );
  checkUnique(users, faults, 'username and domain');
};

const nullsOnlyInModify: Rule = ({ draft, faults, action }) => {
  if (action === 'modify' || action === undefined) return;
  const check = (base: Path, members: object | null | undefined, names?: readonly string[]): void => {
    for (const [name, value] of Object.entries(members ?? {})) {
      if (value === null && (names?.includes(name) ?? true)) {
        faults.add([...base, name], 'must not be null: only a modify order clears members');
      }
    }
  };
  check(['customer', 'contact'], draft.customer?.contact);
  for (const [index, subscriber] of subscribersOf(draft)) {
    const base = ['subscribers', index];
    check(base, subscriber);
    check([...base, 'callForwards'], subscriber.callForwards);
    check([...base, 'preferences'], subscriber.preferences);
    check([...base, 'voicemail'], subscriber.voicemail);
  }
};

/** Whether a member says nothing: a CRM may send all members of its template. */
const isEmpty = (name: string, value: unknown): boolean => {
  if (value === undefined || value === null) return true;
  const members = typeof value === 'object' ? Object.values(value) : [value];
  return name === 'contact' ? members.every((member) => member === '') : members.length === 0;
};

const NAMES_SUBSCRIBER = ['id', 'externalId', 'username', 'domain'];

const onlyIdentify: Rule = ({ draft, faults, action }) => {
  if (!isIdentifying(action)) return;
  const refuse = (base: Path, members: object | undefined, allowed: readonly string[]): void => {
    for (const [name, value] of Object.entries(members ?? {})) {
      if (!allowed.includes(name) && !isEmpty(name, value))
        faults.add([...base, name], `has no place in a ${action} order, which only names the customer and subscribers`);
    }
  };
  refuse(['customer'], draft.customer, ['externalId']);
  for (const [index, subscriber] of subscribersOf(draft)) refuse(['subscribers', index], subscriber, NAMES_SUBSCRIBER);
  if (hasOperations(draft)) faults.add(['operations'], `has no place in a ${action} order`);
};

// Null and an empty list clear: they are changes. An empty `native` or a contact of empty strings is nothing.
const changes = (members: object | undefined, naming: readonly string[]): boolean =>
  Object.entries(members ?? {}).some(
    ([name, value]) => !naming.includes(name) && (!['native', 'contact'].includes(name) || !isEmpty(name, value)),
  );

const modifySomething: Rule = ({ draft, faults, action }) => {
  if (action !== 'modify' || hasOperations(draft) || hasMoves(draft)) return;
  if (['customer', 'subscribers', 'operations', 'moves'].some((name) => faults.touches([name]))) return;
  const changed =
    changes(draft.customer, ['externalId']) ||
    subscribersOf(draft).some(([, subscriber]) => changes(subscriber, ['id', 'username', 'domain']));
  if (!changed) faults.add([], 'names nothing to modify');
};

const sameName = (a: { username?: string; domain?: string }, b: { username?: string; domain?: string }): boolean =>
  a.username?.toLowerCase() === b.username?.toLowerCase() && a.domain?.toLowerCase() === b.domain?.toLowerCase();

/** Which of two changes of one list of numbers comes first must not be a matter of luck. */
const movesStandAlone: Rule = ({ draft, faults, action }) => {
  const moves = draft.moves ?? [];
  if (moves.length > 0 && action !== 'modify' && action !== undefined)
    faults.add(['moves'], `has no place in a ${action} order`);
  for (const [index, move] of moves.entries()) {
    const { from, to } = move ?? {};
    if (!from?.username || !from.domain || !to?.username || !to.domain) continue;
    const giver = from.customer?.externalId;
    const isSameCustomer = giver === undefined || giver === draft.customer?.externalId;
    if (isSameCustomer && sameName(from, to)) faults.add(['moves', index, 'to'], 'is who has the number already');
    for (const [position, subscriber] of subscribersOf(draft)) {
      if (!sameName(subscriber, to) && !(isSameCustomer && sameName(subscriber, from))) continue;
      for (const name of ['number', 'aliases'] as const) {
        if (subscriber[name] !== undefined)
          faults.add(
            ['subscribers', position, name],
            `cannot be given beside moves.${index}, which changes the same numbers`,
          );
      }
    }
  }
};

const windowsRunForward: Rule = ({ draft, faults }) => {
  for (const [index, subscriber] of subscribersOf(draft)) {
    for (const [type, forward] of Object.entries(subscriber.callForwards ?? {})) {
      for (const [position, window] of (forward?.times ?? []).entries()) {
        if (window?.from === undefined || window.to === undefined || window.from < window.to) continue;
        faults.add(
          ['subscribers', index, 'callForwards', type, 'times', position, 'to'],
          'must be later than from; give a window over midnight as two',
        );
      }
    }
  }
};

const RULES: readonly Rule[] = [
  requireCustomer,
  countSubscribers,
  checkTimes,
  uniqueIds,
  uniqueUsers,
  nullsOnlyInModify,
  onlyIdentify,
  modifySomething,
  movesStandAlone,
  windowsRunForward,
];
