import { TurnupError, type ErrorCode } from '../../../errors/index.ts';
import type { Finding, Json, StepResult } from '../../port.ts';
import type { Args, Reply } from '../types.ts';
import { sameValue } from '../read.ts';
import { removeAndLook } from '../shared/removal.ts';
import { changeStep } from './change.ts';
import { differing, list, merged, pick, without, type Listing } from './look.ts';
import { gone, reload, type Reload } from '../shared/reload.ts';
import { id } from './scalars.ts';
import { argsOf, byHand, objectArg, type Context, type Item, type Kind } from './spec.ts';

/** A kind of object that the platform lists: how it is found, made, changed and removed. */
export interface Listed {
  /** What a person reads: `hunt group`. */
  readonly noun: string;
  readonly service: string;
  readonly listing: Listing;
  /** Argument that holds the object; null: its members are arguments themselves. */
  readonly element: string | null;
  /** Members by which the look after a lost reply knows it again (sippulse.md, "Retry …"). */
  readonly key: readonly string[];
  /** Members that the platform makes itself. */
  readonly made: readonly string[];
  /** Members that no list shows. */
  readonly unseen?: readonly string[];
  /** Sent where the order does not say otherwise: members that left out would be false. */
  readonly defaults?: Item;
  /** Argument that names the object in a removal, and in the result of its making. */
  readonly idArg: string;
  /** The new object's id, where the answer has it. */
  idIn(reply: Reply): unknown;
  readonly insert: string;
  /** Arguments of `insert`, where they are not the object in its element. */
  insertArgs?(item: Item): Args;
  readonly update?: string;
  readonly remove: string;
  removeArgs(item: Item, id: unknown): Args;
  reload?(item: Item, id: unknown): Reload;
  readonly takenCode?: ErrorCode;
}

/** What names an object: its id, or what stands for it where it has none. */
const nameOf = (listed: Listed, item: Item): unknown => item[listed.idArg === 'contact' ? 'contact' : 'id'];

const insertArgs = (listed: Listed, item: Item): Args =>
  listed.insertArgs?.(item) ?? (listed.element === null ? item : { [listed.element]: item });

const described = (listed: Listed, item: Item): string =>
  `${listed.noun} ${listed.key.map((member) => String(item[member])).join(' ')}`;

const matching = async (ctx: Context, listed: Listed, item: Item): Promise<Item[]> =>
  (await list(ctx.client, listed.listing, item)).filter(
    (found) => differing(pick(item, listed.key), found).length === 0,
  );

const byName = async (ctx: Context, listed: Listed, item: Item, name: unknown): Promise<Item | undefined> =>
  (await list(ctx.client, listed.listing, item)).find((found) => sameValue(nameOf(listed, found), name));

const reloadOf = async (ctx: Context, what: Reload | undefined): Promise<void> => {
  if (what) await reload(ctx, what);
};

async function remove(ctx: Context, listed: Listed, item: Item, name: unknown): Promise<void> {
  await removeAndLook(
    () => ctx.client.write(listed.service, listed.remove, listed.removeArgs(item, name)),
    async () => (await byName(ctx, listed, item, name)) !== undefined,
  );
  const again = listed.reload?.(item, name);
  await reloadOf(ctx, again && gone(again));
}

/** @returns what names the new object; the answer need not tell it */
async function insert(ctx: Context, listed: Listed, item: Item): Promise<unknown> {
  const reply = await ctx.client.write(listed.service, listed.insert, insertArgs(listed, item));
  const answered = listed.idIn(reply) ?? (listed.idArg === 'contact' ? item['contact'] : undefined);
  if (answered !== undefined && answered !== null) return answered;
  const [found] = await matching(ctx, listed, item);
  if (found) return nameOf(listed, found);
  throw new TurnupError('TURNUP_TARGET_UNEXPECTED', {
    detail: `the platform has no ${described(listed, item)} after it took it`,
  });
}

