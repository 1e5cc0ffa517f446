import type { Platform } from '../port.ts';
import { ANSWER_TABLE } from './answers.ts';
import { openCalls } from './calls/index.ts';
import { catalog } from './catalog/index.ts';
import { checkOrder } from './check/index.ts';
import { connect } from './client.ts';
import { COVERAGE } from './coverage.ts';
import { LIFE_STEPS } from './life/index.ts';
import { OPERATION_SECRETS, OPERATIONS, operationSteps } from './operations/index.ts';
import { plan } from './plan.ts';
import { probe } from './probe.ts';
import { rehearse } from './rehearsal/index.ts';
import { settingsSchema, type SippulseSettings } from './settings.ts';
import { accountGroupStep } from './steps/account-group.ts';
import { addressesStep } from './steps/addresses.ts';
import { callForwardsStep } from './steps/call-forwards.ts';
import { creditStep } from './steps/credit.ts';
import { locationsStep } from './steps/locations.ts';
import { numbersStep } from './steps/numbers.ts';
import { preferencesStep } from './steps/preferences.ts';
import { quotasStep } from './steps/quotas.ts';
import { reloadAddressStep, reloadDidStep, reloadSubscriberStep } from './steps/reloads.ts';
import { resellerStep } from './steps/reseller.ts';
import { servicesStep } from './steps/services.ts';
import { subscriberStep } from './steps/subscriber.ts';
import { switchesStep } from './steps/switches.ts';
import { voicemailStep } from './steps/voicemail.ts';
import { whiteListStep } from './steps/white-list.ts';
import type { SippulseClient } from './types.ts';

/** The steps of a subscriber's provisioning; the operations have theirs beside them. */
export const ORDER_STEPS = {
  reseller: resellerStep,
  subscriber: subscriberStep,
  services: servicesStep,
  numbers: numbersStep,
  callForwards: callForwardsStep,
  preferences: preferencesStep,
  switches: switchesStep,
  quotas: quotasStep,
  voicemail: voicemailStep,
  whiteList: whiteListStep,
  addresses: addressesStep,
  locations: locationsStep,
  accountGroup: accountGroupStep,
  credit: creditStep,
  reload: reloadSubscriberStep,
  reloadDids: reloadDidStep,
  reloadAddresses: reloadAddressStep,
};

/** SIPPulse (PCRT), SOAP services. */
export const sippulse: Platform<SippulseClient, SippulseSettings> = {
  name: 'sippulse',
  title: 'SIPPulse',
  actions: ['provision', 'modify', 'suspend', 'resume', 'terminate'],
  callForwardTypes: ['unconditional', 'busy', 'noAnswer'],
  settings: settingsSchema,
  steps: { ...operationSteps, ...ORDER_STEPS },
  stepsOf: LIFE_STEPS,
  notAudited: ['subscribers.*.native.credit'],
  nativeSecrets: ['customer.native.reseller.password', 'subscribers.*.preferences.pinCode', ...OPERATION_SECRETS],
  answers: ANSWER_TABLE,
  operations: OPERATIONS,
  catalog,
  coverage: COVERAGE,
  openCalls,
  check: (order, settings) => checkOrder(order, settings),
  plan,
  connect: (settings) => connect(settings),
  // Profiles and rate plans belong to domains, of which a server may have thousands: they are looked up when needed.
  loadDefinitions: async () => null,
  rehearse,
  probe,
};
