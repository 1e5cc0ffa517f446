import { beforeAll, describe, expect, it } from 'vitest';
import { fold, patternMatch, wildcardMatch } from '../../../src/simulators/sipwise/collation.ts';
import { useSipwise } from './api.ts';

const { admin, customer, subscriber } = useSipwise();

describe('text matches', () => {
  it.each([
    ['ext-1', 'EXT-1', true],
    ['ext-1', 'ext-10', false],
    ['ext*', 'EXT-1', true],
    [String.raw`ext\*`, 'ext*', true],
    [String.raw`ext\*`, 'ext-1', false],
    ['e?t', 'ext', false],
    ['jose', 'José', true],
    ['a.c', 'abc', false],
    ['100%', '100%', true],
    ['1%', '100', false],
  ])('wildcard %s on %s: %s', (value, cell, expected) => {
    expect(wildcardMatch(value).test(fold(cell))).toBe(expected);
  });

  it.each([
    ['ext', 'EXT', true],
    ['e?t', 'ext', true],
    [String.raw`e\?t`, 'ext', false],
    [String.raw`e\?t`, 'e?t', true],
    ['e*', 'ext', true],
  ])('pattern %s on %s: %s', (value, cell, expected) => {
    expect(patternMatch(value).test(fold(cell))).toBe(expected);
  });
});

describe('filters', () => {
  beforeAll(async () => {
    for (const name of ['flt-A', 'flt-b', 'flt-ü', 'flt-C']) {
      const id = await customer(name);
      await subscriber(id, name.replace('ü', 'ue'), { external_id: `sub-${name}` });
    }
    const [last] = await admin.list('/api/customers/?external_id=flt-C');
    await admin.patch(`/api/customers/${String(last?.['id'])}`, [
      { op: 'replace', path: '/status', value: 'terminated' },
    ]);
  });
  const externalIds = async (query: string): Promise<unknown[]> =>
    (await admin.list(`/api/customers/?order_by=id&rows=100&${query}`)).map((item) => item['external_id']);

  it('ignore letter case and accents', async () => {
    expect(await externalIds('external_id=FLT-a')).toEqual(['flt-A']);
    expect(await externalIds('external_id=flt-u')).toEqual(['flt-ü']);
  });

  it('take comma lists of states, and keep terminated customers unless told', async () => {
    expect(await externalIds('external_id=flt-*')).toEqual(['flt-A', 'flt-b', 'flt-ü', 'flt-C']);
    expect(await externalIds('external_id=flt-*&not_status=terminated,locked')).not.toContain('flt-C');
    expect(await externalIds('external_id=flt-*&status=terminated,locked')).toEqual(['flt-C']);
    expect(await externalIds('external_id=flt-C&not_status=terminated')).toEqual([]);
  });

  it('know $null and $not_null', async () => {
    const id = await customer('flt-null', { external_id: null });
    expect((await admin.list('/api/customers/?external_id=$null')).map((item) => item['id'])).toEqual([id]);
    expect(await externalIds('external_id=$not_null')).not.toContain(null);
  });

  it('compare times', async () => {
    expect(await externalIds('external_id=flt-*&create_timestamp_gt=2020-01-01%2000:00:00')).toHaveLength(4);
    expect(await externalIds('external_id=flt-*&create_timestamp_lt=2020-01-01')).toEqual([]);
    expect(await externalIds('external_id=flt-*&terminate_timestamp_gt=2020-01-01T00:00:00')).toEqual(['flt-C']);
  });

  it('are ignored when they are none: external_id and status of subscribers', async () => {
    const all = (await admin.get('/api/subscribers/')).json?.['total_count'];
    for (const query of ['external_id=sub-flt-A', 'status=locked', 'usrname=x']) {
      expect((await admin.get(`/api/subscribers/?${query}`)).json?.['total_count'], query).toBe(all);
    }
    expect((await admin.get('/api/subscribers/?subscriber_external_id=SUB-flt-?')).json?.['total_count']).toBe(3);
    expect((await admin.get('/api/callforwards/?subscriber_id=1')).json?.['total_count']).toBe(all);
  });

  it('find nothing by an id that is no number', async () => {
    expect(await externalIds('contact_id=abc')).toEqual([]);
    expect(await admin.list('/api/subscribers/?customer_id=abc')).toEqual([]);
  });
});

describe('paging', () => {
  it('answers 0 with 400, other nonsense with 500', async () => {
    expect((await admin.get('/api/customers/?page=0')).status).toBe(400);
    expect((await admin.get('/api/customers/?rows=-1')).status).toBe(500);
    expect((await admin.get('/api/customers/?rows=x')).status).toBe(500);
  });

  it('does not count with no_count', async () => {
    for (let at = 0; at < 3; at += 1) await customer(`page-${at}`, { external_id: 'page' });
    const first = (await admin.get('/api/customers/?external_id=page&rows=2&no_count=1')).json;
    expect(first).toMatchObject({ total_count: null, _links: { next: { href: expect.any(String) as unknown } } });
    const last = (await admin.get('/api/customers/?external_id=page&rows=2&page=2&no_count=1')).json;
    expect(last?.['_links']).not.toHaveProperty('next');
  });

  it('writes filter values raw into its links', async () => {
    for (let at = 0; at < 2; at += 1) await customer(`raw-${at}`, { external_id: 'raw a&b' });
    const { json } = await admin.get('/api/customers/?external_id=raw%20a%26b&rows=1');
    expect(json).toMatchObject({
      total_count: 2,
      _links: { next: { href: '/api/customers/?page=2&rows=1&external_id=raw a&b' } },
    });
  });

  it('never links voicemail pages', async () => {
    const { json } = await admin.get('/api/voicemailsettings/?rows=1');
    expect(json?.['_links']).not.toHaveProperty('next');
  });

  it('ignores an unknown order_by', async () => {
    expect((await admin.get('/api/customers/?order_by=nonsense')).status).toBe(200);
  });
});

describe('expand', () => {
  it('embeds what it knows and answers 409 with the list for what it does not', async () => {
    await customer('expand');
    const path = '/api/customers/?external_id=expand&expand=';
    expect((await admin.list(`${path}contact_id`))[0]).toMatchObject({
      contact_id_expand: { email: 'expand@example.org' },
    });
    const bad = await admin.get(`${path}nonsense`);
    expect(bad.status).toBe(409);
    expect(bad.json).toMatchObject({ total_count: 1 });
    expect(bad.json).not.toHaveProperty('code');
    expect((await admin.get(`${path}nonsense&soft_expand=1`)).status).toBe(200);
  });
});
