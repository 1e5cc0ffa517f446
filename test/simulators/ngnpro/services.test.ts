import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addAlice, ALICE, array, rowOf, startPorts, type Ports, type Row } from './ports.ts';

let ports: Ports;
beforeEach(async () => {
  ports = await startPorts();
  await addAlice(ports);
});
afterEach(async () => {
  await ports.close();
});

const sip = (operation: string, args: object | null = null) => ports.call('Sip', operation, args);
const alice = () => rowOf(ports, 'accounts', { username: 'alice' });
const sipId = ALICE;

describe('call diversions', () => {
  const set = (diversions: object) => sip('setCallDiversions', { sipId, diversions });

  it('are replaced as a whole', async () => {
    await set({ FUNC: 'sip:+43664@sip.example.com', FBUS: '<voice-mailbox>', FUNV: 'sips:a@b.example' });
    await set({ FNOA: '<voice-mailbox>', FNOL: null });
    expect(await sip('getCallDiversions', { sipId })).toEqual({ FNOA: '<voice-mailbox>' });
    expect(alice()['diversions']).toEqual({ FNOA: '<voice-mailbox>' });
  });

  it('are cleared with the dummy member, and not with an empty struct', async () => {
    await set({ FNOA: '<voice-mailbox>' });
    await set({});
    await set({ FUNC: null });
    expect(alice()['diversions']).toEqual({ FNOA: '<voice-mailbox>' });
    await set({ nocondition: 'empty' });
    expect(await sip('getCallDiversions', { sipId })).toEqual({});
  });

  it.each(['43664', 'voicemail', 'tel:+43664', 'sip:43664', 'sip:a@b c', ''])('do not lead to %j', async (to) => {
    await expect(set({ FUNC: to })).rejects.toThrow(`9002 Invalid value: FUNC ${to}`.trim());
  });

  it('need their struct', async () => {
    await expect(sip('setCallDiversions', { sipId })).rejects.toThrow('diversions is missing');
  });
});

describe('accept rules, reject members, barring prefixes', () => {
  it('are replaced as a whole, and say which groups have anybody in them', async () => {
    const persistent = { start: '08:00', stop: '24:00', groups: ['vip'], days: 31 };
    const temporary = { groups: ['nobody'], duration: 60 };
    await sip('addPhonebookEntry', { sipId, entry: { uri: 'sip:bob@example.com', name: 'Bob', group: 'vip' } });
    await sip('addPhonebookEntry', { sipId, entry: { uri: 'sip:eve@example.com' } });
    await sip('setAcceptRules', {
      sipId,
      rules: {
        persistent: array({ ...persistent, groups: array(...persistent.groups) }),
        temporary: { ...temporary, groups: array(...temporary.groups) },
      },
    });
    expect(await sip('getAcceptRules', { sipId })).toEqual({
      rules: { persistent: [persistent], temporary },
      nonEmptyGroups: ['vip'],
    });
    await sip('setAcceptRules', { sipId, rules: {} });
    expect(await sip('getAcceptRules', { sipId })).toMatchObject({ rules: { persistent: [] } });
    for (const wrong of [
      { start: '8:00', stop: '09:00' },
      { start: '08:00', stop: '25:00' },
      { start: '08:00', stop: '09:00', days: 128 },
    ]) {
      await expect(sip('setAcceptRules', { sipId, rules: { persistent: array(wrong) } })).rejects.toThrow('9002 ');
    }
  });

  it('are lists of SIP addresses, and of prefixes with a plus', async () => {
    await sip('setRejectMembers', { sipId, members: array('sip:a@example.com', 'sip:%@spam.example') });
    expect(await sip('getRejectMembers', { sipId })).toEqual(['sip:a@example.com', 'sip:%@spam.example']);
    await expect(sip('setRejectMembers', { sipId, members: array('a@example.com') })).rejects.toThrow('9002 ');
    await sip('setBarringPrefixes', { sipId, prefixes: array('+43900', '+4') });
    expect(await sip('getBarringPrefixes', { sipId })).toEqual(['+43900', '+4']);
    for (const wrong of ['43900', '+0', '+', '+43 9']) {
      await expect(sip('setBarringPrefixes', { sipId, prefixes: array(wrong) })).rejects.toThrow('9002 ');
    }
    await sip('setBarringPrefixes', { sipId, prefixes: array() });
    expect(alice()['barringPrefixes']).toEqual([]);
  });
});

