import { afterEach, describe, expect, it } from 'vitest';
import { ABSENT_ON_LIVE_SERVERS, type SippulseOptions } from '../../../src/simulators/index.ts';
import { exchange } from '../wire.ts';
import { ALICE, envelope, insertAlice, startServices, type Services } from './services.ts';

let services: Services | undefined;
afterEach(async () => {
  await services?.close();
  services = undefined;
});

async function start(options: SippulseOptions): Promise<Services> {
  services = await startServices(options);
  return services;
}

const wsdlOf = async ({ simulator }: Services, service: string): Promise<string> =>
  (await exchange(simulator.url, { method: 'GET', path: `/SipPulse/${service}?wsdl` })).text;
const offered = async (from: Services, service: string): Promise<Set<string>> => {
  const portType = /<wsdl:portType[\s\S]*<\/wsdl:portType>/.exec(await wsdlOf(from, service))![0];
  return new Set([...portType.matchAll(/<wsdl:operation name="([^"]+)"/g)].map(([, name]) => name!));
};

describe('a server that is set otherwise', () => {
  it('answers a fault for what is absent', async () => {
    const { call } = await start({ absent: 'fault' });
    for (const operation of ['retrieveSubscriber', 'retrieveSubscriberClassV', 'retrieveDailyQuota']) {
      await expect(call('SubscriberWS', operation, ALICE)).rejects.toThrow(
        'Subscriber alice@sip.example.com not found',
      );
    }
    await expect(
      call('AccountGroupWS', 'retrieveAccountGroup', { accountManager: 'alice@sip.example.com' }),
    ).rejects.toThrow('not found');
  });

  it('shows the passwords on retrieve', async () => {
    const started = await start({ passwordOnRetrieve: true });
    await insertAlice(started);
    expect(await started.call('SubscriberWS', 'retrieveSubscriber', ALICE)).toMatchObject({
      return: { password: 's3cret-sip', passwordPortal: 's3cret-web' },
    });
  });

  it('lacks operations, and the types that only they use', async () => {
    const started = await start({ without: ABSENT_ON_LIVE_SERVERS });
    const wsdl = await wsdlOf(started, 'SubscriberWS');
    expect((await offered(started, 'SubscriberWS')).size).toBe(45);
    expect(wsdl).not.toMatch(/DBAliases|dbAliases|TopologyHiding/);
    const { text } = await started.raw('SubscriberWS', '<ser:activateTopologyHiding/>');
    expect(text).toContain('Cannot find dispatch method');
    expect(started.simulator.calls().at(-1)).toMatchObject({ operation: 'activateTopologyHiding', status: 500 });
    await insertAlice(started);
  });

  it.each([
    ['live', ['lisAddresses', 'insertAddress', 'updateAddress', 'removeAddress'], ['deletetWhiteList']],
    ['page', ['listAddresses', 'insertAddresses', 'updateAddresses', 'removeAddresses'], ['deleteWhiteList']],
  ] as const)('knows only the %s spelling', async (spelling, addresses, whiteLists) => {
    const started = await start({ spelling });
    expect(await offered(started, 'AddressWS')).toEqual(new Set(addresses));
    expect(await offered(started, 'WhiteListWS')).toEqual(new Set([...whiteLists, 'insertWhiteList', 'listWhiteList']));
    const other = spelling === 'live' ? 'listAddresses' : 'lisAddresses';
    expect((await started.raw('AddressWS', `<ser:${other}/>`)).text).toContain('Cannot find dispatch method');
    expect(await started.call('AddressWS', addresses[0], ALICE)).toBeNull();
  });

  it('has the white list service under the other path', async () => {
    const started = await start({ whiteListPath: 'WhitelistWS' });
    expect(await offered(started, 'WhitelistWS')).toContain('insertWhiteList');
    expect((await started.raw('WhiteListWS', '<ser:listWhiteList/>')).status).toBe(404);
    expect((await started.raw('WhitelistWS', '<ser:listWhiteList/>')).text).toContain('User not authenticated');
  });

  it('stands behind HTTP Basic', async () => {
    const { simulator } = await start({ basicAuth: { username: 'front', password: 'door' } });
    const post = (headers: Record<string, string>) =>
      exchange(simulator.url, {
        method: 'POST',
        path: '/SipPulse/SubscriberWS',
        headers: { 'Content-Type': 'text/xml', ...headers },
        body: envelope('<ser:retrieveCredit/>'),
      });
    const authorization = (text: string) => ({ Authorization: `Basic ${Buffer.from(text).toString('base64')}` });
    const refused = await post({});
    expect([refused.status, refused.headers['www-authenticate']]).toEqual([401, 'Basic realm="SipPulse"']);
    expect((await post(authorization('front:window'))).status).toBe(401);
    expect((await post(authorization('front:door'))).text).toContain('User not authenticated');
  });
});
