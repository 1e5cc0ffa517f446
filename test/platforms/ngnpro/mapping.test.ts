import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wantedDiversions } from '../../../src/platforms/ngnpro/forwards.ts';
import { contractOf } from '../../../src/platforms/ngnpro/soap/contract.ts';
import { decodeAnswer } from '../../../src/platforms/ngnpro/soap/decode.ts';
import { encodeArgs } from '../../../src/platforms/ngnpro/soap/encode.ts';
import { ownSurface, PORT_NAMES } from '../../../src/platforms/ngnpro/soap/ports.ts';
import { aliasNamesOf } from '../../../src/platforms/ngnpro/numbers.ts';
import { passwordFor } from '../../../src/platforms/ngnpro/password.ts';
import { wantedGroups } from '../../../src/platforms/ngnpro/preference-names.ts';
import { contactMembers, customerUsername } from '../../../src/platforms/ngnpro/shared/customers.ts';
import { newAccount } from '../../../src/platforms/ngnpro/shared/new-account.ts';
import type { NgnproDefaults } from '../../../src/platforms/ngnpro/types.ts';
import { ngnpro } from '../../../src/platforms/ngnpro/index.ts';
import { settings } from './fixture.ts';
import { order, subscriber } from './orders.ts';

const DEFAULTS: NgnproDefaults = {
  passwords: 'digest',
  numberFormat: 'digits',
  enum: 'auto',
  enumTld: 'e164.arpa',
  reseller: null,
  login: 'administrator',
  timezone: 'UTC',
};
const JOHN = { username: 'john', domain: 'example.com' };

test('an address of its own that is not as safe as the others is told', () => {
  const warningsOf = (url: string, native: object) =>
    ngnpro.settingsWarnings!({ ...settings(url), url, native: ngnpro.settings.parse(native) });
  const plain = { voicemailUrl: 'http://vm.example.com:9200', presenceUrl: 'https://p.example.com' };
  expect(warningsOf('https://ngnpro.example.com:9200', plain)).toEqual(['voicemailUrl is plain HTTP, and url is not']);
  // That all of it is plain is told of every target.
  expect(warningsOf('http://sip.example.com:9200', plain)).toEqual([]);
});

describe('the contract of our WSDLs', () => {
  test('has the 108 operations of eight ports, each with its parts', () => {
    const operations = PORT_NAMES.flatMap((port) =>
      [...ownSurface(port).operations].map((name) => [port, name] as const),
    );
    expect(operations).toHaveLength(108);
    for (const [port, name] of operations) expect(contractOf(port).operation(name).parts).toBeInstanceOf(Array);
    expect(contractOf('SipPort').operation('deleteAlias').parts).toEqual([{ name: 'id', type: 'SipId' }]);
    expect(contractOf('EnumPort').operation('deleteRange').parts).toEqual([{ name: 'range', type: 'EnumRangeId' }]);
  });

  const text = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' });
  const account = fc.record(
    {
      id: fc.record({ username: text, domain: text }),
      email: text,
      groups: fc.array(text, { maxLength: 4 }),
      prepaid: fc.boolean(),
      quota: fc.integer({ min: 0, max: 2_147_483_647 }),
      acl: fc.array(fc.record({ ip: text, mask: fc.nat({ max: 128 }) }), { maxLength: 3 }),
      properties: fc.array(fc.record({ name: text, value: text }), { maxLength: 3 }),
    },
    { requiredKeys: ['id'] },
  );

  /** As npm soap reads what it wrote: attributes apart, leaves as text, a list of one as its element. */
  const asRead = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.length === 1 ? asRead(value[0]) : value.map(asRead);
    if (typeof value !== 'object' || value === null) return String(value);
    const members = Object.entries(value).map(([name, member]) => [
      name,
      name === 'attributes' ? member : asRead(member),
    ]);
    return Object.fromEntries(members);
  };

  test('what is written by it is read by it', () => {
    const contract = contractOf('SipPort');
    const { parts, answer } = contract.operation('addAccount');
    fc.assert(
      fc.property(account, fc.boolean(), (wanted, xsiTypes) => {
        const sent = encodeArgs(contract, parts, { account: wanted }, { prefix: 'ngnpro', xsiTypes });
        expect(decodeAnswer(contract, answer, asRead(sent))).toEqual(wanted);
      }),
    );
  });
});

