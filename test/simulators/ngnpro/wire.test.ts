import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClientAsync } from 'soap';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSimulator } from '../../../src/simulators/index.ts';
import { exchange } from '../wire.ts';
import {
  addAlice,
  ALICE,
  envelope,
  HEADERS,
  rowOf,
  SIP_ID,
  startPorts,
  wrapped,
  wsdlFile,
  type Ports,
} from './ports.ts';

let ports: Ports;
beforeEach(async () => {
  ports = await startPorts();
});
afterEach(async () => {
  await ports.close();
});

const lastOperation = (): unknown => ports.simulator.calls().at(-1)?.operation;
const post = (body: string | Buffer, path = '/ngnpro', headers: Record<string, string> = HEADERS) =>
  exchange(ports.simulator.url, { method: 'POST', path, headers, body });

describe('the port', () => {
  it('is told by the namespace of the wrapper alone, on one path', async () => {
    await addAlice(ports);
    const voicemail = await ports.raw(wrapped('Voicemail', 'getAccount', SIP_ID));
    expect(voicemail.text).toContain('<errorcode>2000</errorcode>');
    expect(lastOperation()).toBe('Voicemail.getAccount');
    const sip = await ports.raw(wrapped('Sip', 'getAccount', SIP_ID));
    expect(sip.text).toContain('<ns1:getAccountResponse xmlns:ns1="urn:AGProjects:NGNPro:Sip">');
    const customer = await ports.raw(wrapped('Customer', 'getAccount', '<id>1002</id>'));
    expect(customer.text).toContain('Customer Ltd');
  });

  it.each(['urn:AGProjects:NGNPro', 'urn:AGProjects:NGNPro:Nothing', ''])('is none of %s', async (namespace) => {
    const { status, text } = await ports.raw(`<getAccount xmlns="${namespace}"/>`);
    expect(status).toBe(500);
    expect(text).toContain(`No such method: {${namespace}}getAccount`);
    expect(text).not.toContain('<detail>');
    expect(lastOperation()).toBeNull();
  });

  it.each(['', '/', '/ngnpro', '/ngnpro/'])('of every kind is at %s', async (path) => {
    for (const port of ['Sip', 'Voicemail', 'Customer']) {
      const { text } = await post(envelope(wrapped(port, 'getAccount', '')), path);
      expect(text).toContain('9002');
    }
  });

  it('of voicemail has a path of its own, which knows no other', async () => {
    const path = '/ngnpro/voicemail';
    expect((await ports.raw(wrapped('Voicemail', 'getAccount', SIP_ID), { path })).text).toContain('1010');
    expect((await ports.raw(wrapped('Sip', 'getAccount', SIP_ID), { path })).text).toContain('No such method');
  });
});

describe('the auth header', () => {
  const login = '<username>admin</username><password>admin</password>';
  const QUALIFIED = 'xmlns:n="urn:AGProjects:NGNPro"';
  it.each([
    ['unqualified', `<auth>${login}<admin>true</admin><impersonate>0</impersonate></auth>`],
    ['qualified', `<n:auth ${QUALIFIED}>${login}</n:auth>`],
    ['qualified with its children', `<auth xmlns="urn:AGProjects:NGNPro">${login}</auth>`],
    ['with admin as a number', `<auth>${login}<admin>1</admin></auth>`],
    ['with empty members', `<auth>${login}<admin/><impersonate/></auth>`],
  ])('is taken %s', async (_how, header) => {
    expect((await ports.raw(wrapped('Sip', 'getDomains', '<query/>'), { header })).status).toBe(200);
  });

  it.each([
    ['in another namespace', `<auth xmlns="urn:other">${login}</auth>`],
    ['of nobody', '<auth/>'],
    ['of an administrator who says he is none', `<auth>${login}<admin>false</admin></auth>`],
  ])('is refused %s', async (_how, header) => {
    const { text } = await ports.raw(wrapped('Sip', 'getDomains', '<query/>'), { header });
    expect(text).toContain('<errorcode>9000</errorcode>');
  });

  it('is taken qualified as npm soap writes it', async () => {
    const client = await createClientAsync(wsdlFile('Sip'), {}, `${ports.simulator.url}/ngnpro`);
    client.addSoapHeader({ auth: { username: 'admin', password: 'admin' } }, '', 'ngnpro', 'urn:AGProjects:NGNPro');
    const method = client['getDomainsAsync'] as (args: object) => Promise<unknown[]>;
    expect(await method({ query: {} })).toBeTruthy();
    expect(client.lastRequest).toContain('<ngnpro:auth');
  });
});

