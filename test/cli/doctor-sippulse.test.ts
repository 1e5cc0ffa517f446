import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ABSENT_ON_LIVE_SERVERS,
  startSimulator,
  type Simulator,
  type SippulseOptions,
} from '../../src/simulators/index.ts';
import { turnup } from './support.ts';

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'turnup-doctor-'));
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

/** What the program says of these targets, a stand-in each. */
async function doctor(standIns: Readonly<Record<string, SippulseOptions>>, password = 'admin') {
  const simulators: Simulator[] = [];
  try {
    const targets: Record<string, object> = {};
    for (const [name, sippulse] of Object.entries(standIns)) {
      const simulator = await startSimulator({ platform: 'sippulse', sippulse });
      simulators.push(simulator);
      targets[name] = {
        platform: 'sippulse',
        url: `${simulator.url}/SipPulse`,
        auth: { username: 'admin', password },
      };
    }
    const clients = [{ name: 'crm', token: 'a-token-of-the-crm-for-the-doctor', targets: Object.keys(targets) }];
    await writeFile(join(cwd, 'turnup.yaml'), JSON.stringify({ clients, targets }));
    const { code, stdout, stderr } = await turnup(['doctor'], { cwd });
    expect(stderr).toBe('');
    const lines = stdout.split('\n');
    return { code, stdout, bad: lines.filter((line) => line.startsWith('BAD')), lines };
  } finally {
    for (const simulator of simulators) await simulator.close();
  }
}

describe('turnup doctor of a SIPPulse', () => {
  it('ends with 0 for servers that have all that orders need, and names what else one lacks', async () => {
    const { code, stdout, bad, lines } = await doctor({
      full: {},
      live: { without: ABSENT_ON_LIVE_SERVERS, spelling: 'live' },
      page: { spelling: 'page', whiteListPath: 'WhitelistWS' },
    });
    expect(bad).toEqual([]);
    expect(stdout).toContain('An order would find what it needs.');
    expect(code).toBe(0);
    expect(stdout).toMatch(/full, login: accepted; domains: sip\.example\.com/);
    const lacking = lines.filter((line) => line.includes('lacks'));
    expect(lacking).toHaveLength(1);
    expect(lacking[0]).toContain('live, SubscriberWS');
    for (const operation of ABSENT_ON_LIVE_SERVERS) expect(lacking[0]).toContain(operation);
  });

  it('ends with 1 for a server that lacks one operation that orders need, and names it', async () => {
    const { code, bad } = await doctor({ saopaulo: { without: ['reloadSubscriber'] } });
    expect(bad).toEqual([expect.stringMatching(/saopaulo, ReloadModulesWS: .*\breloadSubscriber\b/)]);
    expect(code).toBe(1);
  });

  it('names every operation that orders need, of whichever service, and the target that lacks it', async () => {
    const needed = ['insertSubscriber', 'updateSubscriberServices', 'insertDid', 'listProfilesByDomain', 'reloadDid'];
    const { code, bad } = await doctor(Object.fromEntries(needed.map((one, at) => [`t${at}`, { without: [one] }])));
    expect(bad).toEqual(
      needed.map((operation, at) => expect.stringMatching(new RegExp(`t${at}, \\w+WS: .*\\b${operation}\\b`))),
    );
    expect(code).toBe(1);
  });

  it('ends with 1 for a refused login, and shows no password', async () => {
    const password = 'doctor-wrong-password';
    const { code, stdout, bad } = await doctor({ saopaulo: {} }, password);
    expect(bad).toEqual([expect.stringContaining('saopaulo, login')]);
    expect(stdout).not.toContain(password);
    expect(code).toBe(1);
  });
});
