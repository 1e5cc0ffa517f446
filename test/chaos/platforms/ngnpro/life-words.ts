import type { LifeWords } from '../../lives/words.ts';
import type { Cells } from '../../lives/world.ts';
import type { OrderBody, SubscriberBody } from '../../orders.ts';
import { digestsOf } from './passwords.ts';
import { groupCell, propertyCell } from './things.ts';
import {
  contactMembers,
  DIVERSIONS,
  forwardMembers,
  MAILBOX,
  NEW_ACCOUNT,
  NEW_CUSTOMER,
  newAccountMembers,
  preferenceMembers,
  TO_MAILBOX,
} from './wanted.ts';

/* What orders of lives say, in the platform's own words (ngnpro.md, "Types"). */

/** Names of rate plans; an account has none where its order names none. */
export const PLANS = ['small', 'large & fair'];

export const CUSTOMER_CELLS = [...Object.keys(NEW_CUSTOMER), 'firstName', 'lastName', 'email'];

const BLOCKED = groupCell('blocked');
const SWITCHES = ['free-pstn', 'anonymous', 'missed-calls', 'sms'];

/** Preferences that can be unset. */
export const CLEARABLE = [
  'region',
  'quickdialPrefix',
  'callLimit',
  'quota',
  'acl',
  'barringPrefixes',
  'rejectMembers',
  'acceptRules',
  ...SWITCHES,
];

/** Of a new subscriber, where its order says nothing of them. */
const FROM_THE_START: Cells = {
  ...NEW_ACCOUNT,
  ...Object.fromEntries([...SWITCHES.map(groupCell), BLOCKED].map((name) => [name, ''])),
  plan: '',
  'voicemail.pin': '',
  'voicemail.email': '',
};

/** Those that are shown of an account as they are. */
export const ACCOUNT_CELLS = [
  ...Object.keys(NEW_ACCOUNT),
  ...[...SWITCHES, 'blocked'].map(groupCell),
  'timeout',
  'firstName',
  'lastName',
  'email',
  'timezone',
  'password',
  ...['turnup.customer', 'turnup.subscriber', 'building'].map(propertyCell),
];

/** A new mailbox gets what nobody else has. @param now whoever is diverted elsewhere stays so */
function mailboxCells({ action, customer }: OrderBody, subscriber: SubscriberBody, now: Cells): Cells {
  const { pin, email } = subscriber.voicemail ?? {};
  const ordered = {
    ...(pin !== undefined && { 'voicemail.pin': pin }),
    ...(email !== undefined && { 'voicemail.email': email?.toLowerCase() ?? '' }),
  };
  const named = forwardMembers(subscriber);
  const others = TO_MAILBOX.filter((name) => !(name in named));
  // Nobody knows whether there was one.
  if (now['voicemail.pin'] === null || others.some((name) => now[name] === null)) {
    return { ...Object.fromEntries(others.map((name) => [name, null])), 'voicemail.email': null, ...ordered };
  }
  const isNew = now['voicemail.pin'] === '';
  const free = action !== 'modify' || isNew ? others.filter((name) => now[name] === '') : [];
  const mail = customer?.contact?.['email']?.toLowerCase() ?? '';
  return { ...toMailbox(free), ...(isNew && { 'voicemail.email': mail }), ...ordered };
}

const toMailbox = (names: readonly string[]): Cells => Object.fromEntries(names.map((name) => [name, MAILBOX]));

/** It goes with what leads to it. */
function withoutMailbox(now: Cells): Cells {
  const leading = Object.values(DIVERSIONS).filter((name) => now[name] === MAILBOX);
  return { ...Object.fromEntries(leading.map((name) => [name, ''])), 'voicemail.pin': '', 'voicemail.email': '' };
}

export const lifeWords: LifeWords = {
  numbersStep: 'aliases',
  newCustomer: (customer) => ({ ...NEW_CUSTOMER, ...contactMembers(customer) }),
  customerCells: (customer, kind) => (kind === 'contact' ? contactMembers(customer) : {}),
  ofAllLines: ({ billingProfile = '' }, kind): Cells => (kind === 'billingProfile' ? { plan: billingProfile } : {}),
  newLine({ customer }, subscriber, password) {
    const { rpid: _rpid, ...members } = newAccountMembers(customer, subscriber);
    return { ...FROM_THE_START, ...members, password: password === null ? null : digestsOf(subscriber, password) };
  },
  lineCells(body, subscriber, kind, now) {
    const { externalId, password } = subscriber;
    switch (kind) {
      case 'subscriber':
        return externalId === undefined ? {} : { [propertyCell('turnup.subscriber')]: externalId };
      case 'callForwards':
        return forwardMembers(subscriber);
      case 'preferences':
        return preferenceMembers(subscriber);
      case 'billingProfile':
        return { plan: body.customer?.billingProfile ?? '' };
      case 'voicemail':
        return mailboxCells(body, subscriber, now);
      case 'mailboxRemoval':
        return withoutMailbox(now);
      case 'password':
        return { password: password === undefined ? null : digestsOf(subscriber, password) };
      default:
        return {};
    }
  },
  locked: (action) => ({ [BLOCKED]: action === 'suspend' ? 'true' : '' }),
  lockedCustomer: { suspend: {}, resume: {} },
  pivots: [
    'modify.password',
    'modify.mailboxRemoval',
    'terminate.aliases',
    'terminate.enumNumbers',
    'terminate.voicemail',
    'terminate.billingProfile',
    'terminate.subscriber',
    'terminate.customer',
  ],
  inParts: ['aliases'],
  codes: {
    missing: ['TURNUP_OBJECT_MISSING'],
    lineTaken: ['TURNUP_SUBSCRIBER_TAKEN'],
    numberTaken: ['TURNUP_NUMBER_TAKEN'],
    movedTaken: ['TURNUP_NUMBER_TAKEN'],
    movedNowhere: ['TURNUP_OBJECT_MISSING'],
    numberTwice: [],
  },
};
