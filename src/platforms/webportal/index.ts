import { CALL_FORWARD_TYPES, type Platform } from '../port.ts';
import { ANSWER_TABLE } from './answers.ts';
import { capabilitiesOf } from './capabilities.ts';
import { catalog } from './catalog.ts';
import { checkOrder } from './check.ts';
import { connect } from './client.ts';
import { COVERAGE } from './coverage.ts';
import { OPERATIONS, operationSteps } from './operations/index.ts';
import { plan } from './plan.ts';
import { probe } from './probe.ts';
import { rehearse } from './rehearsal/index.ts';
import { nativeSecretsOf } from './secrets.ts';
import { settingsFaults, settingsSchema, settingsWarnings, type WebportalSettings } from './settings.ts';
import { stepsOf } from './life/index.ts';
import { companyStep } from './steps/company.ts';
import { groupStep } from './steps/group.ts';
import { officeStepKind } from './steps/office.ts';
import { subscriberStepKind } from './steps/subscriber.ts';
import { subscribersOf } from './subscribers-of.ts';
import type { WebportalClient } from './types.ts';
import { wireProfile } from './wire-profile.ts';

/** A hosting network's web portal with an API of its own, whose calls the operator tells by a profile. */
export const webportal: Platform<WebportalClient, WebportalSettings> = {
  name: 'webportal',
  title: 'Hosting web portal',
  actions: ['provision', 'modify', 'suspend', 'resume', 'terminate'],
  // Of these a profile may map fewer; the door says which.
  callForwardTypes: CALL_FORWARD_TYPES,
  settings: settingsSchema,
  settingsFaults,
  settingsWarnings,
  steps: {
    company: companyStep,
    office: officeStepKind,
    subscriber: subscriberStepKind,
    services: groupStep('services', ['subscribers.*.preferences']),
    callForwards: groupStep('callForwards', ['subscribers.*.callForwards']),
    voicemail: groupStep('voicemail', ['subscribers.*.voicemail']),
    ...operationSteps,
  },
  stepsOf,
  nativeSecrets: [],
  nativeSecretsOf,
  keepsPasswords: ({ native }) => native.profile.fields.user.has('password'),
  answers: ANSWER_TABLE,
  operations: OPERATIONS,
  catalog,
  capabilitiesOf,
  coverage: COVERAGE,
  check: (order, settings) => checkOrder(order, settings),
  plan,
  connect: (settings) => connect(settings),
  // The profile says all there is to know.
  loadDefinitions: async () => null,
  subscribersOf,
  rehearse,
  probe,
  wireProfile,
};
