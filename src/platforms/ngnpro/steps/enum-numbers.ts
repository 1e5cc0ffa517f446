import { z } from 'zod';
import { TurnupError } from '../../../errors/index.ts';
import { byHand } from '../../operations/spec.ts';
import { mappingsIn } from '../native.ts';
import { numbersOf } from '../numbers.ts';
import { enumRanges, forgetRanges, isCovered } from '../references.ts';
import { deleteNumber, enumIdOf, findNumber, leadsTo, mappingTo } from '../shared/enum-numbers.ts';
import { customerIdOf, sipIdOf, subscriberOf, type Context } from '../shared/kinds.ts';
import { idOrNull, textOrNull } from '../shared/read.ts';
import { entriesStep } from './entries-step.ts';

/**
 * The subscriber's numbers in ENUM, by which calls from elsewhere find it; each must be in a range of the platform. One
 * of ours bears the order's key as its `info`.
 */
export const enumNumbersStep = entriesStep({
  uses: ['subscribers.*.number', 'subscribers.*.aliases', 'subscribers.*.native.enumMappings'],
  resultShape: byHand({ entries: z.array(z.string()).optional() }),

  wanted: publishedOf,

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
    return ctx.client.call('EnumPort', 'addNumber', {
      number: {
        id: enumIdOf(ctx.client, number),
        owner: customerIdOf(ctx),
        info: ctx.key,
        mappings: given.length > 0 ? given : [mappingTo(sipIdOf(ctx))],
      },
    });
  },

  remove: (ctx, number) => deleteNumber(ctx.client, number),
});

/**
 * Numbers without plus; none where the target does not use ENUM.
 * @throws TurnupError `TURNUP_REFERENCE_UNKNOWN` for a number that no range has a place for
 */
async function publishedOf(ctx: Context): Promise<readonly string[]> {
  const { client, intent } = ctx;
  const { enum: publish, enumTld } = client.defaults;
  if (publish === 'never') return [];
  const numbers = numbersOf(subscriberOf(ctx));
  const ranges = await enumRanges(client);
  if (ranges.length === 0 && publish === 'auto') return [];
  const uncovered = numbers.filter((number) => !isCovered(ranges, number));
  if (uncovered.length === 0 || intent) return numbers;
  forgetRanges(client);
  throw new TurnupError('TURNUP_REFERENCE_UNKNOWN', {
    detail: `no ENUM range of ${enumTld} has a place for ${uncovered.map((number) => `+${number}`).join(', ')}`,
    hint: 'Add the range on the platform, or set "enum: never" for the target, then retry.',
  });
}
