import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EMPTY_TEXT, stripEmpty } from '../../../src/platforms/sippulse/soap/clean.ts';
import { loadWsdl, type ServiceName } from '../../../src/platforms/sippulse/soap/wsdl.ts';
import { settings } from './fixture.ts';
import { bound, createServerOf, response } from './lab.ts';

const bareNative = () => settings('http://127.0.0.1').native;

/** An envelope as a tree of names, texts and children in order; prefixes and an empty header say nothing. */
function treeOf(xml: string): unknown {
  const root: unknown[] = [];
  const stack: unknown[][] = [root];
  for (const [, close, name = '', empty, text = ''] of xml
    .replaceAll(/<\?[\s\S]*?\?>/g, '')
    .matchAll(/<(\/)?(?:[\w.-]+:)?([\w.-]+)[^>]*?(\/)?>([^<]*)/g)) {
    if (close) {
      const done = stack.pop()!;
      const [tag, children] = [done[0], done.slice(1)];
      if (tag !== 'Header') stack.at(-1)!.push([tag, ...children]);
      continue;
    }
    const node: unknown[] = [name, ...(text.trim() === '' ? [] : [text])];
    if (!empty) stack.push(node);
    else if (name !== 'Header') stack.at(-1)!.push(node);
  }
  return root;
}

/** The envelopes of the vendor's page, with its prefix and empty header. */
const page = (inside: string): string =>
  `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:ser="http://service.ws.sippulse.voffice.com.br/">
   <soapenv:Header/><soapenv:Body>${inside}</soapenv:Body></soapenv:Envelope>`;

const PRINCIPAL = '<principal><login>admin</login><password>admin</password></principal>';

const SUBSCRIBER = {
  // In no order on purpose: the wire has the schema's.
  voicemail: false,
  username: '1130258080',
  domain: 'sip.example.com',
  activeIncomingCalls: true,
  areaCode: 11,
  resellerMarkup: 0.5,
  phone: 551130258080,
  firstName: 'Zé & <Filhos>',
};

test.each([
  [
    'ReloadModulesWS',
    'reloadSubscriber',
    { username: '1130258080', domain: 'sip.example.com' },
    `<ser:reloadSubscriber><username>1130258080</username><domain>sip.example.com</domain>${PRINCIPAL}</ser:reloadSubscriber>`,
  ],
  [
    'ReloadModulesWS',
    'reloadProfile',
    { profile: 'default', domain: 'sip.example.com' },
    `<ser:reloadProfile><profile>default</profile><domain>sip.example.com</domain>${PRINCIPAL}</ser:reloadProfile>`,
  ],
  ['ReloadModulesWS', 'reloadDid', { didId: 7 }, `<ser:reloadDid><didId>7</didId>${PRINCIPAL}</ser:reloadDid>`],
  ['ReloadModulesWS', 'reloadAddress', {}, `<ser:reloadAddress>${PRINCIPAL}</ser:reloadAddress>`],
  [
    'ReloadModulesWS',
    'reloadHuntGroup',
    { huntGroupId: 3 },
    `<ser:reloadHuntGroup><huntGroupId>3</huntGroupId>${PRINCIPAL}</ser:reloadHuntGroup>`,
  ],
  [
    'SubscriberWS',
    'addCredit',
    { obs: 'turnup:1', domain: 'sip.example.com', value: 12.5, username: 'ana' },
    `<ser:addCredit><username>ana</username><domain>sip.example.com</domain><value>12.5</value><obs>turnup:1</obs>${PRINCIPAL}</ser:addCredit>`,
  ],
  [
    'SubscriberWS',
    'insertSubscriber',
    { subscriber: { ...SUBSCRIBER, lastName: null, city: '', zip: undefined } },
    `<ser:insertSubscriber><subscriber><activeIncomingCalls>true</activeIncomingCalls><areaCode>11</areaCode><domain>sip.example.com</domain>` +
      `<firstName>Zé &amp; &lt;Filhos&gt;</firstName><phone>551130258080</phone><resellerMarkup>0.5</resellerMarkup><username>1130258080</username>` +
      `<voicemail>false</voicemail></subscriber>${PRINCIPAL}</ser:insertSubscriber>`,
  ],
  [
    'AccountGroupWS',
    'addAccountGroup',
    { account: ['a@x', 'b@x'], accountManager: 'm@x', managerProfile: 'default' },
    `<ser:addAccountGroup><accountManager>m@x</accountManager><managerProfile>default</managerProfile><account>a@x</account><account>b@x</account>${PRINCIPAL}</ser:addAccountGroup>`,
  ],
  [
    'CustomerWS',
    'retrieveCustomerCredit',
    { username: 'ana', password: 'p', domain: 'sip.example.com' },
    '<ser:retrieveCustomerCredit><username>ana</username><password>p</password><domain>sip.example.com</domain></ser:retrieveCustomerCredit>',
  ],
] as const)('%s.%s is on the wire as the page has it', async (service, operation, args, inside) => {
  const server = await createServerOf(() => response(operation));
  const { client, calls } = bound(server.url);
  await client.write(service, operation, args);
  const [sent] = server.sent;
  expect(treeOf(sent!.body)).toEqual(treeOf(page(inside)));
  expect(sent).toMatchObject({ method: 'POST', url: `/SipPulse/${service}` });
  expect(sent!.headers).toMatchObject({ soapaction: '""', 'content-type': expect.stringMatching(/^text\/xml/) });
  // Only the wrapper is in the namespace: its children have no prefix.
  expect(sent!.body).toMatch(new RegExp(`<(\\w+):${operation}[ >]`));
  expect(sent!.body).not.toMatch(/<\w+:(?:principal|username|subscriber|didId)/);
  expect(calls).toEqual([
    { method: operation, object: service, status: 200, outcome: 'ok', durationMs: expect.any(Number) },
  ]);
});

