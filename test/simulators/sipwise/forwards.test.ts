import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { useSipwise, type Reply } from './api.ts';

const { admin, customer, subscriber } = useSipwise();
let own = 0;
let count = 0;
let owner = 0;
const forwards = (): string => `/api/callforwards/${own}`;
const read = async (): Promise<Record<string, Record<string, unknown>>> =>
  ((await admin.get(forwards())).json ?? {}) as Record<string, Record<string, unknown>>;
const to = (destination: string, timeout?: unknown) => ({ destination, timeout });
const put = (body: unknown): Promise<Reply> => admin.put(forwards(), body);

beforeAll(async () => {
  owner = await customer('cf');
});
beforeEach(async () => {
  count += 1;
  own = await subscriber(owner, `cf-${count}`);
});

describe('callforwards (§8.4)', () => {
  it('keeps a timeout of 0 and makes a missing one 300', async () => {
    await put({ cfu: { destinations: [to('43', 0), to('44')] }, cft: { destinations: [to('45')] } });
    const { cfu, cft } = await read();
    expect(cfu?.['destinations']).toMatchObject([{ timeout: 0 }, { timeout: 300 }]);
    expect(cft).toMatchObject({ ringtimeout: null });
  });

  it('makes every destination a SIP URI, keywords excepted', async () => {
    await put({ cfu: { destinations: [to('sip:43@sip.example.com'), to('bob'), to('x@y.zz'), to('fax2mail')] } });
    expect((await read())['cfu']?.['destinations']).toMatchObject([
      { destination: 'sip:43@sip.example.com', simple_destination: '43' },
      { destination: 'sip:bob@sip.example.com', simple_destination: 'bob' },
      { destination: 'sip:x@y.zz', simple_destination: 'x@y.zz' },
      { destination: 'fax2mail' },
    ]);
  });

  it('keeps times with all six members, sources and dialled numbers', async () => {
    await put({
      cfb: {
        destinations: [to('43')],
        times: [{ wday: '2-6', hour: 9 }],
        sources: [{ source: '4366*' }],
        sources_is_regex: false,
        sources_mode: 'blacklist',
        bnumbers: [{ bnumber: '^43' }],
        bnumbers_is_regex: true,
      },
    });
    const { cfb } = await read();
    expect(cfb).toMatchObject({
      times: [{ wday: '2-6', hour: '9', minute: null, mday: null, month: null, year: null }],
      sources: [{ source: '4366*' }],
      sources_mode: 'blacklist',
      bnumbers: [{ bnumber: '^43' }],
      bnumbers_is_regex: true,
      time_set: { name: 'quickset_cfb' },
    });
    const again = await put({ cfb });
    expect(again.status).toBe(204);
    expect((await read())['cfb']).toMatchObject({ times: cfb?.['times'], sources: cfb?.['sources'] });
  });

  it.each([
    ['bnumbers without bnumbers_is_regex', { destinations: [to('43')], bnumbers: [{ bnumber: '1' }] }],
    ['destinations that are no list', { destinations: 'x' }],
    ['a destination missing', { destinations: [{ timeout: 1 }] }],
  ])('fails for good on %s', async (_what, cfu) => {
    const reply = await put({ cfu });
    expect([reply.status, reply.message]).toEqual([500, "CallForward 'cfu' could not be updated."]);
  });

  it('refuses an unknown mode', async () => {
    const { message } = await put({ cfu: { destinations: [to('43')], sources_mode: 'x' } });
    expect(message).toBe("Validation failed. field='cfu_sources_mode', input='x', errors=''x' is not a valid value'");
  });

  it('cuts the body of an error by the bytes that its characters cost', async () => {
    const reply = await put({ cfu: { destinations: [{ destination: 'x', announcement_id: 1 }] } });
    expect(reply.text).toBe(
      `{"code":422,"message":"Invalid parameter 'announcement_id' for the destination '«x»' in 'cfu'"`,
    );
  });

  it('changes nothing when one type is refused', async () => {
    await put({ cfu: { destinations: [to('43')] } });
    await put({ cfu: { destinations: [to('44')] }, cfb: { destinations: [to('45', 'abc')] } });
    expect((await read())['cfu']).toMatchObject({ destinations: [{ simple_destination: '43' }] });
    expect((await read())['cfb']).toEqual({});
  });

  it('shows the internal subscriber id inside its sets', async () => {
    await put({ cfu: { destinations: [to('43')] } });
    const set = (await read())['cfu']?.['destination_set'] as { subscriber_id: number };
    expect(set.subscriber_id).not.toBe(own);
  });

  it('leaves no quickset behind', async () => {
    await put({ cfu: { destinations: [to('43')], times: [{ hour: '1' }] } });
    expect(await admin.list(`/api/cfdestinationsets/?subscriber_id=${own}`)).toHaveLength(1);
    await admin.del(forwards());
    expect(await admin.list(`/api/cfdestinationsets/?subscriber_id=${own}`)).toEqual([]);
    expect(await admin.list(`/api/cftimesets/?subscriber_id=${own}`)).toEqual([]);
    expect(await read()).toMatchObject({ cfu: {}, cfr: null });
  });
});

