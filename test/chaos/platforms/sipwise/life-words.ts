import type { CustomerBody, ForwardOrder, OrderBody, SubscriberBody } from '../../orders.ts';
import type { LifeWords } from '../../lives/words.ts';
import type { Cells } from '../../lives/world.ts';
import { plain, TYPES, wanted } from './contents.ts';

/* What orders of lives say, in the platform's own words. */

/** Handles and ids of billing profiles; a customer has the first where its order names none. */
export const PROFILES = ['default', 'life_small', 'life_large'] as const;

/** Those that orders of lives draw. */
export const PREFERENCES = ['block_in_clir', 'block_in_list', 'block_out_list', 'concurrent_max'] as const;

const CONTACT: Readonly<Record<string, string>> = {
  firstName: 'firstname',
  lastName: 'lastname',
  company: 'company',
  email: 'email',
  phone: 'phonenumber',
  city: 'city',
  street: 'street',
  postcode: 'postcode',
};

export const CONTACT_CELLS = Object.values(CONTACT);

/** One that is off may be shown as not set. */
export const preferenceCell = (value: unknown): string =>
  value === undefined || value === null || value === false ? '' : plain(value);

function contactCells({ contact = {} }: CustomerBody): Cells {
  return Object.fromEntries(Object.entries(contact).map(([name, value]) => [CONTACT[name]!, value ?? '']));
}

function forwardCells({ callForwards, domain }: SubscriberBody): Cells {
  const all = (
    callForwards === null ? Object.keys(TYPES).map((type) => [type, null]) : Object.entries(callForwards ?? {})
  ) as readonly (readonly [string, ForwardOrder | null])[];
  return Object.fromEntries(all.map(([type, forward]) => [TYPES[type]!, wanted(forward, domain)]));
}

const NOTHING_SET: Cells = {
  ...Object.fromEntries(Object.values(TYPES).map((type) => [type, 'unset'])),
  ...Object.fromEntries(PREFERENCES.map((name) => [name, ''])),
};

/** What the subscriber itself has of an order; null and missing members are those that the order says nothing of. */
function memberCells({ externalId, password, webUsername }: SubscriberBody): Cells {
  return {
    ...(externalId !== undefined && { externalId }),
    ...(password !== undefined && { password }),
    ...(webUsername !== undefined && { webUsername }),
  };
}

export function createLifeWords(profileIds: () => ReadonlyMap<string, number>): LifeWords {
  const profileCell = (name: string = PROFILES[0]): Cells => ({ billingProfile: String(profileIds().get(name)) });

  return {
    numbersStep: 'subscriber',
    newCustomer: (customer) => ({
      status: 'active',
      ...Object.fromEntries(CONTACT_CELLS.map((name) => [name, ''])),
      ...profileCell(customer.billingProfile),
      ...contactCells(customer),
    }),
    customerCells(customer, kind) {
      if (kind === 'contact') return contactCells(customer);
      return customer.billingProfile === undefined ? {} : profileCell(customer.billingProfile);
    },
    newLine: (_body: OrderBody, subscriber, password) => ({
      ...NOTHING_SET,
      status: 'active',
      lock: preferenceCell(subscriber.native?.['lock']),
      externalId: '',
      webUsername: subscriber.username,
      'voicemail.email': '',
      // A PIN that nobody ordered is drawn by the platform.
      'voicemail.pin': null,
      ...memberCells(subscriber),
      password,
    }),
    lineCells(_body: OrderBody, subscriber, kind) {
      const { preferences = {}, voicemail } = subscriber;
      switch (kind) {
        case 'subscriber':
          return memberCells(subscriber);
        case 'callForwards':
          return forwardCells(subscriber);
        case 'preferences':
          return Object.fromEntries(Object.entries(preferences).map(([name, value]) => [name, preferenceCell(value)]));
        case 'voicemail':
          return {
            ...(voicemail?.pin !== undefined && { 'voicemail.pin': voicemail.pin }),
            ...(voicemail?.email !== undefined && { 'voicemail.email': voicemail.email ?? '' }),
          };
        default:
          return {};
      }
    },
    // A level of another kind than the one that comes with a suspension stays.
    locked: (action, { lock }): Cells =>
      action === 'suspend'
        ? { status: 'locked', lock: '4' }
        : { status: 'active', lock: lock === '4' ? '' : (lock ?? null) },
    lockedCustomer: { suspend: { status: 'locked' }, resume: { status: 'active' } },
    pivots: ['terminate.customer', 'terminate.contact', 'terminate.subscriber'],
    inParts: [],
    codes: {
      missing: ['TURNUP_OBJECT_MISSING'],
      lineTaken: ['TURNUP_SUBSCRIBER_TAKEN'],
      numberTaken: ['TURNUP_NUMBER_TAKEN'],
      movedTaken: ['TURNUP_NUMBER_TAKEN'],
      movedNowhere: ['TURNUP_OBJECT_MISSING'],
      numberTwice: ['TURNUP_TARGET_REJECTED'],
    },
  };
}
