import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSimulator } from '../../../src/simulators/index.ts';
import { exchange } from '../wire.ts';
import { envelope, insertAlice, PRINCIPAL_XML, startServices, wsdlFile, type Services } from './services.ts';

let services: Services;
beforeEach(async () => {
  services = await startServices();
});
afterEach(async () => {
  await services.close();
});

const HEADERS = { 'Content-Type': 'text/xml;charset=UTF-8', SOAPAction: '""' };
const RELOAD_ALICE = `<ser:reloadSubscriber><username>alice</username><domain>sip.example.com</domain>${PRINCIPAL_XML}</ser:reloadSubscriber>`;

const post = (body: string | Buffer, path = '/SipPulse/SubscriberWS', headers: Record<string, string> = HEADERS) =>
  exchange(services.simulator.url, { method: 'POST', path, headers, body });
const get = (path: string) => exchange(services.simulator.url, { method: 'GET', path });
const lastOperation = (): unknown => services.simulator.calls().at(-1)?.operation;

describe('an envelope written by hand, as the page shows it', () => {
  it('is answered with an empty element when the operation is void', async () => {
    await insertAlice(services);
    const { status, headers, text } = await services.raw('ReloadModulesWS', RELOAD_ALICE);
    expect([status, headers['content-type']]).toEqual([200, 'text/xml;charset=utf-8']);
    expect(text).toContain('<S:Body><tns:reloadSubscriberResponse></tns:reloadSubscriberResponse></S:Body>');
    expect(lastOperation()).toBe('reloadSubscriber');
  });

  it('is answered with the value', async () => {
    await insertAlice(services);
    const body = `<ser:retrieveCredit><username>alice</username><domain>sip.example.com</domain>${PRINCIPAL_XML}</ser:retrieveCredit>`;
    const { text } = await services.raw('SubscriberWS', body);
    expect(text).toContain('<tns:retrieveCreditResponse><return>0</return></tns:retrieveCreditResponse>');
  });

  it('is answered with members in the order of the type', async () => {
    await insertAlice(services);
    const body = `<ser:retrieveSubscriber><username>alice</username><domain>sip.example.com</domain>${PRINCIPAL_XML}</ser:retrieveSubscriber>`;
    const { text } = await services.raw('SubscriberWS', body);
    const sent = [...text.matchAll(/<(\w+)>/g)].map(([, name]) => name!).slice(1);
    expect(sent.length).toBeGreaterThan(20);
    expect(sent).toEqual(sent.toSorted((left, right) => (left < right ? -1 : 1)));
  });

  it('needs children without a namespace: the real server does not see qualified ones', async () => {
    const { status, text } = await services.raw(
      'SubscriberWS',
      '<ser:retrieveCredit><ser:username>alice</ser:username></ser:retrieveCredit>',
    );
    expect(status).toBe(500);
    expect(text).toContain('unexpected element');
  });

  it('answers a fault in the shape of WSException, without a code', async () => {
    const body = `<ser:removeSubscriber><username>a&lt;b</username><domain>sip.example.com</domain>${PRINCIPAL_XML}</ser:removeSubscriber>`;
    const { status, headers, text } = await services.raw('SubscriberWS', body);
    expect([status, headers['content-type']]).toEqual([500, 'text/xml;charset=utf-8']);
    const message = 'Subscriber a&lt;b@sip.example.com not found';
    expect(text).toBe(
      '<?xml version="1.0" encoding="utf-8"?>' +
        '<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"  xmlns:tns="http://service.ws.sippulse.voffice.com.br/">' +
        `<S:Body><S:Fault><faultcode>S:Server</faultcode><faultstring>${message}</faultstring>` +
        `<detail><tns:WSException><faultMessage>${message}</faultMessage></tns:WSException></detail></S:Fault></S:Body></S:Envelope>`,
    );
  });

  it('keeps the spaces of a string and decodes what is escaped', async () => {
    await insertAlice(services, { firstName: ' <Al> & "ice" ', lastName: 'Müller \u{1F600}' });
    const { return: shown } = (await services.call('SubscriberWS', 'retrieveSubscriber', {
      username: 'alice',
      domain: 'sip.example.com',
    })) as { return: Record<string, unknown> };
    expect(services.state()['subscribers']![0]).toMatchObject({
      firstName: ' <Al> & "ice" ',
      lastName: 'Müller \u{1F600}',
    });
    expect(shown['lastName']).toBe('Müller \u{1F600}');
  });
});

