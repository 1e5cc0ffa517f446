import { byHand } from '../../operations/spec.ts';
import type { Finding, Json } from '../../port.ts';
import { oneAtATime } from '../../turns.ts';
import { subscriberNativeOf } from '../native.ts';
import { isSame } from '../operations/values.ts';
import { GROUP_SWITCHES, isAccountMember, isSwitch, wantedGroups } from '../preference-names.ts';
import { findAccount, updateAccount } from '../shared/accounts.ts';
import { bringGroupsTo, type Membership } from '../shared/groups.ts';
import { accountName, sipIdOf, subscriberOf, turnOf, type Context, type Kind } from '../shared/kinds.ts';
import { isEmpty, otherThan, type Members } from '../shared/members.ts';
import { mark, markOf, othersOf } from '../shared/marks.ts';
import { itemsOf, textsOf } from '../shared/read.ts';
import type { Item } from '../types.ts';
import { locateAccount } from './locate.ts';

interface Before {
  readonly account: Members;
  readonly groups: Membership;
}

/** The subscriber of a customer, and its own members that the order names; null clears one. */
const step: Kind = {
  nature: 'change',
  opensSecrets: false,
  uses: [
    'subscribers.*.username',
    'subscribers.*.domain',
    'subscribers.*.externalId',
    ...GROUP_SWITCHES.map((name) => `subscribers.*.preferences.${name}`),
    'subscribers.*.native',
  ],
  resultShape: byHand({}),

  async find(ctx): Promise<Finding> {
    const found = await locateAccount(ctx);
    const before: Before = { account: otherThan(wantedOf(ctx, found), found), groups: otherGroups(ctx, found) };
    const hasGroups = before.groups.joined.length + before.groups.left.length > 0;
    if (isEmpty(before.account) && !hasGroups) {
      return { state: 'present', ours: ctx.intent !== null, result: { account: accountName(sipIdOf(ctx)) } };
    }
    const differs = [...differsOf(ctx, found, before.account), ...(hasGroups ? ['native.groups'] : [])];
    return { state: 'different', before: before as unknown as Json, differs };
  },

  async do(ctx) {
    const found = await locateAccount(ctx);
    const { joined, left } = otherGroups(ctx, found);
    await bringTo(ctx, { account: wantedOf(ctx, found), groups: { joined: left, left: joined } });
    return { account: accountName(sipIdOf(ctx)) };
  },

  async undo(ctx) {
    if (ctx.intent?.state === 'different') await bringTo(ctx, ctx.intent.before as unknown as Before);
  },
};

export const changeSubscriberStep = oneAtATime(step, turnOf);

function wantedOf(ctx: Context, found: Item): Members {
  const { native, externalId, id } = subscriberOf(ctx);
  const { email, ...own } = Object.fromEntries(
    Object.entries(native).filter(([name, value]) => isAccountMember(name) && value !== undefined),
  ) as Members;
  const isCleared = ctx.order.cleared?.includes(`subscribers.${id}.externalId`) ?? false;
  const { properties } = subscriberNativeOf(native);
  const isNamed = properties !== undefined || externalId !== undefined || isCleared;
  return {
    ...own,
    ...(email !== undefined && { email: typeof email === 'string' ? email.toLowerCase() : email }),
    ...(isNamed && { properties: propertiesOf(found, properties, isCleared ? null : externalId) }),
  };
}

/** All of them are replaced at once, Turnup's marks among them. */
function propertiesOf(
  found: Item,
  wanted: readonly { name: string; value: string }[] | null | undefined,
  externalId: string | null | undefined,
): Json {
  const kept = itemsOf(found['properties']).filter((one) => !othersOf(found).includes(one));
  const others = wanted === undefined ? othersOf(found) : (wanted ?? []);
  const isKept = externalId === undefined || externalId === markOf(found, 'subscriber');
  const marks = isKept ? kept : kept.filter((one) => one['name'] !== mark('subscriber', '').name);
  const own = isKept || externalId === null ? [] : [{ ...mark('subscriber', externalId) }];
  return [...others, ...marks, ...own] as Json;
}

/** Turnup's mark for the CRM's number is one of the properties. */
function differsOf(ctx: Context, found: Item, others: Members): string[] {
  const { properties, ...members } = others;
  const names = Object.keys(members).map((name) => `native.${name}`);
  if (properties === undefined) return names;
  const wanted = subscriberNativeOf(subscriberOf(ctx).native).properties;
  const isNative = wanted !== undefined && !isSame(wanted ?? [], othersOf(found));
  return [...names, isNative ? 'native.properties' : 'externalId'];
}

function otherGroups(ctx: Context, found: Item): Membership {
  const { native, preferences = {} } = subscriberOf(ctx);
  const there = textsOf(found['groups']);
  // What has a switch among the preferences is brought about with them.
  const isOwn = (name: string): boolean => !(isSwitch(name) && Object.hasOwn(preferences, name));
  const listed = native['groups'] === undefined ? there : wantedGroups({ groups: native['groups'] }, there);
  const wanted = [...listed.filter(isOwn), ...there.filter((name) => !isOwn(name))];
  return {
    joined: there.filter((name) => !wanted.includes(name)),
    left: wanted.filter((name) => !there.includes(name)),
  };
}

async function bringTo({ client, subscriber }: Context, { account, groups }: Before): Promise<void> {
  const sipId = sipIdOf({ subscriber });
  const isThere = await findAccount(client, sipId);
  if (!isThere) return;
  await bringGroupsTo(client, sipId, groups);
  const found = await findAccount(client, sipId);
  if (found && !isEmpty(otherThan(account, found))) await updateAccount(client, sipId, found, account);
}
