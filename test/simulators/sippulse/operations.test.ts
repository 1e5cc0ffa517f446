import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { envelope, insertAlice, PRINCIPAL_XML, startServices, wsdlFile, type Services } from './services.ts';

const SERVICES = [
  'AccountGroupWS',
  'AddressWS',
  'CustomerWS',
  'DialplanWS',
  'DidWS',
  'DomainWS',
  'HuntGroupWS',
  'ProfileWS',
  'RatePlanWS',
  'RateWS',
  'ReloadModulesWS',
  'ResellerWS',
  'SubscriberWS',
  'UserLocationWS',
  'WhiteListWS',
];

const operationsOf = (service: string): string[] => {
  const portType = /<wsdl:portType[\s\S]*<\/wsdl:portType>/.exec(readFileSync(wsdlFile(service), 'utf8'))![0];
  return [...portType.matchAll(/<wsdl:operation name="([^"]+)"/g)].map(([, name]) => name!);
};

const ALL = SERVICES.flatMap((service) => operationsOf(service).map((operation) => [service, operation] as const));

let services: Services;
beforeAll(async () => {
  services = await startServices();
  await insertAlice(services);
});
afterAll(async () => {
  await services.close();
});

const ask = (service: string, operation: string, inside: string) =>
  services.raw(service, `<ser:${operation}>${inside}</ser:${operation}>`);

describe('the operations of the WSDLs', () => {
  it('are 102', () => {
    expect(ALL).toHaveLength(102);
  });

  it.each(ALL)('%s.%s reaches its service, and is logged by its name', async (service, operation) => {
    const { text } = await ask(service, operation, PRINCIPAL_XML);
    expect(text).not.toContain('S:Client');
    expect(text).not.toContain('Internal server error');
    expect(services.simulator.calls().at(-1)).toMatchObject({ path: `/SipPulse/${service}`, operation });
  });

  it.each(ALL.filter(([service]) => service !== 'CustomerWS'))(
    '%s.%s wants a principal: a wrong one is a fault like any other',
    async (service, operation) => {
      for (const principal of ['', PRINCIPAL_XML.replace('<password>admin', '<password>wrong')]) {
        const { status, text } = await ask(service, operation, principal);
        expect(status).toBe(500);
        expect(text).toContain('<faultMessage>User not authenticated</faultMessage>');
      }
    },
  );

  it('refuse a domain that the login may not touch, and do not list it', async () => {
    const limited = { login: 'limited', password: 'limited' };
    await expect(
      services.call('RatePlanWS', 'listRatePlansByDomain', { domain: 'sip.example.com' }, limited),
    ).rejects.toThrow('Access denied');
    expect(await services.call('DomainWS', 'listDomains', {}, limited)).toEqual({
      domain: [{ domain: 'pbx.example.net', id: 2 }],
    });
    expect(await services.call('DomainWS', 'listDomains')).toMatchObject({ domain: [{ id: 1 }, { id: 2 }] });
  });

  it('are worked on fast enough for thousands of orders', async () => {
    // Not a time limit on this machine: it catches a server made anew for every request.
    const body = `<ser:retrieveSubscriber><username>alice</username><domain>sip.example.com</domain>${PRINCIPAL_XML}</ser:retrieveSubscriber>`;
    const begun = performance.now();
    for (let round = 0; round < 200; round += 1) await services.raw('SubscriberWS', body);
    expect(performance.now() - begun).toBeLessThan(10_000);
    expect(envelope(body).length).toBeGreaterThan(100);
  });
});
