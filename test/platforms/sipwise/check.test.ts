import { describe, expect, it } from 'vitest';
import type { Json, OrderContent, SubscriberOrder, TargetSettings } from '../../../src/platforms/port.ts';
import { sipwise } from '../../../src/platforms/sipwise/index.ts';
import type { SipwiseSettings } from '../../../src/platforms/sipwise/settings.ts';
import { order, subscriber } from './orders.ts';

const SETTINGS = {} as TargetSettings<SipwiseSettings>;

const DEFINITIONS: Json = {
  preferences: {
    block_in_clir: { type: 'boolean', max: 1, readOnly: false },
    block_in_list: { type: 'string', max: 0, readOnly: false },
    concurrent_max: { type: 'int', max: 1, readOnly: false },
    use_rtpproxy: { type: 'enum', max: 1, readOnly: false, values: [null, 'never', 'ice_strip_candidates'] },
    three_of: { type: 'string', max: 3, readOnly: false },
    account_id: { type: 'int', max: 1, readOnly: true },
    picture: { type: 'blob', max: 1, readOnly: false },
  },
};

const faultsOf = (content: OrderContent, definitions: Json = null): Record<string, string> =>
  Object.fromEntries(
    sipwise.check(content, SETTINGS, definitions).map(({ path, message }) => [path.join('.'), message]),
  );

const ofSubscriber = (more: Partial<SubscriberOrder>, definitions: Json = null) =>
  faultsOf(order([subscriber(more)]), definitions);

const pathsOf = (faults: Record<string, string>): string[] => Object.keys(faults);