describe('a reply', () => {
  it('is rpc/encoded: typed leaves, arrays with their type and size, members in the order of the type', async () => {
    await addAlice(ports, { groups: { item: ['free-pstn', 'anonymous'] } });
    const { status, headers, text } = await ports.raw(wrapped('Sip', 'getGroups', SIP_ID));
    expect([status, headers['content-type']]).toEqual([200, 'text/xml; charset=utf-8']);
    expect(text).toContain(
      '<SOAP-ENV:Body><ns1:getGroupsResponse xmlns:ns1="urn:AGProjects:NGNPro:Sip">' +
        '<return xsi:type="SOAP-ENC:Array" SOAP-ENC:arrayType="xsd:string[2]">' +
        '<item xsi:type="xsd:string">anonymous</item><item xsi:type="xsd:string">free-pstn</item></return>' +
        '</ns1:getGroupsResponse></SOAP-ENV:Body>',
    );
    const shown = (await ports.raw(wrapped('Sip', 'getAccount', SIP_ID))).text;
    const order = ['<id ', '<password ', '<email ', '<owner ', '<groups ', '<prepaid ', '<properties ', '<customer '];
    const places = order.map((tag) => shown.indexOf(tag));
    expect(places.toSorted((left, right) => left - right)).toEqual(places);
    expect(shown).toContain('<prepaid xsi:type="xsd:boolean">false</prepaid>');
    expect(shown).toContain('SOAP-ENC:arrayType="ngnpro:SipProperty[0]"></properties>');
  });

  it('without a part is an empty element', async () => {
    await addAlice(ports);
    const { text } = await ports.raw(wrapped('Sip', 'addToGroup', `${SIP_ID}<group>sms</group>`));
    expect(text).toContain('<ns1:addToGroupResponse xmlns:ns1="urn:AGProjects:NGNPro:Sip"></ns1:addToGroupResponse>');
  });

  it('gives text back as it was given', async () => {
    const firstName = ' <Al> & "ice"\r\n\u{1F600} ';
    await addAlice(ports, { firstName, lastName: 'M\u00FCller' });
    expect(rowOf(ports, 'accounts', { username: 'alice' })).toMatchObject({ lastName: 'M\u00FCller' });
    const { text } = await ports.raw(wrapped('Sip', 'getAccount', SIP_ID));
    expect(text).toContain('> &lt;Al&gt; &amp; "ice"');
    expect(text).toContain('\u{1F600} </firstName>');
  });

  it('that is a fault has code and text in detail/exception, and status 500', async () => {
    const { status, headers, text } = await ports.raw(wrapped('Sip', 'getAccount', SIP_ID));
    expect([status, headers['content-type']]).toEqual([500, 'text/xml; charset=utf-8']);
    expect(text).toContain(
      '<SOAP-ENV:Fault><faultcode>SOAP-ENV:Server</faultcode><faultstring>NGNPro exception</faultstring>' +
        '<detail><exception><errorcode>1010</errorcode>' +
        '<errorstring>SIP account not found: alice@sip.example.com</errorstring></exception></detail></SOAP-ENV:Fault>',
    );
  });
});

