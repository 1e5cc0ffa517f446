import { findCredit, giveCredit, subscriberAccount, undoCredit } from '../credit.ts';
import { subscriberNativeOf } from '../native.ts';
import { byHand, madeSubscriber, subscriberOf, userOf, type Context, type Kind } from './common.ts';

/** Credit of the subscriber, given exactly once or held for a person. Result: `{ balanceBefore, balanceAfter }`. */
export const creditStep: Kind = {
  nature: 'change',
  opensSecrets: false,
  uses: ['subscribers.*.native.credit'],
  resultShape: byHand({}),

  find: (ctx) => findCredit(ctx, accountOf(ctx), valueOf(ctx)),
  do: (ctx, finding) => giveCredit(ctx, accountOf(ctx), { value: valueOf(ctx) }, finding),
  async undo(ctx) {
    // It goes with a subscriber that this order made.
    if (!madeSubscriber(ctx)) await undoCredit(ctx, accountOf(ctx), { value: valueOf(ctx) });
  },
};

const accountOf = (ctx: Context) => subscriberAccount(userOf(ctx).username, userOf(ctx).domain);

const valueOf = (ctx: Context): number => subscriberNativeOf(subscriberOf(ctx).native).credit ?? 0;