describe('I12 check', () => {
  it('finds nothing in an order as the API page has it', () => {
    const content = order([
      subscriber({
        webUsername: 'john',
        webPassword: 'Web-12345-zz',
        callForwards: {
          unregistered: {
            destinations: [
              { to: '+4366610001', timeout: 10 },
              { to: 'voicemail', timeout: 300 },
            ],
            times: null,
          },
          noAnswer: { ringTimeout: 20, destinations: [{ to: 'sip:bob@example.com' }] },
          busy: null,
        },
        preferences: { block_in_clir: true, block_in_list: ['4366412345', '431*'], concurrent_max: null },
        voicemail: { pin: '4711', email: 'john.doe@example.com' },
        native: { lock: 2, timezone: 'Europe/Vienna', email: 'john@example.com' },
      }),
      subscriber({ id: 's2', username: "a+b=c,d;e_f.g~h'(i)!j*k-l" }),
    ]);
    expect(faultsOf(content)).toEqual({});
    expect(faultsOf(content, DEFINITIONS)).toEqual({});
  });

  it('tells all faults at once, each with its path', () => {
    const content = order(
      [
        subscriber({ username: '.john', domain: 'sip example', native: { colour: 'red' } }),
        subscriber({ username: 'jo hn' }),
      ],
      {
        contact: { firstName: 'x'.repeat(128), district: 'Neubau' },
        billingProfile: 'gold-plus',
        native: { vat_rate: 101 },
      },
    );
    expect(pathsOf(faultsOf(content)).toSorted()).toEqual([
      'customer.billingProfile',
      'customer.contact.district',
      'customer.contact.email',
      'customer.contact.firstName',
      'customer.native.vat_rate',
      'subscribers.0.domain',
      'subscribers.0.native.colour',
      'subscribers.0.username',
      'subscribers.1.username',
    ]);
  });

  it.each(['john doe', '.john', 'john.', 'jo..hn', 'jöhn', 'john@home', 'a/b', '', 'x'.repeat(128)])(
    'refuses the user name %j',
    (username) => {
      expect(pathsOf(ofSubscriber({ username }))).toEqual(['subscribers.0.username']);
    },
  );

  it.each(['', 'sip example.com', 'sip..example.com', '-sip.example.com', 'sip_1.example.com', `${'a.'.repeat(64)}a`])(
    'refuses the domain %j',
    (domain) => {
      expect(pathsOf(ofSubscriber({ domain }))).toEqual(['subscribers.0.domain']);
    },
  );

  it('refuses numbers that the platform would store as they are', () => {
    const of = (number: { cc: string; ac: string; sn: string }) => pathsOf(ofSubscriber({ number }));
    expect(of({ cc: '+43', ac: '1', sn: '1' })).toEqual(['subscribers.0.number']);
    expect(of({ cc: '43', ac: '1', sn: '12ab' })).toEqual(['subscribers.0.number']);
    expect(of({ cc: '43999', ac: '1', sn: '1' })).toEqual(['subscribers.0.number']);
    expect(of({ cc: '43', ac: '12345678', sn: '1' })).toEqual(['subscribers.0.number']);
    expect(of({ cc: '43', ac: '', sn: '1'.repeat(32) })).toEqual(['subscribers.0.number']);
  });

  it('refuses a number that the order has twice, however it is split', () => {
    const first = subscriber({
      number: { cc: '43', ac: '1', sn: '2345' },
      aliases: [{ cc: '43', ac: '', sn: '12345' }],
    });
    const second = subscriber({ id: 's2', number: { cc: '43', ac: '123', sn: '45' }, aliases: [] });
    expect(faultsOf(order([first, second]))).toEqual({
      'subscribers.0.aliases.0': 'is the same number as subscribers.0.number',
      'subscribers.1.number': 'is the same number as subscribers.0.number',
    });
  });

  it('refuses two web logins of one name, the default included', () => {
    const first = subscriber({ username: 'john' });
    const second = subscriber({ id: 's2', username: 'mary', webUsername: 'JOHN' });
    expect(pathsOf(faultsOf(order([first, second])))).toEqual(['subscribers.1.webUsername']);
  });

  it('refuses what would be cut or trimmed in silence', () => {
    expect(pathsOf(ofSubscriber({ password: 'x'.repeat(41) }))).toEqual(['subscribers.0.password']);
    expect(pathsOf(ofSubscriber({ webPassword: 'ö'.repeat(37) }))).toEqual(['subscribers.0.webPassword']);
    expect(pathsOf(ofSubscriber({ externalId: 'x'.repeat(256) }))).toEqual(['subscribers.0.externalId']);
    expect(pathsOf(ofSubscriber({ externalId: 'S-1 ' }))).toEqual(['subscribers.0.externalId']);
    expect(pathsOf(ofSubscriber({ externalId: 'S-😀' }))).toEqual(['subscribers.0.externalId']);
    for (const externalId of ['C 1 ', 'C\\1', '$null', 'x'.repeat(256)]) {
      expect(pathsOf(faultsOf(order([subscriber()], { externalId })))).toEqual(['customer.externalId']);
    }
  });

  it('knows the fields of a contact', () => {
    const of = (contact: object) =>
      pathsOf(faultsOf(order([subscriber()], { contact: { email: 'a@b.cc', ...contact } })));
    expect(of({})).toEqual([]);
    expect(of({ email: 'not an address' })).toEqual(['customer.contact.email']);
    expect(of({ email: 'a@b' })).toEqual(['customer.contact.email']);
    expect(of({ postcode: '1'.repeat(17) })).toEqual(['customer.contact.postcode']);
    expect(of({ country: 'at' })).toEqual(['customer.contact.country']);
    expect(of({ phone: '1'.repeat(32) })).toEqual(['customer.contact.phone']);
    expect(of({ street: 'x'.repeat(126), houseNumber: '12' })).toEqual(['customer.contact.street']);
    expect(of({ houseNumber: '12' })).toEqual(['customer.contact.houseNumber']);
    for (const member of ['complement', 'district', 'state'])
      expect(of({ [member]: 'x' })).toEqual([`customer.contact.${member}`]);
    expect(pathsOf(faultsOf(order([subscriber()], { contact: {} })))).toEqual(['customer.contact.email']);
    const { contact: _contact, ...customer } = order().customer;
    expect(faultsOf({ ...order(), customer })).toEqual({});
  });

  it('knows the native fields and no others', () => {
    const ofCustomer = (native: object) => pathsOf(faultsOf(order([subscriber()], { native: native as never })));
    expect(
      ofCustomer({
        type: 'pbxaccount',
        max_subscribers: null,
        add_vat: true,
        contact: { iban: 'AT61', bic: 'GIBAATWW' },
      }),
    ).toEqual([]);
    expect(ofCustomer({ type: 'zzz', max_subscribers: -1, contact: { bic: 'X', gpp0: 'mine' } })).toEqual([
      'customer.native.type',
      'customer.native.max_subscribers',
      'customer.native.contact.bic',
      'customer.native.contact.gpp0',
    ]);
    const of = (native: object) => pathsOf(ofSubscriber({ native: native as never }));
    expect(of({ lock: null, status: 'active' })).toEqual([]);
    expect(of({ lock: 6, status: 'terminated', display_name: 'x' })).toEqual([
      'subscribers.0.native.lock',
      'subscribers.0.native.status',
      'subscribers.0.native.display_name',
    ]);
    expect(of({ status: 'locked', lock: 2 })).toEqual(['subscribers.0.native.lock']);
    expect(of({ profile_id: 3 })).toEqual(['subscribers.0.native.profile_id']);
    expect(
      pathsOf(faultsOf(order([subscriber()], { billingProfile: 'gold', native: { profile_package_id: 1 } }))),
    ).toEqual(['customer.native.profile_package_id']);
  });

  it('knows call forwards', () => {
    const of = (callForwards: object) => pathsOf(ofSubscriber({ callForwards }));
    const to = (target: string) => of({ busy: { destinations: [{ to: target }] } });
    for (const good of ['+4311', 'voicemail', 'sip:bob@example.com', 'sip:+4311@10.0.0.1:5060'])
      expect(to(good)).toEqual([]);
    for (const bad of ['4311', 'voicebox', '+0', 'sip:bob', 'sip:b@c@d', 'mailto:a@b.cc', 'sip:a b@c.dd', '+43abc']) {
      expect(to(bad)).toEqual(['subscribers.0.callForwards.busy.destinations.0.to']);
    }
    expect(of({ unavailable: null })).toEqual(['subscribers.0.callForwards.unavailable']);
    expect(of({ busy: { destinations: [] } })).toEqual(['subscribers.0.callForwards.busy.destinations']);
    expect(of({ busy: { destinations: [{ to: '+4311', timeout: -1 }], ringTimeout: 10 } })).toEqual([
      'subscribers.0.callForwards.busy.destinations.0.timeout',
      'subscribers.0.callForwards.busy.ringTimeout',
    ]);
    expect(
      of({ noAnswer: { destinations: [{ to: '+4311' }], times: [{ days: ['mon'], from: '18:00', to: '08:00' }] } }),
    ).toEqual(['subscribers.0.callForwards.noAnswer.times.0.to']);
  });

  it('knows the limits of preferences without the definitions', () => {
    const of = (preferences: Record<string, Json>) => pathsOf(ofSubscriber({ preferences }));
    expect(of({ anything: 'x', list: ['a', 'b'], number: 5, flag: false, off: null })).toEqual([]);
    for (const [name, value] of [
      ['no such name', 'x'],
      ['id', 5],
      ['lock', 2],
      ['x', 'y'.repeat(129)],
      ['x', ''],
      ['x', []],
      ['x', ['a', 'a']],
      ['x', { a: 1 }],
      ['x', [['a']]],
      ['x', 1.5],
    ] as [string, Json][]) {
      expect(of({ [name]: value })).toEqual([`subscribers.0.preferences.${name}`]);
    }
  });

  it('knows the preferences of the target with the definitions', () => {
    const of = (preferences: Record<string, Json>) =>
      ofSubscriber({ preferences }, DEFINITIONS)[`subscribers.0.preferences.${Object.keys(preferences)[0]}`];
    expect(of({ nope: 'x' })).toBe('is not a preference of the target');
    expect(of({ nope: null })).toBe('is not a preference of the target');
    expect(of({ account_id: 5 })).toBe('can only be read');
    expect(of({ picture: 'x' })).toMatch(/binary/);
    expect(of({ block_in_clir: 'yes' })).toBe('must be true or false');
    expect(of({ block_in_clir: 1 })).toBeUndefined();
    expect(of({ block_in_clir: [true] })).toBe('must be one value, not a list');
    expect(of({ block_in_list: '431' })).toBe('must be a list');
    expect(of({ concurrent_max: 'abc' })).toBe('must be a whole number');
    expect(of({ concurrent_max: '5' })).toBeUndefined();
    expect(of({ use_rtpproxy: 'nope' })).toMatch(/must be one of never, ice_strip_candidates/);
    expect(of({ use_rtpproxy: null })).toBeUndefined();
    expect(of({ three_of: ['a', 'b', 'c', 'd'] })).toBe('must have at most 3 elements');
  });

  it('knows voicemail', () => {
    expect(pathsOf(ofSubscriber({ voicemail: { pin: '123', email: 'x' } }))).toEqual([
      'subscribers.0.voicemail.pin',
      'subscribers.0.voicemail.email',
    ]);
    expect(pathsOf(ofSubscriber({ voicemail: { pin: '1'.repeat(32) } }))).toEqual(['subscribers.0.voicemail.pin']);
  });

  it('I8 quotes no secret', () => {
    const faults = ofSubscriber({ password: 's3cret'.repeat(8), voicemail: { pin: '99x' } });
    expect(JSON.stringify(faults)).not.toMatch(/s3cret|99x/);
  });
});

