import { z } from 'zod';
import type {
  CallHooks,
  CallsQuery,
  CallsReader,
  Finding,
  Json,
  JsonObject,
  OrderContent,
  PlannedStep,
  Platform,
  StepContext,
  StepKind,
} from '../../src/platforms/port.ts';
import { TurnupError, type AnswerRow } from '../../src/errors/index.ts';

/**
 * A platform of nothing but rules, for tests of the engine alone: a world of named things that steps make and change.
 * `trouble` is asked before and after each call and may throw what a platform would.
 */
export interface World {
  things: Map<string, { owner: string; value: Json }[]>;
  calls: { verb: 'look' | 'write'; thing: string; at: 'before' | 'after' }[];
  /** By client of ours, for whom its calls were made. */
  clients: (string | undefined)[];
  active: number;
  mostActive: number;
  trouble(call: { verb: 'look' | 'write'; thing: string; at: 'before' | 'after' }): void | Promise<void>;
  /** What readers of call records were asked for, and how many of them were closed. */
  records: { queries: CallsQuery[]; closed: number; read(query: CallsQuery): readonly JsonObject[] };
}

export function createWorld(): World {
  const records: World['records'] = { queries: [], closed: 0, read: () => [] };
  return { things: new Map(), calls: [], clients: [], active: 0, mostActive: 0, trouble: () => {}, records };
}

interface ToySettings {
  calls?: { url: string } | undefined;
}

interface ToyClient {
  look(thing: string): Promise<{ owner: string; value: Json }[]>;
  write(thing: string, owner: string, value: Json): Promise<void>;
  remove(thing: string): Promise<void>;
}

export function toyPlatform(world: World): Platform<ToyClient> {
  function bind(hooks: CallHooks): ToyClient {
    async function call<T>(verb: 'look' | 'write', thing: string, work: () => T): Promise<T> {
      await hooks.beforeCall(verb === 'write');
      world.clients.push(hooks.client);
      const record = (outcome: 'ok' | 'failed') =>
        hooks.afterCall({ method: verb, object: thing, status: 200, outcome, durationMs: 1 });
      try {
        world.active += 1;
        world.mostActive = Math.max(world.mostActive, world.active);
        world.calls.push({ verb, thing, at: 'before' });
        await world.trouble({ verb, thing, at: 'before' });
        const answer = work();
        await world.trouble({ verb, thing, at: 'after' });
        record('ok');
        return answer;
      } catch (error) {
        record('failed');
        throw error;
      } finally {
        world.active -= 1;
      }
    }
    return {
      look: (thing) => call('look', thing, () => structuredClone(world.things.get(thing) ?? [])),
      write: (thing, owner, value) =>
        call('write', thing, () => {
          const [there] = world.things.get(thing) ?? [];
          // As platforms do: names of subscribers are unique, customers may repeat.
          if (there && there.owner !== owner && !thing.startsWith('customer')) {
            throw new TurnupError('TURNUP_SUBSCRIBER_TAKEN');
          }
          world.things.set(thing, [...(world.things.get(thing) ?? []), { owner, value }]);
        }),
      remove: (thing) =>
        call('write', thing, () => {
          world.things.delete(thing);
        }),
    };
  }

  return {
    name: 'toy',
    title: 'Toy',
    actions: ['provision'],
    callForwardTypes: [],
    settings: z.object({ calls: z.object({ url: z.string() }).optional() }),
    nativeSecrets: ['operations.*.args.secret'],
    operations: { 'ToyWS.make': { title: 'Make a thing' } },
    answers: TOY_ANSWERS,
    steps: {
      customer: step('customer'),
      subscriber: step('subscriber'),
      preferences: step('preferences'),
      reload: step('reload'),
      make: step('make'),
    },
    catalog: {
      things: {
        title: 'Things of one name',
        params: z.object({ name: z.string().min(1), limit: z.coerce.number().int().min(1).max(9).default(2) }),
        async read(client, { name, limit }: { name: string; limit: number }) {
          return { things: (await client.look(name)).slice(0, limit).map(({ owner }) => owner) };
        },
      },
      writing: {
        title: 'A read that is none',
        params: z.object({}),
        async read(client) {
          await client.remove('all');
          return null;
        },
      },
    },
    openCalls: ({ native }) => ((native as ToySettings).calls ? readerOf(world) : null),
    check: () => [],
    plan,
    connect: () => ({ bind, close: () => Promise.resolve() }),
    loadDefinitions: () => Promise.resolve(null),
    probe: () => Promise.resolve([]),
  };
}

