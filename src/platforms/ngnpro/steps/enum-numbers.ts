import { z } from 'zod';
import { TurnupError } from '../../../errors/index.ts';
import { byHand } from '../../operations/spec.ts';
import { mappingsIn } from '../native.ts';
import { numbersOf } from '../numbers.ts';
import { publishable } from '../references.ts';
import { addNumber, findNumber, isMarked, leadsTo, mappingTo } from '../shared/enum-numbers.ts';
import { customerIdOf, sipIdOf, subscriberOf } from '../shared/kinds.ts';
import { idOrNull, textOrNull } from '../shared/read.ts';
import * as remove from '../shared/removals.ts';
import { entriesStep } from './entries-step.ts';

/**
 * The subscriber's numbers in ENUM, by which calls from elsewhere find it; each must be in a range of the platform. One
 * of ours bears the order's key as its `info`.
 */
export const enumNumbersStep = entriesStep({
  uses: ['subscribers.*.number', 'subscribers.*.aliases', 'subscribers.*.native.enumMappings'],
  differs: ['number', 'aliases'],
  resultShape: byHand({ entries: z.array(z.string()).optional() }),

  wanted: (ctx) => publishable(ctx.client, numbersOf(subscriberOf(ctx)), ctx.intent !== null),

  async has(ctx, number) {
    const found = await findNumber(ctx.client, number);
    if (!found) return false;
    const isOwn =
      textOrNull(found['info']) === ctx.key ||
      (idOrNull(found['owner']) === customerIdOf(ctx) && leadsTo(found, sipIdOf(ctx)));
    if (isOwn) return true;
    throw new TurnupError('TURNUP_NUMBER_TAKEN', {
      detail: `+${number} is published for another, owner ${idOrNull(found['owner']) ?? 'nobody'}`,
    });
  },

  add(ctx, number) {
    const given = mappingsIn(subscriberOf(ctx).native);
    const mappings = given.length > 0 ? given : [mappingTo(sipIdOf(ctx))];
    return addNumber(ctx.client, number, { owner: customerIdOf(ctx), info: ctx.key, mappings });
  },

  remove: (ctx, number) => remove.enumNumber(ctx.client, number),

  isLeft: (ctx, number) => isMarked(ctx, number),
});
