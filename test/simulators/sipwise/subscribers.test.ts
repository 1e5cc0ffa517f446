import { describe, expect, it } from 'vitest';
import { subscriberBody, useSipwise } from './api.ts';

const { admin, reseller, readonly, clerk, customer, subscriber } = useSipwise();
const number = (sn: string, ac = '1'): Record<string, string> => ({ cc: '43', ac, sn });
const create = (customerId: number, username: string, more?: Record<string, unknown>) =>
  admin.post('/api/subscribers/', subscriberBody(customerId, username, more));

describe('500s that no repeat heals (§4.1)', () => {
  it('refuses taken aliases, other splits of taken digits and an alias equal to the primary', async () => {
    const id = await customer('s41');
    await subscriber(id, 's41-a', { primary_number: number('410001'), alias_numbers: [number('410002')] });
    const bad = [
      { alias_numbers: [number('410002')] },
      { alias_numbers: [number('410001')] },
      { primary_number: { cc: '4', ac: '31', sn: '410001' } },
      { primary_number: { cc: '43', ac: '', sn: '1410002' } },
      { primary_number: number('410003'), alias_numbers: [number('410003')] },
    ];
    for (const more of bad) {
      const reply = await create(id, 's41-b', more);
      expect([reply.status, reply.message], JSON.stringify(more)).toEqual([500, 'Failed to create subscriber']);
    }
    expect(await admin.list('/api/subscribers/?username=s41-b')).toEqual([]);
    expect((await admin.get('/api/numbers/?cc=43&ac=1&sn=410003')).json).toMatchObject({ total_count: 0 });
  });

  it('masks an unknown customer, an unknown domain_id beside a null domain, and a terminated status', async () => {
    const id = await customer('s41-masked');
    const { domain: _domain, ...withoutDomain } = subscriberBody(id, 's41-m');
    const masked = [500, 'Internal Server Error'];
    const post = async (body: unknown): Promise<unknown[]> => {
      const reply = await admin.post('/api/subscribers/', body);
      return [reply.status, reply.message];
    };
    expect(await post(subscriberBody(987_654, 's41-m'))).toEqual(masked);
    expect(await post({ ...withoutDomain, domain: null, domain_id: 987 })).toEqual(masked);
    expect(await post(subscriberBody(id, 's41-m', { status: 'terminated' }))).toEqual(masked);
    expect(await post({ ...withoutDomain, domain_id: 987 })).toEqual([422, "Invalid 'domain', doesn't exist."]);
    expect(await post(subscriberBody(id, 's41-m', { domain_id: 987 }))).toEqual([201, undefined]);
  });

  it('answers a taken webusername with 422 on create and 500 on change', async () => {
    const id = await customer('s41-web');
    await subscriber(id, 's41-web-a');
    const other = await subscriber(id, 's41-web-b');
    const created = await create(id, 's41-web-c', { webusername: 'S41-WEB-A' });
    expect(created.status).toBe(422);
    expect(created.message).toMatch(/^Webusername-Domain combination 'S41-WEB-A-\d+' already exists\.$/);
    const ops = [{ op: 'replace', path: '/webusername', value: 's41-web-a' }];
    expect((await admin.patch(`/api/subscribers/${other}`, ops)).message).toBe('Internal Server Error');
    const put = await admin.put(`/api/subscribers/${other}`, {
      ...subscriberBody(id, 's41-web-b'),
      webusername: 's41-web-a',
    });
    expect(put.status).toBe(500);
    expect((await admin.get(`/api/subscribers/${other}`)).json).toMatchObject({ webusername: 's41-web-b' });
  });
});

