import type { MoveDraft, OperationDraft, OrderDraft, SubscriberDraft } from './draft.ts';
import type { PhoneNumber } from './numbers.ts';
import type { Action, CallForward, Contact, JsonObject, NumberMove, Operation, Order, Subscriber } from './order.ts';
import type { OrderNumbers, SubscriberNumbers } from './order-numbers.ts';

const NO_NUMBER: PhoneNumber = { cc: '', ac: '', sn: '' };

/**
 * The order of a draft. Of a draft with gaps it makes an order with placeholders in them (empty strings), fit to be
 * looked at for further faults and for nothing else.
 */
export function buildOrder(draft: OrderDraft, numbers: OrderNumbers): Order {
  const action: Action = draft.action ?? 'provision';
  const cleared: string[] = [];
  const ids = nameItems(draft);
  const customer = draft.customer ?? {};
  const contact = buildContact(customer.contact, cleared);
  const subscribers = (draft.subscribers ?? []).map((subscriber, index) =>
    buildSubscriber(
      subscriber ?? {},
      ids.subscribers[index] ?? '',
      subscriber && numbers.subscribers.get(subscriber),
      action,
      cleared,
    ),
  );
  const moves = (draft.moves ?? []).map((move, index) =>
    buildMove(move ?? {}, ids.moves[index] ?? '', numbers.moves[index], customer.externalId ?? ''),
  );
  return {
    externalId: draft.externalId ?? '',
    target: draft.target ?? '',
    action,
    onFailure: draft.onFailure ?? 'hold',
    ...given({ notBefore: toUtc(draft.notBefore), deadline: toUtc(draft.deadline) }),
    customer: {
      externalId: customer.externalId ?? '',
      ...given({ contact, billingProfile: customer.billingProfile }),
      native: (customer.native ?? {}) as JsonObject,
    },
    subscribers,
    operations: (draft.operations ?? []).map((operation, index) =>
      buildOperation(operation ?? {}, ids.operations[index] ?? ''),
    ),
    ...(moves.length > 0 ? { moves } : {}),
    ...(cleared.length > 0 ? { cleared } : {}),
  };
}

function buildMove(posted: MoveDraft, id: string, number: PhoneNumber | undefined, customer: string): NumberMove {
  const nameOf = (one: { username?: string; domain?: string } | undefined) => ({
    username: one?.username ?? '',
    domain: one?.domain ?? '',
  });
  const from = { customer: posted.from?.customer?.externalId ?? customer, ...nameOf(posted.from) };
  return { id, number: number ?? NO_NUMBER, from, to: nameOf(posted.to) };
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined | null> };

/** Without members that are absent or null: `null` of a modify order is told by `cleared`. */
function given<T extends object>(members: T): Given<T> {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined && value !== null),
  ) as Given<T>;
}

function toUtc(time: string | undefined): string | undefined {
  const ms = time === undefined ? Number.NaN : Date.parse(time);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

function buildContact(posted: object | undefined, cleared: string[]): Contact | undefined {
  const members = Object.entries(posted ?? {});
  for (const [name, value] of members) if (value === null) cleared.push(`customer.contact.${name}`);
  const contact = Object.fromEntries(members.filter(([, value]) => typeof value === 'string' && value !== ''));
  return Object.keys(contact).length > 0 ? contact : undefined;
}

const CLEARABLE = [
  'externalId',
  'webUsername',
  'webPassword',
  'number',
  'aliases',
  'callForwards',
  'preferences',
  'voicemail',
] as const;

function buildSubscriber(
  posted: SubscriberDraft,
  id: string,
  numbers: SubscriberNumbers | undefined,
  action: Action,
  cleared: string[],
): Subscriber {
  if (action === 'modify') {
    for (const name of CLEARABLE) {
      // A list that is given replaces: an empty one clears.
      if (posted[name] === null || (name === 'aliases' && posted.aliases?.length === 0))
        cleared.push(`subscribers.${id}.${name}`);
    }
    if (posted.voicemail?.email === null) cleared.push(`subscribers.${id}.voicemail.email`);
  }
  return {
    id,
    ...given({ externalId: posted.externalId }),
    username: posted.username ?? '',
    domain: posted.domain ?? '',
    ...given({
      password: posted.password,
      webUsername: posted.webUsername,
      webPassword: posted.webPassword,
      number: numbers?.primary,
    }),
    aliases: (numbers?.aliases ?? []).map((alias) => alias ?? NO_NUMBER),
    ...given({
      callForwards: posted.callForwards && buildForwards(posted.callForwards),
      preferences: posted.preferences as Subscriber['preferences'],
      voicemail: posted.voicemail && given(posted.voicemail),
    }),
    native: (posted.native ?? {}) as JsonObject,
  };
}

function buildForwards(posted: NonNullable<SubscriberDraft['callForwards']>): Subscriber['callForwards'] {
  const forwards = Object.entries(posted).map(([type, forward]) => [type, forward && buildForward(forward)]);
  return Object.fromEntries(forwards) as Subscriber['callForwards'];
}

type ForwardDraft = NonNullable<NonNullable<SubscriberDraft['callForwards']>['noAnswer']>;

function buildForward(posted: ForwardDraft): CallForward {
  const times = posted.times?.map((window) => ({
    days: (window?.days ?? []).filter((day) => day !== undefined),
    from: window?.from ?? '',
    to: window?.to ?? '',
  }));
  return {
    destinations: (posted.destinations ?? []).map((destination) => ({
      to: destination?.to ?? '',
      ...given({ timeout: destination?.timeout }),
    })),
    ...given({ ringTimeout: posted.ringTimeout, times }),
  };
}

function buildOperation(posted: OperationDraft, id: string): Operation {
  return {
    id,
    service: posted.service ?? '',
    operation: posted.operation ?? '',
    args: (posted.args ?? {}) as JsonObject,
  };
}

interface Ids {
  readonly subscribers: readonly string[];
  readonly operations: readonly string[];
  readonly moves: readonly string[];
}

/** Ids as given; the others s1, s2 … (o1 …, m1 …) by position, the next free one where that is given to another. */
function nameItems(draft: OrderDraft): Ids {
  const lists = { subscribers: draft.subscribers ?? [], operations: draft.operations ?? [], moves: draft.moves ?? [] };
  const taken = new Set([...lists.subscribers, ...lists.operations, ...lists.moves].map((item) => item?.id));
  const name = (items: readonly ({ id?: string | undefined } | undefined)[], letter: string): string[] => {
    let next = 0;
    return items.map((item, index) => {
      if (item?.id !== undefined) return item.id;
      next = Math.max(next, index) + 1;
      while (taken.has(`${letter}${next}`)) next++;
      return `${letter}${next}`;
    });
  };
  return {
    subscribers: name(lists.subscribers, 's'),
    operations: name(lists.operations, 'o'),
    moves: name(lists.moves, 'm'),
  };
}
