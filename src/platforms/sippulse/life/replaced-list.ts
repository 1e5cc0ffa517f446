import { z } from 'zod';
import type { Finding, Json, StepResult } from '../../port.ts';
import type { Listed } from '../operations/listed.ts';
import { beforeOf } from '../operations/spec.ts';
import { numberOrNull } from '../read.ts';
import { removeAndLook } from '../shared/removal.ts';
import { asFound } from '../soap/clean.ts';
import { byHand, objectId, type Context, type Kind } from '../steps/common.ts';
import type { Entries } from '../steps/entries-step.ts';
import { idsIn } from '../steps/reloads.ts';
import type { Item } from '../types.ts';

/** A list of a subscriber that a modify order replaces: what is not wanted goes, what is wanted comes. */
export interface ReplacedList extends Entries {
  readonly listed: Listed;
  /** Member of the order, for people. */
  readonly member: string;
}

/** As it was: undo takes away what is not among `names`, and brings back what was `removed`. */
export interface ListBefore {
  readonly names: readonly string[];
  readonly removed: readonly Item[];
}

export interface ListChange {
  readonly before: ListBefore;
  readonly isDone: boolean;
  /** `entries`: ids of what the order put there, by name. `removed`: ids of what it took away. */
  readonly result: StepResult;
}

export const listResult = byHand({
  entries: z.record(z.string(), objectId).optional(),
  removed: z.array(objectId).optional(),
});

const idOf = (item: Item): number | null => numberOrNull(item['id']);
const ids = (items: readonly Item[]): number[] => items.map(idOf).filter((id) => id !== null);

/** An entry without what the platform makes of it, so that it can be made again and told from others. */
const madeAgain = ({ made }: Listed, record: Item): Item =>
  Object.fromEntries(
    Object.entries(record)
      .filter(([member]) => !made.includes(member))
      .toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );

const isSame = (listed: Listed, one: Item, other: Item): boolean =>
  JSON.stringify(madeAgain(listed, one)) === JSON.stringify(madeAgain(listed, other));

export interface ListReplacer {
  /**
   * @param wantedOf from the names that were there before
   * @param base as it was before an earlier attempt; null: as it is now
   */
  look(
    ctx: Context,
    wantedOf: (names: readonly string[]) => readonly string[],
    base: ListBefore | null,
  ): Promise<ListChange>;
  bring(ctx: Context, wanted: readonly string[], before: ListBefore): Promise<StepResult>;
  /** @returns ids of what was taken away or brought back, for the proxies */
  restore(ctx: Context, wanted: readonly string[], before: ListBefore): Promise<number[]>;
}

export function listReplacer(list: ReplacedList): ListReplacer {
  const { listed, nameOf } = list;
  const named = (found: readonly Item[], name: string): Item[] =>
    found.filter((item) => nameOf(item) === name).toSorted((one, other) => (idOf(one) ?? 0) - (idOf(other) ?? 0));

  /** What is not wanted, and what an attempt of ours made twice. */
  function surplusOf(found: readonly Item[], wanted: readonly string[], names: readonly string[]): Item[] {
    const extras = wanted.filter((name) => !names.includes(name)).flatMap((name) => named(found, name).slice(1));
    return [...found.filter((item) => !wanted.includes(nameOf(item))), ...extras];
  }

  const missingOf = (found: readonly Item[], wanted: readonly string[]): string[] =>
    wanted.filter((name) => named(found, name).length === 0);

  const remove = (ctx: Context, item: Item): Promise<void> =>
    removeAndLook(
      () => list.remove(ctx, item),
      async () => named(await list.list(ctx), nameOf(item)).some((one) => idOf(one) === idOf(item)),
    );

  async function insertAgain(ctx: Context, record: Item): Promise<number | null> {
    const item = asFound(madeAgain(listed, record));
    const args = listed.insertArgs?.(item) ?? { [listed.element ?? '']: item };
    return numberOrNull(listed.idIn(await ctx.client.write(listed.service, listed.insert, args)));
  }

  return {
    async look(ctx, wantedOf, base) {
      const found = await list.list(ctx);
      const names = base?.names ?? [...new Set(found.map(nameOf))];
      const wanted = wantedOf(names);
      const surplus = surplusOf(found, wanted, names);
      const before = base ?? { names, removed: surplus };
      const put = wanted.filter((name) => !names.includes(name));
      return {
        before,
        isDone: surplus.length === 0 && missingOf(found, wanted).length === 0,
        result: {
          entries: Object.fromEntries(put.map((name) => [name, numberOrNull(named(found, name)[0]?.['id'])])),
          removed: ids(before.removed),
        },
      };
    },

    async bring(ctx, wanted, before) {
      const found = await list.list(ctx);
      const entries: { [name: string]: number | null } = {};
      for (const name of wanted) {
        const [there] = named(found, name);
        const id = there ? idOf(there) : await list.insert(ctx, name);
        if (!before.names.includes(name)) entries[name] = id;
      }
      // What comes may be refused; until then nothing is lost.
      for (const item of surplusOf(found, wanted, before.names)) await remove(ctx, item);
      return { entries, removed: ids(before.removed) };
    },

    async restore(ctx, wanted, before) {
      const found = await list.list(ctx);
      const mine = found.filter((item) => wanted.includes(nameOf(item)) && !before.names.includes(nameOf(item)));
      for (const item of mine) await remove(ctx, item);
      const back: (number | null)[] = [];
      // The same entry may be there more than once: each stands for one of those that were.
      const there = [...found];
      for (const record of before.removed) {
        const at = there.findIndex((item) => isSame(listed, item, record));
        back.push(at < 0 ? await insertAgain(ctx, record) : idOf(there.splice(at, 1)[0]!));
      }
      return [...ids(before.removed), ...ids(mine), ...back.filter((id) => id !== null)];
    },
  };
}

/** A step that replaces a list of the subscriber by the one that a modify order gives. */
export function replaceStep(list: ReplacedList): Kind {
  const replacer = listReplacer(list);
  const baseOf = ({ intent }: Context): ListBefore | null =>
    intent?.state === 'different' ? (intent.before as unknown as ListBefore) : null;

  return {
    nature: 'change',
    opensSecrets: false,
    uses: list.uses,
    resultShape: listResult,

    async find(ctx): Promise<Finding> {
      const { before, isDone, result } = await replacer.look(ctx, () => list.wanted(ctx), baseOf(ctx));
      if (isDone) return { state: 'present', ours: ctx.intent !== null, result };
      return { state: 'different', before: before as unknown as Json, differs: [list.member] };
    },

    do: (ctx, finding) => replacer.bring(ctx, list.wanted(ctx), beforeOf(finding) as unknown as ListBefore),

    async undo(ctx) {
      const before = baseOf(ctx);
      if (!before) return;
      const touched = await replacer.restore(ctx, list.wanted(ctx), before);
      await list.reload(ctx, [...new Set([...touched, ...idsIn(ctx.done.result['entries'])])]);
    },
  };
}
