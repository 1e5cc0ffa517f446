import { TurnupError } from '../../../errors/index.ts';
import { byHand, noWayBack } from '../../operations/spec.ts';
import type { Finding, StepResult } from '../../port.ts';
import type { OperationName } from '../profile/operations.ts';
import { isOurs, lookAfterDoubt, objectId } from '../steps/common.ts';
import type { Context, Item, Kind } from '../types.ts';
import { plainText } from '../text.ts';
import { isSame, type Values } from '../wire/values.ts';
import { argsOf, namesFor, wantedFields } from './args.ts';

/* Lines rented from the network's owner (WLR), made known to the portal and looked for by their number. */

export const CREATE_CALLS = ['wlr.find', 'wlr.create', 'wlr.remove'] as const satisfies readonly OperationName[];
export const REMOVE_CALLS = ['wlr.find', 'wlr.remove'] as const satisfies readonly OperationName[];

/** @throws TurnupError `TURNUP_OBJECT_AMBIGUOUS` */
export async function findLine(ctx: Pick<Context, 'client'>, names: Values): Promise<Item | null> {
  const { client } = ctx;
  const field = client.profile.fields.wlr.get('number');
  const found = await client.find('wlr.find', names);
  const exact = field ? found.filter(({ document }) => isSame(field, names['number'] ?? null, document)) : found;
  const [line, ...more] = exact;
  if (more.length === 0) return line ?? null;
  throw new TurnupError('TURNUP_OBJECT_AMBIGUOUS', {
    detail: `wlr.find found ${exact.length} under ${plainText(names['number'])}: ${exact.map(({ id }) => id).join(', ')}`,
  });
}

const resultOf = ({ number }: Values, id: string): StepResult => ({ number: plainText(number), lineId: id });

const taken = (names: Values, why: string): TurnupError =>
  new TurnupError('TURNUP_OBJECT_TAKEN', { detail: `line ${plainText(names['number'])} ${why}` });

/** Result: `{ number, lineId }`. */
export const createLine: Kind = {
  nature: 'create',
  opensSecrets: true,
  resultShape: byHand({ number: objectId.optional(), lineId: objectId.optional() }),

  async find(ctx): Promise<Finding> {
    if (!ctx.client.has('wlr.find')) return { state: 'absent' };
    const names = await namesFor(ctx.client, 'wlr', CREATE_CALLS, argsOf(ctx), ctx.key);
    const [line] = await lookAfterDoubt(ctx, 'wlr', async () => {
      const found = await findLine(ctx, names);
      return found ? [found] : [];
    });
    if (!line) return { state: 'absent' };
    const ours = isOurs(ctx, 'wlr', line);
    const differs = otherFields(ctx, line);
    if (!ours && differs.length > 0) throw taken(names, `is known already, with other ${differs.join(', ')}`);
    return { state: 'present', ours, result: resultOf(names, line.id), differs };
  },

  async do(ctx) {
    const names = await namesFor(ctx.client, 'wlr', CREATE_CALLS, argsOf(ctx), ctx.key);
    const made = await ctx.client.create('wlr.create', names, wantedFields(argsOf(ctx), names, true));
    // A first attempt has just seen that there was none, so somebody else was faster.
    if (made.kind === 'exists' && (ctx.intent === null || !ctx.client.has('wlr.find'))) {
      throw taken(names, 'was made known by somebody else meanwhile');
    }
    if (made.kind === 'made' && made.id !== null) return resultOf(names, made.id);
    const line = ctx.client.has('wlr.find') ? await findLine(ctx, names) : null;
    if (line) return resultOf(names, line.id);
    throw new TurnupError('TURNUP_OUTCOME_UNKNOWN', { detail: 'the line that was made known is not found (yet)' });
  },

  async undo(ctx) {
    if (ctx.done.outcome !== 'created') return;
    const { client } = ctx;
    const names = await namesFor(client, 'wlr', CREATE_CALLS, argsOf(ctx), ctx.key);
    const made = ctx.done.result['lineId'];
    const line = client.has('wlr.find') ? await findLine(ctx, names) : null;
    const id = line?.id ?? (client.has('wlr.find') ? undefined : made);
    // Gone, or another one by now.
    if (id === undefined || (made !== undefined && made !== id)) return;
    if (!client.has('wlr.remove')) {
      throw new TurnupError('TURNUP_UNDO_FAILED', {
        class: 'rejected',
        detail: `line ${plainText(names['number'])} cannot be taken away: the profile "${client.profile.title}" does not map wlr.remove`,
        hint: 'Take it away on the portal, then skip this step.',
      });
    }
    await client.change('wlr.remove', { ...names, lineId: id });
  },
};

/** Members of the operation that the line has otherwise. */
function otherFields(ctx: Context, { document }: Item): string[] {
  const fields = ctx.client.profile.fields.wlr;
  return Object.entries(argsOf(ctx).fields ?? {}).flatMap(([name, value]) => {
    const field = fields.get(name);
    return field && !field.isSecret && !isSame(field, value, document) ? [`fields.${name}`] : [];
  });
}

/** Result: `{ number, lineId? }`. */
export const removeLine: Kind = {
  nature: 'change',
  opensSecrets: false,
  resultShape: byHand({ number: objectId.optional(), lineId: objectId.optional() }),

  async find(ctx): Promise<Finding> {
    const names = await namesFor(ctx.client, 'wlr', REMOVE_CALLS, argsOf(ctx));
    const line = await findLine(ctx, names);
    if (line) return { state: 'different', before: { lineId: line.id } };
    return { state: 'present', ours: ctx.intent !== null, result: { number: plainText(names['number']) } };
  },

  async do(ctx, finding) {
    const names = await namesFor(ctx.client, 'wlr', REMOVE_CALLS, argsOf(ctx));
    const { lineId } = (finding.state === 'different' ? finding.before : {}) as { lineId?: string };
    if (lineId !== undefined) await ctx.client.change('wlr.remove', { ...names, lineId });
    return { number: plainText(names['number']), ...(lineId !== undefined && { lineId }) };
  },

  undo: noWayBack('that a rented line was taken away'),
};
