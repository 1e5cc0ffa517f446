import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { TurnupError } from '../../../src/errors/index.ts';
import { isFault } from '../../../src/platforms/ngnpro/fault.ts';
import { createServerOf, type Answer, type Sent } from '../answering-server.ts';
import { failure } from '../../setup/failure.ts';
import { settings } from './fixture.ts';
import { bound, breakdown, envelope, fault, operationOf, response } from './lab.ts';

const JOHN = { username: 'john', domain: 'sip.example.com' };
const DOMAINS = response('getDomains', '<r><domains/><total>0</total></r>');

/** Answers `getDomains` well and everything else as told: the login is good. */
const goodLogin = (answer: Answer) => (sent: Sent) => (operationOf(sent) === 'getDomains' ? DOMAINS : answer);

async function errorOf(answer: Answer, isWrite: boolean): Promise<TurnupError> {
  const server = await createServerOf(goodLogin(answer));
  const { client } = bound(server.url);
  return failure(client.call('SipPort', isWrite ? 'deleteAccount' : 'getAccount', { sipId: JOHN }));
}

const bodyOf = ({ body }: Sent): string => /<soap:Body[^>]*>(.*)<\/soap:Body>/s.exec(body)![1]!;

async function sentFor(args: object, native: object = {}): Promise<Sent> {
  const server = await createServerOf(() => response('updateAccount'));
  const { client } = bound(server.url, { native: settings(server.url, native).native });
  await client.call('SipPort', 'updateAccount', { account: args });
  return server.sent[0]!;
}

describe('what goes out', () => {
  test('the wrapper of its port, lists wrapped, members in the order of the WSDL, and nothing that is null', async () => {
    const sent = await sentFor({
      groups: ['free-pstn', 'a&b'],
      acl: [],
      prepaid: true,
      email: null,
      quota: 0,
      id: JOHN,
      firstName: '<J>',
      newer: { x: 1 },
    });
    expect(sent).toMatchObject({ method: 'POST', url: '/ngnpro', headers: { soapaction: '""' } });
    expect(sent.headers['content-type']).toMatch(/^text\/xml\b/);
    expect(sent.body).toContain('xmlns:tns="urn:AGProjects:NGNPro:Sip"');
    expect(bodyOf(sent)).toBe(
      '<tns:updateAccount><account><id><username>john</username><domain>sip.example.com</domain></id>' +
        '<firstName>&lt;J&gt;</firstName>' +
        '<groups xsi:type="SOAP-ENC:Array" SOAP-ENC:arrayType="xsd:string[2]"><item>free-pstn</item><item>a&amp;b</item></groups>' +
        '<prepaid>1</prepaid><quota>0</quota>' +
        '<acl xsi:type="SOAP-ENC:Array" SOAP-ENC:arrayType="ngnpro:AclEntry[0]"></acl>' +
        '<newer><x>1</x></newer></account></tns:updateAccount>',
    );
  });

  test('the type of every value, where the target is configured so', async () => {
    const sent = await sentFor({ id: JOHN, quota: 5, groups: ['x'] }, { xsiTypes: true });
    expect(bodyOf(sent)).toContain('<account xsi:type="ngnpro:SipAccount"><id xsi:type="ngnpro:SipId">');
    expect(bodyOf(sent)).toContain('<quota xsi:type="xsd:int">5</quota>');
    expect(bodyOf(sent)).toContain('<item xsi:type="xsd:string">x</item>');
  });

  test.each([
    [{}, '<auth><username>admin</username><password>admin</password><admin>true</admin></auth>'],
    [{ login: 'customer' }, '<auth><username>admin</username><password>admin</password><admin>false</admin></auth>'],
    [
      { qualifiedAuth: true },
      '<ngnpro:auth xmlns:ngnpro="urn:AGProjects:NGNPro"><username>admin</username><password>admin</password><admin>true</admin></ngnpro:auth>',
    ],
  ])('the header of the login: %j', async (native, header) => {
    expect((await sentFor({ id: JOHN }, native)).body).toContain(`<soap:Header>${header}</soap:Header>`);
  });

  test('voicemail goes to its own address, presence without a login', async () => {
    const server = await createServerOf((sent) => response(operationOf(sent)));
    const { client } = bound(server.url);
    await client.call('VoicemailPort', 'deleteAccount', { sipId: JOHN });
    await client.call('PresencePort', 'deletePresenceInformation', { sipId: JOHN, password: 'own' });
    await client.call('SipPort', 'getMediaSummary');
    const [voicemail, presence, none] = server.sent;
    expect(voicemail).toMatchObject({ url: '/ngnpro/voicemail' });
    expect(voicemail!.body).toContain('urn:AGProjects:NGNPro:Voicemail');
    expect(presence).toMatchObject({ url: '/ngnpro' });
    expect(presence!.body).toContain('urn:AGProjects:SoapSIMPLEProxy:Presence');
    expect(presence!.body).not.toContain('auth>');
    expect(bodyOf(none!)).toBe('<tns:getMediaSummary></tns:getMediaSummary>');
  });

  test('a platform at the root of its host is called there', async () => {
    const server = await createServerOf(() => response('deleteAccount'));
    const { client } = bound(server.url, {
      url: server.url,
      native: settings(server.url, { voicemailUrl: undefined }).native,
    });
    await client.call('SipPort', 'deleteAccount', { sipId: JOHN });
    await client.call('VoicemailPort', 'deleteAccount', { sipId: JOHN });
    expect(server.sent.map(({ url }) => url)).toEqual(['/', '/']);
  });

  test('an operation that a port does not have is not sent', async () => {
    const server = await createServerOf(() => response('x'));
    const { client } = bound(server.url);
    for (const name of ['addCustomer', 'constructor', 'toString', 'describe']) {
      expect(await failure(client.call('CustomerPort', name))).toMatchObject({ code: 'TURNUP_TARGET_UNEXPECTED' });
    }
    expect(server.sent).toEqual([]);
  });
});

