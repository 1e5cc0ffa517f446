import type { CustomerBody, SubscriberBody } from '../../orders.ts';
import type { LifeWords } from '../../lives/words.ts';
import type { Cells } from '../../lives/world.ts';
import { textOf } from '../../audit/things.ts';
import { DEFAULTS, forwardsOf } from './wanted.ts';

/* What orders of lives say, in the platform's own words (sippulse.md, "DTOs"). */

/** Names and ids of rate plans of the stand-in's fresh data; a subscriber has the first where its order names none. */
export const RATE_PLANS: Readonly<Record<string, number>> = { default: DEFAULTS.ratePlanId, prepaid: 22 };

const CONTACT: Readonly<Record<string, string>> = {
  firstName: 'firstName',
  lastName: 'lastName',
  email: 'emailAddress',
  phone: 'phone',
  mobile: 'mobile',
  city: 'city',
  postcode: 'zip',
};

/** Of a new subscriber, where its order says nothing of them. */
const FROM_THE_START: Cells = {
  callFwd: '',
  fwdBusy: '',
  noAnswer: '',
  rings: '30',
  activeOutgoingCalls: 'true',
  blockAnonymousCalls: 'false',
  blockCollectCalls: 'false',
  blockEntry0303: 'false',
  softphoneAllowed: 'false',
  validateSource0303: 'false',
  callLimit: '2',
  profile: 'default',
  callGroup: '',
  pickupGroup: '',
  pinCode: '',
  lowCreditNotification: 'false',
  lowCreditLimit: '0',
  'dailyQuota.dailyQuota': 'false',
  voicemail: 'false',
  active: 'true',
};

export const CELLS = [
  ...Object.values(CONTACT),
  ...Object.keys(FROM_THE_START),
  'dailyQuota.dailyQuotaLimit',
  'dailyQuota.dailyQuotaType',
  'voiceMailPassword',
  'password',
  'ratePlanId',
];

const NO_CONTACT: Cells = Object.fromEntries(Object.values(CONTACT).map((name) => [name, '']));

const cellOf = (value: unknown): string => textOf(value);

const texts = (members: Readonly<Record<string, unknown>>): Cells =>
  Object.fromEntries(Object.entries(members).map(([name, value]) => [name, cellOf(value)]));

/** Telephone numbers are digits only. */
function contactCells({ contact = {} }: CustomerBody): Cells {
  const isPhone = (name: string): boolean => name === 'phone' || name === 'mobile';
  return Object.fromEntries(
    Object.entries(contact).flatMap(([name, value]) => {
      const member = CONTACT[name];
      if (member === undefined) return [];
      return [[member, isPhone(name) ? (value ?? '').replace('+', '') : (value ?? '')]];
    }),
  );
}

const isQuota = (name: string): boolean => name.startsWith('dailyQuota');

function preferenceCells({ preferences = {} }: SubscriberBody, kind: string): Cells {
  const own = Object.entries(preferences).filter(([name]) => isQuota(name) === (kind === 'quotas'));
  return texts(Object.fromEntries(own.map(([name, value]) => [isQuota(name) ? `dailyQuota.${name}` : name, value])));
}

function customerCells(customer: CustomerBody | undefined): Cells {
  if (!customer) return {};
  const { billingProfile } = customer;
  return {
    ...contactCells(customer),
    ...(billingProfile !== undefined && { ratePlanId: String(RATE_PLANS[billingProfile]) }),
  };
}

/** Preferences with which a subscriber is made already. */
const OF_CLASS_V = ['callGroup', 'pickupGroup', 'pinCode'];

export const lifeWords: LifeWords = {
  numbersStep: 'numbers',
  newCustomer: () => ({}),
  customerCells: () => ({}),
  newLine: ({ customer }, subscriber, password) => ({
    ...NO_CONTACT,
    ...FROM_THE_START,
    voiceMailPassword: null,
    ratePlanId: String(DEFAULTS.ratePlanId),
    ...customerCells(customer),
    ...Object.fromEntries(
      Object.entries(preferenceCells(subscriber, 'preferences')).filter(([name]) => !OF_CLASS_V.includes(name)),
    ),
    password,
  }),
  lineCells({ action, customer }, subscriber, kind) {
    switch (kind) {
      case 'subscriber':
        return {
          ...(action === 'modify' && customerCells(customer)),
          ...(subscriber.password !== undefined && { password: subscriber.password }),
        };
      case 'callForwards':
        return texts(forwardsOf(subscriber));
      case 'preferences':
      case 'quotas':
        return preferenceCells(subscriber, kind);
      case 'voicemail':
        return subscriber.voicemail === null
          ? { voicemail: 'false' }
          : { voicemail: 'true', voiceMailPassword: subscriber.voicemail?.pin ?? '' };
      default:
        return {};
    }
  },
  locked: (action) => ({ active: String(action === 'resume') }),
  lockedCustomer: { suspend: {}, resume: {} },
  pivots: ['suspend.subscriber', 'resume.subscriber', 'terminate.numbers', 'terminate.subscriber'],
  inParts: ['numbers'],
  codes: {
    missing: ['TURNUP_OBJECT_MISSING'],
    lineTaken: ['TURNUP_SUBSCRIBER_TAKEN'],
    // The platform does not tell whose a number is.
    numberTaken: ['TURNUP_TARGET_REJECTED'],
    movedTaken: ['TURNUP_OBJECT_MISSING'],
    movedNowhere: ['TURNUP_OBJECT_MISSING'],
    numberTwice: [],
  },
};
