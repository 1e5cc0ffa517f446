import { byHand } from '../../operations/spec.ts';
import type { Finding, Json } from '../../port.ts';
import { oneAtATime } from '../../turns.ts';
import { isSame } from '../operations/values.ts';
import { accountMembersIn, isRule, RULE_NAMES, wantedGroups, type RuleName } from '../preference-names.ts';
import { findAccount, noAccount, updateAccount } from '../shared/accounts.ts';
import { bringGroupsTo } from '../shared/groups.ts';
import { sipIdOf, subscriberOf, turnOf, type Context, type Kind } from '../shared/kinds.ts';
import { isEmpty, otherThan, type Members } from '../shared/members.ts';
import { textsOf } from '../shared/read.ts';
import { RULE_CALLS } from '../shared/rules.ts';
import type { Item } from '../types.ts';

/** What is otherwise than wanted, as it was. */
interface Before {
  readonly account: Members;
  /** Groups to be joined again and to be left again. */
  readonly groups: { readonly joined: readonly string[]; readonly left: readonly string[] };
  readonly rules: { readonly [name in RuleName]?: Json };
}

/** The preferences that the order names; a new subscriber was made with most of them, others of an adopted one stay. */
const step: Kind = {
  nature: 'change',
  opensSecrets: false,
  uses: ['subscribers.*.preferences'],
  resultShape: byHand({}),

  async find(ctx): Promise<Finding> {
    const sipId = sipIdOf(ctx);
    const found = await findAccount(ctx.client, sipId);
    if (!found) throw noAccount(sipId);
    const before: Before = {
      account: otherThan(membersOf(ctx), found),
      groups: otherGroups(ctx, found),
      rules: await otherRules(ctx, rulesOf(ctx)),
    };
    const differs = differsOf(ctx, before);
    if (differs.length === 0) return { state: 'present', ours: ctx.intent !== null, result: {} };
    return { state: 'different', before: before as unknown as Json, differs };
  },

  async do(ctx) {
    const sipId = sipIdOf(ctx);
    const found = await findAccount(ctx.client, sipId);
    if (!found) throw noAccount(sipId);
    const { joined, left } = otherGroups(ctx, found);
    await bringTo(ctx, { account: membersOf(ctx), groups: { joined: left, left: joined }, rules: rulesOf(ctx) });
    return {};
  },

  async undo(ctx) {
    if (ctx.intent?.state !== 'different') return;
    const before = ctx.intent.before as unknown as Before;
    if (!(await findAccount(ctx.client, sipIdOf(ctx)))) return;
    await bringTo(ctx, { ...before, rules: {} });
    for (const name of RULE_NAMES) {
      const value = before.rules[name];
      if (value === undefined) continue;
      const found = await RULE_CALLS[name].read(ctx.client, sipIdOf(ctx));
      if (!isSame(value, found)) await RULE_CALLS[name].set(ctx.client, sipIdOf(ctx), value);
    }
  },
};

export const preferencesStep = oneAtATime(step, turnOf);

const membersOf = (ctx: Context): Members => {
  const members = accountMembersIn(subscriberOf(ctx).preferences);
  const { email } = members;
  return typeof email === 'string' ? { ...members, email: email.toLowerCase() } : members;
};

const rulesOf = (ctx: Context): Before['rules'] =>
  Object.fromEntries(Object.entries(subscriberOf(ctx).preferences ?? {}).filter(([name]) => isRule(name)));

/** `joined`: those it is in and shall not be; `left`: those it is not in and shall be. */
function otherGroups(ctx: Context, found: Item): Before['groups'] {
  const there = textsOf(found['groups']);
  const wanted = wantedGroups(subscriberOf(ctx).preferences, there);
  return {
    joined: there.filter((name) => !wanted.includes(name)),
    left: wanted.filter((name) => !there.includes(name)),
  };
}

async function otherRules({ client, subscriber }: Context, wanted: Before['rules']): Promise<Before['rules']> {
  const others: { [name in RuleName]?: Json } = {};
  for (const name of RULE_NAMES) {
    const value = wanted[name];
    if (value === undefined) continue;
    const found = await RULE_CALLS[name].read(client, sipIdOf({ subscriber }));
    if (!RULE_CALLS[name].matches(value, found)) others[name] = found;
  }
  return others;
}

/** By the order's names: a group by its switch, or as one of the list. */
function differsOf({ subscriber }: Pick<Context, 'subscriber'>, { account, groups, rules }: Before): string[] {
  const named = subscriber?.preferences ?? {};
  const moved = [...groups.joined, ...groups.left].map((name) => (Object.hasOwn(named, name) ? name : 'groups'));
  const names = [...Object.keys(account), ...new Set(moved), ...Object.keys(rules)];
  return names.map((name) => `preferences.${name}`);
}

/** Repeatable; what is as wanted is left alone. `groups.joined` are those that it shall be in. */
async function bringTo(ctx: Context, { account, groups, rules }: Before): Promise<void> {
  const { client } = ctx;
  const sipId = sipIdOf(ctx);
  await bringGroupsTo(client, sipId, groups);
  const found = await findAccount(client, sipId);
  if (!found) throw noAccount(sipId);
  if (!isEmpty(otherThan(account, found))) await updateAccount(client, sipId, found, account);
  for (const [name, there] of Object.entries(await otherRules(ctx, rules)) as [RuleName, Json][]) {
    const { set, merged } = RULE_CALLS[name];
    const wanted = rules[name] ?? null;
    await set(client, sipId, merged?.(wanted, there) ?? wanted);
  }
}