describe('the phonebook', () => {
  const entry = { uri: 'sip:bob@example.com', name: 'Bob', group: 'vip' };

  it('has each address once', async () => {
    await sip('addPhonebookEntry', { sipId, entry });
    await expect(sip('addPhonebookEntry', { sipId, entry })).rejects.toThrow('1041 ');
    await sip('updatePhonebookEntry', { sipId, entry: { uri: entry.uri, name: 'Bobby' } });
    expect(alice()['phonebook']).toEqual([{ uri: entry.uri, name: 'Bobby', group: '' }]);
    await sip('deletePhonebookEntry', { sipId, uri: entry.uri });
    await expect(sip('deletePhonebookEntry', { sipId, uri: entry.uri })).rejects.toThrow('1040 ');
    await expect(sip('updatePhonebookEntry', { sipId, entry })).rejects.toThrow('1040 ');
    await expect(sip('addPhonebookEntry', { sipId, entry: { name: 'x' } })).rejects.toThrow('9002 ');
  });

  it('is searched with wildcards', async () => {
    for (const name of ['Bob', 'Boris', 'Eve']) {
      await sip('addPhonebookEntry', { sipId, entry: { uri: `sip:${name}@example.com`, name } });
    }
    const found = await sip('getPhonebookEntries', { sipId, match: { name: 'bo%' }, range: { start: 0, count: 1 } });
    expect(found).toEqual({ entries: [{ uri: 'sip:Bob@example.com', name: 'Bob', group: '' }], total: 2 });
  });
});

describe('the balance', () => {
  const add = (value: number, description = 'order-1') => sip('addBalance', { sipId, value, description });

  it('grows with every call: what is repeated is there twice', async () => {
    expect(await add(10)).toBe(10);
    expect(await add(10)).toBe(20);
    expect(await add(-0.1)).toBe(19.9);
    expect(await add(-0.2)).toBe(19.7);
    expect(
      await sip('getPrepaidStatus', { sipIds: array(sipId, { username: 'reception', domain: 'sip.example.com' }) }),
    ).toEqual([
      { sipId, balance: 19.7 },
      { sipId: { username: 'reception', domain: 'sip.example.com' }, balance: 0 },
    ]);
    await expect(add(0)).rejects.toThrow('9002 ');
    await expect(sip('getPrepaidStatus', { sipIds: array({ ...sipId, username: 'x' }) })).rejects.toThrow('1010 ');
  });

  it('is told in the history, newest first, by its descriptions; nothing recorded is a fault', async () => {
    await expect(sip('getCreditHistory', { sipId, count: 10 })).rejects.toThrow('2000 ');
    await add(10, 'order-1');
    await add(5, 'order-2');
    const history = (await sip('getCreditHistory', { sipId, count: 1 })) as Row;
    expect(history).toMatchObject({
      entries: [{ action: 'Add balance', description: 'order-2', value: 5, balance: 15, session: '' }],
      total: 2,
    });
    expect(((await sip('getCreditHistory', { sipId, count: 0 })) as { entries: Row[] }).entries).toHaveLength(2);
    expect(alice()['credits']).toEqual([
      { action: 'Add balance', description: 'order-1', value: 10, balance: 10 },
      { action: 'Add balance', description: 'order-2', value: 5, balance: 15 },
    ]);
  });

  it('grows by a voucher once', async () => {
    const use = (id: number, number: string) => sip('addBalanceFromVoucher', { sipId, card: { id, number } });
    await expect(use(1, '9999999999')).rejects.toThrow('1120 ');
    expect(await use(1, '1111222233')).toBe(10);
    await expect(use(1, '1111222233')).rejects.toThrow('1121 ');
    expect(rowOf(ports, 'vouchers', { id: 1 })['usedBy']).toBe('alice@sip.example.com');
    expect(await sip('getCreditHistory', { sipId, count: 9 })).toMatchObject({
      entries: [{ description: 'Prepaid card 1' }],
    });
  });
});

