import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallForward, CallForwards } from '../../../src/platforms/port.ts';
import { contactDifferences, contactMembers } from '../../../src/platforms/sipwise/contact-fields.ts';
import { forwardImage, normalForward, sameForward, wantedForwards } from '../../../src/platforms/sipwise/forwards.ts';
import { embedded, literal } from '../../../src/platforms/sipwise/lookup.ts';
import { digitsOf, platformNumber, readAliases, readDigits } from '../../../src/platforms/sipwise/numbers.ts';
import { preferenceOperations, samePreference } from '../../../src/platforms/sipwise/preference-values.ts';
import { order, subscriber } from './orders.ts';
import { customerBody } from '../../../src/platforms/sipwise/steps/customer.ts';
import { subscriberBody } from '../../../src/platforms/sipwise/steps/subscriber.ts';

const DOMAIN = 'sip.example.com';
const digits = (minLength: number, maxLength: number) =>
  fc.stringMatching(new RegExp(`^[1-9][0-9]{${minLength - 1},${maxLength - 1}}$`));

describe('numbers', () => {
  const numberArbitrary = fc.record({
    cc: digits(1, 3),
    ac: fc.oneof(fc.constant(''), digits(1, 5)),
    sn: digits(2, 8),
  });

  /** As the platform shows it: cc a number, ac and sn strings, a missing ac as "". */
  const shown = (number: { cc: string; ac?: string; sn: string }) => ({
    cc: Number(number.cc),
    ac: number.ac ?? '',
    sn: number.sn,
    number_id: 7,
  });

  it('come back as the same digits', () => {
    fc.assert(
      fc.property(numberArbitrary, (number) => {
        expect(readDigits(shown(platformNumber(number)))).toBe(digitsOf(number));
      }),
    );
  });

  it('are the same aliases in any order', () => {
    fc.assert(
      fc.property(fc.array(numberArbitrary, { maxLength: 5 }), (numbers) => {
        const read = numbers.toReversed().map((number) => shown(platformNumber(number)));
        expect(readAliases(read)).toEqual(numbers.map(digitsOf).toSorted());
      }),
    );
  });

  it('that are not there are null', () => {
    for (const value of [null, undefined, {}, { cc: null, ac: null, sn: null }]) expect(readDigits(value)).toBeNull();
    expect(readAliases(undefined)).toEqual([]);
  });
});