describe('uniqueness (§8.3)', () => {
  it('compares user names without letter case, per domain', async () => {
    const id = await customer('s83-case');
    await admin.post('/api/domains/', { domain: 's83.example.com', reseller_id: 1 });
    await subscriber(id, 's83-case');
    expect((await create(id, 'S83-CASE')).message).toBe('Subscriber already exists.');
    expect((await create(id, 's83-case', { domain: 's83.example.com' })).status).toBe(201);
  });

  it('names taken aliases of a change, up to ten', async () => {
    const id = await customer('s83-alias');
    const twelve = Array.from({ length: 12 }, (_, index) => number(`8300${index + 10}`));
    await subscriber(id, 's83-alias-a', { alias_numbers: twelve });
    const other = await subscriber(id, 's83-alias-b', { primary_number: number('830001') });
    const take = async (aliases: unknown) =>
      (await admin.patch(`/api/subscribers/${other}`, [{ op: 'replace', path: '/alias_numbers', value: aliases }]))
        .message;
    expect(await take(twelve.slice(0, 1))).toBe("Number '431830010' already exists.");
    expect(await take(twelve.slice(0, 2))).toBe("Numbers '431830010,431830011' already exist.");
    expect(await take(twelve)).toBe('more than 10 provided aliases already exist');
  });

  it('lets a subscriber swap its own numbers', async () => {
    const id = await customer('s83-swap');
    const own = await subscriber(id, 's83-swap', {
      primary_number: number('831001'),
      alias_numbers: [number('831002')],
    });
    const put = await admin.put(
      `/api/subscribers/${own}`,
      subscriberBody(id, 's83-swap', { primary_number: number('831002'), alias_numbers: [number('831001')] }),
    );
    expect(put.status).toBe(204);
    expect((await admin.get(`/api/subscriberpreferences/${own}`)).json).toMatchObject({
      allowed_clis: ['431831002', '431831001'],
    });
  });

  it('tells the quota before a duplicate, and counts live subscribers only', async () => {
    const id = await customer('s83-quota', { max_subscribers: 1 });
    const first = await subscriber(id, 's83-quota');
    const full = await create(id, 's83-quota');
    expect([full.status, full.message]).toEqual([403, 'Maximum number of customer subscribers reached.']);
    await admin.del(`/api/subscribers/${first}`);
    expect((await create(id, 's83-quota')).status).toBe(201);
  });
});

describe('what comes back', () => {
  it('drops unknown members and the display name of a sipaccount in silence', async () => {
    const id = await customer('s83-drop');
    const own = await subscriber(id, 's83-drop', { display_name: 'Alice', extrenal_id: 'typo', id: 5 });
    const { json } = await admin.get(`/api/subscribers/${own}`);
    expect(json).toMatchObject({ id: own, display_name: null, external_id: null });
    expect(json).not.toHaveProperty('extrenal_id');
    expect(json).not.toHaveProperty('primary_number');
  });

  it('hides a web password that is set and the SIP password from logins without the right', async () => {
    const id = await customer('s83-secret');
    const own = await subscriber(id, 's83-secret', { webpassword: 'Web-12345-zz' });
    const path = `/api/subscribers/${own}`;
    expect((await admin.get(path)).json).toMatchObject({ password: 'Zx9-kq!vB72mm' });
    expect((await admin.get(path)).json).not.toHaveProperty('webpassword');
    expect((await reseller.get(path)).json).toHaveProperty('password');
    expect((await readonly.get(path)).json).not.toHaveProperty('password');
    expect((await clerk.patch(path, [{ op: 'replace', path: '/email', value: 'c@example.org' }])).status).toBe(204);
    expect((await clerk.get(path)).json).not.toHaveProperty('password');
    expect((await admin.get(path)).json).toMatchObject({ email: 'c@example.org', password: 'Zx9-kq!vB72mm' });
    await admin.patch(path, [{ op: 'replace', path: '/status', value: 'active' }]);
    expect((await admin.get(path)).json).not.toHaveProperty('webpassword');
  });

  it('stars passwords out of a fault, names all faults in one 422', async () => {
    const { message } = await admin.post('/api/subscribers/', { password: '', webpassword: 'x', lock: 9, status: 'z' });
    expect(message).toMatch(/^Validation failed\. field='domain_id', /);
    expect(message).toContain("field='customer_id'");
    expect(message).toContain(' at /usr/share/perl5/');
    expect(message).toContain("field='password', input='*****', errors='SIP Password field is required'");
    expect(message).toContain("field='status', input='z', errors=''z' is not a valid value'");
  });

  it.each(['.lead', 'trail.', 'two..dots', 'ümlaut', 'a@b', 'a/b'])('refuses the user name %s', async (username) => {
    const id = await customer('s83-username');
    const reply = await create(id, username);
    expect(reply.status).toBe(422);
    expect(reply.text).toContain("field='username'");
  });

  it('stores letters as a number, which the digits do not find', async () => {
    const id = await customer('s83-letters');
    const own = await subscriber(id, 's83-letters', { primary_number: { cc: '+43', ac: null, sn: '839001' } });
    const { json } = await admin.get(`/api/subscribers/${own}`);
    expect(json?.['primary_number']).toMatchObject({ cc: 43, ac: '', sn: '839001' });
    expect(await admin.list('/api/subscribers/?alias=43839001')).toEqual([]);
  });

  it('makes a voicemail box with a random PIN of four digits', async () => {
    const id = await customer('s83-box');
    const pins = new Set<unknown>();
    for (let at = 0; at < 8; at += 1) {
      const own = await subscriber(id, `s83-box-${at}`);
      const { json } = await admin.get(`/api/voicemailsettings/${own}`);
      expect(json?.['pin']).toMatch(/^\d{4}$/);
      pins.add(json?.['pin']);
    }
    expect(pins.size).toBeGreaterThan(1);
  });

  it('keeps numbers out of allowed_clis with create_primary_acli=false', async () => {
    const id = await customer('s83-acli');
    const body = subscriberBody(id, 's83-acli', { primary_number: number('838001') });
    const reply = await admin.post('/api/subscribers/?create_primary_acli=false', body);
    const { json } = await admin.get(`/api/subscriberpreferences/${reply.id}`);
    expect(json).toMatchObject({ cc: '43', ac: '1' });
    expect(json).not.toHaveProperty('allowed_clis');
  });
});

