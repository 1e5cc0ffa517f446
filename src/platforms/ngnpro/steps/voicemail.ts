import { TurnupError } from '../../../errors/index.ts';
import { byHand } from '../../operations/spec.ts';
import type { Finding, Json } from '../../port.ts';
import { oneAtATime } from '../../turns.ts';
import { DIVERSIONS, MAILBOX, VOICEMAIL_TYPES, type Diversions } from '../forwards.ts';
import { subscriberNativeOf } from '../native.ts';
import { changed, satisfies } from '../operations/values.ts';
import { noAccount } from '../shared/accounts.ts';
import { otherDiversions, readDiversions, setDiversions } from '../shared/diversions.ts';
import { accountName, sipIdOf, subscriberOf, turnOf, type Context, type Kind } from '../shared/kinds.ts';
import { hasNoOtherAccount } from '../shared/leftovers.ts';
import { otherThan } from '../shared/members.ts';
import { findMailbox } from '../shared/mailboxes.ts';
import * as remove from '../shared/removals.ts';
import type { Item } from '../types.ts';

interface Before {
  /** The mailbox as it was; null: none. Left out: it was as wanted. */
  readonly mailbox?: { readonly [member: string]: Json } | null;
  readonly diversions: Diversions;
}

/**
 * The mailbox, and the diversions to it of calls that are not answered. Diversions that the order names, or that lead
 * elsewhere, are left alone.
 */
const step: Kind = {
  nature: 'change',
  opensSecrets: true,
  uses: ['customer.contact', 'subscribers.*.voicemail', 'subscribers.*.native.voicemail'],
  resultShape: byHand({}),

  async find(ctx): Promise<Finding> {
    const there = await look(ctx);
    const { mailbox, diversions } = there;
    const wanted = wantedMailbox(ctx);
    const isAsWanted = mailbox !== null && satisfies(shown(wanted, mailbox), mailbox);
    const others = otherDiversions(wantedDiversions(ctx, there), diversions);
    if (isAsWanted && Object.keys(others).length === 0) {
      return { state: 'present', ours: ctx.intent !== null, result: {} };
    }
    const before: Before = {
      ...(!isAsWanted && { mailbox: mailbox as Before['mailbox'] & object }),
      diversions: others,
    };
    return { state: 'different', before: before as unknown as Json, differs: differsOf(wanted, mailbox) };
  },

  async do(ctx) {
    const sipId = sipIdOf(ctx);
    const there = await look(ctx);
    const { mailbox, diversions } = there;
    const wanted = wantedMailbox(ctx);
    if (!mailbox)
      await ctx.client.call('VoicemailPort', 'addAccount', { account: { ...newMailbox(ctx), ...wanted, sipId } });
    else if (!satisfies(wanted, mailbox)) await update(ctx, mailbox, wanted);
    const forwards = wantedDiversions(ctx, there);
    if (Object.keys(otherDiversions(forwards, diversions)).length > 0) {
      await setDiversions(ctx.client, sipId, diversions, forwards);
    }
    return {};
  },

  undo: bringBack,

  async discard(ctx, _made, recorded) {
    if (recorded === null) await bringBack(ctx);
  },

  async tidy(ctx, recorded) {
    if (recorded !== null || !(await hasNoOtherAccount(ctx))) return 0;
    const sipId = sipIdOf(ctx);
    if (!(await findMailbox(ctx.client, sipId))) return 0;
    await remove.mailbox(ctx.client, sipId);
    return 1;
  },
};

export const voicemailStep = oneAtATime(step, turnOf);

async function bringBack(ctx: Context): Promise<void> {
  if (ctx.intent?.state !== 'different') return;
  const before = ctx.intent.before as unknown as Before;
  const sipId = sipIdOf(ctx);
  const found = await readDiversions(ctx.client, sipId);
  if (found && Object.keys(otherDiversions(before.diversions, found)).length > 0) {
    await setDiversions(ctx.client, sipId, found, before.diversions);
  }
  if (before.mailbox === undefined) return;
  const mailbox = await findMailbox(ctx.client, sipId);
  if (!mailbox) return;
  if (before.mailbox === null) await remove.mailbox(ctx.client, sipId);
  else await restore(ctx, mailbox, before.mailbox);
}

