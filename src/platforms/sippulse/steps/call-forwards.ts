import { wantedForwards } from '../forwards.ts';
import { subscriberOf } from './common.ts';
import { membersStep } from './members-step.ts';

/** The call forwards that the order names; others of an adopted subscriber stay. */
export const callForwardsStep = membersStep({
  uses: ['subscribers.*.callForwards'],
  opensSecrets: false,
  wanted(ctx) {
    const { callForwards, domain } = subscriberOf(ctx);
    return wantedForwards(callForwards ?? {}, domain, ctx.client.defaults);
  },
});