function readerOf({ records }: World): CallsReader {
  return {
    async read(query) {
      records.queries.push(query);
      return records.read(query);
    },
    async close() {
      records.closed += 1;
    },
  };
}

/** The toy has no HTTP; its table is for tests of what is made of any platform's. */
const TOY_ANSWERS: readonly AnswerRow[] = [
  { status: 422, text: 'taken', code: 'TURNUP_NUMBER_TAKEN', says: 'A number is taken.', examples: ['1 is taken'] },
  { status: { from: 500 }, code: 'TURNUP_TARGET_FAILED', says: 'The toy is broken.', examples: [] },
  { code: 'TURNUP_TARGET_UNEXPECTED', says: 'The toy does something new.', examples: [] },
];

function thingOf(kind: string, ctx: StepContext<ToyClient>): string {
  if (kind === 'customer') return `customer ${ctx.order.customer.externalId}`;
  return `${kind} ${ctx.subscriber?.username ?? (ctx.operation?.args['name'] as string | undefined)}`;
}

const idsOf = ({ subscribers, operations }: OrderContent): string[] =>
  [...subscribers, ...operations].map(({ id }) => id);

function step(kind: string): StepKind<ToyClient> {
  return {
    nature: 'create',
    opensSecrets: kind === 'subscriber' || kind === 'make',
    async find(ctx): Promise<Finding> {
      const found = await ctx.client.look(thingOf(kind, ctx));
      if (found.length === 0) return { state: 'absent' };
      if (kind !== 'customer' && found[0]!.owner !== ctx.key) throw new TurnupError('TURNUP_SUBSCRIBER_TAKEN');
      return { state: 'present', ours: found[0]!.owner === ctx.key, result: { thing: thingOf(kind, ctx) } };
    },
    async do(ctx) {
      const seen = {
        subscriber: { password: ctx.subscriber?.password ?? null },
        make: { secret: ctx.operation?.args['secret'] ?? null, items: idsOf(ctx.order) },
      };
      const value = kind === 'subscriber' || kind === 'make' ? seen[kind] : null;
      const thing = thingOf(kind, ctx);
      const write = () => ctx.client.write(thing, ctx.key, value);
      await (kind === 'reload' ? ctx.shared.coalesced(thing, write) : write());
      return { thing };
    },
    async undo(ctx) {
      await ctx.client.remove(thingOf(kind, ctx));
    },
  };
}

function plan(order: OrderContent): PlannedStep[] {
  const customer: PlannedStep = {
    id: 'customer',
    kind: 'customer',
    item: null,
    needs: [],
    class: 'compensatable',
    title: `customer ${order.customer.externalId}`,
  };
  const items = order.subscribers.flatMap((subscriber): PlannedStep[] => [
    {
      id: `${subscriber.id}.subscriber`,
      kind: 'subscriber',
      item: subscriber.id,
      needs: ['customer'],
      class: 'compensatable',
      title: `subscriber ${subscriber.username}`,
      exclusive: true,
      absentAfter: 'customer',
    },
    {
      id: `${subscriber.id}.preferences`,
      kind: 'preferences',
      item: subscriber.id,
      needs: [`${subscriber.id}.subscriber`],
      class: 'compensatable',
      title: `preferences ${subscriber.username}`,
      absentAfter: `${subscriber.id}.subscriber`,
    },
  ]);
  // As platforms do whose proxies read changes only when they are told to.
  const reloads = order.subscribers
    .filter(({ native }) => native['reload'] === true)
    .map(({ id, username }): PlannedStep => {
      const needs = [`${id}.preferences`];
      return { id: `${id}.reload`, kind: 'reload', item: id, needs, class: 'retriable', title: `reload ${username}` };
    });
  const operations = order.operations.map(({ id, args }): PlannedStep => {
    const line = typeof args['line'] === 'string' ? { line: args['line'] } : {};
    return {
      id: `${id}.make`,
      kind: 'make',
      item: id,
      ...line,
      needs: [],
      class: 'compensatable',
      title: `make ${id}`,
    };
  });
  const trunk = order.customer.externalId === '' ? [] : [customer];
  return [...trunk, ...items, ...reloads, ...operations];
}
