import { TurnupError } from '../../../errors/index.ts';
import { byHand } from '../../operations/spec.ts';
import type { Finding, StepResult } from '../../port.ts';
import { isFault } from '../fault.ts';
import { subscriberNativeOf } from '../native.ts';
import { numbersOf } from '../numbers.ts';
import { satisfies } from '../operations/values.ts';
import { isAccountMember } from '../preference-names.ts';
import { checkDomains } from '../references.ts';
import { findAccount } from '../shared/accounts.ts';
import { accountName, customerIdOf, missing, sipIdOf, subscriberOf, type Context, type Kind } from '../shared/kinds.ts';
import { aliasesOf } from '../shared/lists.ts';
import { isOurs, markOf, othersOf } from '../shared/marks.ts';
import { newAccount } from '../shared/new-account.ts';
import { idOrNull, itemOf, textOrNull, textsOf } from '../shared/read.ts';
import * as remove from '../shared/removals.ts';
import type { Item } from '../types.ts';

/** The SIP account, by user name and domain; it bears the order's key as a property. Result: `{ account }`. */
export const subscriberStep: Kind = {
  nature: 'create',
  opensSecrets: true,
  uses: [
    'customer.contact',
    'subscribers.*.externalId',
    'subscribers.*.username',
    'subscribers.*.domain',
    'subscribers.*.password',
    'subscribers.*.number',
    'subscribers.*.preferences',
    'subscribers.*.native',
  ],
  resultShape: byHand({}),

  async find(ctx): Promise<Finding> {
    const found = await findAccount(ctx.client, sipIdOf(ctx));
    if (!found) {
      if (!ctx.intent) await checkDomains(ctx.client, [subscriberOf(ctx).domain]);
      return { state: 'absent' };
    }
    await checkOwner(ctx, found);
    const ours = isOurs(ctx, found);
    const differs = ours ? [] : otherMembers(ctx, found);
    return { state: 'present', ours, result: resultOf(ctx), ...(differs.length > 0 && { differs }) };
  },

  async do(ctx) {
    const { password } = subscriberOf(ctx);
    if (password === undefined) throw missing('the password');
    const making = { owner: customerIdOf(ctx), key: ctx.key, password };
    const account = newAccount(ctx.order, subscriberOf(ctx), making, ctx.client);
    try {
      await ctx.client.call('SipPort', 'addAccount', { account });
    } catch (error) {
      if (!isFault(error, 'accountExists')) throw error;
      // Somebody was faster since we looked: an attempt of ours that was given up, or a stranger.
      const found = await findAccount(ctx.client, sipIdOf(ctx));
      if (!found || !isOurs(ctx, found)) throw error;
    }
    return resultOf(ctx);
  },

  async undo(ctx) {
    if (ctx.done.outcome === 'created') await removeOwn(ctx);
  },

  async discard(ctx, _made, recorded) {
    if (recorded === null) await removeOwn(ctx);
  },

  async tidy(ctx, recorded) {
    if (recorded !== null) return 0;
    const found = await findAccount(ctx.client, sipIdOf(ctx));
    if (!found || markOf(found, 'key') !== ctx.key) return 0;
    await removeOwn(ctx);
    return 1;
  },
};

const resultOf = (ctx: Context): StepResult => ({ account: accountName(sipIdOf(ctx)) });

/** By its name, so that another one of that name, made since, must be told by its key. */
async function removeOwn(ctx: Context): Promise<void> {
  const sipId = sipIdOf(ctx);
  const found = await findAccount(ctx.client, sipId);
  if (!found) return;
  const maker = markOf(found, 'key');
  const isOwn = maker === null ? idOrNull(found['owner']) === customerIdOf(ctx) : maker === ctx.key;
  if (!isOwn) return;
  await remove.account(ctx.client, sipId);
}

/**
 * What makes a subscriber somebody else's (API.md, "Existing subscriber").
 * @throws TurnupError `TURNUP_SUBSCRIBER_TAKEN`
 */
async function checkOwner(ctx: Context, found: Item): Promise<void> {
  if (markOf(found, 'key') === ctx.key) return;
  const others: string[] = [];
  const owner = idOrNull(found['owner']);
  const customer = customerIdOf(ctx);
  if (owner !== customer) others.push(`its owner is ${owner ?? 'nobody'}, wanted is ${customer}`);
  const { externalId = null } = subscriberOf(ctx);
  const other = markOf(found, 'subscriber');
  if (other !== externalId) others.push(`its externalId is ${quoted(other)}, wanted is ${quoted(externalId)}`);
  if (others.length === 0 && !ctx.intent) others.push(...(await otherNumbers(ctx)));
  if (others.length === 0) return;
  const name = accountName(sipIdOf(ctx));
  throw new TurnupError('TURNUP_SUBSCRIBER_TAKEN', { detail: `${name} exists, but ${others.join('; ')}` });
}

/** Aliases that are numbers; names of other kinds say nothing. */
async function otherNumbers(ctx: Context): Promise<string[]> {
  const aliases = await aliasesOf(ctx.client, sipIdOf(ctx));
  const digits = aliases
    .map((one) => (textOrNull(itemOf(one['id'])?.['username']) ?? '').replace(/^\+/, ''))
    .filter((name) => /^\d+$/.test(name))
    .toSorted()
    .join(', ');
  const { username } = sipIdOf(ctx);
  const wanted = numbersOf(subscriberOf(ctx))
    .filter((number) => number !== username.replace(/^\+/, ''))
    .toSorted()
    .join(', ');
  return digits === wanted ? [] : [`its numbers are ${quoted(digits)}, wanted are ${quoted(wanted)}`];
}

const quoted = (value: string | null): string => (value === null || value === '' ? 'none' : `"${value}"`);

/** Members of an adopted account that are otherwise and left alone; passwords are not compared. */
function otherMembers(ctx: Context, found: Item): string[] {
  const { groups, properties, ...native } = subscriberNativeOf(subscriberOf(ctx).native);
  const members = Object.entries(native)
    .filter(([name, value]) => isAccountMember(name) && value !== undefined && !satisfies(value, found[name]))
    .map(([name]) => name);
  if (groups && !groups.every((name) => textsOf(found['groups']).includes(name))) members.push('groups');
  if (properties && !satisfies(properties, othersOf(found))) members.push('properties');
  return members.map((name) => `native.${name}`);
}
