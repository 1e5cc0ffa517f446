import type { Fault } from '../../errors/index.ts';
import { buildOrder } from './build.ts';
import { toDraft } from './draft.ts';
import { createFaults } from './faults.ts';
import { checkHygiene } from './hygiene.ts';
import type { Order } from './order.ts';
import { readNumbers } from './order-numbers.ts';
import { checkRules } from './rules.ts';
import { checkShape } from './shape-check.ts';

export interface ParseContext {
  readonly now: Date;
  /** Prefixes such as `+431` of a target; undefined when there is no such target, which is for the caller to refuse. */
  areaCodes(target: string): readonly string[] | undefined;
  readonly maxSubscribers: number;
}

export type ParsedOrder =
  | { readonly ok: true; readonly order: Order }
  | {
      readonly ok: false;
      readonly faults: readonly Fault[];
      /**
       * What could be read, with placeholders for what could not: for a platform to look for faults of its own, so that
       * all come in one answer (join them with `mergeFaults`). Null when the input is beyond that.
       */
      readonly draft: Order | null;
    };

/**
 * Checks an order as posted and brings it into its normal form. Every fault is found at once: shape, text, and rules
 * across members, each as far as what it looks at is not faulty itself. Messages never quote a value that could be a
 * secret. What depends on the platform is checked elsewhere.
 */
export function parseOrder(input: unknown, context: ParseContext): ParsedOrder {
  const faults = createFaults();
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    faults.add([], 'must be an object');
    return { ok: false, faults: faults.list, draft: null };
  }
  if (!checkHygiene(input, faults)) return { ok: false, faults: faults.list, draft: null };
  checkShape(input, faults);
  if (faults.full) return { ok: false, faults: faults.list, draft: null };

  const draft = toDraft(input, faults);
  const areaCodes = (draft.target === undefined ? undefined : context.areaCodes(draft.target)) ?? [];
  const numbers = readNumbers(draft, areaCodes, faults);
  checkRules({
    draft,
    faults,
    action: faults.covers(['action']) ? undefined : (draft.action ?? 'provision'),
    now: context.now,
    maxSubscribers: context.maxSubscribers,
  });
  const order = buildOrder(draft, numbers);
  return faults.list.length === 0 ? { ok: true, order } : { ok: false, faults: faults.list, draft: order };
}
