import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { example, faultsOf, parse } from './support.ts';

type Sections = { clients: Record<string, unknown>[]; targets: Record<string, Record<string, unknown>> };

/** Two clients, of which the first acts for somebody on a platform where that can be. */
function configured(impersonate: object): Sections {
  const { targets, ...rest } = example() as unknown as Sections;
  const hague = {
    platform: 'ngnpro',
    url: 'https://ngnpro.example.com:9200',
    auth: { username: 'admin', password: 'hague-password', impersonate: 1001 },
  };
  return {
    ...rest,
    clients: [
      { name: 'crm', token: 'client-token-0123456789', targets: ['hague', 'vienna'], impersonate },
      { name: 'shop', token: 'shop-token-0123456789', targets: ['hague'], impersonate: { hague: 2001 } },
    ],
    targets: { ...targets, hague },
  };
}

describe('clients that act for customers of a platform', () => {
  it('are told to their targets', () => {
    const { targets, clients } = parse(configured({ hague: 17_451 }));
    expect(targets.get('hague')?.settings.impersonate).toEqual({ crm: 17_451, shop: 2001 });
    expect(targets.get('hague')?.settings.auth.impersonate).toBe(1001);
    expect(targets.get('vienna')?.settings).not.toHaveProperty('impersonate');
    expect(clients.map(({ impersonate }) => impersonate)).toEqual([{ hague: 17_451 }, { hague: 2001 }]);
  });

  it('I8 leave the settings of the target hidden', () => {
    const { targets } = parse(configured({ hague: 17_451 }));
    const { settings } = targets.get('hague')!;
    expect(inspect(settings, { depth: 9 }) + JSON.stringify(settings)).not.toContain('hague-password');
  });

  it('are refused with a login of a platform where that cannot be', () => {
    const { targets, ...rest } = configured({});
    const vienna = { ...targets['vienna'], auth: { username: 'a', password: 'platform-password', impersonate: 7 } };
    expect(faultsOf({ ...rest, targets: { ...targets, vienna } })).toEqual([
      expect.stringMatching(/^targets\.vienna\.auth\.impersonate.* knows no impersonation/),
    ]);
  });

  it.each([
    [{ vienna: 7 }, 'clients.0.impersonate.vienna', /knows no impersonation/],
    [{ brasilia: 7 }, 'clients.0.impersonate.brasilia', /is not among its targets/],
    [{ hague: 0 }, 'clients.0.impersonate.hague', /./],
    [{ hague: '17451' }, 'clients.0.impersonate.hague', /./],
  ])('%j is a fault', (impersonate, path, message) => {
    const [fault = '', ...others] = faultsOf(configured(impersonate));
    expect(others).toEqual([]);
    expect(fault.startsWith(path)).toBe(true);
    expect(fault).toMatch(message);
  });
});
