import type { Fault } from '../errors/index.ts';
import type { Order, Subscriber } from '../orders/model/index.ts';

/*
 * An audit asks a platform for what its orders once told. What the platform would refuse by now, e.g. a preference that
 * the target does not have any more, or takes only together with another, is left out, and the rest is asked for.
 */

/** Members that are changed one by one within another. */
const PARTED = new Set(['callForwards', 'preferences', 'voicemail', 'native', 'contact']);
/** Without them nobody knows what is meant. */
const IDENTITY = new Set(['id', 'username', 'domain']);
/** Each round leaves out one member at least. */
const MOST_ROUNDS = 500;

type Members = Record<string, unknown>;
type Check = (order: Order) => Promise<readonly Fault[]>;

export interface Bearable {
  readonly order: Order;
  /** Why nothing can be asked of a subscriber, by its id. */
  readonly left: ReadonlyMap<string, string>;
  /** Why nothing can be asked at all. */
  readonly fault: string | null;
}

const textOf = ({ path, message }: Fault): string => `${path.join('.')} ${message}`;

function without(holder: Readonly<Members>, name: string, part?: string): Members {
  if (part !== undefined) {
    const { [part]: _part, ...others } = holder[name] as Members;
    return { ...holder, [name]: others };
  }
  const { [name]: _member, ...rest } = holder;
  // These have to be there.
  return { ...rest, ...(name === 'aliases' && { aliases: [] }), ...(name === 'native' && { native: {} }) };
}

function withoutCleared(order: Order, path: string): Order {
  const cleared = order.cleared?.filter((one) => one !== path && !one.startsWith(`${path}.`));
  const { cleared: _cleared, ...rest } = order;
  return cleared && cleared.length > 0 ? { ...rest, cleared } : rest;
}

/** The order without one member of its customer, or of one of its subscribers. */
function leaveOut(order: Order, at: number | null, name: string, part?: string): Order {
  const path = [name, ...(part === undefined ? [] : [part])].join('.');
  if (at === null) {
    const customer = without(order.customer, name, part) as unknown as Order['customer'];
    return withoutCleared({ ...order, customer }, `customer.${path}`);
  }
  const subscribers = order.subscribers.map((one, place) =>
    place === at ? (without(one as unknown as Members, name, part) as unknown as Subscriber) : one,
  );
  return withoutCleared({ ...order, subscribers }, `subscribers.${order.subscribers[at]!.id}.${path}`);
}

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const placeOf = ({ path }: Fault) => {
  const isCustomer = path[0] === 'customer';
  const [name, part] = path.slice(isCustomer ? 1 : 2).map(String);
  return { at: isCustomer ? null : Number(path[1]), name, part };
};

/** Ways to leave out what a fault is about, the smallest first. */
function waysOut(order: Order, fault: Fault): Order[] {
  const { at, name, part } = placeOf(fault);
  const holder = (at === null ? order.customer : order.subscribers[at]) as unknown as Members | undefined;
  if (!holder || name === undefined || IDENTITY.has(name)) return [];
  const whole = leaveOut(order, at, name);
  const members = holder[name];
  if (part === undefined || !PARTED.has(name) || !isMembers(members)) return [whole];
  if (Object.hasOwn(members, part)) return [leaveOut(order, at, name, part), whole];
  // It lacks something that goes with another one.
  return [...Object.keys(members).map((other) => leaveOut(order, at, name, other)), whole];
}

const same = (fault: Fault): string => JSON.stringify([fault.path, fault.message]);

/** @param check the platform's own, without a call */
export async function bearable(wanted: Order, check: Check): Promise<Bearable> {
  const left = new Map<string, string>();
  let order = wanted;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const [fault] = await check(order);
    if (!fault) return { order, left, fault: null };
    let mended: Order | null = null;
    for (const way of waysOut(order, fault)) {
      if (JSON.stringify(way) === JSON.stringify(order)) continue;
      if ((await check(way)).some((other) => same(other) === same(fault))) continue;
      mended = way;
      break;
    }
    const one = order.subscribers[placeOf(fault).at ?? -1];
    if (mended) order = mended;
    else if (fault.path[0] === 'subscribers' && one) {
      left.set(one.id, textOf(fault));
      order = withoutCleared(
        { ...order, subscribers: order.subscribers.filter((other) => other !== one) },
        `subscribers.${one.id}`,
      );
    } else return { order, left, fault: textOf(fault) };
  }
  return { order, left, fault: 'the platform refuses too much of it' };
}

/** An order without what its platform says is no matter of an audit, by paths such as `subscribers.*.native.credit`. */
export function withoutUnaudited(order: Order, paths: readonly string[]): Order {
  return paths.reduce((rest, path) => {
    const [list, ...names] = path.split('.');
    const [name = '', part] = list === 'customer' ? names : names.slice(1);
    const places = list === 'customer' ? [null] : [...rest.subscribers.keys()];
    return places.reduce<Order>((one, at) => {
      const holder = (at === null ? one.customer : one.subscribers[at]) as unknown as Members;
      return part === undefined || isMembers(holder[name]) ? leaveOut(one, at, name, part) : one;
    }, rest);
  }, order);
}
