import { z } from 'zod';
import { imageOf, unknownReference, without } from '../../operations/items.ts';
import type { Finding, Json, StepResult } from '../../port.ts';
import type { NgnproClient } from '../types.ts';
import { listAll } from './listing.ts';
import { ROUTE_SHAPES } from './objects.ts';
import { id } from './scalars.ts';
import { argsOf, beforeOf, byHand, type Context, type Item, type Kind, type OperationSpec } from './spec.ts';
import { callOf } from './thing.ts';
import { ROUTES } from './things-pstn.ts';
import { changed, differing, isSame } from './values.ts';

/* Routes (least cost routing) are made, changed and removed several at a time, and nothing tells of which it was done. */

const MOST = 200;
const KEY = ['carrier_id', 'prefix', 'originator', 'priority', 'reseller'];
const MADE = ['id', 'carrier', 'changeDate'];

const given = (ctx: Pick<Context, 'operation'>): Item[] => argsOf(ctx)['routes'] as Item[];

/** Routes of the same carrier, prefix, originator and priority, the oldest first. */
async function allSame(client: NgnproClient, route: Item): Promise<Item[]> {
  const { carrier_id, prefix } = route;
  const found = await listAll(client, ROUTES, { carrier_id, prefix });
  const wanted = without(route, MADE);
  return found
    .filter(
      (one) =>
        differing(wanted, one).length === 0 &&
        KEY.every((member) => member === 'reseller' || isSame(wanted[member] ?? null, one[member] ?? null)),
    )
    .toSorted((one, other) => Number(one['id']) - Number(other['id']));
}

const same = async (client: NgnproClient, route: Item): Promise<Item | undefined> => (await allSame(client, route))[0];

async function byId(client: NgnproClient, route: Item): Promise<Item | undefined> {
  const found = await listAll(client, ROUTES, { id: route['id'] });
  return found.find((one) => isSame(one['id'], route['id']));
}

const write = (ctx: Context, operation: string, routes: readonly Item[]): Promise<unknown> =>
  ctx.client.call('SipPort', operation, { routes });

/** Removes what is there of these; what is gone need not be. */
async function removeThose(ctx: Context, routes: readonly Item[], look: typeof allSame): Promise<void> {
  const there: Item[] = [];
  for (const route of routes) there.push(...(await look(ctx.client, route)).map(({ id: one }) => ({ id: one })));
  if (there.length > 0) await write(ctx, 'deleteRoutes', there);
}

/** Those of the routes, by their place, that are not there. */
async function missing(ctx: Context, routes: readonly Item[]): Promise<number[]> {
  const places: number[] = [];
  for (const [place, route] of routes.entries()) if (!(await same(ctx.client, route))) places.push(place);
  return places;
}

const at = (routes: readonly Item[], places: readonly number[]): Item[] =>
  routes.filter((_, place) => places.includes(place));

/** Result: `{ routes, made }`: how many there are, and which of them, by their place, the order made. */
const add: Kind = {
  nature: 'change',
  opensSecrets: false,
  resultShape: byHand({}),
  async find(ctx): Promise<Finding> {
    const places = await missing(ctx, given(ctx));
    if (places.length > 0) return { state: 'different', before: { missing: places } };
    return { state: 'present', ours: ctx.intent !== null, result: resultOf(ctx) };
  },
  async do(ctx, finding) {
    const { missing: places } = beforeOf(finding) as { missing: number[] };
    await write(ctx, 'addRoutes', at(given(ctx), places));
    return resultOf(ctx, places);
  },
  async undo(ctx) {
    if (ctx.intent?.state !== 'different') return;
    const { missing: places } = ctx.intent.before as { missing: number[] };
    await removeThose(ctx, at(given(ctx), places), allSame);
  },
  /** There was none of those that the order made: a second one is of an attempt that came late. */
  async tidy(ctx, recorded) {
    const extras: Item[] = [];
    for (const route of at(given(ctx), (recorded?.['made'] ?? []) as number[])) {
      extras.push(...(await allSame(ctx.client, route)).slice(1).map(({ id: made }) => ({ id: made })));
    }
    if (extras.length > 0) await write(ctx, 'deleteRoutes', extras);
    return extras.length;
  },
};

/** @param places of those that this attempt made; those that an earlier one made are known from its intent */
function resultOf({ operation, intent }: Context, places: readonly number[] = []): StepResult {
  const before = intent?.state === 'different' ? (intent.before as { missing: number[] }).missing : places;
  return { routes: given({ operation }).length, made: [...before] };
}