describe('sets (§8.6)', () => {
  it('honours Prefer on POST', async () => {
    const body = { subscriber_id: own, name: 'home', destinations: [to('43')] };
    const headers = { Prefer: 'return=representation' };
    const full = await admin.send('POST', '/api/cfdestinationsets/', body, headers);
    expect(full.status).toBe(201);
    expect(full.json).toMatchObject({ id: full.id, subscriber_id: own, name: 'home' });
    expect((await admin.post('/api/cfdestinationsets/', body)).text).toBe('');
  });

  it('refuses what is no set', async () => {
    const post = async (collection: string, body: unknown) => {
      const reply = await admin.post(`/api/${collection}/`, body);
      return `${reply.status} ${String(reply.message)}`;
    };
    expect(await post('cfdestinationsets', { subscriber_id: 999_999, name: 'x' })).toBe("422 Invalid 'subscriber_id'.");
    expect(await post('cfdestinationsets', { subscriber_id: own })).toContain('Name field is required');
    expect(await post('cfdestinationsets', { subscriber_id: own, name: 'x', destinations: 'y' })).toBe(
      "422 Invalid field 'destinations'. Must be an array.",
    );
    const times = (hour: string) => ({ subscriber_id: own, name: 'x', times: [{ hour }] });
    expect(await post('cftimesets', times('9-24'))).toContain('Second value too big');
    expect(await post('cftimesets', times('nine'))).toBe('500 Internal Server Error');
  });

  it('takes every mapping along when a set in use is deleted', async () => {
    const set = await admin.post('/api/cfdestinationsets/', {
      subscriber_id: own,
      name: 'd',
      destinations: [to('43')],
    });
    const time = await admin.post('/api/cftimesets/', { subscriber_id: own, name: 't', times: [{ wday: '1' }] });
    const empty = { cfu: [], cfb: [], cft: [], cfna: [], cfs: [], cfr: [], cfo: [] };
    const path = `/api/cfmappings/${own}`;
    expect((await admin.put(path, { ...empty, cfu: [{ destinationset: 'd', timeset_id: time.id }] })).status).toBe(204);
    expect((await read())['cfu']).toMatchObject({ destination_set: { id: set.id }, time_set: { id: time.id } });
    expect((await admin.del(`/api/cftimesets/${time.id}`)).status).toBe(204);
    expect((await read())['cfu']).toEqual({});
  });
});

describe('cfmappings (§8.5)', () => {
  const empty = { cfu: [], cfb: [], cft: [], cfna: [], cfs: [], cfr: [], cfo: [] };

  it('asks for all seven lists and for sets that are there', async () => {
    const path = `/api/cfmappings/${own}`;
    expect((await admin.put(path, { cfu: [] })).message).toBe("Invalid field 'cfb'. Must be an array.");
    expect((await admin.put(path, { ...empty, cfu: [{ destinationset: 'no' }] })).message).toBe(
      "Invalid 'destinationset'. Could not be found.",
    );
    expect((await admin.put(path, { ...empty, cfu: [{}] })).message).toBe(
      "Missing field 'destinationset' or 'destinationset_id' in 'cfu'.",
    );
  });

  it('appends with nothing but add, and several of a type are no simple forward any more', async () => {
    const path = `/api/cfmappings/${own}`;
    const inline = (name: string) => ({ destinationset: { name, destinations: [to('43')] } });
    await admin.put(path, { ...empty, cfu: [inline('one')], cft_ringtimeout: 30 });
    await admin.patch(path, [{ op: 'add', path: '/cfu', value: [inline('two')] }]);
    expect((await admin.get(path)).json).toMatchObject({
      cfu: [{ destinationset: 'one', enabled: true }, { destinationset: 'two' }],
      cft_ringtimeout: 30,
    });
    expect((await put({ cfu: {} })).message).toBe('Not a simple cf. Multiple cfu-s configured.');
  });
});
