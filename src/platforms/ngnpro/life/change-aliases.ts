import { z } from 'zod';
import { TurnupError } from '../../../errors/index.ts';
import { byHand } from '../../operations/spec.ts';
import type { Finding, Json, StepResult } from '../../port.ts';
import { oneAtATime } from '../../turns.ts';
import { isFault } from '../fault.ts';
import { userPartOf } from '../numbers.ts';
import { findAccount, updateAccount } from '../shared/accounts.ts';
import { accountName, customerIdOf, sipIdOf, subscriberOf, turnOf, type Context, type Kind } from '../shared/kinds.ts';
import { findAlias, sipIdIn, targetOf } from '../shared/lists.ts';
import { sameName, textOrNull } from '../shared/read.ts';
import * as remove from '../shared/removals.ts';
import type { Item, SipId } from '../types.ts';
import { locateAccount } from './locate.ts';
import { readNumbers, wantedNumbers, type Numbers } from './numbers.ts';

/**
 * The numbers of a subscriber, as aliases and caller id; a list that the order gives replaces. Result:
 * `{ removed }`, digits, by which the ENUM numbers follow.
 */
const step: Kind = {
  nature: 'change',
  opensSecrets: false,
  uses: ['subscribers.*.number', 'subscribers.*.aliases'],
  resultShape: byHand({ removed: z.array(z.string()).optional() }),

  async find(ctx): Promise<Finding> {
    const now = await readNumbers(ctx, await locateAccount(ctx));
    const before = beforeOf(ctx) ?? now;
    const wanted = wantedNumbers(ctx, before);
    const additions = wanted.aliases.filter((digits) => !now.aliases[digits]);
    for (const digits of additions) await checkFree(ctx, digits);
    const removals = Object.keys(now.aliases).filter((digits) => !wanted.aliases.includes(digits));
    if (additions.length === 0 && removals.length === 0 && now.rpid === wanted.rpid) {
      return { state: 'present', ours: ctx.intent !== null, result: resultOf(ctx, before) };
    }
    return { state: 'different', before: before as unknown as Json, differs: namedOf(ctx) };
  },

  async do(ctx, finding) {
    const account = await locateAccount(ctx);
    const now = await readNumbers(ctx, account);
    const before = beforeOf(ctx) ?? (finding.state === 'different' ? (finding.before as unknown as Numbers) : now);
    const wanted = wantedNumbers(ctx, before);
    for (const digits of wanted.aliases) if (!now.aliases[digits]) await add(ctx, aliasId(ctx, digits));
    await setRpid(ctx, wanted.rpid);
    for (const [digits, alias] of Object.entries(now.aliases)) {
      if (!wanted.aliases.includes(digits)) await remove.alias(ctx.client, sipIdIn(alias));
    }
    return resultOf(ctx, before);
  },

  async undo(ctx) {
    const before = beforeOf(ctx);
    const account = await findAccount(ctx.client, sipIdOf(ctx));
    if (!before || !account) return;
    const now = await readNumbers(ctx, account);
    const wanted = wantedNumbers(ctx, before);
    for (const [digits, { owner, ...alias }] of Object.entries(before.aliases)) {
      if (!now.aliases[digits]) await add(ctx, sipIdIn(alias), typeof owner === 'number' ? owner : 0);
    }
    await setRpid(ctx, before.rpid);
    for (const [digits, alias] of Object.entries(now.aliases)) {
      if (!before.aliases[digits] && wanted.aliases.includes(digits)) await remove.alias(ctx.client, sipIdIn(alias));
    }
  },
};

export const changeAliasesStep = oneAtATime(step, turnOf);

/** As it was before the order's first attempt: what is there by now may be its own work. */
const beforeOf = ({ intent }: Context): Numbers | null =>
  intent?.state === 'different' ? (intent.before as unknown as Numbers) : null;

/** Which of the members that say what the numbers are the order names. */
function namedOf(ctx: Context): string[] {
  const { id, number, aliases } = subscriberOf(ctx);
  const isCleared = (member: string): boolean => ctx.order.cleared?.includes(`subscribers.${id}.${member}`) ?? false;
  return [
    ...(number !== undefined || isCleared('number') ? ['number'] : []),
    ...(aliases.length > 0 || isCleared('aliases') ? ['aliases'] : []),
  ];
}

const aliasId = (ctx: Context, digits: string): SipId => ({
  username: userPartOf(digits, ctx.client.defaults),
  domain: sipIdOf(ctx).domain,
});

function resultOf(ctx: Context, before: Numbers): StepResult {
  const { aliases } = wantedNumbers(ctx, before);
  return { removed: Object.keys(before.aliases).filter((digits) => !aliases.includes(digits)) };
}

/** @throws TurnupError `TURNUP_NUMBER_TAKEN` */
async function checkFree(ctx: Context, digits: string): Promise<void> {
  const found = await findAlias(ctx.client, aliasId(ctx, digits));
  if (!found || isOwn(ctx, found)) return;
  throw new TurnupError('TURNUP_NUMBER_TAKEN', {
    detail: `the alias ${accountName(sipIdIn(found))} belongs to ${accountName(targetOf(found))}`,
  });
}

function isOwn(ctx: Context, alias: Item): boolean {
  const target = targetOf(alias);
  const own = sipIdOf(ctx);
  return sameName(target.username, own.username) && sameName(target.domain, own.domain);
}

async function add(ctx: Context, id: SipId, owner = customerIdOf(ctx)): Promise<void> {
  try {
    await ctx.client.call('SipPort', 'addAlias', { alias: { id, target: sipIdOf(ctx), owner } });
  } catch (error) {
    const found = isFault(error) ? await findAlias(ctx.client, id) : null;
    if (!found || !isOwn(ctx, found)) throw error;
  }
}

async function setRpid({ client, subscriber }: Context, rpid: string | null): Promise<void> {
  const sipId = sipIdOf({ subscriber });
  const found = await findAccount(client, sipId);
  if (found && textOrNull(found['rpid']) !== rpid) await updateAccount(client, sipId, found, { rpid });
}
