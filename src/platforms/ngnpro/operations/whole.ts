import type { Finding, Json } from '../../port.ts';
import { oneAtATime, type TurnAt } from '../../turns.ts';
import { isFault } from '../fault.ts';
import { turnFor } from '../shared/kinds.ts';
import type { PortName } from '../soap/ports.ts';
import type { NgnproClient, SipId } from '../types.ts';
import { sipId } from './scalars.ts';
import { argsOf, byHand, type Context, type Item, type Kind, type OperationSpec } from './spec.ts';
import { isSame, lowered } from './values.ts';
import { z } from 'zod';

/** Something of an account that the platform takes and tells as a whole: a set repeated is the same set. */
export interface Whole {
  readonly port: PortName;
  readonly get: string;
  readonly set: string;
  readonly title: string;
  /** Part of `set` that holds it. */
  readonly part: string;
  readonly shape: z.ZodType;
  /** What is told, in one form. */
  read(reply: unknown): Json;
  /** An order's value, in that form. */
  wanted(value: unknown): Json;
  /** That form as the platform takes it. */
  sent?(value: Json): Json;
}

export const sipIdIn = (args: Item): SipId => lowered(args['sipId']) as SipId;

export const turnAt = (ctx: Context): TurnAt => turnFor(sipIdIn(argsOf(ctx)));

async function told(client: NgnproClient, whole: Whole, of: SipId): Promise<Json> {
  return whole.read(await client.call(whole.port, whole.get, { sipId: of }));
}

/** Result: `{}`. Before-image: the whole of what was there. */
function wholeStep(whole: Whole): Kind {
  const wanted = (ctx: Context): Json => whole.wanted(argsOf(ctx)[whole.part]);
  const write = (ctx: Context, value: Json): Promise<unknown> =>
    ctx.client.call(whole.port, whole.set, {
      sipId: sipIdIn(argsOf(ctx)),
      [whole.part]: whole.sent?.(value) ?? value,
    });

  return oneAtATime(
    {
      nature: 'change',
      opensSecrets: false,
      resultShape: byHand({}),
      async find(ctx): Promise<Finding> {
        const found = await told(ctx.client, whole, sipIdIn(argsOf(ctx)));
        if (isSame(found, wanted(ctx))) return { state: 'present', ours: ctx.intent !== null, result: {} };
        return { state: 'different', before: { value: found } };
      },
      async do(ctx) {
        await write(ctx, wanted(ctx));
        return {};
      },
      async undo(ctx) {
        if (ctx.intent?.state !== 'different') return;
        const { value } = ctx.intent.before as { value: Json };
        try {
          if (isSame(await told(ctx.client, whole, sipIdIn(argsOf(ctx))), value)) return;
        } catch (error) {
          // What is gone with its account need not be brought back.
          if (isFault(error, 'accountUnknown')) return;
          throw error;
        }
        await write(ctx, value);
      },
    },
    turnAt,
  );
}

export const wholeSpec = (whole: Whole): OperationSpec => ({
  service: whole.port,
  operation: whole.set,
  title: whole.title,
  args: z.strictObject({ sipId, [whole.part]: whole.shape }),
  class: 'compensatable',
  step: wholeStep(whole),
  calls: [`${whole.port}.${whole.get}`],
});