/** Makes an object. Result: `{ <idArg> }`. */
export function insertStep(listed: Listed, opensSecrets = false): Kind {
  const wantedOf = (ctx: Context): Item => ({
    ...listed.defaults,
    ...(listed.element === null ? argsOf(ctx) : objectArg(ctx, listed.element)),
  });
  const resultOf = (name: unknown): StepResult => ({ [listed.idArg]: name as Json });

  return {
    nature: 'create',
    opensSecrets,
    resultShape: byHand(listed.idArg === 'contact' ? {} : { [listed.idArg]: id }),

    async find(ctx): Promise<Finding> {
      const wanted = wantedOf(ctx);
      const [found, ...more] = await matching(ctx, listed, wanted);
      if (!found) return { state: 'absent' };
      if (more.length > 0) {
        throw new TurnupError('TURNUP_OBJECT_AMBIGUOUS', {
          detail: `the platform has ${more.length + 1} of ${described(listed, wanted)}`,
        });
      }
      const others = differing(without(wanted, listed.unseen ?? []), found);
      if (others.length > 0) {
        throw new TurnupError(listed.takenCode ?? 'TURNUP_OBJECT_TAKEN', {
          detail: `${described(listed, wanted)} is there and has another ${others.join(', ')}`,
        });
      }
      return { state: 'present', ours: ctx.intent !== null, result: resultOf(nameOf(listed, found)) };
    },

    async do(ctx) {
      return resultOf(await insert(ctx, listed, wantedOf(ctx)));
    },

    async undo(ctx) {
      if (ctx.done.outcome === 'created') await remove(ctx, listed, wantedOf(ctx), ctx.done.result[listed.idArg]);
    },

    async discard(ctx, made, recorded) {
      if (!sameValue(made[listed.idArg], recorded?.[listed.idArg]))
        await remove(ctx, listed, wantedOf(ctx), made[listed.idArg]);
    },
  };
}

/** Changes an object, found by its id; what the order leaves out stays as it is. */
export function updateStep(listed: Listed & { readonly element: string; readonly update: string }): Kind {
  const idOf = (ctx: Context): unknown => objectArg(ctx, listed.element)['id'];
  return changeStep({
    opensSecrets: false,
    resultShape: byHand({ [listed.idArg]: id.optional() }),
    noun: (ctx) => `${listed.noun} with id ${String(idOf(ctx))}`,
    wanted: (ctx) => without(objectArg(ctx, listed.element), ['id']),
    read: async (ctx) => (await byName(ctx, listed, objectArg(ctx, listed.element), idOf(ctx))) ?? null,
    write: (ctx, whole) => ctx.client.write(listed.service, listed.update, { [listed.element]: whole }),
    result: (ctx) => ({ [listed.idArg]: idOf(ctx) as Json }),
    reload: (ctx) => listed.reload?.(objectArg(ctx, listed.element), idOf(ctx)),
  });
}

/** Removes an object; undo makes it again, with a new id where it has one. */
export function removeStep(listed: Listed): Kind {
  const idOf = (ctx: Context): unknown => argsOf(ctx)[listed.idArg];
  const resultOf = (ctx: Context): StepResult => ({ [listed.idArg]: idOf(ctx) as Json });

  return {
    nature: 'change',
    opensSecrets: false,
    resultShape: byHand({}),

    async find(ctx): Promise<Finding> {
      const found = await byName(ctx, listed, argsOf(ctx), idOf(ctx));
      if (!found) return { state: 'present', ours: ctx.intent !== null, result: resultOf(ctx) };
      return { state: 'different', before: found as Json };
    },

    async do(ctx) {
      await removeAndLook(
        () => ctx.client.write(listed.service, listed.remove, listed.removeArgs(argsOf(ctx), idOf(ctx))),
        async () => (await byName(ctx, listed, argsOf(ctx), idOf(ctx))) !== undefined,
      );
      return resultOf(ctx);
    },

    async undo(ctx) {
      if (ctx.intent?.state !== 'different') return;
      const before = without(merged(ctx.intent.before as Item, {}), listed.made);
      const there = (await matching(ctx, listed, before)).find((found) => differing(before, found).length === 0);
      const name = there ? nameOf(listed, there) : await insert(ctx, listed, before);
      await reloadOf(ctx, listed.reload?.(before, name));
    },
  };
}
