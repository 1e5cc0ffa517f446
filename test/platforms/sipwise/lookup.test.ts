import { describe, expect, it } from 'vitest';
import type { Item, SipwiseClient } from '../../../src/platforms/sipwise/client.ts';
import { list } from '../../../src/platforms/sipwise/lookup.ts';
import { createOnceCache } from '../../../src/platforms/once-cache.ts';
import { probe } from '../../../src/platforms/sipwise/probe.ts';

/** A release that answers what it is told to, and what it was asked. */
function release(answer: (path: string) => Item): { client: SipwiseClient; asked: string[] } {
  const asked: string[] = [];
  const get = async (path: string): Promise<Item> => {
    asked.push(path);
    return answer(path);
  };
  const client = {
    resellerId: 1,
    get,
    ids: createOnceCache<number>(1000),
    definitions: async () => new Map([['cli', { type: 'string', max: 1, readOnly: false }]]),
  };
  return { client: client as unknown as SipwiseClient, asked };
}

const page = (collection: string, from: number, count: number): Item => ({
  _embedded: { [`ngcp:${collection}`]: Array.from({ length: count }, (_unused, index) => ({ id: from + index })) },
});

describe('list', () => {
  it('counts pages itself and sends filters encoded', async () => {
    const { client, asked } = release((path) =>
      path.includes('page=1&') ? page('customers', 0, 100) : page('customers', 100, 3),
    );
    const filter = { external_id: 'C 1&x=+ö', contact_id: 7 };
    expect(await list(client, { collection: 'customers', filter, newestFirst: true })).toHaveLength(103);
    const rest =
      'rows=100&no_count=1&order_by=id&order_by_direction=desc&external_id=C%201%26x%3D%2B%C3%B6&contact_id=7';
    expect(asked).toEqual([`/api/customers/?page=1&${rest}`, `/api/customers/?page=2&${rest}`]);
  });

  it('takes more hits than expected for a filter that the release ignores', async () => {
    const { client, asked } = release(() => page('customers', 0, 100));
    await expect(
      list(client, { collection: 'customers', filter: { external_id: 'x' }, limit: 250 }),
    ).rejects.toMatchObject({
      code: 'TURNUP_TARGET_UNEXPECTED',
      detail: expect.stringContaining('customers by external_id'),
    });
    expect(asked).toHaveLength(3);
  });
});

describe('probe', () => {
  const FILTERS: Record<string, string[]> = {
    billingprofiles: ['handle'],
    callforwards: [],
    customercontacts: ['email'],
    customers: ['external_id', 'not_status', 'contact_id'],
    domains: ['domain'],
    numbers: ['subscriber_id'],
    subscriberpreferences: [],
    subscribers: ['username', 'webusername', 'domain', 'alias', 'customer_id'],
    voicemailsettings: [],
  };

  const target = (filters: Record<string, unknown>, reseller: Item = { name: 'default', status: 'active' }) =>
    release((path) => {
      if (path === '/api/')
        return Object.fromEntries(Object.entries(filters).map(([name, names]) => [name, { query_params: names }]));
      if (path.startsWith('/api/resellers/')) return reseller;
      return { _embedded: { 'ngcp:billingprofiles': [{ id: 3, handle: 'default', reseller_id: 1 }] } };
    }).client;

  const failed = async (client: SipwiseClient) => (await probe(client)).filter(({ ok }) => !ok);

  it('finds nothing wrong, however the release writes its filters', async () => {
    expect(await failed(target(FILTERS))).toEqual([]);
    const described = Object.fromEntries(
      Object.entries(FILTERS).map(([name, filters]) => [name, filters.map((param) => ({ param, description: 'x' }))]),
    );
    expect(await failed(target(described))).toEqual([]);
  });

  it('names the collection or filter that is missing, since a look-up by it would find everything', async () => {
    const { voicemailsettings: _gone, ...rest } = FILTERS;
    expect(
      await failed(target({ ...rest, subscribers: ['username', 'webusername', 'domain', 'customer_id'] })),
    ).toMatchObject([{ name: 'api', detail: expect.stringContaining('subscribers filter alias, voicemailsettings') }]);
  });

  it('names a reseller that is not active', async () => {
    expect(await failed(target(FILTERS, { name: 'default', status: 'locked' }))).toMatchObject([
      { name: 'reseller 1' },
    ]);
  });
});

describe('a cache that loads once', () => {
  it('lets who waits for a load that failed try by itself', async () => {
    const cache = createOnceCache<number>(1000);
    let loads = 0;
    const bad = cache.get('k', async () => {
      loads++;
      await new Promise((resolve) => setImmediate(resolve));
      throw new Error('the lease was lost');
    });
    const good = cache.get('k', async () => ++loads);
    await expect(bad).rejects.toThrow('the lease was lost');
    expect(await good).toBe(2);
  });

  it('forgets after its time, and when told to', async () => {
    let loads = 0;
    const load = async () => ++loads;
    const brief = createOnceCache<number>(0);
    await brief.get('k', load);
    expect(await brief.get('k', load)).toBe(2);
    const long = createOnceCache<number>(60_000);
    await long.get('k', load);
    expect(await long.get('k', load)).toBe(3);
    long.forget('k');
    expect(await long.get('k', load)).toBe(4);
  });
});
