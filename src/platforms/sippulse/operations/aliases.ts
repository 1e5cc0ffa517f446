import { z } from 'zod';
import { TurnupError } from '../../../errors/index.ts';
import type { Finding, Json } from '../../port.ts';
import { isFault } from '../fault.ts';
import { itemOf, sameValue } from '../read.ts';
import { SOUND_CALLS } from '../shared/sound.ts';
import { dbAliases } from './objects.ts';
import { reload, reloadOfSubscriber } from '../shared/reload.ts';
import { id, userAndDomain } from './scalars.ts';
import {
  argsOf,
  byHand,
  noWayBack,
  objectArg,
  type Context,
  type Item,
  type Kind,
  type OperationSpec,
} from './spec.ts';
import { subscriberOf, SUBSCRIBERS } from '../shared/subscriber-record.ts';

/*
 * No operation lists database aliases (sippulse.md, "SubscriberWS"): what was made is known by the id in the answer
 * alone, and after a lost reply only a person can tell.
 */

const HINT = 'Look on the platform. If it was done, skip the step and tell its result; else order it anew.';

const unknowable = (detail: string): TurnupError =>
  new TurnupError('TURNUP_OUTCOME_UNKNOWN', { class: 'conflict', detail, hint: HINT });

const given = (ctx: Context): Item => objectArg(ctx, 'dbAliases');

/** Result: `{ aliasId }`. */
const insert: Kind = {
  nature: 'create',
  opensSecrets: false,
  resultShape: byHand({ aliasId: id }),
  async find(ctx): Promise<Finding> {
    if (!ctx.intent) return { state: 'absent' };
    const { aliasUsername, aliasDomain } = given(ctx);
    throw unknowable(`whether alias ${String(aliasUsername)}@${String(aliasDomain)} was made cannot be seen`);
  },
  async do(ctx) {
    const { id: subscriberId } = await subscriberOf(ctx.client, given(ctx));
    const reply = await ctx.client.write(SUBSCRIBERS, 'insertDBAliases', { dbAliases: given(ctx) });
    const told = itemOf(reply, 'return')?.['id'] ?? null;
    // The page has a subscriber in the answer, whose id may be its own: another alias may have it.
    return { aliasId: sameValue(told, subscriberId) ? null : (told as Json) };
  },
  async undo(ctx) {
    if (ctx.done.outcome !== 'created') return;
    const alias = ctx.done.result['aliasId'];
    if (typeof alias !== 'number')
      throw unknowable('the platform told no id of the alias, by which it could be removed');
    await removeKnown(ctx, alias);
    await reload(ctx, reloadOfSubscriber(given(ctx)));
  },
};

/** Nothing shows whether it is there, so that a fault may mean that it is gone or that it cannot be removed. */
async function removeKnown(ctx: Context, alias: unknown): Promise<void> {
  try {
    await ctx.client.write(SUBSCRIBERS, 'deleteDBAliases', { dbAliases: alias });
  } catch (error) {
    if (!isFault(error) || !ctx.intent) throw error;
    throw unknowable(`whether alias ${String(alias)} is gone, or cannot be removed, cannot be seen`);
  }
}

/** Result: `{}`. */
const removal: Kind = {
  nature: 'change',
  opensSecrets: false,
  resultShape: byHand({}),
  find: async () => ({ state: 'different', before: null }),
  async do(ctx) {
    await removeKnown(ctx, argsOf(ctx)['dbAliases']);
    return {};
  },
  undo: noWayBack('removing an alias'),
};

export const ALIASES: readonly OperationSpec[] = [
  {
    service: SUBSCRIBERS,
    operation: 'insertDBAliases',
    title: 'Give a subscriber another name',
    args: z.strictObject({ dbAliases }),
    class: 'compensatable',
    step: insert,
    calls: ['SubscriberWS.retrieveSubscriber', 'SubscriberWS.deleteDBAliases', ...SOUND_CALLS],
    reload: (args) => reloadOfSubscriber(args['dbAliases'] as Item),
  },
  {
    service: SUBSCRIBERS,
    operation: 'deleteDBAliases',
    title: 'Take a name of a subscriber away',
    /** The id, and whose alias it is. */
    args: z.strictObject({ dbAliases: id, ...userAndDomain }),
    class: 'pivot',
    step: removal,
    calls: [],
    reload: reloadOfSubscriber,
  },
];
