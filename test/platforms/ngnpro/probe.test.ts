import { describe, expect, test } from 'vitest';
import { ngnpro } from '../../../src/platforms/ngnpro/index.ts';
import type { NgnproOptions } from '../../../src/simulators/index.ts';
import { createFrontOf, createServerOf, whenOver, type Sent } from '../answering-server.ts';
import { settings, start } from './fixture.ts';
import { bound, fault, operationOf } from './lab.ts';

async function probed(options: NgnproOptions, own: Parameters<typeof createFrontOf>[1] = () => null) {
  const simulator = await start(options);
  whenOver(() => simulator.close());
  const front = await createFrontOf(simulator.url, own);
  return ngnpro.probe(bound(front.url).client);
}

const isWsdl = ({ url }: Sent): boolean => url.endsWith('/wsdl');
const named = (checks: Awaited<ReturnType<typeof probed>>, name: string) => checks.find((check) => check.name === name);

describe('doctor', () => {
  test('compares every port with the platform’s own WSDL', async () => {
    const checks = await probed({});
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(named(checks, 'SipPort')).toMatchObject({ detail: '60 operations, as ours' });
    expect(named(checks, 'PresencePort')).toMatchObject({ detail: 'is not in the WSDL of the platform' });
    expect(named(checks, 'login')!.detail).toContain('sip.example.com');
  });

  test('names what orders need and the platform lacks, and tells what it lacks besides', async () => {
    const checks = await probed({ without: ['Sip.addAlias', 'Sip.getSipTrace', 'Dns.addZone'] });
    expect(named(checks, 'SipPort')).toMatchObject({ ok: false, detail: expect.stringContaining('need addAlias') });
    expect(named(checks, 'DnsPort')).toMatchObject({ ok: true, detail: expect.stringContaining('lacks addZone') });
  });

  test('tells members and parts that are otherwise', async () => {
    const simulator = await start();
    whenOver(() => simulator.close());
    const wsdl = await (await fetch(`${simulator.url}/ngnpro/wsdl`)).text();
    const other = wsdl.replace('name="callLimit" type="xsd:int"', 'name="callLimit" type="xsd:string"');
    expect(other).not.toBe(wsdl);
    const front = await createFrontOf(simulator.url, (sent) => (isWsdl(sent) ? { body: other } : null));
    const checks = await ngnpro.probe(bound(front.url).client);
    expect(named(checks, 'SipPort')).toMatchObject({ ok: true, detail: expect.stringContaining('callLimit:string') });
  });

  test.each([
    ['shows none', { status: 404, body: 'no' }],
    ['shows something else', { body: '<html/>' }],
    ['shows one with a document type', { body: '<!DOCTYPE x><definitions/>' }],
  ])('is content where the platform %s', async (_, answer) => {
    const checks = await probed({}, (sent) => (isWsdl(sent) ? answer : null));
    expect(named(checks, 'WSDL')).toMatchObject({ ok: true, detail: expect.stringContaining('not compared') });
  });

  test('asks for voicemail at its own address', async () => {
    const checks = await probed({}, ({ url }) => (url === '/ngnpro/voicemail' ? { status: 404, body: '' } : null));
    expect(named(checks, 'voicemail')).toMatchObject({ ok: false });
  });

  test.each([
    [1001, true, 'the reseller reseller; domains: pbx.example.net, sip.example.com'],
    [1002, true, 'the customer customer; domains: pbx.example.net'],
    [4711, false, 'Not authorized'],
  ])('says whether the login may act for customer %i', async (impersonate, ok, detail) => {
    const simulator = await start();
    whenOver(() => simulator.close());
    const auth = { username: 'admin', password: 'admin', impersonate };
    const [login, acting] = await ngnpro.probe(bound(simulator.url, { auth }).client);
    expect(login).toMatchObject({ name: 'login', ok: true, detail: expect.stringContaining('other.example.org') });
    expect(acting).toEqual({
      name: `acting for customer ${impersonate}`,
      ok,
      detail: expect.stringContaining(detail) as unknown,
    });
    const client = bound(simulator.url, { impersonate: { crm: impersonate } }, { client: 'crm' });
    expect(await ngnpro.probeClient!(client.client)).toEqual(acting);
    expect(client.calls.map(({ method }) => method).every((method) => method.startsWith('get'))).toBe(true);
  });

  test('is not content with a platform that takes no notice of a customer that it does not know', async () => {
    const simulator = await start();
    whenOver(() => simulator.close());
    const isAsked = ({ body }: Sent): boolean => body.includes('<impersonate>4711</impersonate>');
    const front = await createFrontOf(simulator.url, (sent) =>
      isAsked(sent) && operationOf(sent) === 'getAccount' ? fault(5000, 'Customer not found') : null,
    );
    const { client } = bound(front.url, { auth: { username: 'admin', password: 'admin', impersonate: 4711 } });
    expect(await ngnpro.probeClient!(client)).toMatchObject({ ok: false, detail: expect.stringContaining('5000') });
  });

  test('tells a login that is refused, and takes one of a customer', async () => {
    const refusing = await createServerOf(() => fault(9000, 'Login failed'));
    expect(await ngnpro.probe(bound(refusing.url).client)).toMatchObject([{ name: 'login', ok: false }]);
    const simulator = await start();
    whenOver(() => simulator.close());
    const auth = { username: 'customer', password: 'customer' };
    const { native } = settings(simulator.url, { login: 'customer' });
    const [login] = await ngnpro.probe(bound(simulator.url, { auth, native }).client);
    expect(login).toMatchObject({ name: 'login', ok: true, detail: expect.stringContaining('pbx.example.net') });
  });
});
