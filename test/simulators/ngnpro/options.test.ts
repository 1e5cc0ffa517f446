import { readFileSync } from 'node:fs';
import { createClientAsync } from 'soap';
import { afterEach, describe, expect, it } from 'vitest';
import type { NgnproOptions } from '../../../src/simulators/index.ts';
import { exchange } from '../wire.ts';
import {
  addAlice,
  ALICE,
  array,
  AUTH_XML,
  PORTS,
  rowOf,
  SIP_ID,
  startPorts,
  wrapped,
  wsdlFile,
  type Ports,
} from './ports.ts';

let ports: Ports | undefined;
afterEach(async () => {
  await ports?.close();
  ports = undefined;
});

async function start(options?: NgnproOptions): Promise<Ports> {
  ports = await startPorts(options);
  await addAlice(ports, { groups: array('sms') });
  return ports;
}

const wsdlOf = async ({ simulator }: Ports): Promise<string> =>
  (await exchange(simulator.url, { method: 'GET', path: '/ngnpro/wsdl' })).text;

describe('a server that is set otherwise', () => {
  it('keeps passwords in clear, and shows them; digests stay what they are', async () => {
    const { call } = await start({ storeClearTextPasswords: true });
    expect(await call('Sip', 'getAccount', { sipId: ALICE })).toMatchObject({ password: 's3cret' });
    const password = `${'a'.repeat(32)}:${'b'.repeat(32)}`;
    await call('Sip', 'updateAccount', { account: { id: ALICE, password } });
    expect(await call('Sip', 'getAccount', { sipId: ALICE })).toMatchObject({ password });
  });

  it('writes no types, other names, and nil for what has no value', async () => {
    const started = await start({ types: 'none', replyPart: 'account', item: 'value', nil: true });
    const { text } = await started.raw(wrapped('Sip', 'getAccount', SIP_ID));
    expect(text).toContain('<account><id><username>alice</username>');
    expect(text).toContain('<groups SOAP-ENC:arrayType="xsd:string[1]"><value>sms</value></groups>');
    expect(text).not.toContain('xsi:type');
    const diversions = await started.raw(wrapped('Sip', 'getCallDiversions', SIP_ID));
    expect(diversions.text).toContain('<FUNC xsi:nil="true"/><FNOL xsi:nil="true"/>');
  });

  it('types its faults too', async () => {
    const started = await start({ types: 'everywhere' });
    const { text } = await started.raw(wrapped('Voicemail', 'getAccount', SIP_ID));
    expect(text).toContain('<errorcode xsi:type="xsd:int">2000</errorcode><errorstring xsi:type="xsd:string">');
  });

  it('takes no qualified header', async () => {
    const started = await start({ authHeader: 'unqualified' });
    const body = wrapped('Sip', 'getAccount', SIP_ID);
    const header = AUTH_XML.replace('<auth>', '<auth xmlns="urn:AGProjects:NGNPro">');
    expect((await started.raw(body, { header })).text).toContain('9000');
    expect((await started.raw(body)).status).toBe(200);
  });

  it('has the voicemail port on its own path only', async () => {
    const started = await start({ voicemail: 'own' });
    const body = wrapped('Voicemail', 'getAccount', SIP_ID);
    expect((await started.raw(body)).text).toContain('No such method');
    expect((await started.raw(body, { path: '/ngnpro/voicemail' })).text).toContain('2000');
  });

  it.each([
    ['ignored', { FNOA: '<voice-mailbox>' }],
    ['cleared', {}],
  ] as const)('with empty diversions %s', async (emptyDiversions, left) => {
    const { call } = await start({ emptyDiversions });
    await call('Sip', 'setCallDiversions', { sipId: ALICE, diversions: { FNOA: '<voice-mailbox>' } });
    await call('Sip', 'setCallDiversions', { sipId: ALICE, diversions: {} });
    expect(await call('Sip', 'getCallDiversions', { sipId: ALICE })).toEqual(left);
  });

  it('faults for empty diversions, takes no negative balance, has other codes', async () => {
    const { call } = await start({
      emptyDiversions: 'fault',
      negativeBalance: false,
      codes: { invalid: 77, aliasAbsent: 78 },
    });
    await expect(call('Sip', 'setCallDiversions', { sipId: ALICE, diversions: {} })).rejects.toThrow('77 ');
    await expect(call('Sip', 'addBalance', { sipId: ALICE, value: -1, description: 'd' })).rejects.toThrow('77 ');
    await expect(call('Sip', 'getAlias', { id: ALICE })).rejects.toThrow('78 ');
  });

  it('leaves aliases, mailbox and rating profiles of a deleted account', async () => {
    const started = await start({ orphans: 'left' });
    const { call } = started;
    await call('Sip', 'addAlias', { alias: { id: { ...ALICE, username: 'al' }, target: ALICE } });
    await call('Voicemail', 'addAccount', { account: { sipId: ALICE, password: '4711' } });
    await call('Rating', 'setEntityProfiles', {
      profiles: { entity: 'subscriber://alice@sip.example.com', profileWeekday: 'p' },
    });
    await call('Sip', 'deleteAccount', { sipId: ALICE });
    expect(rowOf(started, 'aliases', { username: 'al' })).toMatchObject({ target: 'alice@sip.example.com' });
    expect(started.state()['mailboxes']).toHaveLength(1);
    expect(await call('Rating', 'getEntityProfiles', { entity: 'subscriber://alice@sip.example.com' })).toMatchObject({
      profileWeekday: 'p',
    });
  });

  it('has recorded other calls, and knows other devices', async () => {
    const account = 'alice@sip.example.com';
    const { call } = await start({
      calls: [
        {
          account,
          direction: 'placed',
          sessionId: 's',
          fromURI: `sip:${account}`,
          toURI: 'sip:x@example.com',
          fromHeader: `"${'\u00E9'.repeat(30)}" <sip:${account}>`,
          startTime: 1_800_000_000,
          duration: 5,
          status: '200 OK',
          price: '0.1',
        },
      ],
      devices: [
        {
          account,
          address: '10.0.0.9',
          port: 5060,
          publicAddress: '198.51.100.9',
          publicPort: 1024,
          transport: 'udp',
          expires: 60,
          userAgent: 'x',
        },
      ],
    });
    const { placed } = (await call('Sip', 'getCalls', { sipId: ALICE, query: { placed: {} } })) as {
      placed: { fromHeader: string }[];
    };
    const lines = placed[0]!.fromHeader.split('\n');
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(76);
    expect(lines.slice(0, -1).every((line) => line.endsWith('='))).toBe(true);
    expect(await call('Sip', 'getSipDeviceLocations', { sipIds: array(ALICE) })).toMatchObject([
      { locations: [{ port: 5060 }] },
    ]);
  });
});

