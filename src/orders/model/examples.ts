import type { PostedOrder } from './shape.ts';

export interface OrderExample {
  readonly title: string;
  readonly text: string;
  readonly order: PostedOrder;
}

/** Worked examples of the order reference and of OpenAPI; a test parses each. */
export const ORDER_EXAMPLES = {
  oneSubscriber: {
    title: 'One new subscriber',
    text: 'A new customer with one subscriber. Without `password` one is generated.',
    order: {
      externalId: 'CRM-2026-0001',
      target: 'vienna',
      customer: {
        externalId: 'C-77',
        contact: {
          firstName: 'John',
          lastName: 'Doe',
          email: 'john.doe@example.com',
          phone: '+4319876',
          country: 'AT',
        },
        billingProfile: 'default',
      },
      subscribers: [
        {
          externalId: 'S-1',
          username: 'john',
          domain: 'sip.example.com',
          number: '+43987610001',
          aliases: ['+43987710001'],
          callForwards: {
            unregistered: {
              destinations: [
                { to: '+4366610001', timeout: 10 },
                { to: 'voicemail', timeout: 300 },
              ],
              times: null,
            },
            noAnswer: { ringTimeout: 20, destinations: [{ to: 'sip:bob@example.com' }] },
          },
          preferences: { block_in_clir: true, block_in_list: ['4366412345', '431*'] },
          voicemail: { pin: '4711', email: 'john.doe@example.com' },
        },
      ],
    },
  },
  severalSubscribers: {
    title: 'Several subscribers, at a set time',
    text: 'Three subscribers of one customer, not before Monday morning; whatever was done is undone when a step fails for good. The second forwards calls to its mailbox outside office hours.',
    order: {
      externalId: 'CRM-2026-0002',
      target: 'vienna',
      action: 'provision',
      onFailure: 'undo',
      notBefore: '2035-01-01T08:00:00+01:00',
      deadline: '2035-01-02T00:00:00Z',
      customer: {
        externalId: 'C-78',
        contact: { company: 'Example GmbH', email: 'office@example.com', country: 'AT' },
      },
      subscribers: [
        {
          id: 'reception',
          username: 'reception',
          domain: 'sip.example.com',
          number: { cc: '43', ac: '1', sn: '98760' },
        },
        {
          id: 'sales',
          username: 'sales',
          domain: 'sip.example.com',
          number: { cc: '43', ac: '1', sn: '98761' },
          callForwards: {
            unconditional: {
              destinations: [{ to: 'voicemail' }],
              times: [
                { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '18:00', to: '23:59' },
                { days: ['sat', 'sun'], from: '00:00', to: '23:59' },
              ],
            },
          },
        },
        { id: 'lab', username: 'lab', domain: 'sip.example.com' },
      ],
    },
  },
  existingCustomer: {
    title: 'One more subscriber of an existing customer',
    text: 'The customer is found by `externalId`; no contact is needed.',
    order: {
      externalId: 'CRM-2026-0003',
      target: 'vienna',
      customer: { externalId: 'C-77' },
      subscribers: [{ username: 'jane', domain: 'sip.example.com', number: '+43987610002' }],
    },
  },
  modify: {
    title: 'Change a subscriber',
    text: 'Only what changes is given. A list or object that is given replaces, `null` clears.',
    order: {
      externalId: 'CRM-2026-0004',
      target: 'vienna',
      action: 'modify',
      customer: { externalId: 'C-77' },
      subscribers: [
        {
          username: 'john',
          domain: 'sip.example.com',
          aliases: [],
          callForwards: { noAnswer: null },
          webPassword: null,
        },
      ],
    },
  },
  moveNumber: {
    title: 'Move a number',
    text: 'A number of one customer goes to a subscriber of another, where it becomes an alias; the order waits in the line of each. Without `from.customer` it is the customer of the order.',
    order: {
      externalId: 'CRM-2026-0008',
      target: 'vienna',
      action: 'modify',
      customer: { externalId: 'C-78' },
      moves: [
        {
          number: '+43987710001',
          from: { customer: { externalId: 'C-77' }, username: 'john', domain: 'sip.example.com' },
          to: { username: 'sales', domain: 'sip.example.com' },
        },
      ],
    },
  },
  suspend: {
    title: 'Suspend a whole customer',
    text: 'Without `subscribers` it is the whole customer; with them, those.',
    order: {
      externalId: 'CRM-2026-0005',
      target: 'vienna',
      action: 'suspend',
      customer: { externalId: 'C-77' },
    },
  },
  terminate: {
    title: 'Terminate one subscriber',
    text: '`terminate` has no way back.',
    order: {
      externalId: 'CRM-2026-0006',
      target: 'vienna',
      action: 'terminate',
      customer: { externalId: 'C-77' },
      subscribers: [{ username: 'jane', domain: 'sip.example.com' }],
    },
  },
  operations: {
    title: "Operations of the platform's own",
    text: 'What is nobody’s provisioning, on a target that offers it: a rate plan and its first rates. They need no customer; such orders of a target run one after the other.',
    order: {
      externalId: 'CRM-2026-0007',
      target: 'recife',
      onFailure: 'undo',
      operations: [
        {
          id: 'plan',
          service: 'RatePlanWS',
          operation: 'insertRatePlan',
          args: {
            ratePlan: {
              name: 'business',
              domain: 'sip.example.com',
              rateId: 7,
              prepaid: false,
              txConnection: 30,
              cadency: 6,
            },
          },
        },
        {
          id: 'rates',
          service: 'RateWS',
          operation: 'insertRates',
          args: {
            rate: [
              { domain: 'sip.example.com', rateId: 7, name: 'Austria', prefix: '43', rateValue: 0.02 },
              { domain: 'sip.example.com', rateId: 7, name: 'Austria mobile', prefix: '436', rateValue: 0.11 },
            ],
          },
        },
      ],
    },
  },
} as const satisfies Record<string, OrderExample>;
