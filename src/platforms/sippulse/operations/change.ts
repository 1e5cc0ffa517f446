import type { Finding, Json, StepResult } from '../../port.ts';
import { sameValue } from '../read.ts';
import { differing, imageOf, unknownReference } from './look.ts';
import { reload, type Reload } from '../shared/reload.ts';
import type { Context, Item, Kind } from './spec.ts';

/**
 * A change of some members of an object that the platform only takes whole: what is left out would be cleared, so it is
 * always read, changed and sent back (sippulse.md, "updateSubscriber replaces").
 */
export interface Change {
  readonly opensSecrets: boolean;
  readonly resultShape: NonNullable<Kind['resultShape']>;
  /** What a person reads: `hunt group with id 7`. */
  noun(ctx: Context): string;
  /** Members the order wants; null clears one. */
  wanted(ctx: Context): Item;
  /** What is there, at least the members in `wanted`; null when it is not there. */
  read(ctx: Context, wanted: Item): Promise<Item | null>;
  /** @param whole null in it takes a member away */
  write(ctx: Context, whole: Item): Promise<unknown>;
  /** Makes the change by a call of its own, where `write` is only for the way back. */
  apply?(ctx: Context): Promise<unknown>;
  result(ctx: Context): StepResult;
  reload?(ctx: Context): Reload | undefined;
}

/** Result: what `result` gives. Before-image: the members that change, null for those that were not there. */
export function changeStep(change: Change): Kind {
  return {
    nature: 'change',
    opensSecrets: change.opensSecrets,
    resultShape: change.resultShape,

    async find(ctx): Promise<Finding> {
      const wanted = change.wanted(ctx);
      const found = await change.read(ctx, wanted);
      if (!found) throw unknownReference(`the platform has no ${change.noun(ctx)}`);
      const changes = differing(wanted, found);
      if (changes.length === 0) return { state: 'present', ours: ctx.intent !== null, result: change.result(ctx) };
      return { state: 'different', before: imageOf(found, changes) as Json };
    },

    async do(ctx) {
      if (change.apply) await change.apply(ctx);
      else {
        const wanted = change.wanted(ctx);
        const found = await change.read(ctx, wanted);
        if (!found) throw unknownReference(`the ${change.noun(ctx)} is gone`);
        await change.write(ctx, { ...found, ...wanted });
      }
      return change.result(ctx);
    },

    async undo(ctx) {
      if (ctx.intent?.state !== 'different') return;
      const before = ctx.intent.before as Item;
      const found = await change.read(ctx, before);
      if (!found) return;
      if (Object.keys(before).some((member) => !sameValue(before[member], found[member])))
        await change.write(ctx, { ...found, ...before });
      const again = change.reload?.(ctx);
      if (again) await reload(ctx, again);
    },
  };
}
