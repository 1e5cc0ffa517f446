import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addAlice, AUTH_XML, PORTS, startPorts, wrapped, wsdlFile, type PortName, type Ports } from './ports.ts';

const operationsOf = (port: PortName): string[] => {
  const portType = /<wsdl:portType[\s\S]*<\/wsdl:portType>/.exec(readFileSync(wsdlFile(port), 'utf8'))![0];
  return [...portType.matchAll(/<wsdl:operation name="([^"]+)"/g)].map(([, name]) => name!);
};

const ALL = PORTS.flatMap((port) => operationsOf(port).map((operation) => [port, operation] as const));

let ports: Ports;
beforeAll(async () => {
  ports = await startPorts();
  await addAlice(ports);
});
afterAll(async () => {
  await ports.close();
});

describe('the operations of the WSDLs', () => {
  it('are 108', () => {
    expect(ALL).toHaveLength(108);
  });

  it.each(ALL)('%s.%s reaches its port, and is logged by both names', async (port, operation) => {
    const { status, text } = await ports.raw(wrapped(port, operation, ''));
    // Without its parts: an operation that has none is done, any other says which one is missing.
    expect(text).toContain(status === 200 ? `:${operation}Response ` : 'Invalid value: ');
    expect(ports.simulator.calls().at(-1)).toMatchObject({ path: '/ngnpro', operation: `${port}.${operation}` });
  });

  it.each(ALL.filter(([port]) => port !== 'Presence'))('%s.%s wants a login', async (port, operation) => {
    for (const header of ['', AUTH_XML.replace('<password>admin', '<password>wrong')]) {
      const { status, text } = await ports.raw(wrapped(port, operation, ''), { header });
      expect(status).toBe(500);
      expect(text).toContain('<errorcode>9000</errorcode><errorstring>Login failed</errorstring>');
    }
  });

  it('are worked on fast enough for thousands of orders', async () => {
    // Not a time limit on this machine: it catches WSDLs read anew for every request.
    const body = wrapped(
      'Sip',
      'getAccount',
      '<sipId><username>alice</username><domain>sip.example.com</domain></sipId>',
    );
    const begun = performance.now();
    for (let round = 0; round < 200; round += 1) expect((await ports.raw(body)).status).toBe(200);
    expect(performance.now() - begun).toBeLessThan(10_000);
  });
});
