import type { Finding, Json, StepResult } from '../../port.ts';
import { numberOrNull } from '../read.ts';
import type { Item } from '../types.ts';
import { removeAndLook } from '../shared/removal.ts';
import type { Context, Kind } from './common.ts';

/** Things of one kind that an order wants a subscriber to have. */
export interface Entries {
  readonly nature: Kind['nature'];
  readonly uses: readonly string[];
  readonly resultShape?: NonNullable<Kind['resultShape']>;
  /** What each entry is known by again: a number, a prefix, a contact. */
  wanted(ctx: Context): readonly string[];
  /** All the subscriber has; none when it is gone. */
  list(ctx: Context): Promise<readonly Item[]>;
  nameOf(found: Item): string;
  /** Gives the id, where the platform tells it. */
  insert(ctx: Context, name: string): Promise<number | null>;
  remove(ctx: Context, found: Item): Promise<unknown>;
  /** Makes removals known to the proxies. `ids` of what was removed, now or by an earlier attempt. */
  reload(ctx: Context, ids: readonly number[]): Promise<void>;
}

/** Ids by name; null where the platform gives none. */
type Ids = { readonly [name: string]: number | null };

const idsOf = (result: StepResult | null): Ids => (result?.['entries'] ?? {}) as Ids;

const idsAmong = (ids: readonly (number | null)[]): number[] => [...new Set(ids.filter((id) => id !== null))];

/**
 * A step that puts entries beside those that are there. Nothing on the platform keeps an entry from being there twice, so
 * after a doubt extras of what this order made are taken away (DESIGN §5.6). Result: `{ entries: { <name>: id } }`.
 */
export function entriesStep(entries: Entries): Kind {
  async function look(ctx: Context) {
    const found = await entries.list(ctx);
    const of = (name: string): Item[] =>
      found
        .filter((item) => entries.nameOf(item) === name)
        .toSorted((a, b) => (numberOrNull(a['id']) ?? 0) - (numberOrNull(b['id']) ?? 0));
    return { of };
  }

  const resultOf = (ctx: Context, of: (name: string) => Item[]): StepResult => ({
    entries: Object.fromEntries(entries.wanted(ctx).map((name) => [name, numberOrNull(of(name)[0]?.['id'])])),
  });

  const wasThere = (ctx: Context, name: string): boolean =>
    ctx.intent?.state === 'different' && (ctx.intent.before as readonly string[]).includes(name);

  const extrasOf = (ctx: Context, of: (name: string) => Item[], name: string): Item[] =>
    ctx.intent && !wasThere(ctx, name) ? of(name).slice(1) : [];

  async function remove(ctx: Context, name: string, found: Item): Promise<void> {
    const id = numberOrNull(found['id']);
    await removeAndLook(
      () => entries.remove(ctx, found),
      async () => (await look(ctx)).of(name).some((item) => numberOrNull(item['id']) === id),
    );
  }

  async function removeAll(ctx: Context, names: readonly string[], may: (id: number | null, name: string) => boolean) {
    const { of } = await look(ctx);
    const removed: (number | null)[] = [];
    for (const name of names) {
      for (const found of of(name)) {
        const id = numberOrNull(found['id']);
        if (!may(id, name)) continue;
        await remove(ctx, name, found);
        removed.push(id);
      }
    }
    return removed;
  }

  return {
    nature: entries.nature,
    opensSecrets: false,
    uses: entries.uses,
    ...(entries.resultShape && { resultShape: entries.resultShape }),

    async find(ctx): Promise<Finding> {
      const wanted = entries.wanted(ctx);
      const { of } = await look(ctx);
      const there = wanted.filter((name) => of(name).length > 0);
      const isClean = wanted.every((name) => extrasOf(ctx, of, name).length === 0);
      if (there.length === wanted.length && isClean) {
        return { state: 'present', ours: ctx.intent !== null, result: resultOf(ctx, of) };
      }
      return there.length === 0 ? { state: 'absent' } : { state: 'different', before: there as Json };
    },

    async do(ctx, finding) {
      // The first attempt has just seen that nothing is there.
      const { of } = finding.state === 'absent' && !ctx.intent ? { of: () => [] } : await look(ctx);
      const ids: { [name: string]: number | null } = {};
      for (const name of entries.wanted(ctx)) {
        const [first] = of(name);
        ids[name] = first ? numberOrNull(first['id']) : await entries.insert(ctx, name);
        for (const extra of extrasOf(ctx, of, name)) await remove(ctx, name, extra);
      }
      return { entries: ids };
    },

    async undo(ctx) {
      const { outcome, result } = ctx.done;
      if (outcome !== 'created' && outcome !== 'changed') return;
      const names = entries.wanted(ctx).filter((name) => !wasThere(ctx, name));
      const removed = await removeAll(ctx, names, () => true);
      const known = names.map((name) => idsOf(result)[name] ?? null);
      await entries.reload(ctx, idsAmong([...removed, ...known]));
    },

    async discard(ctx, made, recorded) {
      const [mine, theirs] = [idsOf(made), idsOf(recorded)];
      const names = Object.keys(mine).filter((name) => !wasThere(ctx, name));
      const removed = await removeAll(ctx, names, (id, name) =>
        Object.hasOwn(theirs, name) ? id !== null && id === mine[name] && id !== theirs[name] : true,
      );
      if (removed.length > 0) await entries.reload(ctx, idsAmong(removed));
    },
  };
}