describe('what comes in', () => {
  const accountFrom = async (inside: string): Promise<unknown> => {
    const server = await createServerOf(() => response('getAccount', inside));
    return bound(server.url).client.call('SipPort', 'getAccount', { sipId: JOHN });
  };
  const plain = {
    id: JOHN,
    groups: ['free-pstn'],
    prepaid: true,
    quota: 5,
    properties: [
      { name: 'a', value: '1' },
      { name: 'b', value: '' },
    ],
  };
  const ID = '<username>john</username><domain>sip.example.com</domain>';

  test('untyped values by our types, whatever parts and members of lists are called', async () => {
    expect(
      await accountFrom(
        `<account><id>${ID}</id><groups><x>free-pstn</x></groups><prepaid>1</prepaid><quota>5</quota>` +
          '<properties><one><name>a</name><value>1</value></one><two><name>b</name><value></value></two></properties></account>',
      ),
    ).toEqual(plain);
  });

  test('typed values', async () => {
    const text = 'xsi:type="xsd:string"';
    expect(
      await accountFrom(
        `<return xsi:type="ngnpro:SipAccount" xmlns:ngnpro="urn:AGProjects:NGNPro"><id><username ${text}>john</username><domain ${text}>sip.example.com</domain></id>` +
          `<groups xsi:type="SOAP-ENC:Array" SOAP-ENC:arrayType="xsd:string[1]"><item ${text}>free-pstn</item></groups>` +
          '<prepaid xsi:type="xsd:boolean">true</prepaid><quota xsi:type="xsd:int">5</quota>' +
          `<properties xsi:type="SOAP-ENC:Array" SOAP-ENC:arrayType="ngnpro:SipProperty[2]"><item><name ${text}>a</name><value ${text}>1</value></item>` +
          `<item><name ${text}>b</name><value ${text}></value></item></properties></return>`,
      ),
    ).toEqual(plain);
  });

  test('nothing, empty lists, what a newer platform tells', async () => {
    expect(
      await accountFrom(
        '<a><groups/><acl SOAP-ENC:arrayType="x[0]"/><quota/><timeout xsi:nil="true"/><newer SOAP-ENC:arrayType="x[1]"><i>7</i></newer><other><deep>8</deep></other></a>',
      ),
    ).toMatchObject({ groups: [], acl: [], quota: null, newer: ['7'], other: { deep: '8' } });
    expect(await accountFrom('')).toBeNull();
  });

  test('a text that looks like a number or markup stays a text', async () => {
    expect(await accountFrom('<a><rpid>0043987</rpid><firstName>&lt;b&gt; &amp;amp; é</firstName></a>')).toEqual({
      rpid: '0043987',
      firstName: '<b> &amp; é',
    });
  });
});