describe('a request', () => {
  const add = (inside: string) =>
    ports.raw(
      wrapped('Sip', 'addAccount', `<account><id>${SIP_ID.slice(7, -8)}</id><password>x</password>${inside}</account>`),
    );
  const ARRAY = 'xsi:type="SOAP-ENC:Array" SOAP-ENC:arrayType';

  it.each([
    ['an array of items', '<groups><item>a</item><item>b</item></groups>', ['a', 'b']],
    ['one with its type', `<groups ${ARRAY}="xsd:string[2]"><item>a</item><item>b</item></groups>`, ['a', 'b']],
    ['one item', `<groups ${ARRAY}="xsd:string[1]"><item xsi:type="xsd:string">a</item></groups>`, ['a']],
    ['an empty array', '<groups/>', []],
    ['nil', '<groups xsi:nil="true"/>', []],
    ['a member twice in a set', '<groups><item>a</item><item>a</item></groups>', ['a']],
  ])('may hold %s', async (_what, xml, groups) => {
    expect((await add(xml)).status).toBe(200);
    expect(rowOf(ports, 'accounts', { username: 'alice' })['groups']).toEqual(groups);
  });

  it.each([
    ['a list that repeats its own name', '<groups>a</groups><groups>b</groups>', 'groups is not an array'],
    ['empty ones', '<groups/><groups/>', 'groups is there twice'],
    ['an array of other elements', '<groups><group>a</group></groups>', 'groups is not an array'],
    ['an array of another size', `<groups ${ARRAY}="xsd:string[3]"><item>a</item></groups>`, 'groups is not an array'],
    ['a nil in an array', '<groups><item xsi:nil="1"/></groups>', 'groups[0] is nil'],
    ['a blank integer', '<owner></owner>', 'account.owner is not a valid integer'],
    ['a number that is none', '<quota>many</quota>', 'account.quota is not a valid int'],
    ['an int out of range', '<quota>3000000000</quota>', 'account.quota is not a valid int'],
    ['a flag that is none', '<prepaid>yes</prepaid>', 'account.prepaid is not a valid boolean'],
    ['an unknown member', '<nickname>al</nickname>', 'unexpected element account.nickname'],
    ['a qualified member', '<x:email xmlns:x="urn:x">a@b.c</x:email>', 'unexpected element account.email'],
    ['text where members are', 'text', 'account is not a struct'],
    ['an empty tag of an acl entry', '<acl><item><ip>10.0.0.1</ip><tag/></item></acl>', 'acl.tag is empty'],
  ])('may not hold %s', async (_what, xml, reason) => {
    const { status, text } = await add(xml);
    expect(status).toBe(500);
    expect(text).toContain('<errorcode>9002</errorcode>');
    expect(text).toContain(`Invalid value: `);
    expect(text).toContain(reason);
    expect(ports.state()['accounts']).toHaveLength(1);
  });

  it('needs its parts, and in them the keys', async () => {
    const missing = async (body: string): Promise<string> =>
      /Invalid value: [^<]*/.exec((await ports.raw(body)).text)![0];
    expect(await missing(wrapped('Sip', 'getAccount', ''))).toBe('Invalid value: sipId is missing');
    expect(await missing(wrapped('Sip', 'getAccount', '<sipId><domain>d</domain></sipId>'))).toBe(
      'Invalid value: sipId.username is missing',
    );
    expect(await missing(wrapped('Sip', 'getAccount', '<sipId xsi:nil="true"/>'))).toContain('sipId is missing');
  });

  const GET = wrapped('Sip', 'getDomains', '<query/>');
  it.each([
    ['a document type', `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${envelope(GET)}`, 'DTD is not allowed'],
    ['an unknown entity', envelope(GET.replace('<query/>', '&e;')), 'not well-formed'],
    ['an entity of HTML', envelope(GET.replace('<query/>', '&eacute;')), 'not well-formed'],
    ['an open element', envelope('<a>'), 'not well-formed'],
    ['an unknown prefix', envelope('<q:a/>'), 'not well-formed'],
    ['depth', envelope('<a>'.repeat(40) + '</a>'.repeat(40)), 'too large'],
    ['many elements', envelope(`<a>${'<b/>'.repeat(100_001)}</a>`), 'too large'],
    ['nothing in its body', envelope(''), 'one element'],
    ['two elements in its body', envelope('<a/><b/>'), 'one element'],
    ['a reference', envelope(GET.replace('<query/>', '<query href="#1"/>')), 'href'],
    ['another SOAP', envelope(GET).replace('schemas.xmlsoap.org/soap/envelope', 'www.w3.org/2003/05'), 'SOAP 1.1'],
    ['no XML', '{"a":1}', 'not well-formed'],
    ['nothing', '', 'not well-formed'],
  ])('with %s is a fault of the client without detail', async (_what, xml, reason) => {
    const { status, text } = await post(xml);
    expect(status).toBe(500);
    expect(text).toContain('<faultcode>SOAP-ENV:Client</faultcode>');
    expect(text).toContain(reason);
    expect(text).not.toMatch(/<detail>|\.js|\.ts|node:|root:/);
  });

  it('is told in HTTP what HTTP can tell', async () => {
    const { status: big } = await post(envelope(`<a>${'x'.repeat(2 ** 21)}</a>`));
    const { status: json } = await post('{}', '/ngnpro', { 'Content-Type': 'application/json' });
    const { status: elsewhere } = await post(envelope(GET), '/ngnpro/sip');
    const { status: read } = await exchange(ports.simulator.url, { method: 'GET', path: '/ngnpro' });
    const { status: invalidUtf8 } = await post(Buffer.from([0x3c, 0xff]));
    expect([big, json, elsewhere, read, invalidUtf8]).toEqual([413, 415, 404, 405, 500]);
  });
});

