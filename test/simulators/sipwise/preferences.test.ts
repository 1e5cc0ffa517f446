import { beforeAll, describe, expect, it } from 'vitest';
import { useSipwise } from './api.ts';

const { admin, customer, subscriber } = useSipwise();
let path = '';
let id = 0;
const add = (name: string, value: unknown) => admin.patch(path, [{ op: 'add', path: `/${name}`, value }]);
const read = async (): Promise<Record<string, unknown>> => (await admin.get(path)).json ?? {};

beforeAll(async () => {
  id = await subscriber(await customer('prefs'), 'prefs', { primary_number: { cc: '43', ac: '3', sn: '100' } });
  path = `/api/subscriberpreferences/${id}`;
});

describe('definitions', () => {
  it('describe every preference by type, occurrence and values', async () => {
    const definitions = (await admin.get('/api/subscriberpreferencedefs/')).json as Record<
      string,
      { data_type: string; max_occur: number; enum_values?: { default_val: boolean }[] }
    >;
    expect(Object.keys(definitions).length).toBeGreaterThan(150);
    for (const [name, { data_type: type, max_occur: occur, enum_values: values }] of Object.entries(definitions)) {
      expect(['string', 'int', 'boolean', 'enum', 'blob'], name).toContain(type);
      expect([0, 1], name).toContain(occur);
      expect(values === undefined, name).toBe(type !== 'enum');
      expect(values?.filter((one) => one.default_val).length ?? 1, name).toBe(1);
    }
  });
});

describe('values', () => {
  it('stores false as false, takes 1 and 0 and texts of them, and only those', async () => {
    await add('music_on_hold', false);
    expect(await read()).toMatchObject({ music_on_hold: false });
    await add('music_on_hold', '1');
    expect(await read()).toMatchObject({ music_on_hold: true });
    expect((await add('music_on_hold', 'maybe')).message).toBe(
      "Invalid data type for element in preference 'music_on_hold', expected 'boolean'",
    );
  });

  it('takes enum values of the definition only', async () => {
    expect((await add('language', 'de')).status).toBe(204);
    expect((await add('language', 'xx')).message).toBe("Invalid enum value in preference 'language'");
    expect(await read()).toMatchObject({ language: 'de' });
  });

  it('refers to other things by name', async () => {
    for (const [name, good, kind] of [
      ['rewrite_rule_set', 'e164', 'rewrite_rule_set'],
      ['ncos', 'no-premium', 'ncos_level'],
      ['adm_ncos', 'no-premium', 'ncos_level'],
      ['sound_set', 'default', 'sound_set'],
    ] as const) {
      expect((await add(name, good)).status).toBe(204);
      expect((await add(name, 'nope')).message).toBe(`Unknown ${kind} 'nope'`);
      expect((await read())[name]).toBe(good);
    }
  });

  it('checks lists element by element', async () => {
    expect((await add('block_in_list', ['x'.repeat(129)])).message).toBe(
      "Preference 'block_in_list' exceeds maximum length of 128 characters",
    );
    expect((await add('allowed_clis', ['431', '431'])).message).toBe('Duplicate allowed_clis value: 431');
    expect((await add('allowed_ips', ['10.0.0.0/8', '::1/129'])).message).toMatch(/must be 0 <= net <= 128$/);
    expect((await add('allowed_ips', ['10.0.0.0/8', '2001:db8::1'])).status).toBe(204);
    expect((await add('block_in_list', [{ a: 1 }])).message).toMatch(/expected plain value$/);
  });

  it('refuses a whole PATCH for one bad value', async () => {
    const reply = await admin.patch(path, [
      { op: 'add', path: '/concurrent_max', value: 7 },
      { op: 'add', path: '/block_out_mode', value: 'x' },
    ]);
    expect(reply.status).toBe(422);
    expect(await read()).not.toHaveProperty('concurrent_max');
  });
});

describe('PATCH', () => {
  it('appends to and removes from lists', async () => {
    await add('block_out_list', ['1', '2']);
    await admin.patch(path, [{ op: 'add', path: '/block_out_list', value: ['3'], mode: 'append' }]);
    expect(await read()).toMatchObject({ block_out_list: ['1', '2', '3'] });
    await admin.patch(path, [{ op: 'remove', path: '/block_out_list', value: '2' }]);
    expect(await read()).toMatchObject({ block_out_list: ['1', '3'] });
    await admin.patch(path, [{ op: 'remove', path: '/block_out_list' }]);
    expect(await read()).not.toHaveProperty('block_out_list');
    expect((await admin.patch(path, [{ op: 'remove', path: '/block_out_list' }])).status).toBe(422);
  });

  it('ignores a null, an id and a subscriber_id', async () => {
    await add('gpp1', 'kept');
    for (const name of ['gpp1', 'id', 'subscriber_id']) expect((await add(name, null)).status).toBe(204);
    expect(await read()).toMatchObject({ gpp1: 'kept', id, subscriber_id: id });
  });

  it('sets and clears the lock, and the subscriber follows', async () => {
    const lock = async (): Promise<unknown> => (await admin.get(`/api/subscribers/${id}`)).json?.['lock'];
    await add('lock', 3);
    expect(await lock()).toBe('3');
    expect(await read()).toMatchObject({ lock: '3' });
    await admin.patch(path, [{ op: 'remove', path: '/lock' }]);
    expect(await lock()).toBeNull();
  });
});

it('names another entity in the 404 of each method', async () => {
  const gone = '/api/subscriberpreferences/999999';
  expect((await admin.get(gone)).message).toBe("Entity 'subscriberpreference' not found.");
  expect((await admin.put(gone, {})).message).toBe("Entity 'systemcontact' not found.");
  expect((await admin.patch(gone, [])).message).toBe("Entity 'subscriberpreferences' not found.");
});