describe('plan', () => {
  it('is a chain for one subscriber and branches from the customer for several', () => {
    const full = subscriber({
      username: 'john',
      callForwards: { busy: { destinations: [{ to: 'voicemail' }] } },
      preferences: { block_in_clir: true },
      voicemail: { pin: '4711' },
      native: { lock: 2 },
    });
    const steps = sipwise.plan(order([full, subscriber({ id: 's2' })], { externalId: 'C-77' }));
    expect(steps.map(({ id, needs }) => [id, needs])).toEqual([
      ['contact', []],
      ['customer', ['contact']],
      ['s1.subscriber', ['customer']],
      ['s1.callForwards', ['s1.subscriber']],
      ['s1.preferences', ['s1.callForwards']],
      ['s1.voicemail', ['s1.preferences']],
      ['s1.lock', ['s1.voicemail']],
      ['s2.subscriber', ['customer']],
    ]);
    expect(steps[2]).toMatchObject({
      kind: 'subscriber',
      item: 's1',
      class: 'compensatable',
      title: 'subscriber john@sip.example.com',
    });
    for (const { kind } of steps) expect(sipwise.steps).toHaveProperty(kind);
  });

  it('has no steps for members that are there and empty', () => {
    const bare = subscriber({ callForwards: {}, preferences: {}, voicemail: {} });
    expect(sipwise.plan(order([bare])).map(({ id }) => id)).toEqual(['contact', 'customer', 's1.subscriber']);
  });
});
