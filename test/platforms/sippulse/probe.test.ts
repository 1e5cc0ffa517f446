import { afterAll, expect, test } from 'vitest';
import { ABSENT_ON_LIVE_SERVERS } from '../../../src/simulators/index.ts';
import { sippulse } from '../../../src/platforms/sippulse/index.ts';
import { readSurface, typeDifferences } from '../../../src/platforms/soap/surface.ts';
import { start } from './fixture.ts';
import { bound, createServerOf, response } from './lab.ts';

const closers: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closers) await close();
});

async function probeOf(options: Parameters<typeof start>[0]) {
  const simulator = await start(options);
  closers.push(() => simulator.close());
  const found = await sippulse.probe(bound(simulator.url).client);
  return Object.fromEntries(found.map(({ name, ok, detail }) => [name, { ok, detail }]));
}

test('a server that lacks what every order needs is named', async () => {
  const found = await probeOf({ without: ['insertDid', 'updateSubscriberServices', 'retrievePassword'] });
  expect(found['SubscriberWS']!.detail).toContain('retrievePassword');
  expect(found['DidWS']).toMatchObject({ ok: false, detail: expect.stringContaining('insertDid') });
  expect(found['SubscriberWS']).toMatchObject({
    ok: false,
    detail: expect.stringContaining('updateSubscriberServices'),
  });
  expect(found['login']).toMatchObject({ ok: true, detail: expect.stringContaining('sip.example.com') });
});

test('what only some orders need is told and does no harm', async () => {
  const without = [...ABSENT_ON_LIVE_SERVERS, 'retrievePasswordWEB'];
  const found = await probeOf({ without, spelling: 'live', whiteListPath: 'WhitelistWS' });
  expect(found['SubscriberWS']).toMatchObject({ ok: true });
  for (const operation of without) expect(found['SubscriberWS']!.detail).toContain(operation);
  // The other spelling is nothing that lacks.
  expect(found['AddressWS']).toEqual({ ok: true, detail: expect.not.stringContaining('lacks') });
  expect(found['WhiteListWS']).toMatchObject({ ok: true, detail: expect.not.stringContaining('no WSDL') });
});

test('a server that shows no WSDL cannot be vouched for', async () => {
  const server = await createServerOf((sent) =>
    sent.method === 'GET'
      ? { status: 404, body: '' }
      : response('listDomains', '<domain><domain>sip.example.com</domain></domain>'),
  );
  const found = await sippulse.probe(bound(server.url).client);
  expect(found.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual([
    'DidWS',
    'DomainWS',
    'ProfileWS',
    'RatePlanWS',
    'ReloadModulesWS',
    'SubscriberWS',
  ]);
});

test('a service whose operations are in an imported file is not taken for one that offers none', async () => {
  const split =
    '<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/"><wsdl:import location="http://10.0.0.1/did?wsdl=1"/>' +
    '<wsdl:service name="SipPulse"/></wsdl:definitions>';
  const server = await createServerOf((sent) =>
    sent.method === 'GET'
      ? { body: split }
      : response('listDomains', '<domain><domain>sip.example.com</domain></domain>'),
  );
  const { client } = bound(server.url);
  expect(await client.liveSurface('DidWS')).toBeNull();
  expect(await client.offers('DidWS', 'insertDid')).toBe(true);
  const found = await sippulse.probe(client);
  expect(found.find(({ name }) => name === 'DidWS')).toMatchObject({
    ok: false,
    detail: expect.stringContaining('imports'),
  });
});

test('members of other names and types are told', () => {
  const wsdl = (members: string) =>
    `<wsdl:definitions><xs:complexType name="did"><xs:sequence>${members}</xs:sequence></xs:complexType>
     <xs:complexType name="empty"/><wsdl:portType name="DidWS"><wsdl:operation name="insertDid"/></wsdl:portType></wsdl:definitions>`;
  const surfaceOf = (members: string) => readSurface(wsdl(members))!;
  const ours = surfaceOf(
    '<xs:element name="id" type="xs:int"/><xs:element name="all" type="xs:string" maxOccurs="unbounded"/>',
  );
  expect(ours).toEqual({
    operations: new Set(['insertDid']),
    ports: new Map([['DidWS', new Set(['insertDid'])]]),
    messages: new Map(),
    types: new Map([
      ['did', ['id:int', 'all:string*']],
      ['empty', []],
    ]),
  });
  const theirs = surfaceOf(
    '<xsd:element minOccurs="0" type="xsd:long" name="id"/><xsd:element name="all" type="xsd:string"></xsd:element>',
  );
  expect(typeDifferences(ours, theirs)).toEqual(['did lacks id:int, all:string*', 'did has also id:long, all:string']);
  expect(typeDifferences(ours, ours)).toEqual([]);
});
