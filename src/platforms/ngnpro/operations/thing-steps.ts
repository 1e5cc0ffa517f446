import { TurnupError } from '../../../errors/index.ts';
import { imageOf, without } from '../../operations/items.ts';
import type { Finding, Json, StepResult } from '../../port.ts';
import { oneAtATime } from '../../turns.ts';
import type { Args } from '../types.ts';
import { argsOf, byHand, objectArg, type Context, type Item, type Kind } from './spec.ts';
import { id } from './scalars.ts';
import {
  described,
  matching,
  named,
  namedIn,
  existing,
  inWords,
  isUsed,
  nameOf,
  refuseWhileUsed,
  removeNamed,
  whoseOf,
  type Thing,
} from './thing.ts';
import { changed, differing, isObject, isSame, satisfies } from './values.ts';

const wantedOf = (ctx: Context, thing: Thing): Item => {
  const given = objectArg(ctx, thing.element);
  return thing.normal?.(given) ?? given;
};

const sentTo = (ctx: Context, thing: Thing, item: Item): Item => thing.sent?.(ctx.client, item) ?? item;

const resultOf = ({ resultName }: Thing, name: unknown): StepResult =>
  resultName === undefined ? {} : { [resultName]: name as Json };

function taken(thing: Thing, wanted: Item, others: readonly string[]): TurnupError {
  return new TurnupError(thing.takenCode ?? 'TURNUP_OBJECT_TAKEN', {
    detail: `${described(thing, wanted)} is there and has another ${others.join(', ')}`,
  });
}

/** @returns what names the new object; the answer need not tell it */
async function add(ctx: Context, thing: Thing, item: Item, whose: Args): Promise<unknown> {
  const reply = await ctx.client.call(thing.port, thing.add, { ...whose, [thing.element]: sentTo(ctx, thing, item) });
  const answered = isObject(reply) ? nameOf(thing, reply) : undefined;
  if (thing.resultName === undefined) return nameOf(thing, item);
  if (typeof answered === 'number' && answered > 0) return answered;
  const [found] = await matching(ctx.client, thing, item, whose);
  if (found) return nameOf(thing, found);
  throw new TurnupError('TURNUP_TARGET_UNEXPECTED', {
    detail: `the platform has no ${described(thing, item)} after it took it`,
  });
}

/** Takes away what this order made, unless others have come to use it since. */
async function removeOwn(ctx: Context, thing: Thing, name: unknown): Promise<void> {
  const whose = whoseOf(thing, argsOf(ctx));
  const found = await named(ctx.client, thing, name, whose);
  if (!found) return;
  const mark = thing.mark?.of(found) ?? null;
  if (mark !== null && mark !== ctx.key) return;
  await refuseWhileUsed(ctx.client, thing, found, 'TURNUP_UNDO_FAILED');
  await removeNamed(ctx.client, thing, name, whose);
}

/** Makes an object. Result: `{ <resultName> }` where the platform names it, else `{}`. */
export function addStep(thing: Thing): Kind {
  const madeName = (ctx: Context, result: StepResult): unknown =>
    thing.resultName === undefined ? nameOf(thing, wantedOf(ctx, thing)) : result[thing.resultName];

  return {
    nature: 'create',
    opensSecrets: (thing.secrets ?? []).length > 0,
    resultShape: byHand(thing.resultName === undefined ? {} : { [thing.resultName]: id }),

    async find(ctx): Promise<Finding> {
      const wanted = wantedOf(ctx, thing);
      const [found, ...more] = await matching(ctx.client, thing, wanted, whoseOf(thing, argsOf(ctx)));
      if (!found) {
        // Before there is an intent: then it is certain that nothing was done.
        if (!ctx.intent) thing.checkNew?.(ctx.client, wanted);
        return { state: 'absent' };
      }
      if (more.length > 0) {
        throw new TurnupError('TURNUP_OBJECT_AMBIGUOUS', {
          detail: `the platform has ${more.length + 1} of ${described(thing, wanted)}`,
        });
      }
      const mark = thing.mark?.of(found) ?? null;
      const isMarked = mark === ctx.key;
      const others = differing(without(wanted, thing.secrets ?? []), found);
      if (others.length > 0 && !isMarked) throw taken(thing, wanted, others);
      const ours = isMarked || (ctx.intent !== null && mark === null);
      return { state: 'present', ours, result: resultOf(thing, nameOf(thing, found)) };
    },

    async do(ctx) {
      const item = { ...thing.defaults?.(ctx.client), ...wantedOf(ctx, thing) };
      const marked = thing.mark?.put(item, ctx.key) ?? item;
      return resultOf(thing, await add(ctx, thing, marked, whoseOf(thing, argsOf(ctx))));
    },

    async undo(ctx) {
      if (ctx.done.outcome !== 'created') return;
      await removeOwn(ctx, thing, madeName(ctx, ctx.done.result));
    },

    async discard(ctx, made, recorded) {
      const name = madeName(ctx, made);
      if (recorded === null || !satisfies(name, madeName(ctx, recorded))) await removeOwn(ctx, thing, name);
    },

    async tidy(ctx, recorded) {
      let removed = 0;
      for (const found of await leftOf(ctx, thing, recorded)) {
        if (await isUsed(ctx.client, thing, found)) continue;
        await removeNamed(ctx.client, thing, nameOf(thing, found), whoseOf(thing, argsOf(ctx)));
        removed++;
      }
      return removed;
    },
  };
}

/**
 * What nobody but an attempt of this order can have made, beside what the record names: a marked one by its mark; of what
 * the platform lets be there twice, one exactly like that of this order, which was the only one when it was made. After an
 * undo what bears no mark cannot be told from what others have made since.
 */
