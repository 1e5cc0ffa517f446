import { TurnupError } from '../../../errors/index.ts';
import { byHand } from '../../operations/spec.ts';
import type { Finding, Json, NumberMove } from '../../port.ts';
import { isFault } from '../fault.ts';
import { digitsOf, userPartOf } from '../numbers.ts';
import { findAccount, noAccount, updateAccount } from '../shared/accounts.ts';
import { idOf } from '../shared/customers.ts';
import { findNumber, isPublishedAs, leadsTo, movedMappings, updateNumber } from '../shared/enum-numbers.ts';
import { accountName, customerIdOf, missing, sipIdFor, turnFor, type Context, type Kind } from '../shared/kinds.ts';
import { findAlias, sipIdIn, targetOf } from '../shared/lists.ts';
import { sameName, textOrNull } from '../shared/read.ts';
import * as remove from '../shared/removals.ts';
import { inTurns } from '../../turns.ts';
import type { Item, SipId } from '../types.ts';
import { checkOwner, locateCustomer } from './locate.ts';

/** The number as it was with its giver. */
interface Before {
  readonly alias: Item;
  /** Null: not published. */
  readonly published: Item | null;
  /** Of the giver, where it was this number. */
  readonly rpid: string | null;
}

interface Ends {
  readonly digits: string;
  readonly from: SipId;
  readonly to: SipId;
  /** The alias with the giver, and with the receiver. */
  readonly old: SipId;
  readonly next: SipId;
}

/**
 * A number that becomes an alias of another subscriber. Where both are in one domain the alias changes its target, which
 * no call can fall between; in another domain it is another alias, made before the old one goes.
 */
const step: Kind = {
  nature: 'change',
  opensSecrets: false,
  uses: ['moves'],
  resultShape: byHand({}),

  async find(ctx): Promise<Finding> {
    const ends = endsOf(ctx);
    await checkEnds(ctx, ends);
    const before = beforeOf(ctx) ?? (await look(ctx, ends));
    if (before === null) return { state: 'present', ours: false, result: {} };
    if (ctx.intent && (await isDone(ctx, ends, before))) {
      return { state: 'present', ours: true, result: {} };
    }
    return { state: 'different', before: before as unknown as Json };
  },

  async do(ctx, finding) {
    const ends = endsOf(ctx);
    const before = beforeOf(ctx) ?? (finding.state === 'different' ? (finding.before as unknown as Before) : null);
    if (!before) throw missing('what was there before it');
    const owner = customerIdOf(ctx);
    await bringAlias(ctx, { from: ends.old, to: ends.next }, ends.to, owner);
    if (before.published)
      await bringPublished(ctx, ends.digits, movedMappings(before.published, ends.from, ends.to, owner));
    if (before.rpid !== null) await setRpid(ctx, ends.from, before.rpid, null);
    return {};
  },

  async undo(ctx) {
    const before = beforeOf(ctx);
    if (!before) return;
    const ends = endsOf(ctx);
    const { owner } = before.alias;
    const held = (await findAlias(ctx.client, ends.next)) ?? (await findAlias(ctx.client, ends.old));
    // Somebody moved it on since.
    if (held && !isOf(held, ends.to) && !isOf(held, ends.from)) return;
    await bringAlias(ctx, { from: ends.next, to: ends.old }, ends.from, typeof owner === 'number' ? owner : 0);
    if (before.published) await bringPublished(ctx, ends.digits, before.published);
    if (before.rpid !== null) await setRpid(ctx, ends.from, null, before.rpid);
  },
};

/** The giver's caller id may change with it. */
export const numberMoveStep = inTurns(step, (ctx) => {
  const { from, to } = endsOf(ctx);
  return [turnFor(from), turnFor(to)];
});

const beforeOf = ({ intent }: Context): Before | null =>
  intent?.state === 'different' ? (intent.before as unknown as Before) : null;

function moveOf({ move }: Context): NumberMove {
  if (!move) throw missing('its move');
  return move;
}

function endsOf(ctx: Context): Ends {
  const { number, from, to } = moveOf(ctx);
  const digits = digitsOf(number);
  const username = userPartOf(digits, ctx.client.defaults);
  const [giver, receiver] = [sipIdFor(from), sipIdFor(to)];
  return {
    digits,
    from: giver,
    to: receiver,
    old: { username, domain: giver.domain },
    next: { username, domain: receiver.domain },
  };
}

