import type { Finding } from '../../port.ts';
import { reload, reloadOfSubscriber } from '../shared/reload.ts';
import { sameValue } from '../read.ts';
import { replaceSubscriber } from '../shared/subscriber-record.ts';
import { oneAtATime } from '../shared/turn.ts';
import type { Item } from '../types.ts';
import { otherThan } from './bring-to.ts';
import {
  byHand,
  isCleared,
  madeSubscriber,
  retrieve,
  subscriberOf,
  userOf,
  WS,
  type Context,
  type Kind,
} from './common.ts';

/** The mailbox and its PIN; a modify order may switch it off. */
const step: Kind = {
  nature: 'change',
  opensSecrets: true,
  uses: ['subscribers.*.voicemail.pin'],
  resultShape: byHand({}),

  async find(ctx): Promise<Finding> {
    const found = await retrieve(ctx);
    if (!found) return { state: 'absent' };
    if (isAsWanted(ctx, found)) return { state: 'present', ours: ctx.intent !== null, result: {} };
    if (madeSubscriber(ctx)) return { state: 'absent' };
    const before = otherThan({ voicemail: null, voiceMailPassword: null }, found);
    return { state: 'different', before, differs: ['voicemail'] };
  },

  async do(ctx) {
    if (isCleared(ctx, 'voicemail')) await ctx.client.write(WS, 'blockVoicemail', userOf(ctx));
    else await ctx.client.write(WS, 'activateVoicemail', { ...userOf(ctx), voicemailPassword: pinOf(ctx) });
    return {};
  },

  async undo(ctx) {
    if (madeSubscriber(ctx) || ctx.intent?.state !== 'different') return;
    const before = { voicemail: false, voiceMailPassword: null, ...(ctx.intent.before as object) };
    const found = await retrieve(ctx);
    if (!found) return;
    // blockVoicemail would leave the new PIN behind.
    if (Object.keys(otherThan(before, found)).length > 0)
      await replaceSubscriber(ctx.client, userOf(ctx), { ...found, ...before });
    await reload(ctx, reloadOfSubscriber(userOf(ctx)));
  },
};

export const voicemailStep = oneAtATime(step, userOf);

function isAsWanted(ctx: Context, found: Item): boolean {
  if (isCleared(ctx, 'voicemail')) return found['voicemail'] !== true;
  return found['voicemail'] === true && sameValue(found['voiceMailPassword'], pinOf(ctx));
}

const pinOf = (ctx: Context): number => Number(subscriberOf(ctx).voicemail?.pin);
