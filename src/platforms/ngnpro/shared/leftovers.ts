import { findAccount } from './accounts.ts';
import { sipIdOf, type Context } from './kinds.ts';
import { markOf } from './marks.ts';

/**
 * Whether the subscriber's account is of this order, or gone. Aliases, mailboxes and rating profiles bear no mark, and a
 * write of theirs may end after the order was undone: what is on an account of this order, or leads to none, is nobody
 * else's. On any other account, one that was adopted or made anew since, it cannot be told from what others put there.
 */
export async function hasNoOtherAccount(ctx: Context): Promise<boolean> {
  const found = await findAccount(ctx.client, sipIdOf(ctx));
  return found === null || markOf(found, 'key') === ctx.key;
}