describe('the WSDL it publishes', () => {
  const portTypesOf = (wsdl: string): Map<string, string[]> =>
    new Map(
      [...wsdl.matchAll(/<wsdl:portType name="([^"]+)PortType">([\s\S]*?)<\/wsdl:portType>/g)].map(([, name, body]) => [
        name!,
        [...body!.matchAll(/<wsdl:operation name="([^"]+)"/g)].map(([, operation]) => operation!),
      ]),
    );

  it('has seven ports with 102 operations in one file, and leads to this server', async () => {
    const started = await start();
    const wsdl = await wsdlOf(started);
    const published = portTypesOf(wsdl);
    expect([...published.keys()]).toEqual(PORTS.filter((port) => port !== 'Presence'));
    expect([...published.values()].flat()).toHaveLength(102);
    for (const [port, operations] of published) {
      expect(operations).toEqual(portTypesOf(readFileSync(wsdlFile(port as 'Sip'), 'utf8')).get(port));
    }
    expect(wsdl).toContain(`location="${started.simulator.url}/ngnpro/voicemail"`);
    expect(started.simulator.calls().at(-1)).toMatchObject({ operation: 'wsdl', status: 200 });
  });

  it('is read by npm soap, with all its ports', async () => {
    const started = await start();
    const client = await createClientAsync(`${started.simulator.url}/ngnpro/wsdl`);
    const { NGNPro } = client.describe() as { NGNPro: Record<string, object> };
    expect(Object.keys(NGNPro)).toHaveLength(7);
    expect(NGNPro['VoicemailPort']).toHaveProperty('setAnnouncement');
  });

  it('lacks what the server lacks', async () => {
    const started = await start({ without: ['Sip.addAlias', 'Voicemail.addAccount'] });
    const published = portTypesOf(await wsdlOf(started));
    expect(published.get('Sip')).toHaveLength(59);
    expect(published.get('Sip')).toContain('addAccount');
    expect(published.get('Voicemail')).toEqual(['updateAccount', 'deleteAccount', 'getAccount', 'setAnnouncement']);
    expect((await started.raw(wrapped('Sip', 'addAlias', ''))).text).toContain('No such method');
    expect((await started.raw(wrapped('Sip', 'addAccount', ''))).text).toContain('9002');
  });
});
