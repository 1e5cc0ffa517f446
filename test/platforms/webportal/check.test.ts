import { describe, expect, it } from 'vitest';
import type { OrderContent, SubscriberOrder } from '../../../src/platforms/port.ts';
import { webportal } from '../../../src/platforms/webportal/index.ts';
import { fullOrder, settingsWith } from './fixture.ts';
import { profileWith, textOf } from './lab.ts';
import { order, subscriber } from './orders.ts';

type Changes = Readonly<Record<string, unknown>>;

function faultsOf(
  content: OrderContent,
  name: 'status' | 'outcome' = 'status',
  changes: Changes = {},
): Record<string, string> {
  const settings = settingsWith('http://127.0.0.1:1', textOf(profileWith(name, changes)));
  const faults = webportal.check(content, settings, null);
  return Object.fromEntries(faults.map(({ path, message }) => [path.join('.'), message]));
}

const one = (more: Partial<SubscriberOrder> = {}) => order([subscriber(more)]);

const TITLE = "Turnup's simulator, JSON with status codes (not TIM's)";

describe('the door', () => {
  it('lets in what the profile has a place for', () => {
    expect(faultsOf(fullOrder('status'))).toEqual({});
    expect(faultsOf(fullOrder('outcome'), 'outcome')).toEqual({});
  });

  it.each([
    ['company.create', 'customer', one()],
    ['company.find', 'customer', one()],
    ['office.create', 'subscribers.0.native.office', one()],
    ['user.create', 'subscribers.0', one()],
    ['services.set', 'subscribers.0.preferences', one({ preferences: { clir: true } })],
    ['callForwards.set', 'subscribers.0.callForwards', one({ callForwards: { busy: null } })],
    ['voicemail.set', 'subscribers.0.voicemail', one({ voicemail: { email: 'a@example.com' } })],
  ])('I12 refuses an order that needs %s, with its name and the profile’s title', (operation, path, content) => {
    const [owner] = operation.split('.');
    const changes: Record<string, unknown> = { [`operations/${operation}`]: undefined };
    if (operation === 'company.find')
      for (const verb of ['create', 'update', 'suspend', 'resume', 'remove'])
        changes[`operations/company.${verb}`] = undefined;
    if (operation.endsWith('.set')) changes[`operations/${owner}.get`] = undefined;
    expect(faultsOf(content, 'status', changes)[path]).toBe(
      `needs ${operation === 'company.find' ? 'company.find' : operation.replace('.set', '.set')}, which the profile "${TITLE}" does not map`,
    );
  });

  it('refuses members of the contact that have no field, and takes those that another field says', () => {
    const contact = {
      firstName: 'A',
      lastName: 'B',
      complement: 'Scala C',
      district: 'Centro',
      taxId: 'RSSMRA80A01H501U',
    };
    expect(faultsOf(order(undefined, { contact }))).toEqual({
      'customer.contact.complement': `has no field in the profile "${TITLE}"`,
      'customer.contact.district': `has no field in the profile "${TITLE}"`,
    });
    expect(
      Object.keys(faultsOf(order(undefined, { contact: { firstName: 'A', lastName: 'B', company: 'C' } }), 'outcome')),
    ).toEqual(['customer.contact.firstName', 'customer.contact.lastName']);
  });

  it.each([
    ['RSSMRA80A01H501U', 'taxCode'],
    ['IT12345678901', 'vatNumber'],
  ])('refuses the tax id %s where only the other kind has a field', (taxId, kind) => {
    const content = order(undefined, { contact: { company: 'C', taxId } });
    const changed = { ...content, action: 'modify', customer: { ...content.customer, contact: { taxId } } } as const;
    for (const each of [content, { ...changed, subscribers: [] }]) {
      expect(faultsOf(each)).toEqual({});
      expect(faultsOf(each, 'status', { [`fields/company/${kind}`]: undefined })).toEqual({
        'customer.contact.taxId': `has no field in the profile "${TITLE}"`,
      });
    }
  });

  it('names required fields, lengths and words by their place in the order', () => {
    const faults = faultsOf(
      order([subscriber({ native: { deviceSecret: 1 } })], {
        externalId: 'C'.repeat(41),
        contact: { email: 'a@example.com' },
        billingProfile: 'gold',
        native: { salesAgent: 'x'.repeat(21), mood: 'good' },
      }),
    );
    expect(faults).toMatchObject({
      'customer.externalId': 'must have at most 40 characters',
      'customer.contact.firstName': 'is required by the profile',
      'customer.billingProfile': 'must be one of retail, company',
      'customer.native.salesAgent': 'must have at most 20 characters',
      'customer.native.mood': expect.stringContaining('is no field of the profile'),
    });
  });

  it('wants a number, and a user name that a portal without user names can go by', () => {
    const { number: _none, ...nobody } = subscriber();
    expect(faultsOf(order([nobody]))['subscribers.0.number']).toMatch(/known by their number/);
    expect(faultsOf(one({ username: 'maria' }), 'outcome')['subscribers.0.username']).toMatch(/must be the number/);
    expect(faultsOf(one({ username: '39061' }), 'outcome')['subscribers.0.username']).toMatch(/must be the number/);
    expect(faultsOf(one({ domain: 'other.example.com' }), 'outcome')['subscribers.0.domain']).toMatch(
      /must be sip.example.com/,
    );
  });

  it('refuses numbers of other countries where numbers go without theirs', () => {
    const number = { cc: '43', ac: '', sn: '19876543' };
    expect(faultsOf(one({ number, username: '4319876543' }), 'outcome')['subscribers.0.number']).toMatch(/\+39/);
    expect(faultsOf(one({ number, username: '4319876543' }))).toEqual({});
  });

  it('refuses what a forward of a portal cannot say', () => {
    const to = '+390611';
    const faults = faultsOf(
      one({
        callForwards: {
          unconditional: { destinations: [{ to, timeout: 5 }] },
          busy: { destinations: [{ to }, { to: 'voicemail' }] },
          noAnswer: {
            ringTimeout: 20,
            destinations: [{ to: 'sip:a@example.com' }],
            times: [{ days: ['mon'], from: '08:00', to: '09:00' }],
          },
          unregistered: { destinations: [{ to }] },
        },
      }),
    );
    expect(Object.keys(faults).toSorted()).toEqual([
      'subscribers.0.callForwards.busy.destinations',
      'subscribers.0.callForwards.busy.destinations.1.to',
      'subscribers.0.callForwards.noAnswer.destinations.0.to',
      'subscribers.0.callForwards.noAnswer.times',
      'subscribers.0.callForwards.unconditional.destinations.0.timeout',
      'subscribers.0.callForwards.unregistered',
    ]);
  });

  it('refuses preferences, aliases, offices and ranges that the profile has no place for', () => {
    expect(faultsOf(one({ preferences: { clir: 'yes', colour: 'red' } }))).toEqual({
      'subscribers.0.preferences.clir': 'must be true or false',
      'subscribers.0.preferences.colour': `has no field in the profile "${TITLE}"`,
    });
    expect(faultsOf(one({ aliases: [{ cc: '39', ac: '', sn: '0611' }] }), 'outcome')['subscribers.0.aliases']).toMatch(
      /no field/,
    );
    expect(faultsOf(one({ native: { office: 7 } }))['subscribers.0.native.office']).toMatch(/name of an office/);
    expect(faultsOf(one({ native: { office: { city: 'Roma' } } }))['subscribers.0.native.office.name']).toBe(
      'is required',
    );
    expect(
      faultsOf(one({ native: { office: { name: 'A', colour: 'red' } } }))['subscribers.0.native.office.colour'],
    ).toMatch(/no field/);
    expect(faultsOf(one({ native: { range: { from: '00', to: '49' } } }))).toEqual({});
    for (const range of [{ from: '50', to: '49' }, { from: '1', to: '10' }, { from: 'a', to: 'b' }, 'x']) {
      expect(faultsOf(one({ native: { range } }))['subscribers.0.native.range']).toMatch(/first and last extension/);
    }
    expect(
      faultsOf(one({ native: { range: { from: '00', to: '49' } } }), 'outcome')['subscribers.0.native.range'],
    ).toMatch(/no field/);
  });

  it('wants the tax number of a company that is known by it', () => {
    const { taxId: _none, ...contact } = order().customer.contact!;
    const changes = { 'keys/company': 'vatNumber' };
    expect(faultsOf(order(undefined, { contact }), 'status', changes)['customer.contact.taxId']).toMatch(
      /known by their vatNumber/,
    );
  });
});

