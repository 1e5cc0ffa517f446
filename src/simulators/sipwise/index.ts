import type { SimulatedPlatform } from '../harness/platform.ts';
import { createAuthenticator } from './auth.ts';
import { refusalOf } from './refusal.ts';
import { billingProfiles } from './resources/billing-profiles.ts';
import { callForwards } from './resources/call-forwards.ts';
import { customerContacts, systemContacts } from './resources/contacts.ts';
import { customers } from './resources/customers.ts';
import { domains } from './resources/domains.ts';
import { forwardMappings } from './resources/forward-mappings.ts';
import { destinationSets, timeSets } from './resources/forward-set-resources.ts';
import { numbers } from './resources/numbers.ts';
import { subscriberPreferenceDefinitions } from './resources/preference-definitions.ts';
import { subscriberPreferences } from './resources/preferences.ts';
import { contracts, resellers } from './resources/resellers.ts';
import { subscribers } from './resources/subscribers.ts';
import { voicemailSettings } from './resources/voicemail.ts';
import { createRouter } from './router.ts';
import { freshState } from './seed.ts';
import { snapshot } from './snapshot.ts';

const RESOURCES = [
  billingProfiles,
  callForwards,
  destinationSets,
  forwardMappings,
  timeSets,
  contracts,
  customerContacts,
  customers,
  domains,
  numbers,
  resellers,
  subscriberPreferences,
  subscribers,
  systemContacts,
  voicemailSettings,
];

/** The mappings say the same as the call forwards, only longer. */
const SHOWN = RESOURCES.filter((resource) => resource !== forwardMappings);

/**
 * A stand-in for the Sipwise NGCP REST API v1, release mr13.5.1, with its rules, traps and texts
 * (sipwise-ngcp.md and the recorded exchanges beside it).
 */
export function createSipwise(secret: Buffer): SimulatedPlatform {
  const router = createRouter([...RESOURCES, subscriberPreferenceDefinitions], createAuthenticator(secret));
  let state = freshState(secret);
  return {
    operation: (request) => router.operation(request),
    handle: (request) => router.handle(request, state),
    refusal: refusalOf,
    state: () => snapshot(state, SHOWN),
    reset: () => {
      state = freshState(secret);
    },
  };
}
