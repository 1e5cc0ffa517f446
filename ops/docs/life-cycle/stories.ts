import type { PostedOrder } from '../../../src/orders/model/index.ts';
import { portalProfile } from '../../../src/simulators/index.ts';

/** One order of the story, and what it shows. */
export interface Chapter {
  readonly title: string;
  readonly text: string;
  readonly order: PostedOrder;
}

const contact = {
  firstName: 'Johanna',
  lastName: 'Doerfler',
  email: 'johanna.doerfler@example.com',
  street: 'Mariahilfer Straße',
  houseNumber: '12',
  postcode: '1060',
  city: 'Wien',
  country: 'AT',
};

function sipwise(): Chapter[] {
  const order = (number: number, action: PostedOrder['action'], more: object): PostedOrder => ({
    externalId: `CRM-100${number}`,
    target: 'vienna',
    action,
    customer: { externalId: 'C-77' },
    ...more,
  });
  const john = { username: 'johanna', domain: 'sip.example.com' };
  return [
    {
      title: 'provision',
      text: 'A customer with one subscriber. Without `password` one is made up.',
      order: order(1, 'provision', {
        customer: { externalId: 'C-77', contact, billingProfile: 'default' },
        subscribers: [
          {
            ...john,
            number: '+4315550101',
            aliases: ['+4315550102'],
            callForwards: { busy: { destinations: [{ to: 'voicemail' }] } },
          },
        ],
      }),
    },
    {
      title: 'modify',
      text: 'Only what the order names changes: another mail address, one more alias (a list that is given replaces), a forward on no answer while that on busy is taken away, a preference. A number moves here from another customer.',
      order: order(2, 'modify', {
        customer: { externalId: 'C-77', contact: { email: 'johanna@example.com' } },
        subscribers: [
          {
            ...john,
            aliases: ['+4315550102', '+4315550103'],
            callForwards: {
              busy: null,
              noAnswer: { ringTimeout: 20, destinations: [{ to: '+43664555010' }] },
            },
            preferences: { block_in_clir: true },
          },
          { username: 'johanna-home', domain: 'sip.example.com', webUsername: 'johanna' },
        ],
        moves: [
          {
            number: '+4315550199',
            from: { customer: { externalId: 'C-12' }, username: 'petra', domain: 'sip.example.com' },
            to: { username: 'johanna-home', domain: 'sip.example.com' },
          },
        ],
      }),
    },
    {
      title: 'suspend',
      text: 'One subscriber. Without `subscribers` it is the whole customer.',
      order: order(3, 'suspend', { subscribers: [john] }),
    },
    {
      title: 'resume',
      text: 'The whole customer.',
      order: order(4, 'resume', {}),
    },
    {
      title: 'terminate',
      text: 'The whole customer with its subscribers; their numbers are free afterwards. There is no way back from the step that is marked.',
      order: order(5, 'terminate', {}),
    },
  ];
}

function sippulse(): Chapter[] {
  const order = (number: number, action: PostedOrder['action'], more: object): PostedOrder => ({
    externalId: `CRM-200${number}`,
    target: 'saopaulo',
    action,
    customer: { externalId: 'C-78' },
    ...more,
  });
  const ana = { username: '551130258080', domain: 'sip.example.com' };
  const person = {
    firstName: 'Ana',
    lastName: 'Souza',
    email: 'ana.souza@example.com',
    street: 'Avenida Paulista',
    houseNumber: '1578',
    postcode: '01310-200',
    city: 'São Paulo',
    state: 'SP',
    country: 'BR',
  };
  return [
    {
      title: 'provision',
      text: 'A subscriber of a customer; the customer is no object of this platform, its number is kept with each subscriber.',
      order: order(1, 'provision', {
        customer: { externalId: 'C-78', contact: person, billingProfile: 'prepaid' },
        subscribers: [{ ...ana, number: '+551130258080' }],
      }),
    },
    {
      title: 'modify',
      text: 'A forward on busy, one more number, another mail address.',
      order: order(2, 'modify', {
        customer: { externalId: 'C-78', contact: { email: 'ana@example.com' } },
        subscribers: [
          {
            ...ana,
            aliases: ['+551130258081'],
            callForwards: { busy: { destinations: [{ to: 'sip:551130258082@sip.example.com' }] } },
          },
        ],
      }),
    },
    {
      title: 'suspend',
      text: 'The subscriber can neither register nor call.',
      order: order(3, 'suspend', { subscribers: [ana] }),
    },
    { title: 'resume', text: 'And can again.', order: order(4, 'resume', { subscribers: [ana] }) },
    {
      title: 'terminate',
      text: 'What hangs on the subscriber goes first. There is no way back from the step that is marked.',
      order: order(5, 'terminate', { subscribers: [ana] }),
    },
  ];
}

