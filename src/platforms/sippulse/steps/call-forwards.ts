import { forwardType, NO_FORWARDS, wantedForwards } from '../forwards.ts';
import { isCleared, subscriberOf } from './common.ts';
import { membersStep } from './members-step.ts';

/** The call forwards that the order names; others of an adopted subscriber stay. */
export const callForwardsStep = membersStep({
  uses: ['subscribers.*.callForwards'],
  opensSecrets: false,
  wanted(ctx) {
    const { callForwards, domain } = subscriberOf(ctx);
    const wanted = isCleared(ctx, 'callForwards') ? NO_FORWARDS : callForwards;
    return wantedForwards(wanted ?? {}, domain, ctx.client.defaults);
  },
  nameOf: (member) => `callForwards.${forwardType(member)}`,
});