test('HTTP Basic goes beside the principal where it is configured', async () => {
  const server = await createServerOf(() => response('listDomains'));
  const { client } = bound(server.url, { native: { ...bareNative(), basicAuth: { username: 'front', password: '' } } });
  await client.read('DomainWS', 'listDomains', {});
  expect(server.sent[0]!.headers['authorization']).toBe(`Basic ${Buffer.from('front:').toString('base64')}`);
  expect(server.sent[0]!.body).toContain('<login>admin</login>');
});

test('an empty text is sent only where it is asked for', () => {
  expect(stripEmpty({ a: '', b: null, c: [null, 'x'], d: EMPTY_TEXT, e: { f: undefined, g: 0, h: false } })).toEqual({
    c: ['x'],
    d: '',
    e: { g: 0, h: false },
  });
});

/** Texts that XML can carry; spaces around are lost when they are read. */
const text = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 30 })
  .map((value) => value.replaceAll(/[^\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '?').trim())
  .filter((value) => value !== '');
const INT = 2_147_483_647;

const did = fc.record(
  {
    accountCode: text,
    aliasUsername: text,
    didHeader: text,
    didToRuri: fc.boolean(),
    domain: text,
    gwid: text,
    id: fc.integer({ min: -INT, max: INT }),
    localArea: text,
    monthlySubscription: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value || 0),
    reverseBilling: fc.boolean(),
    username: text,
  },
  { requiredKeys: [] },
);

test('whatever a DTO holds arrives as it was meant, in the order of the schema', async () => {
  const server = await createServerOf(() => response('insertDid', '<didId>4</didId>'));
  const { client } = bound(server.url);
  const wsdl = await loadWsdl('DidWS' satisfies ServiceName);
  await fc.assert(
    fc.asyncProperty(did, async (wanted) => {
      expect(await client.write('DidWS', 'insertDid', { did: wanted })).toEqual({ didId: 4 });
      const { body } = server.sent.at(-1)!;
      const read = wsdl.xmlToObject(body) as { Body: { insertDid: { did: unknown; principal: unknown } } };
      const { did: got, principal } = read.Body.insertDid;
      expect(got ?? {}).toEqual(wanted);
      expect(principal).toEqual({ login: 'admin', password: 'admin' });
      const members = [...body.matchAll(/<(\w+)>/g)].map(([, name]) => name!).filter((name) => name in wanted);
      expect(members).toEqual(members.toSorted());
    }),
    { numRuns: 60 },
  );
});

test('whatever a list holds is read as it was meant', async () => {
  let listed: readonly { readonly [member: string]: unknown }[] = [];
  const escape = (value: unknown): string => String(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const server = await createServerOf(() =>
    response(
      'listByAcc',
      listed
        .map((one) => Object.entries(one).map(([name, value]) => `<${name}>${escape(value)}</${name}>`))
        .map((members) => `<did>${members.join('')}</did>`)
        .join(''),
    ),
  );
  const { client } = bound(server.url);
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        did.filter((one) => Object.keys(one).length > 0),
        { maxLength: 4 },
      ),
      async (dids) => {
        listed = dids;
        const reply = await client.read('DidWS', 'listByAcc', { accountCode: 'ana@sip.example.com' });
        expect(reply).toEqual(dids.length === 0 ? null : { did: dids });
      },
    ),
    { numRuns: 60 },
  );
});
