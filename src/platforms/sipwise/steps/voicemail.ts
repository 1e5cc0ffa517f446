import type { Finding, Json, StepContext, StepKind, Voicemail } from '../../port.ts';
import type { PatchOperation, SipwiseClient } from '../client.ts';
import { textOrNull } from '../lookup.ts';
import { clears } from '../shared/cleared.ts';
import { isGone } from '../refusal.ts';
import { byHand, objectId } from './by-hand.ts';
import { madeSubscriber, readOfSubscriber, subscriberId, subscriberOf } from './needed.ts';

type Context = StepContext<SipwiseClient>;

const pathOf = (id: number | string): string => `/api/voicemailsettings/${id}`;

/** The members that the order names. */
function voicemailMembers({ pin, email }: Voicemail): { readonly [member: string]: string } {
  return { ...(pin === undefined ? {} : { pin }), ...(email === undefined ? {} : { email }) };
}

/** PIN and mail address of the mailbox, which always exists with its subscriber (sipwise-ngcp.md §8.11). Result: `{ subscriberId }`. */
export const voicemailStep: StepKind<SipwiseClient> = {
  nature: 'change',
  opensSecrets: true,
  uses: ['subscribers.*.voicemail'],
  resultShape: byHand({ subscriberId: objectId.optional() }),

  async find(ctx): Promise<Finding> {
    const id = subscriberId(ctx);
    const found = await readOfSubscriber(ctx, pathOf(id));
    if (!found) return { state: 'absent' };
    const before: { [member: string]: Json } = {};
    for (const [member, value] of Object.entries(wantedOf(ctx))) {
      if (textOrNull(found[member]) !== textOrNull(value)) before[member] = (found[member] ?? '') as Json;
    }
    if (Object.keys(before).length === 0)
      return { state: 'present', ours: ctx.intent !== null, result: { subscriberId: id } };
    if (madeSubscriber(ctx)) return { state: 'absent' };
    return { state: 'different', before, differs: Object.keys(before).map((member) => `voicemail.${member}`) };
  },

  async do(ctx, finding) {
    const id = subscriberId(ctx);
    const wanted = wantedOf(ctx);
    const members = finding.state === 'absent' ? Object.keys(wanted) : Object.keys(finding.before as object);
    // A PUT would blank what it does not name.
    await ctx.client.patch(
      pathOf(id),
      members.map((member) => replace(member, wanted[member])),
    );
    return { subscriberId: id };
  },

  async undo(ctx) {
    if (madeSubscriber(ctx) || ctx.intent?.state !== 'different') return;
    const operations = Object.entries(ctx.intent.before as object).map(([member, value]) => replace(member, value));
    try {
      await ctx.client.patch(pathOf(subscriberId(ctx)), operations);
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  },
};

/** An address that is cleared is the empty text here. */
function wantedOf(ctx: Context): { readonly [member: string]: string } {
  const { id, voicemail = {} } = subscriberOf(ctx);
  return voicemailMembers(
    clears(ctx.order, `subscribers.${id}.voicemail.email`) ? { ...voicemail, email: '' } : voicemail,
  );
}

const replace = (member: string, value: unknown): PatchOperation => ({ op: 'replace', path: `/${member}`, value });