describe('a request that reaches no service', () => {
  const CREDIT = '<ser:retrieveCredit><username>alice</username></ser:retrieveCredit>';
  const cases: readonly (readonly [what: string, xml: string, reason: string])[] = [
    [
      'a document type',
      `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${envelope(CREDIT)}`,
      'DTD is not allowed',
    ],
    ['an unknown entity', envelope(CREDIT.replace('alice', '&e;')), 'XML reader error'],
    ['an open element', envelope('<ser:retrieveCredit>'), 'XML reader error'],
    ['crossed elements', envelope('<ser:retrieveCredit><a><b></a></b></ser:retrieveCredit>'), 'XML reader error'],
    [
      'depth',
      envelope(`<ser:retrieveCredit>${'<a>'.repeat(40)}${'</a>'.repeat(40)}</ser:retrieveCredit>`),
      'too large',
    ],
    ['many elements', envelope(`<ser:retrieveCredit>${'<a/>'.repeat(100_001)}</ser:retrieveCredit>`), 'too large'],
    ['an unknown operation', envelope('<ser:dropAll/>'), 'Cannot find dispatch method'],
    ['an operation of another service', envelope('<ser:insertDid/>'), 'Cannot find dispatch method'],
    ['another namespace', envelope('<x:retrieveCredit xmlns:x="urn:x"/>'), 'Cannot find dispatch method'],
    ['no namespace', envelope('<retrieveCredit/>'), 'Cannot find dispatch method'],
    ['an empty body', envelope(''), 'empty body'],
    [
      'SOAP 1.2',
      envelope(CREDIT).replace('http://schemas.xmlsoap.org/soap/envelope/', 'http://www.w3.org/2003/05/soap-envelope'),
      'SOAP 1.1',
    ],
    ['no XML', '{"a":1}', 'XML reader error'],
    ['nothing', '', 'XML reader error'],
    ['an empty number', envelope('<ser:addCredit><value></value></ser:addCredit>'), 'Unmarshalling Error'],
    ['a number that is none', envelope('<ser:addCredit><value>much</value></ser:addCredit>'), 'Unmarshalling Error'],
    [
      'an int out of range',
      envelope('<ser:changeProfile><newProfileId>3000000000</newProfileId></ser:changeProfile>'),
      'Unmarshalling Error',
    ],
    [
      'a nil',
      envelope(
        '<ser:retrieveCredit><username xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/></ser:retrieveCredit>',
      ),
      'Unmarshalling Error',
    ],
  ];

  it.each(cases)('%s: is a fault of the client, and nothing else', async (_what, xml, reason) => {
    const { status, text } = await post(xml);
    expect(status).toBe(500);
    expect(text).toContain('<faultcode>S:Client</faultcode>');
    expect(text).toContain(reason);
    expect(text).not.toContain('WSException');
    expect(text).not.toMatch(/\.js|\.ts|node:|root:/);
  });

  it('says in HTTP what HTTP can say', async () => {
    const { status: big } = await post(
      envelope(`<ser:retrieveCredit><username>${'x'.repeat(2 ** 21)}</username></ser:retrieveCredit>`),
    );
    const { status: json } = await post('{}', '/SipPulse/SubscriberWS', { 'Content-Type': 'application/json' });
    const { status: elsewhere } = await post(envelope(CREDIT), '/SipPulse/NoWS');
    const { status: put } = await exchange(services.simulator.url, { method: 'PUT', path: '/SipPulse/SubscriberWS' });
    const { status: invalidUtf8 } = await post(Buffer.from([0x3c, 0xff]));
    expect([big, json, elsewhere, put, invalidUtf8]).toEqual([413, 415, 404, 405, 500]);
  });
});

describe('WSDL', () => {
  it('is served as it is, with the address of the inner server', async () => {
    for (const query of ['wsdl', 'WSDL']) {
      const { status, headers, text } = await get(`/SipPulse/DidWS?${query}`);
      expect([status, headers['content-type']]).toEqual([200, 'text/xml;charset=utf-8']);
      expect(text).toBe(readFileSync(wsdlFile('DidWS'), 'utf8'));
    }
    expect(lastOperation()).toBe('wsdl');
    expect((await get('/SipPulse/DidWS')).status).toBe(404);
  });
});

describe('the harness', () => {
  it('drops a reply after the work, by operation, and answers a fault without WSException for the fault `status`', async () => {
    services.simulator.setFaults({
      rules: [
        { match: { operation: 'insertSubscriber' }, fault: 'dropReply', times: 1 },
        { match: { operation: 'retrieveCredit' }, fault: 'status', status: 500, times: 1 },
        { fault: 'status', status: 503, times: 1 },
      ],
    });
    await expect(insertAlice(services)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(services.state()['subscribers']).toHaveLength(1);
    const { status, text } = await services.raw('SubscriberWS', '<ser:retrieveCredit/>');
    expect(status).toBe(500);
    expect(text).toContain('<faultcode>S:Server</faultcode>');
    expect(text).not.toContain('WSException');
    expect((await services.raw('SubscriberWS', '<ser:retrieveCredit/>')).status).toBe(503);
    expect(services.simulator.calls().map(({ operation, status: answered }) => [operation, answered])).toEqual([
      ['insertSubscriber', null],
      ['retrieveCredit', 500],
      ['retrieveCredit', 503],
    ]);
  });

  it('is after its end what it was, refused bulk inserts included', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sippulse-'));
    const data = join(folder, 'kept');
    const rate = (prefix: string) =>
      `<rate><domain>sip.example.com</domain><name>n</name>${prefix}<rateId>7</rateId><rateValue>1</rateValue></rate>`;
    const rates = `<ser:insertRates>${rate('<prefix>1</prefix>')}${rate('')}${PRINCIPAL_XML}</ser:insertRates>`;
    const domains = `<ser:listDomains>${PRINCIPAL_XML}</ser:listDomains>`;
    const first = await startSimulator({ platform: 'sippulse', data });
    const path = (service: string) => `/SipPulse/${service}`;
    const send = async (service: string, body: string) =>
      (await exchange(first.url, { method: 'POST', path: path(service), headers: HEADERS, body: envelope(body) }))
        .status;
    expect([await send('RateWS', rates), await send('DomainWS', domains)]).toEqual([500, 200]);
    const left = first.state() as { rates: unknown[] };
    expect(left.rates).toHaveLength(4);
    await first.close();
    const second = await startSimulator({ platform: 'sippulse', data });
    expect(second.state()).toEqual(left);
    await second.close();
    expect(readFileSync(data, 'utf8').trim().split('\n')).toHaveLength(2);
    rmSync(folder, { recursive: true });
  });

  it('goes back to fresh data', async () => {
    const fresh = services.state();
    await insertAlice(services);
    expect(services.state()).not.toEqual(fresh);
    services.simulator.reset();
    expect(services.state()).toEqual(fresh);
    expect(await insertAlice(services)).toEqual({ subscriberId: 1001 });
  });
});
