import type { NumberMove, Order, Subscriber } from './order.ts';
import type { PostedOrder } from './shape.ts';

type PostedMove = NonNullable<PostedOrder['moves']>[number];
type PostedSubscriber = NonNullable<PostedOrder['subscribers']>[number];

/** The order in the form it is posted in: parsing it gives the same order again. The base that a merge patch mends. */
export function toPosted(order: Order): PostedOrder {
  const { cleared, customer, subscribers, operations, moves, ...rest } = order;
  const clears = new Set(cleared);
  const contact: Record<string, string | null> = { ...customer.contact, ...nullsOf(clears, 'customer.contact.') };
  return {
    ...rest,
    ...(customer.externalId === ''
      ? {}
      : { customer: { ...withoutEmptyNative(customer), ...(Object.keys(contact).length > 0 ? { contact } : {}) } }),
    ...(subscribers.length > 0
      ? { subscribers: subscribers.map((subscriber) => postedSubscriber(subscriber, clears)) }
      : {}),
    ...(operations.length > 0 ? { operations: [...operations] } : {}),
    ...(moves ? { moves: moves.map(postedMove) } : {}),
  };
}

function postedMove({ from: { customer, ...from }, ...move }: NumberMove): PostedMove {
  return { ...move, from: { customer: { externalId: customer }, ...from } };
}

function postedSubscriber(subscriber: Subscriber, clears: ReadonlySet<string>): PostedSubscriber {
  const { aliases, voicemail, ...rest } = withoutEmptyNative(subscriber);
  const prefix = `subscribers.${subscriber.id}.`;
  return {
    ...rest,
    ...(aliases.length > 0 ? { aliases } : {}),
    ...(voicemail ? { voicemail: { ...voicemail, ...nullsOf(clears, `${prefix}voicemail.`) } } : {}),
    ...nullsOf(clears, prefix),
  } as PostedSubscriber;
}

function withoutEmptyNative<T extends { native: object }>(holder: T): Omit<T, 'native'> & { native?: T['native'] } {
  const { native, ...rest } = holder;
  return Object.keys(native).length > 0 ? holder : rest;
}

/** `{ name: null }` for every cleared member directly beneath the prefix. */
function nullsOf(clears: ReadonlySet<string>, prefix: string): Record<string, null> {
  const names = [...clears].filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
  return Object.fromEntries(names.filter((name) => !name.includes('.')).map((name) => [name, null]));
}
