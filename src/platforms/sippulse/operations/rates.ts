import { z } from 'zod';
import { TurnupError } from '../../../errors/index.ts';
import type { Finding, Json } from '../../port.ts';
import { itemsOf, sameValue } from '../read.ts';
import { removeAndLook } from '../shared/removal.ts';
import { RATE } from './collections.ts';
import { differing, list, pick } from './look.ts';
import { rate } from './objects.ts';
import { domain, int } from './scalars.ts';
import { argsOf, beforeOf, byHand, noWayBack, type Context, type Item, type Kind, type OperationSpec } from './spec.ts';

/** Each is looked up by itself. */
const MOST_RATES = 200;

const wantedOf = (ctx: Context): Item[] => argsOf(ctx)['rate'] as Item[];

/** The rate of the same table and prefix, as the platform has it. */
async function lookUp({ client }: Context, wanted: Item): Promise<Item | undefined> {
  const args = pick(wanted, ['domain', 'rateId', 'prefix']);
  const found = itemsOf(await client.read(RATE.service, RATE.listing.operation, args), RATE.listing.element);
  return found.find((candidate) => differing(args, candidate).length === 0);
}

/** Which of the rates, by their place in the order, are not there. */
async function missingOf(ctx: Context): Promise<number[]> {
  const missing: number[] = [];
  for (const [place, wanted] of wantedOf(ctx).entries()) {
    const found = await lookUp(ctx, wanted);
    if (!found) missing.push(place);
    else if (differing(wanted, found).length > 0) {
      throw new TurnupError('TURNUP_OBJECT_TAKEN', {
        detail: `prefix ${String(wanted['prefix'])} of rate table ${String(wanted['rateId'])} is there and has another ${differing(wanted, found).join(', ')}`,
      });
    }
  }
  return missing;
}

/** The platform may take some and refuse others, so what is missing is told one by one. Result: `{ rates }`, how many. */
const insert: Kind = {
  nature: 'change',
  opensSecrets: false,
  resultShape: byHand({}),
  async find(ctx): Promise<Finding> {
    const missing = await missingOf(ctx);
    if (missing.length > 0) return { state: 'different', before: { missing } };
    return { state: 'present', ours: ctx.intent !== null, result: { rates: wantedOf(ctx).length } };
  },
  async do(ctx, finding) {
    const { missing } = beforeOf(finding) as { missing: number[] };
    const wanted = wantedOf(ctx);
    await ctx.client.write(RATE.service, RATE.insert, { rate: missing.map((place) => wanted[place]) });
    return { rates: wanted.length };
  },
  async undo(ctx) {
    if (ctx.intent?.state !== 'different') return;
    const { missing } = ctx.intent.before as { missing: number[] };
    for (const place of missing) {
      const wanted = wantedOf(ctx)[place];
      const found = wanted && (await lookUp(ctx, wanted));
      if (!found) continue;
      await removeAndLook(
        () => ctx.client.write(RATE.service, RATE.remove, { id: found['id'] }),
        async () => sameValue((await lookUp(ctx, wanted))?.['id'], found['id']),
      );
    }
  },
};

/** A table may have any number of rates, too many to keep for a way back. Result: `{ removed }`, how many. */
const removeAll: Kind = {
  nature: 'change',
  opensSecrets: false,
  resultShape: byHand({}),
  async find(ctx): Promise<Finding> {
    const found = await list(ctx.client, RATE.listing, argsOf(ctx));
    if (found.length > 0) return { state: 'different', before: null };
    return { state: 'present', ours: ctx.intent !== null, result: { removed: 0 } };
  },
  async do(ctx) {
    const { domain: of, rateId } = argsOf(ctx);
    const reply = await ctx.client.write(RATE.service, 'removeAllRatesByRateId', { domain: of, rateId });
    return { removed: (reply?.['return'] ?? null) as Json };
  },
  undo: noWayBack('removing all rates of a table'),
};

const rates = z
  .array(rate)
  .min(1, 'must not be empty')
  .max(MOST_RATES, `must have at most ${MOST_RATES} rates`)
  .check((ctx) => {
    const places = new Map<string, number>();
    for (const [place, { domain: of, rateId, prefix }] of ctx.value.entries()) {
      const key = JSON.stringify([of, rateId, prefix]);
      const other = places.get(key);
      if (other === undefined) places.set(key, place);
      else
        ctx.issues.push({
          code: 'custom',
          path: [place, 'prefix'],
          message: `is also that of rate.${other}`,
          input: prefix,
        });
    }
  });

const LOOK = 'RateWS.listRatesByParams';

export const RATES: readonly OperationSpec[] = [
  {
    service: RATE.service,
    operation: 'insertRates',
    title: 'Make rates',
    args: z.strictObject({ rate: rates }),
    class: 'compensatable',
    step: insert,
    calls: [LOOK, 'RateWS.removeRate'],
  },
  {
    service: RATE.service,
    operation: 'removeAllRatesByRateId',
    title: 'Remove all rates of a rate table',
    args: z.strictObject({ domain, rateId: int() }),
    class: 'pivot',
    step: removeAll,
    calls: [LOOK],
  },
];