/** @throws TurnupError `TURNUP_OBJECT_MISSING`, `TURNUP_SUBSCRIBER_TAKEN` */
async function checkEnds(ctx: Context, { from, to }: Ends): Promise<void> {
  const giver = idOf(await locateCustomer(ctx, moveOf(ctx).from.customer));
  for (const [sipId, customer] of [
    [from, giver],
    [to, customerIdOf(ctx)],
  ] as const) {
    const found = await findAccount(ctx.client, sipId);
    if (!found) throw noAccount(sipId);
    checkOwner(sipId, found, customer);
  }
}

const isOf = (alias: Item, { username, domain }: SipId): boolean => {
  const target = targetOf(alias);
  return sameName(target.username, username) && sameName(target.domain, domain);
};

/**
 * The number with its giver; null where the receiver has it already.
 * @throws TurnupError `TURNUP_NUMBER_TAKEN`, `TURNUP_OBJECT_MISSING`
 */
async function look({ client }: Context, { digits, from, to, old, next }: Ends): Promise<Before | null> {
  const alias = await findAlias(client, old);
  const there = await findAlias(client, next);
  if (there && isOf(there, to)) return null;
  const other = [there, alias].find((one) => one && !isOf(one, from));
  if (other) {
    throw new TurnupError('TURNUP_NUMBER_TAKEN', {
      detail: `the alias ${accountName(sipIdIn(other))} belongs to ${accountName(targetOf(other))}`,
    });
  }
  if (!alias) {
    throw new TurnupError('TURNUP_OBJECT_MISSING', {
      detail: `${accountName(from)} does not have the number +${digits}`,
    });
  }
  const published = await findNumber(client, digits);
  const account = await findAccount(client, from);
  const rpid = textOrNull(account?.['rpid']);
  return {
    alias,
    published: published && leadsTo(published, from) ? published : null,
    rpid: rpid !== null && rpid.replace(/^\+/, '') === digits ? rpid : null,
  };
}

async function isDone({ client }: Context, ends: Ends, before: Before): Promise<boolean> {
  const alias = await findAlias(client, ends.next);
  if (!alias || !isOf(alias, ends.to)) return false;
  const isElsewhere = ends.old.domain !== ends.next.domain && (await findAlias(client, ends.old));
  if (isElsewhere) return false;
  if (before.published) {
    const published = await findNumber(client, ends.digits);
    if (published && !leadsTo(published, ends.to)) return false;
  }
  if (before.rpid === null) return true;
  return textOrNull((await findAccount(client, ends.from))?.['rpid']) !== before.rpid;
}

/** Repeatable: whatever of it is done already is left alone. */
async function bringAlias(ctx: Context, ids: { from: SipId; to: SipId }, target: SipId, owner: number): Promise<void> {
  const { client } = ctx;
  const found = await findAlias(client, ids.to);
  if (found && isOf(found, target) && found['owner'] === owner) {
    // Nothing is left to be done here.
  } else if (found) {
    await client.call('SipPort', 'updateAlias', { alias: { id: ids.to, target, owner } });
  } else {
    try {
      await client.call('SipPort', 'addAlias', { alias: { id: ids.to, target, owner } });
    } catch (error) {
      const there = isFault(error) ? await findAlias(client, ids.to) : null;
      if (!there || !isOf(there, target)) throw error;
    }
  }
  const isOther = ids.from.domain !== ids.to.domain;
  if (isOther && (await findAlias(client, ids.from))) await remove.alias(client, ids.from);
}

async function bringPublished({ client }: Context, digits: string, wanted: Item): Promise<void> {
  const found = await findNumber(client, digits);
  // What somebody has taken out of ENUM since stays out.
  if (found && !isPublishedAs(found, wanted)) await updateNumber(client, wanted);
}

async function setRpid({ client }: Context, sipId: SipId, from: string | null, to: string | null): Promise<void> {
  const found = await findAccount(client, sipId);
  if (found && textOrNull(found['rpid']) === from) await updateAccount(client, sipId, found, { rpid: to });
}
