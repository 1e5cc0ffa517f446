import { preferencesIn } from '../preference-names.ts';
import { subscriberOf } from './common.ts';
import { membersStep } from './members-step.ts';

/**
 * The preferences that the platform shows; a new subscriber was made with most of them, others of an adopted one stay.
 * Opens secrets because `pinCode` is one.
 */
export const preferencesStep = membersStep({
  uses: ['subscribers.*.preferences'],
  opensSecrets: true,
  wanted(ctx) {
    const { preferences } = subscriberOf(ctx);
    return { subscriber: preferencesIn(preferences, 'subscriber'), classV: preferencesIn(preferences, 'classV') };
  },
  nameOf: (member) => `preferences.${member}`,
});