describe('lock and status (§8.3, §8.2)', () => {
  const lockOf = async (id: number): Promise<unknown[]> => {
    const { json } = await admin.get(`/api/subscribers/${id}`);
    return [json?.['status'], json?.['lock']];
  };

  it('lets locked win over another lock, and a locked customer overwrite its subscribers', async () => {
    const id = await customer('lock-cascade');
    const own = await subscriber(id, 'lock-cascade', { status: 'locked', lock: 1 });
    expect(await lockOf(own)).toEqual(['locked', '4']);
    await admin.patch(`/api/subscribers/${own}`, [
      { op: 'replace', path: '/status', value: 'active' },
      { op: 'replace', path: '/lock', value: '2' },
    ]);
    expect(await lockOf(own)).toEqual(['active', '2']);
    await admin.patch(`/api/customers/${id}`, [{ op: 'replace', path: '/status', value: 'locked' }]);
    expect(await lockOf(own)).toEqual(['locked', '4']);
    const late = await subscriber(id, 'lock-cascade-late');
    expect(await lockOf(late)).toEqual(['active', null]);
    await admin.patch(`/api/customers/${id}`, [{ op: 'replace', path: '/status', value: 'active' }]);
    expect(await lockOf(own)).toEqual(['active', null]);
  });

  it('terminates by PATCH as by DELETE', async () => {
    const id = await customer('lock-end');
    const own = await subscriber(id, 'lock-end', { primary_number: number('837001') });
    const ops = [{ op: 'replace', path: '/status', value: 'terminated' }];
    expect((await admin.patch(`/api/subscribers/${own}`, ops)).status).toBe(204);
    expect((await admin.get(`/api/subscribers/${own}`)).status).toBe(404);
    expect((await create(id, 'lock-end', { primary_number: number('837001') })).status).toBe(201);
  });
});

describe('PBX customers', () => {
  it('needs a pilot first, then extensions, whose numbers are derived', async () => {
    const id = await customer('pbx', { type: 'pbxaccount' });
    expect((await create(id, 'pbx-x')).message).toMatch(/^Customer has no pbx pilot subscriber yet/);
    const pilot = await subscriber(id, 'pbx-pilot', { is_pbx_pilot: true, primary_number: number('836000') });
    expect((await create(id, 'pbx-p2', { is_pbx_pilot: true })).message).toBe(
      'Customer already has a pbx pilot subscriber.',
    );
    expect((await create(id, 'pbx-x')).message).toMatch(/^A pbx_extension is required/);
    const member = await subscriber(id, 'pbx-x', { pbx_extension: '11', display_name: 'Desk' });
    expect((await create(id, 'pbx-y', { pbx_extension: '11' })).message).toMatch(/already exists for this customer/);
    expect((await admin.get(`/api/subscribers/${member}`)).json).toMatchObject({
      primary_number: { cc: 43, ac: '1', sn: '83600011' },
      display_name: 'Desk',
    });
    expect((await admin.del(`/api/subscribers/${pilot}`)).status).toBe(403);
  });
});