describe('call forwards', () => {
  const destination = fc.record(
    {
      to: fc.oneof(
        digits(4, 14).map((number) => `+${number}`),
        fc.constantFrom('voicemail', 'sip:bob@other.example.com', 'sip:alice@SIP.Example.com'),
      ),
      timeout: fc.integer({ min: 0, max: 300 }),
    },
    { requiredKeys: ['to'] },
  );
  const forward: fc.Arbitrary<CallForward> = fc.record(
    {
      destinations: fc.array(destination, { minLength: 1, maxLength: 4 }),
      ringTimeout: fc.integer({ min: 1, max: 120 }),
      times: fc.constantFrom(null, [{ days: ['mon' as const], from: '08:30', to: '17:15' }]),
    },
    { requiredKeys: ['destinations'] },
  );

  /** As the platform shows what was sent (sipwise-golden 17-callforwards). */
  function shown(
    sent: ReturnType<typeof wantedForwards> extends Map<string, infer F> ? F : never,
  ): Record<string, unknown> {
    if (!sent) return {};
    return {
      destinations: sent.destinations.map(({ destination: to, timeout }) =>
        to === 'voicebox'
          ? { destination: to, timeout, priority: null, announcement_id: null }
          : {
              destination: to.startsWith('sip:') ? to : `sip:${to}@${DOMAIN}`,
              simple_destination: to,
              timeout,
              priority: null,
              announcement_id: null,
            },
      ),
      times: (sent.times ?? []).map((row) => ({
        year: null,
        month: null,
        mday: null,
        wday: null,
        hour: null,
        minute: null,
        ...row,
      })),
      sources: [],
      sources_mode: 'whitelist',
      sources_is_regex: false,
      bnumbers: [],
      bnumbers_mode: 'whitelist',
      bnumbers_is_regex: false,
      destination_set: { id: 1, name: 'quickset_cft', subscriber_id: 3 },
      time_set: null,
      source_set: null,
      bnumber_set: null,
      ...(sent.ringtimeout === undefined ? {} : { ringtimeout: sent.ringtimeout }),
    };
  }

  it('that were sent compare equal to what is read back', () => {
    fc.assert(
      fc.property(forward, (noAnswer) => {
        const sent = wantedForwards({ noAnswer }).get('cft')!;
        expect(sameForward(sent, shown(sent), DOMAIN)).toBe(true);
        expect(sameForward(sent, {}, DOMAIN)).toBe(false);
        expect(sameForward(null, shown(sent), DOMAIN)).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  it('that were read can be written back as they were', () => {
    fc.assert(
      fc.property(forward, (noAnswer) => {
        const read = shown(wantedForwards({ noAnswer }).get('cft')!);
        const image = forwardImage(read) as Record<string, unknown>;
        expect(normalForward(image, DOMAIN)).toBe(normalForward(read, DOMAIN));
        expect(Object.keys(image).every((member) => ['destinations', 'times', 'ringtimeout'].includes(member))).toBe(
          true,
        );
      }),
      { numRuns: 50 },
    );
  });

  it('keep who they are restricted to in the image, with the flag without which the platform fails', () => {
    const read = {
      destinations: [{ destination: 'voicebox', timeout: 300 }],
      sources: [{ source: '43*' }],
      sources_mode: 'blacklist',
      sources_is_regex: false,
    };
    expect(forwardImage(read)).toEqual({
      destinations: [{ destination: 'voicebox', timeout: 300 }],
      times: [],
      sources: [{ source: '43*' }],
      sources_mode: 'blacklist',
      sources_is_regex: false,
    });
    expect(
      sameForward(wantedForwards({ busy: { destinations: [{ to: 'voicemail' }] } }).get('cfb')!, read, DOMAIN),
    ).toBe(false);
  });

  it('have the names of the platform; null unsets, absent is not touched', () => {
    const forwards: CallForwards = {
      unconditional: null,
      busy: { destinations: [{ to: '+4311' }] },
      unregistered: { destinations: [{ to: 'sip:bob@example.com', timeout: 0 }] },
    };
    expect([...wantedForwards(forwards)]).toEqual([
      ['cfu', null],
      ['cfb', { destinations: [{ destination: '4311', timeout: 300 }], times: null }],
      ['cfna', { destinations: [{ destination: 'sip:bob@example.com', timeout: 0 }], times: null }],
    ]);
  });

  it('that are unset come as {}, null or nothing', () => {
    for (const value of [{}, null, undefined, { destinations: [] }]) {
      expect(sameForward(null, value, DOMAIN)).toBe(true);
      expect(forwardImage(value)).toEqual({});
    }
  });

  it('take any ring time-out for equal when the order names none', () => {
    const wanted = wantedForwards({ noAnswer: { destinations: [{ to: '+4311' }] } }).get('cft')!;
    const read = {
      destinations: [{ destination: 'sip:4311@sip.example.com', timeout: 300 }],
      times: [],
      ringtimeout: 25,
    };
    expect(sameForward(wanted, read, DOMAIN)).toBe(true);
    expect(sameForward({ ...wanted, ringtimeout: 20 }, read, DOMAIN)).toBe(false);
  });
});

describe('preferences', () => {
  it('compare by meaning', () => {
    expect(samePreference('5', 5)).toBe(true);
    expect(samePreference(1, true)).toBe(true);
    expect(samePreference(['a', 'b'], ['b', 'a'])).toBe(true);
    expect(samePreference(null, undefined)).toBe(true);
    expect(samePreference(false, undefined)).toBe(false);
    expect(samePreference(['a'], ['a', 'b'])).toBe(false);
  });

  it('are added, and removed only when set', () => {
    expect(preferenceOperations({ a: 1, b: null, c: null }, (name) => name === 'b')).toEqual([
      { op: 'add', path: '/a', value: 1 },
      { op: 'remove', path: '/b' },
    ]);
  });
});

describe('contacts', () => {
  it('have the house number behind the street', () => {
    expect(contactMembers({ street: 'Main Street', houseNumber: '1', taxId: 'ATU1', mobile: '+43664' })).toEqual({
      street: 'Main Street 1',
      vatnum: 'ATU1',
      mobilenumber: '+43664',
    });
  });

  it('differ only in what is given', () => {
    const found = { email: 'a@b.cc', firstname: 'Ada', street: 'Main Street 1', city: null };
    expect(contactDifferences({ email: 'a@b.cc', street: 'Main Street', houseNumber: '1' }, found)).toEqual([]);
    expect(contactDifferences({ firstName: 'Eve', city: 'Wien' }, found)).toEqual(['firstName', 'city']);
  });
});

describe('bodies', () => {
  it('of a customer keep the platform from sending mail', () => {
    expect(customerBody(order([], { externalId: 'C-1' }), { contact: 3, profile: 4 })).toEqual({
      status: 'active',
      type: 'sipaccount',
      subscriber_email_template_id: null,
      passreset_email_template_id: null,
      invoice_email_template_id: null,
      invoice_template_id: null,
      contact_id: 3,
      billing_profile_id: 4,
      external_id: 'C-1',
    });
    const native = {
      type: 'pbxaccount',
      profile_package_id: 8,
      subscriber_email_template_id: 2,
      contact: { iban: 'AT1' },
    };
    const body = customerBody(order([], { native }), { contact: 3, profile: null });
    expect(body).toMatchObject({
      type: 'pbxaccount',
      profile_package_id: 8,
      billing_profile_definition: 'package',
      subscriber_email_template_id: 2,
    });
    expect(body).not.toHaveProperty('billing_profile_id');
    expect(body).not.toHaveProperty('contact');
  });

  it('of a subscriber hold what the order names and nothing else', () => {
    const bare = subscriber({ externalId: undefined as never, aliases: [], number: undefined as never });
    expect(JSON.parse(JSON.stringify(subscriberBody(bare, 5)))).toEqual({
      customer_id: 5,
      domain: DOMAIN,
      username: bare.username,
      password: bare.password,
    });
    const full = subscriber({ webUsername: 'w', webPassword: 'wp', native: { lock: 2, timezone: 'Europe/Vienna' } });
    expect(subscriberBody(full, 5)).toMatchObject({
      webusername: 'w',
      webpassword: 'wp',
      lock: 2,
      timezone: 'Europe/Vienna',
    });
  });
});

describe('lists', () => {
  it('come as array, object or nothing', () => {
    expect(embedded({ _embedded: { 'ngcp:customers': [{ id: 1 }, { id: 2 }] } }, 'customers')).toHaveLength(2);
    expect(embedded({ _embedded: { 'ngcp:customers': { id: 1 } } }, 'customers')).toEqual([{ id: 1 }]);
    expect(embedded({ total_count: 0 }, 'customers')).toEqual([]);
  });

  it('are asked for stars as they are', () => {
    expect(literal('a*b')).toBe(String.raw`a\*b`);
  });
});