describe('what an answer means', () => {
  test.each([
    ['an account that exists', fault(1011), true, 'TURNUP_SUBSCRIBER_TAKEN', 'conflict'],
    ['an account that is not there', fault(1010), false, 'TURNUP_REFERENCE_UNKNOWN', 'rejected'],
    ['a customer that exists', fault(5001), true, 'TURNUP_OBJECT_TAKEN', 'conflict'],
    ['a code that nobody knows, of a write', fault(9999), true, 'TURNUP_TARGET_REJECTED', 'rejected'],
    ['a code that nobody knows, of a read', fault(9999), false, 'TURNUP_TARGET_REJECTED', 'rejected'],
    ['a fault with status 200', fault(1011, 'x', 200), true, 'TURNUP_SUBSCRIBER_TAKEN', 'conflict'],
    ['a fault without a code, of a write', breakdown, true, 'TURNUP_OUTCOME_UNKNOWN', 'ambiguous'],
    ['a fault without a code, of a read', breakdown, false, 'TURNUP_TARGET_FAILED', 'transient'],
    ['500 that is no fault, of a write', { status: 500, body: '<html/>' }, true, 'TURNUP_OUTCOME_UNKNOWN', 'ambiguous'],
    ['502 of a write', { status: 502, body: '' }, true, 'TURNUP_OUTCOME_UNKNOWN', 'ambiguous'],
    ['504 of a read', { status: 504, body: '' }, false, 'TURNUP_TARGET_FAILED', 'transient'],
    ['503', { status: 503, body: '' }, true, 'TURNUP_TARGET_UNAVAILABLE', 'outage'],
    ['429', { status: 429, body: '', headers: { 'retry-after': '7' } }, true, 'TURNUP_TARGET_THROTTLED', 'throttled'],
    ['401', { status: 401, body: '' }, true, 'TURNUP_TARGET_LOGIN_REFUSED', 'auth'],
    ['404', { status: 404, body: '<html>no such page</html>' }, true, 'TURNUP_TARGET_UNEXPECTED', 'bug'],
    ['a page instead of an envelope, to a write', { body: '<html/>' }, true, 'TURNUP_OUTCOME_UNKNOWN', 'ambiguous'],
    ['a page instead of an envelope, to a read', { body: '<html/>' }, false, 'TURNUP_TARGET_UNEXPECTED', 'bug'],
    ['the answer to another call', response('addAlias'), true, 'TURNUP_OUTCOME_UNKNOWN', 'ambiguous'],
    ['a document type', { body: `<!DOCTYPE x>${envelope('')}` }, true, 'TURNUP_OUTCOME_UNKNOWN', 'ambiguous'],
    [
      'an envelope that breaks off',
      { body: envelope('<a>').slice(0, -9) },
      true,
      'TURNUP_OUTCOME_UNKNOWN',
      'ambiguous',
    ],
  ] as const)('%s', async (_, answer, isWrite, code, errorClass) => {
    const error = await errorOf(answer, isWrite);
    expect(error).toMatchObject({ code, class: errorClass });
    if (code === 'TURNUP_TARGET_THROTTLED') expect(error.retryAfterMs).toBe(7000);
  });

  test('the words of a fault are told and decide nothing; its code is told too', async () => {
    const texts = ['account exists', 'not authorized', 'deadlock', ''];
    const errors = await Promise.all(texts.map((words) => errorOf(fault(1010, words), true)));
    expect(new Set(errors.map(({ code }) => code)).size).toBe(1);
    expect(errors[0]).toMatchObject({ answer: { platformCode: '1010', text: 'account exists' } });
    expect(errors.every((error) => isFault(error, 'accountUnknown') && !isFault(error, 'accountExists'))).toBe(true);
    expect(isFault(await errorOf(breakdown, true))).toBe(false);
  });

  test('calls are told by port and operation, a fault as a refusal', async () => {
    const server = await createServerOf(goodLogin(fault(1010)));
    const { client, calls } = bound(server.url);
    await failure(client.call('SipPort', 'getAccount', { sipId: JOHN }));
    expect(calls).toMatchObject([{ method: 'getAccount', object: 'SipPort', status: 500, outcome: 'refused' }]);
  });
});

