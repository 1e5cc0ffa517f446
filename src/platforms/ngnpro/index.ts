import type { Platform } from '../port.ts';
import { ANSWER_TABLE } from './answers.ts';
import { readCalls } from './calls/index.ts';
import { catalog } from './catalog/index.ts';
import { checkOrder } from './check/index.ts';
import { connect } from './client.ts';
import { COVERAGE } from './coverage.ts';
import { LIFE_STEPS } from './life/index.ts';
import { OPERATION_SECRETS, OPERATIONS, operationSteps } from './operations/index.ts';
import { plan } from './plan.ts';
import { rehearse } from './rehearsal/index.ts';
import { probe, probeClient } from './probe.ts';
import { settingsSchema, settingsWarnings, type NgnproSettings } from './settings.ts';
import { aliasesStep } from './steps/aliases.ts';
import { billingProfileStep } from './steps/billing-profile.ts';
import { callForwardsStep } from './steps/call-forwards.ts';
import { customerStep } from './steps/customer.ts';
import { domainsStep } from './steps/domains.ts';
import { enumNumbersStep } from './steps/enum-numbers.ts';
import { preferencesStep } from './steps/preferences.ts';
import { subscriberStep } from './steps/subscriber.ts';
import { voicemailStep } from './steps/voicemail.ts';
import { subscribersOf } from './subscribers-of.ts';
import type { NgnproClient } from './types.ts';

/** The steps of a subscriber's provisioning; the operations have theirs beside them. */
export const ORDER_STEPS = {
  customer: customerStep,
  domains: domainsStep,
  subscriber: subscriberStep,
  billingProfile: billingProfileStep,
  aliases: aliasesStep,
  enumNumbers: enumNumbersStep,
  voicemail: voicemailStep,
  callForwards: callForwardsStep,
  preferences: preferencesStep,
};

/** AG Projects NGNPro (Multimedia Service Platform, SIP Thor), SOAP ports. */
export const ngnpro: Platform<NgnproClient, NgnproSettings> = {
  name: 'ngnpro',
  title: 'NGNPro',
  actions: ['provision', 'modify', 'suspend', 'resume', 'terminate'],
  callForwardTypes: ['unconditional', 'busy', 'noAnswer', 'unregistered', 'unavailable'],
  settings: settingsSchema,
  settingsWarnings,
  steps: { ...operationSteps, ...ORDER_STEPS },
  stepsOf: LIFE_STEPS,
  // Of each subscriber by itself: what a later order told is of those that it made.
  notAudited: ['customer.billingProfile'],
  nativeSecrets: ['customer.native.password', 'customer.native.domains.*.private_key', ...OPERATION_SECRETS],
  answers: ANSWER_TABLE,
  operations: OPERATIONS,
  catalog,
  coverage: COVERAGE,
  impersonates: true,
  readCalls,
  check: (order) => checkOrder(order),
  plan,
  connect: (settings) => connect(settings),
  // Domains and ranges may be many: they are looked up when needed.
  loadDefinitions: async () => null,
  subscribersOf,
  rehearse,
  probe,
  probeClient,
};