function ngnpro(): Chapter[] {
  const order = (number: number, action: PostedOrder['action'], more: object): PostedOrder => ({
    externalId: `CRM-300${number}`,
    target: 'amsterdam',
    action,
    customer: { externalId: 'C-79' },
    ...more,
  });
  const lotte = { username: 'lotte', domain: 'sip.example.com' };
  const person = {
    firstName: 'Lotte',
    lastName: 'Vermeer',
    email: 'lotte@example.com',
    phone: '+31205550100',
    street: 'Damrak',
    houseNumber: '70',
    postcode: '1012 LM',
    city: 'Amsterdam',
    country: 'NL',
  };
  return [
    {
      title: 'provision',
      text: 'A customer with one subscriber and a mailbox. The password goes out as digests; the platform never sees it.',
      order: order(1, 'provision', {
        customer: { externalId: 'C-79', contact: person },
        subscribers: [
          {
            ...lotte,
            number: '+31205550101',
            voicemail: { pin: '4711', email: 'lotte@example.com' },
            callForwards: { noAnswer: { ringTimeout: 20, destinations: [{ to: 'voicemail' }] } },
            preferences: { 'free-pstn': true },
          },
        ],
      }),
    },
    {
      title: 'modify',
      text: 'One more number; calls while she talks go to her mobile, the other forwards stay.',
      order: order(2, 'modify', {
        subscribers: [
          {
            ...lotte,
            aliases: ['+31205550102'],
            callForwards: { busy: { destinations: [{ to: '+31655501000' }] } },
          },
        ],
      }),
    },
    {
      title: 'suspend',
      text: 'The subscriber joins the group `blocked`: no registering, no calls.',
      order: order(3, 'suspend', { subscribers: [lotte] }),
    },
    { title: 'resume', text: 'And leaves it.', order: order(4, 'resume', { subscribers: [lotte] }) },
    {
      title: 'terminate',
      text: 'What hangs on the subscriber goes with it. There is no way back from the step that is marked.',
      order: order(5, 'terminate', { subscribers: [lotte] }),
    },
  ];
}

function webportal(): Chapter[] {
  const order = (number: number, action: PostedOrder['action'], more: object): PostedOrder => ({
    externalId: `CRM-400${number}`,
    target: 'rome',
    action,
    customer: { externalId: 'C-80' },
    ...more,
  });
  const maria = { username: 'maria', domain: 'sip.example.com' };
  const firm = {
    company: 'Officine Bianchi',
    email: 'amministrazione@example.com',
    phone: '+390655501',
    street: 'Via Appia',
    houseNumber: '7',
    postcode: '00179',
    city: 'Roma',
    state: 'RM',
    country: 'IT',
    taxId: 'IT12345678901',
  };
  return [
    {
      title: 'provision',
      text: 'Company, office, user, then what hangs on the user. Each is looked for before it is made; a user by its number.',
      order: order(1, 'provision', {
        customer: { externalId: 'C-80', contact: firm },
        subscribers: [
          {
            ...maria,
            number: '+390655510',
            native: { office: { name: 'Deposito', city: 'Latina', emergencyArea: 'LT' } },
            callForwards: { noAnswer: { ringTimeout: 20, destinations: [{ to: '+390655599' }] } },
            preferences: { clir: true, barring: 'international' },
          },
        ],
      }),
    },
    {
      title: 'modify',
      text: 'Another mail address of the company; calls while she talks go to the switchboard, the other forwards stay, since what is sent whole is read first. Users are found by their user name, since this profile maps `user.named`.',
      order: order(2, 'modify', {
        customer: { externalId: 'C-80', contact: { email: 'contabilita@example.com' } },
        subscribers: [{ ...maria, callForwards: { busy: { destinations: [{ to: '+390655501' }] } } }],
      }),
    },
    {
      title: 'suspend',
      text: 'One user. Without `subscribers` it is the whole company.',
      order: order(3, 'suspend', { subscribers: [maria] }),
    },
    { title: 'resume', text: 'The whole company.', order: order(4, 'resume', {}) },
    {
      title: 'terminate',
      text: 'The user; its office and company stay. There is no way back from the step that is marked.',
      order: order(5, 'terminate', { subscribers: [maria] }),
    },
    {
      title: 'operations',
      text: 'What is about no subscriber: a rented line is made known, and gets antifraud limits. They stand in an order of their own.',
      order: {
        externalId: 'CRM-4006',
        target: 'rome',
        operations: [
          {
            service: 'wlr',
            operation: 'create',
            args: { number: '+390655700', fields: { kind: 'isdn', exchange: 'RM01' } },
          },
          {
            service: 'antifraud',
            operation: 'set',
            args: { number: '+390655700', fields: { minutesPerDay: 60, international: false } },
          },
        ],
      },
    },
  ];
}

/** What a platform's stories need of its settings beside their defaults, and what their readers are to know of it. */
export const STAGES: Readonly<Record<string, { readonly native: object; readonly text: string }>> = {
  webportal: {
    native: { profile: portalProfile('status') },
    text: `The calls are those of [a profile of Turnup's own stand-in](../../src/simulators/webportal/profiles/status.yaml), made
up and nobody else's: on a real portal they are what [its profile](../targets/webportal.md) says.
`,
  },
};

/** A subscriber's life, by platform. */
export const STORIES: Readonly<Record<string, Chapter[]>> = {
  sipwise: sipwise(),
  sippulse: sippulse(),
  ngnpro: ngnpro(),
  webportal: webportal(),
};