async function existing(ctx: Context, route: Item): Promise<Item> {
  const found = await byId(ctx.client, route);
  if (!found) throw unknownReference(`the platform has no route with id ${String(route['id'])}`);
  return found;
}

const changesOf = (route: Item): Item => without(route, ['id']);

/** Before-image: of each route that is to change, its members that do. */
const update: Kind = {
  nature: 'change',
  opensSecrets: false,
  resultShape: byHand({}),
  async find(ctx): Promise<Finding> {
    const before: Item[] = [];
    for (const route of given(ctx)) {
      const found = await existing(ctx, route);
      const members = differing(changesOf(route), found);
      if (members.length > 0) before.push({ id: found['id'], ...imageOf(found, members) });
    }
    if (before.length > 0) return { state: 'different', before: before as Json };
    return { state: 'present', ours: ctx.intent !== null, result: {} };
  },
  async do(ctx) {
    const whole: Item[] = [];
    for (const route of given(ctx)) whole.push(wholeOf(await existing(ctx, route), changesOf(route)));
    await write(ctx, 'updateRoutes', whole);
    return {};
  },
  async undo(ctx) {
    if (ctx.intent?.state !== 'different') return;
    const back: Item[] = [];
    for (const image of ctx.intent.before as unknown as Item[]) {
      const found = await byId(ctx.client, image);
      const members = changesOf(image);
      if (found && !isSame(members, imageOf(found, Object.keys(members)))) back.push(wholeOf(found, members));
    }
    if (back.length > 0) await write(ctx, 'updateRoutes', back);
  },
};

const wholeOf = (found: Item, changes: Item): Item => without(changed(found, changes), ['carrier', 'changeDate']);

/** Undo makes them again, with new ids. */
const remove: Kind = {
  nature: 'change',
  opensSecrets: false,
  resultShape: byHand({}),
  async find(ctx): Promise<Finding> {
    const before: Item[] = [];
    for (const route of given(ctx)) {
      const found = await byId(ctx.client, route);
      if (found) before.push(found);
    }
    if (before.length > 0) return { state: 'different', before: before as Json };
    return { state: 'present', ours: ctx.intent !== null, result: {} };
  },
  async do(ctx) {
    await removeThose(ctx, given(ctx), async (client, route) => [(await byId(client, route)) ?? []].flat());
    return {};
  },
  async undo(ctx) {
    if (ctx.intent?.state !== 'different') return;
    const before = (ctx.intent.before as unknown as Item[]).map((route) => without(route, MADE));
    const places = await missing(ctx, before);
    const back = at(before, places);
    if (back.length > 0) await write(ctx, 'addRoutes', back);
  },
};

const several = (route: z.ZodType, keyOf: (route: Item) => unknown, what: string): z.ZodType =>
  z
    .array(route)
    .min(1, 'must not be empty')
    .max(MOST, `must have at most ${MOST} routes`)
    .check((ctx) => {
      const places = new Map<string, number>();
      for (const [place, one] of ctx.value.entries()) {
        const key = JSON.stringify(keyOf(one as Item));
        const other = places.get(key);
        if (other === undefined) places.set(key, place);
        else ctx.issues.push({ code: 'custom', path: [place], message: `${what} routes.${other}`, input: one });
      }
    });

const spec = (
  operation: string,
  title: string,
  routes: z.ZodType,
  step: Kind,
  calls: readonly string[],
): OperationSpec => ({
  service: 'SipPort',
  operation,
  title,
  args: z.strictObject({ routes }),
  class: 'compensatable',
  step,
  ...(step === add && { liesIn: ['carrier_id'] }),
  calls: [callOf(ROUTES), ...calls],
});

const idOf = (route: Item): unknown => route['id'];

export const ROUTE_OPERATIONS: readonly OperationSpec[] = [
  spec(
    'addRoutes',
    'Make routes',
    several(ROUTE_SHAPES.made, (route) => KEY.map((member) => route[member]), 'is the same as'),
    add,
    ['SipPort.deleteRoutes'],
  ),
  spec('updateRoutes', 'Change routes', several(ROUTE_SHAPES.change, idOf, 'has the id of'), update, []),
  spec('deleteRoutes', 'Remove routes', several(z.strictObject({ id }), idOf, 'has the id of'), remove, [
    'SipPort.addRoutes',
  ]),
];