describe('the door for what is there already', () => {
  const further = (action: OrderContent['action'], more: Partial<OrderContent> = {}): OrderContent => ({
    ...order([subscriber()].map(({ id, username, domain }) => ({ id, username, domain, aliases: [], native: {} }))),
    action,
    customer: { externalId: 'C-1', native: {} },
    ...more,
  });

  it.each(['suspend', 'resume', 'terminate'] as const)(
    'takes orders that %s a subscriber, or the customer',
    (action) => {
      for (const name of ['status', 'outcome'] as const) {
        expect(faultsOf(further(action), name)).toEqual({});
        expect(faultsOf(further(action, { subscribers: [] }), name)).toEqual({});
      }
    },
  );

  it('I12 names what the profile lacks for them', () => {
    const none = {
      'operations/user.suspend': undefined,
      'operations/user.resume': undefined,
      'operations/user.remove': undefined,
    };
    for (const [action, operation] of [
      ['suspend', 'user.suspend'],
      ['resume', 'user.resume'],
      ['terminate', 'user.remove'],
    ] as const) {
      expect(faultsOf(further(action), 'status', none)).toEqual({
        'subscribers.0': `needs ${operation}, which the profile "${TITLE}" does not map`,
      });
    }
    const bare = { 'operations/company.suspend': undefined, 'operations/company.resume': undefined };
    expect(faultsOf(further('suspend', { subscribers: [] }), 'status', bare)).toEqual({
      customer: expect.stringContaining('company.suspend'),
    });
    const unnamed = { 'operations/user.named': undefined, 'operations/user.list': undefined };
    expect(faultsOf(further('suspend'), 'status', unnamed)).toEqual({
      'subscribers.0': expect.stringContaining('user.named'),
    });
  });

  it('refuses them where companies are known by what they do not tell', () => {
    expect(faultsOf(further('suspend'), 'status', { 'keys/company': 'vatNumber' })).toEqual({
      'customer.externalId': expect.stringContaining('vatNumber'),
    });
  });

  it('refuses changes that the portal cannot make, or not take back', () => {
    const [named] = further('modify').subscribers;
    const faults = faultsOf(
      further('modify', {
        customer: { externalId: 'C-1', contact: { firstName: 'A', complement: 'x' }, native: {} },
        subscribers: [{ ...named!, native: { office: 'B' }, webPassword: 'x' }],
        cleared: [
          'customer.contact.company',
          'subscribers.s1.number',
          'subscribers.s1.preferences',
          'subscribers.s1.voicemail',
        ],
        moves: [
          {
            id: 'm1',
            number: { cc: '39', ac: '', sn: '061' },
            from: { customer: 'C', username: 'a', domain: 'b' },
            to: { username: 'c', domain: 'd' },
          },
        ],
      }),
    );
    expect(Object.keys(faults).toSorted()).toEqual([
      'customer.contact.company',
      'customer.contact.complement',
      'customer.contact.lastName',
      'moves.0',
      'subscribers.0.native.office',
      'subscribers.0.number',
      'subscribers.0.preferences',
      'subscribers.0.voicemail',
      'subscribers.0.webPassword',
    ]);
  });

  it('refuses a new number where users are named by it', () => {
    const [named] = further('modify').subscribers;
    const number = { cc: '39', ac: '', sn: '0677777' };
    expect(
      faultsOf(further('modify', { subscribers: [{ ...named!, number }] }), 'outcome')['subscribers.0.number'],
    ).toMatch(/cannot be changed/);
  });

  it('refuses calls that say more than is known of a user', () => {
    const changes = { 'operations/user.suspend/path': '/offices/{officeName}/users/{userId}/suspension' };
    expect(faultsOf(further('suspend'), 'status', changes)).toEqual({
      'subscribers.0': expect.stringContaining('{officeName}'),
    });
  });
});
