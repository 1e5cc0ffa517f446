import type { Platform } from '../port.ts';
import { ANSWER_TABLE } from './answers.ts';
import { checkOrder } from './check/index.ts';
import { connect, type SipwiseClient } from './client.ts';
import { loadDefinitions } from './definitions.ts';
import { plan } from './plan.ts';
import { probe } from './probe.ts';
import { rehearse } from './rehearsal/index.ts';
import { modifyContactStep } from './modify/contact.ts';
import { modifyCustomerStep } from './modify/customer.ts';
import { numberMoveStep } from './modify/number-move.ts';
import { modifySubscriberStep } from './modify/subscriber.ts';
import { modifyWebPasswordStep } from './modify/web-password.ts';
import { settingsSchema, type SipwiseSettings } from './settings.ts';
import { subscribersOf } from './shared/locate.ts';
import { callForwardsStep } from './steps/call-forwards.ts';
import { contactStep } from './steps/contact.ts';
import { customerStep } from './steps/customer.ts';
import { lockStep } from './steps/lock.ts';
import { preferencesStep } from './steps/preferences.ts';
import { subscriberStep } from './steps/subscriber.ts';
import { voicemailStep } from './steps/voicemail.ts';
import { resumeCustomerStep, suspendCustomerStep } from './suspend/customer.ts';
import { resumeSubscriberStep, suspendSubscriberStep } from './suspend/subscriber.ts';
import { terminateContactStep } from './terminate/contact.ts';
import { terminateCustomerStep } from './terminate/customer.ts';
import { ownershipStep } from './terminate/ownership.ts';
import { terminateSubscriberStep } from './terminate/subscriber.ts';

/** Sipwise sip:provider (NGCP), REST API v1. */
export const sipwise: Platform<SipwiseClient, SipwiseSettings> = {
  name: 'sipwise',
  title: 'Sipwise NGCP',
  actions: ['provision', 'modify', 'suspend', 'resume', 'terminate'],
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
  stepsOf: {
    modify: {
      customer: modifyCustomerStep,
      contact: modifyContactStep,
      subscriber: modifySubscriberStep,
      webPassword: modifyWebPasswordStep,
      numberMove: numberMoveStep,
    },
    suspend: { customer: suspendCustomerStep, subscriber: suspendSubscriberStep },
    resume: { customer: resumeCustomerStep, subscriber: resumeSubscriberStep },
    terminate: {
      customer: terminateCustomerStep,
      contact: terminateContactStep,
      ownership: ownershipStep,
      subscriber: terminateSubscriberStep,
    },
  },
  notAudited: ['customer.native.status', 'subscribers.*.native.status', 'subscribers.*.native.lock'],
  nativeSecrets: ['subscribers.*.preferences.peer_auth_pass'],
  answers: ANSWER_TABLE,
  check: (order, _settings, definitions) => checkOrder(order, definitions),
  plan,
  connect,
  loadDefinitions,
  subscribersOf,
  rehearse,
  probe,
};
