import type { Platform } from '../port.ts';
import { ANSWER_TABLE } from './answers.ts';
import { checkOrder } from './check/index.ts';
import { connect, type SipwiseClient } from './client.ts';
import { loadDefinitions } from './definitions.ts';
import { plan } from './plan.ts';
import { probe } from './probe.ts';
import { rehearse } from './rehearsal.ts';
import { settingsSchema, type SipwiseSettings } from './settings.ts';
import { callForwardsStep } from './steps/call-forwards.ts';
import { contactStep } from './steps/contact.ts';
import { customerStep } from './steps/customer.ts';
import { lockStep } from './steps/lock.ts';
import { preferencesStep } from './steps/preferences.ts';
import { subscriberStep } from './steps/subscriber.ts';
import { voicemailStep } from './steps/voicemail.ts';

/** Sipwise sip:provider (NGCP), REST API v1. */
export const sipwise: Platform<SipwiseClient, SipwiseSettings> = {
  name: 'sipwise',
  title: 'Sipwise NGCP',
  actions: ['provision'],
  callForwardTypes: ['unconditional', 'busy', 'noAnswer', 'unregistered'],
  settings: settingsSchema,
  steps: {
    contact: contactStep,
    customer: customerStep,
    subscriber: subscriberStep,
    callForwards: callForwardsStep,
    preferences: preferencesStep,
    voicemail: voicemailStep,
    lock: lockStep,
  },
  nativeSecrets: ['subscribers.*.preferences.peer_auth_pass'],
  answers: ANSWER_TABLE,
  check: (order, _settings, definitions) => checkOrder(order, definitions),
  plan,
  connect,
  loadDefinitions,
  rehearse,
  probe,
};
