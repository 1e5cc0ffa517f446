import { isDeepStrictEqual } from 'node:util';
import type { Placement } from '../../src/orders/read.ts';
import type { OrderView } from '../../src/orders/record.ts';
import { TERMINAL_STATES, type OrderState } from '../../src/orders/states.ts';
import type { Orders } from './harness.ts';
import { isAtStandstill, isUndoAtStandstill } from './standstill.ts';

interface Seen {
  on: Orders;
  /** Live and archived. */
  views: OrderView[];
  /** Live only. */
  placed: Placement[];
  records: Map<string, Record<string, string>>;
}

type Same = (what: string, found: unknown, expected: unknown) => void;

const isOver = (state: OrderState): boolean => TERMINAL_STATES.includes(state);
const idsOf = (orders: readonly { id: string }[]): string[] => orders.map((order) => order.id).toSorted();
/** The lines an order stands in: its customer's, and the target's own when it has operations. */
const placesOf = ({ records }: Seen, { id, target, customer }: Placement): string[] => [
  ...(customer === '' ? [] : [`${target} ${customer}`]),
  ...(records.get(id)!['operates'] === '1' ? [`${target} `] : []),
];

/** Everything in which counters, indexes, lists and mailboxes differ from what the records themselves say. */
export async function disagreements(on: Orders, ids: readonly string[]): Promise<string[]> {
  const views = (await Promise.all(ids.map((id) => on.store.read(id)))).filter((order) => order !== null);
  const placed = (await Promise.all(ids.map((id) => on.store.placement(id)))).filter((order) => order !== null);
  const records = new Map(await Promise.all(placed.map(async ({ id }) => [id, await on.raw(id)] as const)));
  const seen: Seen = { on, views, placed, records };
  const found: string[] = [];
  const same: Same = (what, is, expected) => {
    if (!isDeepStrictEqual(is, expected)) found.push(`${what}: ${JSON.stringify(is)}, not ${JSON.stringify(expected)}`);
  };
  await checkCounts(seen, same);
  await checkLists(seen, same);
  for (const order of placed) checkRecord(seen, order, same);
  await checkMailboxes(seen, same);
  return found;
}

async function checkCounts({ on, views }: Seen, same: Same): Promise<void> {
  const counted = (await on.store.countByState()).filter(({ count }) => count !== 0);
  const real = Map.groupBy(views, (order) => `${order.target} ${order.state}`);
  same(
    'counts',
    counted.map(({ target, state, count }) => `${target} ${state} ${count}`).toSorted(),
    [...real].map(([place, orders]) => `${place} ${orders.length}`).toSorted(),
  );
  for (const state of new Set([...views.map((order) => order.state), 'held', 'pending'])) {
    const inState = views.filter((order) => order.state === state);
    same(`index of ${state}`, await on.redis.zrange(on.keys.index('state', state), '0', '-1'), idsOf(inState));
  }
  same('index of all', await on.redis.zrange(on.keys.index('all'), '0', '-1'), idsOf(views));
}

function scheduledOf({ placed, records }: Seen): Placement[] {
  return placed.filter((order) => order.state === 'pending' && records.get(order.id)!['mailed'] !== '1');
}

function liveOf(seen: Seen): Placement[] {
  const scheduled = scheduledOf(seen);
  return seen.placed.filter((order) => !isOver(order.state) && !scheduled.includes(order));
}

async function checkLists(seen: Seen, same: Same): Promise<void> {
  const { on, placed } = seen;
  const members = async (key: string) => (await on.redis.zrange(key, '0', '-1')).toSorted();
  same('live', await members(on.keys.live()), idsOf(liveOf(seen)));
  same('scheduled', await members(on.keys.scheduled()), idsOf(scheduledOf(seen)));
  const settled = placed.filter((order) => isOver(order.state));
  same('settled', await members(on.keys.settled()), idsOf(settled));
}

function checkRecord({ views, records }: Seen, order: Placement, same: Same): void {
  const { id, plan, stepStates, toUndo, state } = order;
  const record = records.get(id)!;
  const forward = order.direction === 'f';
  const states = Object.values(stepStates);
  same(`failed of ${id}`, Number(record['failed']), states.filter((one) => one === 'failed').length);
  const left = states.filter((one) => one !== 'done' && one !== 'skipped').length;
  if (forward) same(`left of ${id}`, Number(record['left']), left);
  if (isOver(state)) return;
  const stopped = forward ? isAtStandstill(plan, stepStates) : isUndoAtStandstill(plan, stepStates, toUndo);
  same(`${id} is held`, state === 'held', stopped);
  const named = views.find((view) => view.id === id)?.error?.step;
  if (stopped) same(`${id} says why`, named !== undefined && stepStates[named!] === 'failed', true);
  if (!forward) return;
  // An attempt that is under way can be told from one that is not.
  for (const [step, one] of Object.entries(stepStates)) {
    same(`lease of ${step} of ${id}`, record[`s:${step}:l`] !== undefined, one === 'active');
  }
}

async function checkMailboxes(seen: Seen, same: Same): Promise<void> {
  const { on, placed, records } = seen;
  const places = (orders: readonly Placement[]): string[] => orders.flatMap((order) => placesOf(seen, order));
  const released = ({ id }: Placement) => records.get(id)!['released'] === '1';
  const going = placed.filter((order) => !isOver(order.state) && order.state !== 'pending' && !released(order));
  same('orders going on, by line', places(going).length, new Set(places(going)).size);
  const leased = ({ id }: Placement) => Object.keys(records.get(id)!).some((field) => /^s:.*:l$/.test(field));
  const atWork = placed.filter((order) => !isOver(order.state) && leased(order));
  same('orders at work, by line', places(atWork).length, new Set(places(atWork)).size);
  const standing = liveOf(seen).filter((order) => !released(order));
  const heads = new Map<string, string | undefined>();
  for (const place of new Set(places(placed))) {
    const [target, customer] = place.split(' ') as [string, string];
    const box = await on.redis.lrange(on.keys.mailbox(target, customer), '0', '-1');
    const expected = standing.filter((order) => placesOf(seen, order).includes(place));
    same(`mailbox of ${place}`, box.toSorted(), idsOf(expected));
    heads.set(place, box[0]);
  }
  // Who is head everywhere goes on, and nobody else.
  for (const order of standing) {
    const isHead = placesOf(seen, order).every((place) => heads.get(place) === order.id);
    same(`${order.id} goes on`, going.includes(order), isHead);
  }
}
