import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../../src/simulators/index.ts';
import { turnup } from './support.ts';

let cwd: string;
let simulator: Simulator;

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'turnup-doctor-'));
  simulator = await startSimulator({ platform: 'ngnpro' });
});
afterAll(async () => {
  await simulator.close();
  await rm(cwd, { recursive: true, force: true });
});

/** @param clients by name, whom each acts for */
async function doctor(auth: object, clients: Readonly<Record<string, object>>) {
  const hague = {
    platform: 'ngnpro',
    url: `${simulator.url}/ngnpro`,
    auth: { username: 'admin', password: 'admin', ...auth },
  };
  const configured = Object.entries(clients).map(([name, impersonate]) => {
    return { name, token: `a-token-of-${name}-for-the-doctor`, targets: ['hague'], impersonate };
  });
  await writeFile(join(cwd, 'turnup.yaml'), JSON.stringify({ clients: configured, targets: { hague } }));
  const from = simulator.calls().length;
  const { code, stdout } = await turnup(['doctor'], { cwd });
  const lines = stdout.split('\n').filter((line) => line.includes('acting for'));
  const calls = simulator.calls().slice(from);
  return { code, lines, writes: calls.filter(({ operation }) => !/^wsdl$|\.get/.test(operation ?? 'wsdl')) };
}

describe('turnup doctor of clients that act for customers of the platform', () => {
  it('has a line for the target and for each of them, and only reads', async () => {
    const { code, lines, writes } = await doctor(
      { impersonate: 1001 },
      { crm: {}, shop: { hague: 2001 }, pbx: { hague: 1002 } },
    );
    expect(lines).toEqual([
      expect.stringContaining('hague, acting for customer 1001: the reseller reseller; domains: pbx.example.net'),
      expect.stringContaining('hague, client shop, acting for customer 2001: the reseller other; domains: other.'),
      expect.stringContaining('hague, client pbx, acting for customer 1002: the customer customer; domains: pbx.'),
    ]);
    expect(writes).toEqual([]);
    expect(code).toBe(0);
  });

  it('ends with 1 where the login may not act for one, and names the client', async () => {
    const { code, lines } = await doctor({}, { crm: {}, shop: { hague: 4711 } });
    expect(lines).toEqual([
      expect.stringMatching(/^BAD.*hague, client shop, acting for customer 4711: .*Not authorized/),
    ]);
    expect(code).toBe(1);
  });
});