describe('the harness', () => {
  it('drops a reply after the work, by port and operation; its 500 has no detail', async () => {
    ports.simulator.setFaults({
      rules: [
        { match: { operation: 'Sip.addAccount' }, fault: 'dropReply', times: 1 },
        { match: { operation: 'Sip.getAccount' }, fault: 'status', status: 500, times: 1 },
        { fault: 'status', status: 503, times: 1 },
      ],
    });
    await expect(addAlice(ports)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(rowOf(ports, 'accounts', { username: 'alice' })).toBeTruthy();
    const { status, text } = await ports.raw(wrapped('Sip', 'getAccount', SIP_ID));
    expect(status).toBe(500);
    expect(text).toContain('<faultcode>SOAP-ENV:Server</faultcode><faultstring>Internal error</faultstring>');
    expect(text).not.toContain('<detail>');
    expect((await ports.raw(wrapped('Sip', 'getAccount', SIP_ID))).status).toBe(503);
  });

  it('is after its end what it was, ids included', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ngnpro-'));
    const data = join(folder, 'kept');
    const first = await startSimulator({ platform: 'ngnpro', data });
    const send = (url: string, body: string) =>
      exchange(url, { method: 'POST', path: '/ngnpro', headers: HEADERS, body: envelope(body) });
    const carrier = (name: string) => wrapped('Sip', 'addCarrier', `<carrier><name>${name}</name></carrier>`);
    const made = (domain: string) =>
      wrapped(
        'Sip',
        'addAccount',
        `<account><id><username>&lt;autoincrement&gt;</username><domain>${domain}</domain></id><password>x</password></account>`,
      );
    for (const body of [carrier('one'), carrier(''), made('nowhere.example'), made('sip.example.com')]) {
      await send(first.url, body);
    }
    const left = first.state();
    await first.close();
    const second = await startSimulator({ platform: 'ngnpro', data });
    expect(second.state()).toEqual(left);
    expect((await send(second.url, carrier('two'))).text).toContain('>102</id>');
    expect((await send(second.url, made('sip.example.com'))).text).toContain('>100002</username>');
    await second.close();
    rmSync(folder, { recursive: true });
  });

  it('goes back to fresh data', async () => {
    const fresh = JSON.stringify(ports.state());
    await addAlice(ports);
    await ports.call('Customer', 'setProperties', {
      customer: 1002,
      properties: { item: [{ name: 'a', value: 'b' }] },
    });
    expect(JSON.stringify(ports.state())).not.toBe(fresh);
    ports.simulator.reset();
    expect(JSON.stringify(ports.state())).toBe(fresh);
    await expect(ports.call('Sip', 'getAccount', { sipId: ALICE })).rejects.toThrow('1010');
  });
});