describe('voicemail', () => {
  const vm = (operation: string, args: object) => ports.call('Voicemail', operation, args);
  const box = { sipId, name: 'Alice', password: '4711', email: 'alice@example.com' };

  it('is one mailbox of an existing account, with digits for a password', async () => {
    await expect(vm('getAccount', { sipId })).rejects.toThrow('2000 ');
    await expect(vm('getAccount', { sipId: { ...sipId, username: 'x' } })).rejects.toThrow('1010 ');
    await expect(vm('addAccount', { account: { ...box, password: 'abc' } })).rejects.toThrow('9002 ');
    await expect(vm('addAccount', { account: { sipId } })).rejects.toThrow('password is missing');
    const made = { ...box, info: '', options: { delete: false }, mailbox: '8001' };
    expect(await vm('addAccount', { account: box })).toEqual(made);
    expect(await vm('getAccount', { sipId })).toEqual(made);
    await expect(vm('addAccount', { account: box })).rejects.toThrow('2001 ');
  });

  it('is written whole but for the password, and deleted', async () => {
    await expect(vm('updateAccount', { account: box })).rejects.toThrow('2000 ');
    await vm('addAccount', { account: box });
    await vm('updateAccount', { account: { sipId, options: { delete: true } } });
    expect(await vm('getAccount', { sipId })).toMatchObject({
      name: '',
      email: '',
      password: '4711',
      options: { delete: true },
    });
    await vm('deleteAccount', { sipId });
    await expect(vm('deleteAccount', { sipId })).rejects.toThrow('2000 ');
  });

  it('plays an announcement that no operation reads', async () => {
    const sound = Buffer.from('RIFF sound');
    await expect(vm('setAnnouncement', { sipId, message: 'x' })).rejects.toThrow('2000 ');
    await vm('addAccount', { account: box });
    await vm('setAnnouncement', { sipId, message: sound.toString('base64') });
    expect(rowOf(ports, 'mailboxes', { account: 'alice@sip.example.com' })['announcement']).toEqual({
      bytes: sound.length,
      sha256: createHash('sha256').update(sound).digest('hex'),
    });
    await expect(vm('setAnnouncement', { sipId, message: '***' })).rejects.toThrow('9002 ');
    await vm('setAnnouncement', { sipId, message: '' });
    expect(rowOf(ports, 'mailboxes', {})['announcement']).toBeNull();
  });
});

describe('what the platform recorded', () => {
  const reception = { username: 'reception', domain: 'sip.example.com' };
  const calls = (query: object) => sip('getCalls', { sipId: reception, query }) as Promise<Record<string, Row[]>>;

  it('is listed newest first, in quoted-printable, without a stop time when the call was not completed', async () => {
    const { placed, received, missed } = await calls({ placed: {}, received: { limit: 2 } });
    expect(placed!.map((call) => call['startTime'])).toEqual(['2026-11-20 12:00:00', '2026-11-20 09:00:00']);
    expect(received).toMatchObject([{ duration: 42 }, { status: '486 Busy Here', duration: 0 }]);
    expect(received![1]).not.toHaveProperty('stopTime');
    expect(placed![1]).toMatchObject({ stopTime: '2026-11-20 09:01:00', price: '0.1000', applicationTypes: ['audio'] });
    expect(missed).toBeUndefined();
    const from = Date.UTC(2026, 10, 20, 10) / 1000;
    const { received: one } = await calls({ received: { fromDate: from, toDate: from } });
    const header = String(one![0]!['fromHeader']);
    expect(header).toBe('"J=C3=BCrgen M=C3=BCller" <sip:+4319876@192.0.2.20;user=3Dphone>');
    expect((await calls({ missed: {} }))['missed']).toHaveLength(1);
    expect(await sip('getCalls', { sipId, query: { placed: {} } })).toEqual({ placed: [] });
  });

  it('is summed up', async () => {
    const query = { placed: {}, received: {} };
    expect(await sip('getCallStatistics', { sipId: reception, query })).toEqual({
      placed: { calls: 2, price: 0.6 },
      received: { calls: 3, price: 0 },
    });
  });

  it('says who is registered, one entry for each account', async () => {
    expect(await sip('getSipDeviceLocations', { sipIds: array(reception, sipId) })).toMatchObject([
      {
        sipId: reception,
        locations: [{ address: '10.0.0.21', port: 5060, transport: 'tls', userAgent: 'Example Phone 7.2' }],
      },
      { sipId, locations: [] },
    ]);
  });

  it('are JSON texts for traces, media and the network', async () => {
    const json = async (port: 'Sip' | 'Network', operation: string, args: object | null = null): Promise<unknown> =>
      JSON.parse((await ports.call(port, operation, args)) as string);
    const filter = { callId: 'session-0@192.0.2.10' };
    expect(await json('Sip', 'getSipTrace', { filter })).toMatchObject({ messages: [{ method: 'INVITE' }] });
    expect(await json('Sip', 'getSipTrace', { filter: { callId: 'x' } })).toMatchObject({ messages: [] });
    expect(await json('Sip', 'getMediaTrace', { filter })).toMatchObject({ streams: [{ codec: 'G722' }] });
    await expect(sip('getMediaTrace', { filter: { callId: 'x' } })).rejects.toThrow('1060 ');
    await expect(sip('getMediaTrace', { filter: {} })).rejects.toThrow('9002 ');
    expect(await json('Sip', 'getMediaSummary')).toHaveLength(1);
    expect(await json('Sip', 'getMediaSessions')).toEqual([]);
    expect(await json('Network', 'getStatistics')).toMatchObject({ accounts: 2, domains: 3 });
    expect(await json('Network', 'getStatus')).toMatchObject({ nodes: [{ ip: '192.0.2.10' }] });
  });
});
