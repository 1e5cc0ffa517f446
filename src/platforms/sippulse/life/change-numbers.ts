import { TurnupError } from '../../../errors/index.ts';
import type { Finding, Json } from '../../port.ts';
import { didsOf, isUsernameOf, platformNumber } from '../numbers.ts';
import { DID } from '../operations/collections.ts';
import { beforeOf } from '../operations/spec.ts';
import { textOrNull } from '../read.ts';
import { reload, reloadOfSubscriber } from '../shared/reload.ts';
import { subscriberOf as recordOf } from '../shared/subscriber-record.ts';
import { oneAtATime } from '../shared/turn.ts';
import { bringSubscriberTo, otherThan, type Members } from '../steps/bring-to.ts';
import { accountOf, isCleared, retrieve, subscriberOf, userOf, type Context, type Kind } from '../steps/common.ts';
import { numberEntries } from '../steps/numbers.ts';
import { idsIn } from '../steps/reloads.ts';
import type { Item } from '../types.ts';
import { listReplacer, listResult, type ListBefore, type ReplacedList } from './replaced-list.ts';

export const DIDS_OF: ReplacedList = { ...numberEntries, listed: DID, member: 'aliases' };

const dids = listReplacer(DIDS_OF);

interface Before extends ListBefore {
  /** The number that the subscriber showed: the one of its DIDs that is no alias. */
  readonly rpid: string | null;
  readonly members: { readonly [member: string]: Json };
}

/** A number that is given or cleared. */
const touches = (ctx: Context, member: 'number' | 'aliases'): boolean => {
  const { number, aliases } = subscriberOf(ctx);
  return (member === 'number' ? number !== undefined : aliases.length > 0) || isCleared(ctx, member);
};

/**
 * Which DID is the number and which are aliases the platform does not tell: the number is the one that calls of the
 * subscriber show (`rpid`), as provisioning makes it.
 * @throws TurnupError `TURNUP_OBJECT_AMBIGUOUS` where that is none of its DIDs and only one of both is to be replaced
 */
function numberAmong(ctx: Context, { names, rpid }: Pick<Before, 'names' | 'rpid'>): string | null {
  if (rpid === null || (touches(ctx, 'number') && touches(ctx, 'aliases'))) return null;
  if (names.includes(rpid)) return rpid;
  if (names.length === 0 || isUsernameOf(subscriberOf(ctx).username, rpid, ctx.client.defaults)) return null;
  throw new TurnupError('TURNUP_OBJECT_AMBIGUOUS', {
    detail: `which DID of ${accountOf(ctx)} is its number cannot be told: its rpid "${rpid}" is none of ${names.join(', ')}`,
    hint: 'Give number and aliases in one order, so that all numbers are known; then place it again.',
  });
}

/** The DIDs that the subscriber is to have. */
function wantedOf(ctx: Context, base: Pick<Before, 'names' | 'rpid'>): string[] {
  const { username, number, aliases } = subscriberOf(ctx);
  const old = numberAmong(ctx, base);
  const own = touches(ctx, 'number') ? didsOf(username, number ? [number] : [], ctx.client.defaults) : [old];
  const others = touches(ctx, 'aliases')
    ? didsOf(username, aliases, ctx.client.defaults)
    : base.names.filter((name) => name !== old);
  return [...new Set([...own, ...others])].filter((name) => name !== null);
}

/** What follows from the number, as provisioning makes it, where no preference says otherwise. */
function membersOf(ctx: Context): Members {
  const { number, preferences = {} } = subscriberOf(ctx);
  if (!touches(ctx, 'number')) return {};
  const members: Members = number
    ? {
        rpid: platformNumber(number, ctx.client.defaults),
        countryCode: Number(number.cc),
        ...(number.ac !== '' && { areaCode: Number(number.ac) }),
      }
    : { rpid: null };
  return Object.fromEntries(Object.entries(members).filter(([member]) => preferences[member] === undefined));
}

const baseOf = ({ intent }: Context): Before | null =>
  intent?.state === 'different' ? (intent.before as unknown as Before) : null;

/**
 * In a modify order: the number and the aliases, each replaced where the order names it. Result: `{ entries, removed }`,
 * ids of the DIDs that it made, by number, and of those that it took away.
 */
const step: Kind = {
  nature: 'change',
  opensSecrets: false,
  uses: ['subscribers.*.number', 'subscribers.*.aliases', 'subscribers.*.native.did'],
  resultShape: listResult,

  async find(ctx): Promise<Finding> {
    const record = await recordOf(ctx.client, userOf(ctx));
    const base = baseOf(ctx);
    const rpid = base ? base.rpid : textOrNull(record['rpid']);
    const { before, isDone, result } = await dids.look(ctx, (names) => wantedOf(ctx, { names, rpid }), base);
    const members = otherThan(membersOf(ctx), record);
    if (isDone && Object.keys(members).length === 0) return { state: 'present', ours: ctx.intent !== null, result };
    const differs = (['number', 'aliases'] as const).filter((member) => touches(ctx, member));
    return { state: 'different', before: (base ?? { ...before, rpid, members }) as unknown as Json, differs };
  },

  async do(ctx, finding) {
    const before = beforeOf(finding) as unknown as Before;
    const result = await dids.bring(ctx, wantedOf(ctx, before), before);
    await bringTo(ctx, membersOf(ctx), await recordOf(ctx.client, userOf(ctx)));
    return result;
  },

  async undo(ctx) {
    const before = baseOf(ctx);
    const record = before && (await retrieve(ctx));
    if (!record) return;
    const touched = await dids.restore(ctx, wantedOf(ctx, before), before);
    await DIDS_OF.reload(ctx, [...new Set([...touched, ...idsIn(ctx.done.result['entries'])])]);
    await bringTo(ctx, before.members, record);
    if (Object.keys(before.members).length > 0) await reload(ctx, reloadOfSubscriber(userOf(ctx)));
  },
};

export const changeNumbersStep = oneAtATime(step, userOf);

async function bringTo(ctx: Context, members: Members, record: Item): Promise<void> {
  if (Object.keys(otherThan(members, record)).length > 0) await bringSubscriberTo(ctx, record, members);
}
