import type { Finding, StepResult } from '../../port.ts';
import { isFault } from '../fault.ts';
import type { Context, Kind } from '../shared/kinds.ts';

/** Things of one kind that an order wants a subscriber to have, each with a name that is unique on the platform. */
export interface Entries {
  readonly uses: readonly string[];
  readonly resultShape: NonNullable<Kind['resultShape']>;
  /** Members of the order that say which are wanted. */
  readonly differs: readonly string[];
  /** Names of those wanted; refuses before there is an intent what cannot be had. */
  wanted(ctx: Context): Promise<readonly string[]>;
  /**
   * Whether one is there and the subscriber's.
   * @throws TurnupError of class `conflict` where it is somebody else's
   */
  has(ctx: Context, name: string): Promise<boolean>;
  add(ctx: Context, name: string): Promise<unknown>;
  /** Removes one that is the subscriber's. */
  remove(ctx: Context, name: string): Promise<unknown>;
  /** Whether one is there that nobody but this order can have made: for what comes after its undo. */
  isLeft(ctx: Context, name: string): Promise<boolean>;
}

/** A step that puts entries beside those that are there. Result: `{ entries: [<name>] }`. */
export function entriesStep({ uses, resultShape, differs, wanted, has, add, remove, isLeft }: Entries): Kind {
  async function thereOf(ctx: Context, names: readonly string[]): Promise<string[]> {
    const there: string[] = [];
    // After an attempt of ours the rest may be ours all the same; that one is somebody else's is told when it is added.
    const isThere = ctx.intent ? hasOrIsOthers : has;
    for (const name of names) if (await isThere(ctx, name)) there.push(name);
    return there;
  }

  const wasThere = ({ intent }: Context, name: string): boolean =>
    intent?.state === 'different' && (intent.before as readonly string[]).includes(name);

  async function removeOwn(ctx: Context, names: readonly string[]): Promise<void> {
    for (const name of names) {
      if (!wasThere(ctx, name) && (await hasOrIsOthers(ctx, name))) await remove(ctx, name);
    }
  }

  /** Of an attempt that broke off there is no result: some of all may have been made. */
  const madeIn = async (ctx: Context, { entries }: StepResult): Promise<readonly string[]> =>
    Array.isArray(entries) ? (entries as readonly string[]) : wanted(ctx);

  /** What has become somebody else's is none of ours any more. */
  async function hasOrIsOthers(ctx: Context, name: string): Promise<boolean> {
    try {
      return await has(ctx, name);
    } catch (error) {
      if ((error as { class?: unknown }).class === 'conflict') return false;
      throw error;
    }
  }

  return {
    nature: 'create',
    opensSecrets: false,
    uses,
    resultShape,

    async find(ctx): Promise<Finding> {
      const names = await wanted(ctx);
      const there = await thereOf(ctx, names);
      if (there.length === names.length) {
        return { state: 'present', ours: ctx.intent !== null, result: { entries: [...names] } };
      }
      return there.length === 0 ? { state: 'absent' } : { state: 'different', before: there, differs };
    },

    async do(ctx, finding) {
      const names = await wanted(ctx);
      // The first attempt has just seen what is there.
      const there = finding.state === 'different' ? (finding.before as readonly string[]) : [];
      for (const name of names) {
        if (there.includes(name)) continue;
        try {
          await add(ctx, name);
        } catch (error) {
          // By which code it says that one is there is not public (ngnpro.md, "Retry"): the look decides.
          if (!isFault(error) || !(await has(ctx, name))) throw error;
        }
      }
      return { entries: [...names] };
    },

    async undo(ctx) {
      const { outcome, result } = ctx.done;
      if (outcome === 'created' || outcome === 'changed') await removeOwn(ctx, await madeIn(ctx, result));
    },

    async discard(ctx, made, recorded) {
      if (recorded === null) await removeOwn(ctx, await madeIn(ctx, made));
    },

    async tidy(ctx, recorded) {
      // Names are unique on the platform: what the record names cannot be there twice.
      if (recorded !== null) return 0;
      let removed = 0;
      for (const name of await wanted(ctx)) {
        if (!(await isLeft(ctx, name))) continue;
        await remove(ctx, name);
        removed++;
      }
      return removed;
    },
  };
}
