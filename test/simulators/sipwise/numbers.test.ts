import { describe, expect, it } from 'vitest';
import { useSipwise } from './api.ts';

const { admin, customer, subscriber } = useSipwise();
const number = (sn: string): Record<string, string> => ({ cc: '43', ac: '6', sn });
const move = (subscriberId: unknown): unknown[] => [{ op: 'replace', path: '/subscriber_id', value: subscriberId }];

async function idOf(sn: string): Promise<number> {
  const [found] = await admin.list(`/api/numbers/?cc=43&ac=6&sn=${sn}`);
  return Number(found?.['id']);
}

describe('numbers (§8.12)', () => {
  it('moves an alias to a number-less subscriber, but not on from there', async () => {
    const owner = await customer('num-less');
    await subscriber(owner, 'num-from', { primary_number: number('100'), alias_numbers: [number('101')] });
    const less = await subscriber(owner, 'num-less');
    const other = await subscriber(owner, 'num-other', { primary_number: number('102') });
    const path = `/api/numbers/${await idOf('101')}`;
    expect((await admin.patch(path, move(less))).status).toBe(204);
    const stuck = await admin.patch(path, move(other));
    expect([stuck.status, stuck.message]).toEqual([500, 'Internal Server Error']);
  });

  it('shows aliases by their age, whatever order they were sent in', async () => {
    const owner = await customer('num-order');
    const own = await subscriber(owner, 'num-order', { alias_numbers: [number('501'), number('502')] });
    const path = `/api/subscribers/${own}`;
    const sent = [number('503'), number('502'), number('501')];
    await admin.patch(path, [{ op: 'replace', path: '/alias_numbers', value: sent }]);
    const { alias_numbers: aliases } = (await admin.get(path)).json as { alias_numbers: { sn: string }[] };
    expect(aliases.map(({ sn }) => sn)).toEqual(['501', '502', '503']);
  });

  it('keeps what a subscriber may show when its numbers stay the same', async () => {
    const own = await subscriber(await customer('num-same'), 'num-same', { primary_number: number('510') });
    const path = `/api/subscriberpreferences/${own}`;
    await admin.patch(path, [{ op: 'add', path: '/allowed_clis', value: ['439', '436510'] }]);
    await admin.patch(`/api/subscribers/${own}`, [{ op: 'replace', path: '/external_id', value: 'x' }]);
    expect((await admin.get(path)).json).toMatchObject({ allowed_clis: ['439', '436510'] });
  });

  it('leaves primaries, unknown subscribers and other fields alone', async () => {
    const owner = await customer('num-fixed');
    const own = await subscriber(owner, 'num-a', { primary_number: number('200'), alias_numbers: [number('201')] });
    const other = await subscriber(owner, 'num-b', { primary_number: number('202') });
    const primary = `/api/numbers/${await idOf('200')}`;
    expect((await admin.patch(primary, move(other))).message).toBe(
      `Cannot reassign primary number, already at subscriber ${own}`,
    );
    const alias = `/api/numbers/${await idOf('201')}`;
    expect((await admin.patch(alias, move(999_999))).message).toBe("Invalid 'subscriber_id', does not exist.");
    expect((await admin.patch(alias, [{ op: 'replace', path: '/sn', value: '9' }])).message).toMatch(
      /^Field 'sn' is not allowed to be updated via this API endpoint, /,
    );
    expect((await admin.put(alias, { subscriber_id: other })).status).toBe(422);
    const { _links, ...whole } = (await admin.get(alias)).json ?? {};
    expect((await admin.put(alias, { ...whole, subscriber_id: other, is_devid: true })).status).toBe(204);
    expect((await admin.get(alias)).json).toMatchObject({ subscriber_id: other, is_devid: true });
    expect((await admin.get('/api/numbers/?ac=6&sn=20*&type=primary')).json).toMatchObject({ total_count: 2 });
    expect((await admin.get('/api/numbers/?ac=6&sn=20*&type=alias')).json).toMatchObject({ total_count: 1 });
    for (const method of ['POST', 'DELETE']) expect((await admin.send(method, alias)).status).toBe(404);
  });

  it('knows a number again when it is assigned anew', async () => {
    const owner = await customer('num-again');
    const first = await subscriber(owner, 'num-again', { primary_number: number('300') });
    const before = await idOf('300');
    await admin.del(`/api/subscribers/${first}`);
    expect(await idOf('300')).toBeNaN();
    await subscriber(owner, 'num-again', { primary_number: number('300') });
    expect(await idOf('300')).toBe(before);
  });
});

describe('voicemailsettings (§8.11)', () => {
  it('clears what a PUT leaves out and checks the number for messages', async () => {
    const own = await subscriber(await customer('vm-more'), 'vm-more');
    const path = `/api/voicemailsettings/${own}`;
    await admin.put(path, { pin: 123_456, email: 'a@b.cc', attach: 1, delete: true, sms_number: '4366' });
    expect((await admin.get(path)).json).toMatchObject({ pin: '123456', delete: true, sms_number: '4366' });
    await admin.put(path, { pin: '1234' });
    expect((await admin.get(path)).json).toMatchObject({ email: '', attach: false, delete: false, sms_number: '' });
    expect((await admin.put(path, { pin: '1234', sms_number: '0660' })).text).toContain('Invalid E164 number');
    expect(await admin.list(`/api/voicemailsettings/?subscriber_id=${own}`)).toHaveLength(1);
    for (const method of ['POST', 'DELETE']) expect((await admin.send(method, path)).status).toBe(404);
  });
});
