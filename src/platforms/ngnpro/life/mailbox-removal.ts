import { byHand, noWayBack } from '../../operations/spec.ts';
import type { Finding } from '../../port.ts';
import { oneAtATime } from '../../turns.ts';
import { MAILBOX, type Diversion, type Diversions } from '../forwards.ts';
import { readDiversions, setDiversions } from '../shared/diversions.ts';
import { sipIdOf, turnOf, type Context, type Kind } from '../shared/kinds.ts';
import { findMailbox } from '../shared/mailboxes.ts';
import * as remove from '../shared/removals.ts';
import { locateAccount } from './locate.ts';

/** Takes the mailbox away, with its messages, and the diversions to it. */
const step: Kind = {
  nature: 'change',
  opensSecrets: false,
  uses: ['subscribers.*.voicemail'],
  resultShape: byHand({}),

  async find(ctx): Promise<Finding> {
    await locateAccount(ctx);
    const { mailbox, leading } = await look(ctx);
    if (!mailbox && leading.length === 0) return { state: 'present', ours: ctx.intent !== null, result: {} };
    return { state: 'different', before: null };
  },

  async do(ctx) {
    await locateAccount(ctx);
    const sipId = sipIdOf(ctx);
    const { mailbox, diversions, leading } = await look(ctx);
    if (leading.length > 0) {
      await setDiversions(ctx.client, sipId, diversions, Object.fromEntries(leading.map((one) => [one, null])));
    }
    if (mailbox) await remove.mailbox(ctx.client, sipId);
    return {};
  },

  undo: noWayBack('removing a mailbox'),
};

export const mailboxRemovalStep = oneAtATime(step, turnOf);

async function look(ctx: Context) {
  const sipId = sipIdOf(ctx);
  const diversions = ((await readDiversions(ctx.client, sipId)) ?? {}) as Required<Diversions>;
  const leading = (Object.keys(diversions) as Diversion[]).filter((member) => diversions[member] === MAILBOX);
  return { mailbox: await findMailbox(ctx.client, sipId), diversions, leading };
}