describe('a login that is refused', () => {
  test('is told by its code, which nobody knows: every call is answered with it', async () => {
    const server = await createServerOf(() => fault(9000));
    const { client } = bound(server.url);
    expect(await failure(client.call('SipPort', 'getAccount', { sipId: JOHN }))).toMatchObject({ class: 'auth' });
    expect(server.sent.map(operationOf)).toEqual(['getAccount', 'getDomains']);
  });

  test('is not a right that is missing, nor a code that says what it is about', async () => {
    for (const answers of [
      (sent: Sent) => fault(operationOf(sent) === 'getDomains' ? 9001 : 9002),
      goodLogin(fault(9001)),
      () => fault(1010),
    ]) {
      const { client } = bound((await createServerOf(answers)).url);
      expect(await failure(client.call('SipPort', 'getAccount', { sipId: JOHN }))).toMatchObject({ class: 'rejected' });
    }
  });

  test('is not looked for while the login has just proven good', async () => {
    const server = await createServerOf(goodLogin(fault(9002)));
    const { client } = bound(server.url);
    await client.call('SipPort', 'getDomains', { query: {} });
    await failure(client.call('SipPort', 'getAccount', { sipId: JOHN }));
    expect(server.sent).toHaveLength(2);
  });
});

test('I8 no error holds a password, a key or the login', async () => {
  const secrets = { password: 'Zx9-kq!vB72mm', private_key: 'KEY-abcdef', number: '1234567890' };
  /** What follows a mark in the request, since a text that is told is cut. */
  const echo =
    (mark: string) =>
    ({ body }: Sent): Answer =>
      fault(9999, body.slice(body.indexOf(mark)).replaceAll(/[<>]/g, ' '));
  const whole = ({ body }: Sent): Answer => ({ status: 500, body });
  for (const answers of [echo('auth>'), echo('<soap:Body'), whole, () => breakdown]) {
    const server = await createServerOf((sent) => (operationOf(sent) === 'getDomains' ? DOMAINS : answers(sent)));
    const { client } = bound(server.url, { auth: { username: 'admin', password: 'Lg7-login!secret' } });
    const errors = [
      await failure(client.call('SipPort', 'addAccount', { account: { id: JOHN, password: secrets.password } })),
      await failure(client.call('SipPort', 'addDomain', { domain: { private_key: secrets.private_key } })),
      await failure(client.call('SipPort', 'addBalanceFromVoucher', { card: { id: 1, number: secrets.number } })),
    ];
    const shown = inspect(errors, { depth: null, showHidden: true }) + JSON.stringify(errors);
    for (const secret of [...Object.values(secrets), 'Lg7-login!secret']) expect(shown).not.toContain(secret);
  }
});