describe('passwords', () => {
  test('are two digests, which are what SIP devices compute', () => {
    // md5sum of "john:example.com:secret" and of "john@example.com:example.com:secret".
    expect(passwordFor(JOHN, 'secret', DEFAULTS)).toBe(
      '44df74ce14e11461455eab958c84bebb:36733a9de900b0a7eac664bc534f908c',
    );
  });

  test('that come as digests stay as they are; in clear only where the target says so', () => {
    const digests = `${'0a'.repeat(16)}:${'f9'.repeat(16)}`;
    expect(passwordFor(JOHN, digests, DEFAULTS)).toBe(digests);
    expect(passwordFor(JOHN, 'secret', { passwords: 'clear' })).toBe('secret');
  });
});

describe('a new account', () => {
  const made = (more: Parameters<typeof subscriber>[0]) => {
    const one = subscriber(more);
    return newAccount(order([one]), one, { owner: 7, key: 'k', password: 'p' }, { defaults: DEFAULTS });
  };

  test('is in lower case, bears its marks, and has what the order switches from its first moment', () => {
    const account = made({
      username: 'John',
      domain: 'SIP.example.com',
      externalId: 'S-1',
      preferences: { 'free-pstn': true, callLimit: 3, quota: null },
      native: { groups: ['sms'], prepaid: true, properties: [{ name: 'desk', value: '1' }] },
      callForwards: { noAnswer: { ringTimeout: 25, destinations: [{ to: 'voicemail' }] } },
    });
    expect(account).toMatchObject({
      id: { username: 'john', domain: 'sip.example.com' },
      owner: 7,
      groups: ['sms', 'free-pstn'],
      callLimit: 3,
      quota: 0,
      prepaid: true,
      timeout: 25,
    });
    expect(account['email']).toMatch(/^joerg\./);
    expect(account['properties']).toEqual([
      { name: 'desk', value: '1' },
      { name: 'turnup.key', value: 'k' },
      { name: 'turnup.customer', value: expect.any(String) },
      { name: 'turnup.subscriber', value: 'S-1' },
    ]);
  });

  test('sends numbers for blank numbers', () => {
    expect(made({})).toMatchObject({ quota: 0, callLimit: 0, timeout: 35, prepaid: false });
  });
});

test('a list of groups replaces, but for those that are not its business; switches change one', () => {
  const found = ['sms', 'blocked', 'quota'];
  expect(wantedGroups({ groups: ['own'] }, found)).toEqual(['own', 'blocked', 'quota']);
  expect(wantedGroups({ groups: null }, found)).toEqual(['blocked', 'quota']);
  expect(wantedGroups({ anonymous: true, sms: false }, found)).toEqual(['blocked', 'quota', 'anonymous']);
  expect(wantedGroups({ sms: null }, found)).toEqual(['blocked', 'quota']);
});

test('forwards are SIP URIs or the mailbox', () => {
  const to = (destination: string) => ({ destinations: [{ to: destination }] });
  const forwards = {
    busy: to('+43987610001'),
    noAnswer: to('voicemail'),
    unregistered: null,
    unavailable: to('sip:A@b.c'),
  };
  expect(wantedDiversions(forwards, 'SIP.example.com', DEFAULTS)).toEqual({
    FBUS: 'sip:43987610001@sip.example.com',
    FNOA: '<voice-mailbox>',
    FNOL: null,
    FUNV: 'sip:A@b.c',
  });
  expect(wantedDiversions(forwards, 'x', { numberFormat: 'plus' })['FBUS']).toBe('sip:+43987610001@x');
});

test('a number that is the user name needs no alias', () => {
  const one = subscriber({
    username: '43987610001',
    number: { cc: '43', ac: '', sn: '987610001' },
    aliases: [{ cc: '43', ac: '1', sn: '9876' }],
  });
  expect(aliasNamesOf(one, DEFAULTS)).toEqual(['4319876']);
  expect(aliasNamesOf(one, { numberFormat: 'plus' })).toEqual(['+43987610001', '+4319876']);
});

test('a customer is known by the CRM’s number, whatever it is made of', () => {
  const nameOf = (externalId: string) => customerUsername({ externalId });
  expect(nameOf('C-77')).toBe('c-77');
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, maxLength: 128 }),
      fc.string({ minLength: 1, maxLength: 128 }),
      (one, other) => {
        expect(nameOf(one)).toMatch(/^[a-z0-9][a-z0-9._-]{0,63}$/);
        if (one.toLowerCase() !== other.toLowerCase()) expect(nameOf(one)).not.toBe(nameOf(other));
      },
    ),
  );
});

test('an address is one text', () => {
  expect(contactMembers({ street: 'Rebgasse', houseNumber: '12', district: 'Neubau', email: 'A@B.example' })).toEqual({
    address: 'Rebgasse 12, Neubau',
    email: 'a@b.example',
  });
  expect(contactMembers({ company: 'KG', phone: '+431' })).toEqual({ organization: 'KG', tel: '+431' });
});
