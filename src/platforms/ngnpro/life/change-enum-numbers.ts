import { TurnupError } from '../../../errors/index.ts';
import { byHand } from '../../operations/spec.ts';
import type { Finding, Json } from '../../port.ts';
import { isFault } from '../fault.ts';
import { mappingsIn } from '../native.ts';
import { digitsOf, numbersOf } from '../numbers.ts';
import { publishable } from '../references.ts';
import {
  addNumber,
  findNumber,
  isMarked,
  leadsTo,
  mappingTo,
  numberIn,
  restoreNumber,
} from '../shared/enum-numbers.ts';
import { customerIdOf, neededStep, sipIdOf, subscriberOf, type Context, type Kind } from '../shared/kinds.ts';
import { idOrNull, textOrNull } from '../shared/read.ts';
import * as remove from '../shared/removals.ts';
import type { Item } from '../types.ts';

interface Before {
  readonly added: readonly string[];
  readonly removed: readonly Item[];
}

/** ENUM has the numbers that the order gives, and no longer those that the step of the aliases removed. */
export const changeEnumNumbersStep: Kind = {
  nature: 'change',
  opensSecrets: false,
  uses: ['subscribers.*.number', 'subscribers.*.aliases'],
  resultShape: byHand({}),

  async find(ctx): Promise<Finding> {
    const before = await missingOf(ctx);
    if (before.added.length + before.removed.length > 0) {
      return { state: 'different', before: before as unknown as Json, differs: differsOf(ctx, before) };
    }
    return { state: 'present', ours: ctx.intent !== null, result: {} };
  },

  async do(ctx) {
    const { added, removed } = await missingOf(ctx);
    for (const number of added) await add(ctx, number);
    for (const one of removed) await remove.enumNumber(ctx.client, numberIn(one));
    return {};
  },

  async undo(ctx) {
    if (ctx.intent?.state !== 'different') return;
    const { added, removed } = ctx.intent.before as unknown as Before;
    for (const number of added) {
      const found = await findNumber(ctx.client, number);
      if (found && isOwn(ctx, found)) await remove.enumNumber(ctx.client, number);
    }
    for (const number of removed) {
      if (!(await findNumber(ctx.client, numberIn(number)))) await restoreNumber(ctx.client, number);
    }
  },

  async tidy(ctx, recorded) {
    if (recorded !== null) return 0;
    let removed = 0;
    for (const number of numbersOf(subscriberOf(ctx))) {
      if (!(await isMarked(ctx, number))) continue;
      await remove.enumNumber(ctx.client, number);
      removed++;
    }
    return removed;
  },
};

function removedOf(ctx: Context): readonly string[] {
  const value = neededStep(ctx, 'aliases')?.result['removed'];
  return Array.isArray(value) ? (value as readonly string[]) : [];
}

/** Members of the order that are about the numbers in question. */
function differsOf(ctx: Context, { added }: Before): string[] {
  const { number } = subscriberOf(ctx);
  const main = number && digitsOf(number);
  const isMain = main !== undefined && added.includes(main);
  const isOther = added.some((one) => one !== main);
  return [...(isMain ? ['number'] : []), ...(isOther ? ['aliases'] : [])];
}

const isOwn = (ctx: Context, found: Item): boolean =>
  idOrNull(found['owner']) === customerIdOf(ctx) && leadsTo(found, sipIdOf(ctx));

/** @throws TurnupError `TURNUP_NUMBER_TAKEN`, `TURNUP_REFERENCE_UNKNOWN` */
async function missingOf(ctx: Context): Promise<Before> {
  const added: string[] = [];
  for (const number of await publishable(ctx.client, numbersOf(subscriberOf(ctx)), ctx.intent !== null)) {
    const found = await findNumber(ctx.client, number);
    if (!found) added.push(number);
    else if (textOrNull(found['info']) !== ctx.key && !isOwn(ctx, found)) {
      throw new TurnupError('TURNUP_NUMBER_TAKEN', {
        detail: `+${number} is published for another, owner ${idOrNull(found['owner']) ?? 'nobody'}`,
      });
    }
  }
  const removed: Item[] = [];
  for (const number of removedOf(ctx)) {
    const found = await findNumber(ctx.client, number);
    if (found && leadsTo(found, sipIdOf(ctx))) removed.push(found);
  }
  return { added, removed };
}

async function add(ctx: Context, number: string): Promise<void> {
  const given = mappingsIn(subscriberOf(ctx).native);
  const mappings = given.length > 0 ? given : [mappingTo(sipIdOf(ctx))];
  try {
    await addNumber(ctx.client, number, { owner: customerIdOf(ctx), info: ctx.key, mappings });
  } catch (error) {
    const found = isFault(error) ? await findNumber(ctx.client, number) : null;
    if (!found || !isOwn(ctx, found)) throw error;
  }
}