async function leftOf(ctx: Context, thing: Thing, recorded: StepResult | null): Promise<Item[]> {
  const { mark, resultName } = thing;
  if (mark ? recorded !== null : recorded === null || resultName === undefined) return [];
  const wanted = wantedOf(ctx, thing);
  const all = await matching(ctx.client, thing, wanted, whoseOf(thing, argsOf(ctx)));
  if (mark) return all.filter((one) => mark.of(one) === ctx.key);
  const kept = all.find((one) => isSame(nameOf(thing, one), recorded?.[resultName ?? '']));
  return kept ? all.filter((one) => one !== kept && isSame(without(one, thing.made), without(kept, thing.made))) : [];
}

function untold(thing: Thing, item: Item, members: readonly string[]): TurnupError {
  return new TurnupError('TURNUP_UNDO_FAILED', {
    class: 'conflict',
    detail: `${described(thing, item)} had another ${members.join(', ')}, which the platform does not tell`,
    hint: 'Set it by hand on the platform, then skip the step.',
  });
}

/** Without what the platform makes itself, and without secrets that stay as they are where leaving them out keeps them. */
const wholeOf = (thing: Thing, found: Item, changes: Item): Item =>
  without(changed(found, changes), [
    ...thing.made.filter((member) => member !== thing.name),
    ...(thing.secrets ?? []).filter((member) => thing.keepsLeftOut && !(member in changes)),
  ]);

/**
 * Changes an object; what the order leaves out stays as it is. The platform takes it whole, so it is read, changed and
 * sent back (ngnpro.md, "updateAccount is a full write"). Result: `{}`.
 */
export function updateStep(thing: Thing & { readonly update: string }): Kind {
  const nameIn = (ctx: Context): unknown => nameOf(thing, wantedOf(ctx, thing));
  const changesOf = (ctx: Context): Item => without(wantedOf(ctx, thing), [thing.name]);
  const write = (ctx: Context, found: Item, changes: Item): Promise<unknown> =>
    ctx.client.call(thing.port, thing.update, {
      ...whoseOf(thing, argsOf(ctx)),
      [thing.element]: sentTo(ctx, thing, wholeOf(thing, found, changes)),
    });

  const kind: Kind = {
    nature: 'change',
    opensSecrets: (thing.secrets ?? []).length > 0,
    resultShape: byHand({}),

    async find(ctx): Promise<Finding> {
      const found = await existing(ctx, thing, nameIn(ctx), whoseOf(thing, argsOf(ctx)));
      const wanted = changesOf(ctx);
      const changes = differing(wanted, found).filter((member) => !thing.isKept?.(member, wanted, found));
      if (changes.length === 0) return { state: 'present', ours: ctx.intent !== null, result: {} };
      return { state: 'different', before: imageOf(found, changes) as Json };
    },

    async do(ctx) {
      const found = await existing(ctx, thing, nameIn(ctx), whoseOf(thing, argsOf(ctx)));
      await write(ctx, found, changesOf(ctx));
      return {};
    },

    async undo(ctx) {
      if (ctx.intent?.state !== 'different') return;
      const before = ctx.intent.before as Item;
      const found = await named(ctx.client, thing, nameIn(ctx), whoseOf(thing, argsOf(ctx)));
      if (!found || isSame(before, imageOf(found, Object.keys(before)))) return;
      const lost = (thing.secrets ?? []).filter((member) => before[member] === null);
      await write(ctx, found, without(before, lost));
      if (lost.length > 0) throw untold(thing, found, lost);
    },
  };
  return oneAtATime(kind, (ctx) => {
    const name = `${thing.noun} ${inWords(nameIn(ctx))}`;
    return thing.turn?.(nameIn(ctx)) ?? { name, at: name };
  });
}

/** Removes an object; undo makes it again, with a new id where the platform makes it. Result: `{}`. */
export function removeStep(thing: Thing): Kind {
  const find = (ctx: Context): Promise<Item | null> =>
    named(ctx.client, thing, namedIn(thing, argsOf(ctx)), whoseOf(thing, argsOf(ctx)));

  return {
    nature: 'change',
    opensSecrets: false,
    resultShape: byHand({}),

    async find(ctx): Promise<Finding> {
      const found = await find(ctx);
      if (!found) return { state: 'present', ours: ctx.intent !== null, result: {} };
      await refuseWhileUsed(ctx.client, thing, found, 'TURNUP_TARGET_REJECTED');
      return { state: 'different', before: found as Json };
    },

    async do(ctx) {
      await removeNamed(ctx.client, thing, namedIn(thing, argsOf(ctx)), whoseOf(thing, argsOf(ctx)));
      return {};
    },

    async undo(ctx) {
      if (ctx.intent?.state !== 'different') return;
      const whose = whoseOf(thing, argsOf(ctx));
      const before = freshOf(thing, ctx.intent.before as Item);
      const [found] = await matching(ctx.client, thing, before, whose);
      if (!found) {
        await add(ctx, thing, before, whose);
        return;
      }
      const others = differing(before, found);
      if (others.length > 0) throw taken(thing, before, others);
    },
  };
}

/** What was there, as it is made again: without what the platform makes itself, its id among it. */
function freshOf(thing: Thing, before: Item): Item {
  const { made, name, resultName } = thing;
  const own = [...made.filter((member) => member !== name), ...(resultName === undefined ? [] : [name])];
  const fresh = without(before, own);
  return thing.fresh?.(fresh) ?? fresh;
}