/** By the order's names. */
function differsOf(wanted: ReturnType<typeof wantedMailbox>, mailbox: Item | null): string[] {
  if (!mailbox) return ['voicemail'];
  const names = { password: 'voicemail.pin', email: 'voicemail.email' } as const;
  const others = Object.keys(otherThan(wanted, mailbox)).map((member) =>
    Object.hasOwn(names, member) ? names[member as keyof typeof names] : 'native.voicemail',
  );
  return others.length === 0 ? ['voicemail'] : [...new Set(others)];
}

interface Look {
  readonly mailbox: Item | null;
  readonly diversions: Required<Diversions>;
}

async function look(ctx: Context): Promise<Look> {
  const sipId = sipIdOf(ctx);
  const diversions = await readDiversions(ctx.client, sipId);
  if (!diversions) throw noAccount(sipId);
  return { mailbox: await findMailbox(ctx.client, sipId), diversions };
}

/** What the order names, null for what it clears; the rest of a mailbox that is there stays. */
function wantedMailbox(ctx: Context): { readonly [member: string]: Json } {
  const { voicemail = {}, native, id } = subscriberOf(ctx);
  const { name, info, delete: deletes } = subscriberNativeOf(native).voicemail ?? {};
  const { pin, email } = voicemail;
  const isEmailCleared = ctx.order.cleared?.includes(`subscribers.${id}.voicemail.email`) ?? false;
  return {
    ...(pin !== undefined && { password: pin }),
    ...(isEmailCleared && { email: null }),
    ...(email !== undefined && { email: email.toLowerCase() }),
    ...(name !== undefined && { name }),
    ...(info !== undefined && { info }),
    ...(deletes !== undefined && { options: { delete: deletes } }),
  };
}

function newMailbox({ order }: Context): Item {
  const { firstName, lastName, company, email } = order.customer.contact ?? {};
  const name = [firstName, lastName].filter((part) => part !== undefined).join(' ') || company;
  return { name: name ?? null, email: email?.toLowerCase() ?? null, options: { delete: false } };
}

/** A server that shows no PIN cannot tell whether it is the wanted one: it is sent once, and not again after a doubt. */
function shown(wanted: ReturnType<typeof wantedMailbox>, mailbox: Item): object {
  const { password: _password, ...rest } = wanted;
  return mailbox['password'] === undefined ? rest : wanted;
}

function wantedDiversions(ctx: Context, { mailbox, diversions }: Look): Diversions {
  const { order, intent } = ctx;
  const before = intent?.state === 'different' ? (intent.before as unknown as Before).mailbox : mailbox;
  // Who only changes a mailbox says nothing of diversions.
  if (order.action === 'modify' && before !== null) return {};
  const named = subscriberOf(ctx).callForwards ?? {};
  const free = VOICEMAIL_TYPES.filter((type) => named[type] === undefined).map((type) => DIVERSIONS[type]);
  return Object.fromEntries(free.filter((member) => diversions[member] === null).map((member) => [member, MAILBOX]));
}

async function update({ client }: Context, mailbox: Item, changes: object): Promise<void> {
  await client.call('VoicemailPort', 'updateAccount', { account: { ...changed(mailbox, changes as Item) } });
}

async function restore(ctx: Context, mailbox: Item, before: Item): Promise<void> {
  const isPinHidden = wantedMailbox(ctx)['password'] !== undefined && before['password'] === undefined;
  if (isPinHidden) {
    throw new TurnupError('TURNUP_UNDO_FAILED', {
      class: 'rejected',
      detail: `the platform does not tell what the PIN of ${accountName(sipIdOf(ctx))} was before this order`,
      hint: 'Set the PIN on the platform as it should be, then skip this step.',
    });
  }
  const cleared = Object.keys(mailbox).filter((member) => before[member] === undefined);
  const changes = { ...before, ...Object.fromEntries(cleared.map((member) => [member, null])) };
  if (!satisfies(changes, mailbox)) await update(ctx, mailbox, changes);
}
