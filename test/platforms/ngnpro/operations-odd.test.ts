import { describe, expect, it } from 'vitest';
import { markOf } from '../../../src/platforms/ngnpro/shared/marks.ts';
import type { Item } from '../../../src/platforms/ngnpro/types.ts';
import { outcomesOf, type RunRecord } from '../driver.ts';
import { CUSTOMER, ENTITY, MAILBOX, NUMBER, NUMBER_ID, PEER, ZONE } from './operations-cases.ts';
import { DOMAIN, JOHN, MARY, newAccount, nextKey, orderOf, OTHER_SERVER, useOperationsLab } from './operations-lab.ts';
import { failure } from '../../setup/failure.ts';

const ADA = { username: 'ada', domain: DOMAIN };

describe('what is there already', () => {
  const lab = useOperationsLab();
  const run = (call: string, args: object) => lab.driver.run(orderOf(call, args), nextKey());
  const idOf = (reply: unknown): number => Number((reply as Item)['id']);

  it('is a conflict when it is otherwise than the order wants it', async () => {
    const { client } = lab;
    await client.call('SipPort', 'addTrustedPeer', { peer: { ...PEER, description: 'Other' } });
    await client.call('EnumPort', 'addNumber', { number: { ...NUMBER, info: 'other' } });
    const before = lab.still();
    expect(await failure(run('SipPort.addTrustedPeer', { peer: PEER }))).toMatchObject({
      code: 'TURNUP_OBJECT_TAKEN',
      class: 'conflict',
      detail: 'trusted peer 192.0.2.7 is there and has another description',
    });
    expect(await failure(run('EnumPort.addNumber', { number: NUMBER }))).toMatchObject({ code: 'TURNUP_NUMBER_TAKEN' });
    expect(await failure(run('SipPort.addAccount', { account: { ...newAccount(JOHN), quota: 7 } }))).toMatchObject({
      code: 'TURNUP_SUBSCRIBER_TAKEN',
      detail: `SIP account john@${DOMAIN} is there and has another quota`,
    });
    expect(
      await failure(run('CustomerPort.addAccount', { account: { ...CUSTOMER, username: 'customer' } })),
    ).toMatchObject({
      code: 'TURNUP_OBJECT_TAKEN',
    });
    expect(lab.still()).toEqual(before);
  });

  it('is a conflict when there are several', async () => {
    for (let made = 0; made < 2; made++)
      await lab.client.call('SipPort', 'addCarrier', { carrier: { name: 'Backbone', reseller: 1001 } });
    expect(await failure(run('SipPort.addCarrier', { carrier: { name: 'Backbone' } }))).toMatchObject({
      code: 'TURNUP_OBJECT_AMBIGUOUS',
      detail: 'the platform has 2 of carrier Backbone',
    });
  });

  it('is a fault of the order when it is not there', async () => {
    for (const [call, args] of [
      ['SipPort.updateDomain', { domain: { domain: 'none.example', verify_cert: true } }],
      ['SipPort.updateGateway', { gateway: { id: 7, port: 5080 } }],
      ['SipPort.updateRoutes', { routes: [{ id: 7, priority: 2 }] }],
      ['SipPort.setBarringPrefixes', { sipId: ADA, prefixes: ['+1'] }],
      ['SipPort.addToGroup', { sipId: ADA, group: 'sms' }],
      ['CustomerPort.setProperties', { customer: 7, properties: [{ name: 'tier', value: 'gold' }] }],
      ['VoicemailPort.updateAccount', { account: { sipId: JOHN, password: '1234' } }],
    ] as const) {
      expect(await failure(run(call, args))).toMatchObject({ code: 'TURNUP_REFERENCE_UNKNOWN', class: 'rejected' });
    }
  });

  it('nothing to remove is nothing done', async () => {
    const record = await run('SipPort.deleteTrustedPeer', { ip: '192.0.2.99' });
    expect(outcomesOf(record)['o1.deleteTrustedPeer']).toBe('unchanged');
    expect(outcomesOf(await run('RatingPort.deleteEntityProfiles', { entity: ENTITY }))).toEqual({
      'o1.deleteEntityProfiles': 'unchanged',
    });
  });

  it('names are the same in any letter case, and sent in lower case', async () => {
    await run('SipPort.addAccount', { account: newAccount({ username: 'Ada', domain: 'SIP.example.com' }) });
    const record = await run('SipPort.addAccount', { account: { ...newAccount(ADA), firstName: 'Ada' } });
    expect(outcomesOf(record)).toEqual({ 'o1.sipAddAccount': 'adopted' });
    expect(await lab.client.call('SipPort', 'getAccount', { sipId: ADA })).toMatchObject({ id: ADA });
  });

  it('an account bears the key of its order; one of another order is not ours', async () => {
    const order = orderOf('SipPort.addAccount', { account: newAccount(ADA) });
    const key = nextKey();
    const record: RunRecord = new Map();
    lab.simulator.setFaults({ rules: [{ match: { operation: 'Sip.addAccount' }, fault: 'dropRequest', times: 4 }] });
    await failure(lab.driver.run(order, key, record));
    lab.simulator.setFaults({ rules: [] });
    // Somebody else is faster while nobody knows what became of the first call.
    await lab.driver.run(orderOf('SipPort.addAccount', { account: newAccount(ADA) }), nextKey());
    const account = (await lab.client.call('SipPort', 'getAccount', { sipId: ADA })) as Item;
    expect(markOf(account, 'key')).not.toBe(key);
    await lab.driver.run(order, key, record);
    expect(outcomesOf(record)).toEqual({ 'o1.sipAddAccount': 'adopted' });
  });

  it('I4 undo leaves an account alone that another order has made of that name since', async () => {
    const order = orderOf('SipPort.addAccount', { account: newAccount(ADA) });
    const key = nextKey();
    const record = await lab.driver.run(order, key);
    await lab.client.call('SipPort', 'deleteAccount', { sipId: ADA });
    await lab.driver.run(order, nextKey());
    const before = lab.still();
    await lab.undo(order, key, record);
    expect(lab.still()).toEqual(before);
  });

  it('keeps its properties, our own among them, when others are replaced', async () => {
    await run('SipPort.addAccount', { account: { ...newAccount(ADA), properties: [{ name: 'desk', value: '7' }] } });
    const order = orderOf('SipPort.updateAccount', {
      account: { id: ADA, properties: [{ name: 'floor', value: '2' }] },
    });
    const key = nextKey();
    const record = await lab.driver.run(order, key);
    const propertiesOf = async () =>
      ((await lab.client.call('SipPort', 'getAccount', { sipId: ADA })) as Item)['properties'];
    expect(await propertiesOf()).toEqual([
      { name: 'floor', value: '2' },
      { name: 'turnup.key', value: expect.stringContaining('turnup:') },
    ]);
    await lab.undo(order, key, record);
    expect(await propertiesOf()).toMatchObject([{ name: 'desk' }, { name: 'turnup.key' }]);
  });

  it('keeps its password when others are changed, and has the old one back after undo', async () => {
    const passwordOf = async () =>
      ((await lab.client.call('SipPort', 'getAccount', { sipId: JOHN })) as Item)['password'];
    const old = await passwordOf();
    await run('SipPort.updateAccount', { account: { id: JOHN, quota: 9 } });
    expect(await passwordOf()).toBe(old);
    const order = orderOf('SipPort.updateAccount', { account: { id: JOHN, password: 'changed-secret' } });
    const key = nextKey();
    const record = await lab.driver.run(order, key);
    expect(await passwordOf()).not.toBe(old);
    expect(
      outcomesOf(await run('SipPort.updateAccount', { account: { id: JOHN, password: 'changed-secret' } })),
    ).toEqual({
      'o1.sipUpdateAccount': 'unchanged',
    });
    await lab.undo(order, key, record);
    expect(await passwordOf()).toBe(old);
  });

  it('a result of two attempts is made once: the one that came late removes its own', async () => {
    const order = orderOf('SipPort.addCarrier', { carrier: { name: 'Backbone', reseller: 1001 } });
    const key = nextKey();
    const record = await lab.driver.run(order, key);
    const { result } = record.get('o1.addCarrier')!;
    const made = idOf(
      await lab.client.call('SipPort', 'addCarrier', { carrier: { name: 'Backbone', reseller: 1001 } }),
    );
    const kind = (await import('../../../src/platforms/ngnpro/operations/index.ts')).operationSteps['addCarrier']!;
    const [step] = (await import('../../../src/platforms/ngnpro/operations/index.ts')).planOperations(order);
    const ctx = lab.driver.contextOf(order, step!, record, key) as never;
    await kind.discard?.(ctx, result, result);
    await kind.discard?.(ctx, { carrierId: made }, result);
    const { carriers } = lab.simulator.state() as { readonly carriers: readonly { readonly id: number }[] };
    expect(carriers.map(({ id }) => id)).toEqual([result['carrierId']]);
  });

  it('I8 no result and no error holds a secret', async () => {
    const secret = 'kX8-very-secret';
    const records = [
      await run('SipPort.addAccount', { account: { ...newAccount(ADA), password: secret } }),
      await run('SipPort.addTrustedPeer', { peer: { ...PEER, authToken: secret } }),
      await run('CustomerPort.addAccount', { account: { ...CUSTOMER, password: secret } }),
      await run('PresencePort.getPolicy', { sipId: ADA, password: secret }),
    ];
    const told = records.flatMap((record) => [...record.values()].map(({ result }) => result));
    expect(JSON.stringify(told)).not.toContain(secret);
    const error = await failure(run('PresencePort.getPolicy', { sipId: JOHN, password: secret }));
    expect([error.message, error.detail, error.hint, JSON.stringify(error.answer)].join(' ')).not.toContain(secret);
  });
});

describe('what others need', () => {
  const lab = useOperationsLab();
  const run = (call: string, args: object) => lab.driver.run(orderOf(call, args), nextKey());

  it.each([
    ['SipPort.deleteDomain', { domain: DOMAIN }, `domain ${DOMAIN} still has SIP accounts`],
    ['CustomerPort.deleteAccount', { id: 1002 }, 'customer customer still has SIP accounts'],
    ['CustomerPort.deleteAccount', { id: 2001 }, 'customer other still has domains'],
  ])('%s %j is refused: %s', async (call, args, detail) => {
    const before = lab.still();
    expect(await failure(run(call, args))).toMatchObject({ code: 'TURNUP_TARGET_REJECTED', class: 'conflict', detail });
    expect(lab.still()).toEqual(before);
  });

  it('a removal is refused while aliases, mailboxes, numbers, rules or routes hang on it', async () => {
    const { client } = lab;
    const id = (reply: unknown): number => Number((reply as Item)['id']);
    await client.call('VoicemailPort', 'addAccount', { account: MAILBOX });
    await client.call('SipPort', 'addAlias', { alias: { id: ADA, target: MARY } });
    await client.call('EnumPort', 'addNumber', { number: NUMBER });
    const carrier_id = id(await client.call('SipPort', 'addCarrier', { carrier: { name: 'A', reseller: 1001 } }));
    const other = id(await client.call('SipPort', 'addCarrier', { carrier: { name: 'B', reseller: 1001 } }));
    await client.call('SipPort', 'addRoutes', { routes: [{ carrier_id: other, prefix: '1' }] });
    const gateway = { name: 'g', carrier_id, ip: '192.0.2.1' };
    const gateway_id = id(await client.call('SipPort', 'addGateway', { gateway }));
    await client.call('SipPort', 'addGatewayRule', { rule: { gateway_id, prefix: '0' } });
    for (const [call, args, what] of [
      ['SipPort.deleteAccount', { sipId: JOHN }, 'a mailbox'],
      ['SipPort.deleteAccount', { sipId: MARY }, 'aliases'],
      ['EnumPort.deleteRange', { range: { prefix: '43', tld: 'e164.arpa' } }, 'numbers'],
      ['SipPort.deleteCarrier', { id: carrier_id }, 'gateways'],
      ['SipPort.deleteCarrier', { id: other }, 'routes'],
      ['SipPort.deleteGateway', { id: gateway_id }, 'rules'],
    ] as const) {
      const error = await failure(run(call, args));
      expect(error).toMatchObject({ code: 'TURNUP_TARGET_REJECTED', class: 'conflict' });
      expect(error.detail).toMatch(new RegExp(`still has ${what}$`));
    }
  });

  it('I4 undo of a domain that others have come to use is held for a person', async () => {
    const order = orderOf('SipPort.addDomain', {
      domain: { domain: 'new.example.com', customer: 1002, reseller: 1001 },
    });
    const key = nextKey();
    const record = await lab.driver.run(order, key);
    await lab.client.call('SipPort', 'addAccount', {
      account: newAccount({ username: 'eve', domain: 'new.example.com' }),
    });
    expect(await failure(lab.undo(order, key, record))).toMatchObject({
      code: 'TURNUP_UNDO_FAILED',
      class: 'conflict',
      detail: 'domain new.example.com still has SIP accounts',
    });
    await lab.client.call('SipPort', 'deleteAccount', { sipId: { username: 'eve', domain: 'new.example.com' } });
    await lab.undo(order, key, record);
  });

  it('undo of a removal does not write over what somebody has put there since', async () => {
    await lab.client.call('SipPort', 'addTrustedPeer', { peer: PEER });
    const order = orderOf('SipPort.deleteTrustedPeer', { ip: PEER.ip });
    const key = nextKey();
    const record = await lab.driver.run(order, key);
    await lab.client.call('SipPort', 'addTrustedPeer', { peer: { ip: PEER.ip, description: 'New' } });
    const before = lab.still();
    expect(await failure(lab.undo(order, key, record))).toMatchObject({ class: 'conflict' });
    expect(lab.still()).toEqual(before);
  });
});

describe('customers', () => {
  const { reseller: _reseller, ...withoutReseller } = CUSTOMER;
  const args = { account: withoutReseller };

  describe('of a target without a reseller', () => {
    const lab = useOperationsLab();

    it('are not made resellers by mistake', async () => {
      const order = orderOf('CustomerPort.addAccount', args);
      expect(await failure(lab.driver.run(order, nextKey()))).toMatchObject({ code: 'TURNUP_TARGET_REJECTED' });
      const asked = orderOf('CustomerPort.addAccount', { account: { ...withoutReseller, resellerActive: true } });
      const record = await lab.driver.run(asked, nextKey());
      const { customerId: id } = record.get('o1.customerAddAccount')!.result;
      expect(await lab.client.call('CustomerPort', 'getAccount', { id })).toMatchObject({ id, reseller: id });
      // Found again among the resellers.
      expect(outcomesOf(await lab.driver.run(asked, nextKey()))).toEqual({ 'o1.customerAddAccount': 'adopted' });
    });
  });

  describe('of a target with a reseller', () => {
    const lab = useOperationsLab({ native: { reseller: 1001 } });

    it('are its own where the order does not say otherwise', async () => {
      const record = await lab.driver.run(orderOf('CustomerPort.addAccount', args), nextKey());
      const { customerId: id } = record.get('o1.customerAddAccount')!.result;
      expect(await lab.client.call('CustomerPort', 'getAccount', { id })).toMatchObject({ reseller: 1001 });
    });
  });
});

describe('a server that shows passwords in clear and keeps mailboxes of accounts that are gone', () => {
  const lab = useOperationsLab(OTHER_SERVER);

  it('has the old password back after undo', async () => {
    const order = orderOf('SipPort.updateAccount', { account: { id: JOHN, password: 'changed-secret' } });
    const key = nextKey();
    const record = await lab.driver.run(order, key);
    const passwordOf = async () =>
      ((await lab.client.call('SipPort', 'getAccount', { sipId: JOHN })) as Item)['password'];
    expect(await passwordOf()).toBe('changed-secret');
    await lab.undo(order, key, record);
    expect(await passwordOf()).toBe('john-secret');
  });

  it('all diversions are cleared by the member that stands for none', async () => {
    await lab.client.call('SipPort', 'setCallDiversions', { sipId: JOHN, diversions: { FUNC: '<voice-mailbox>' } });
    const order = orderOf('SipPort.setCallDiversions', { sipId: JOHN, diversions: {} });
    const key = nextKey();
    const record = await lab.driver.run(order, key);
    expect(outcomesOf(record)).toEqual({ 'o1.setCallDiversions': 'changed' });
    const { FUNC } = (await lab.client.call('SipPort', 'getCallDiversions', { sipId: JOHN })) as Item;
    expect(FUNC ?? null).toBeNull();
    await lab.undo(order, key, record);
    expect(await lab.client.call('SipPort', 'getCallDiversions', { sipId: JOHN })).toMatchObject({
      FUNC: '<voice-mailbox>',
    });
  });
});

describe('undo', () => {
  const lab = useOperationsLab();

  it.each([
    ['SipPort.addToGroup', { sipId: JOHN, group: 'sms' }],
    ['SipPort.setRejectMembers', { sipId: JOHN, members: ['sip:spam@example.org'] }],
    ['SipPort.updateAccount', { account: { id: JOHN, quota: 9 } }],
    ['SipPort.addAlias', { alias: { id: ADA, target: JOHN } }],
  ])('of %s for an account that is gone is nothing to do', async (call, args) => {
    const order = orderOf(call, args);
    const key = nextKey();
    const record = await lab.driver.run(order, key);
    await lab.client.call('SipPort', 'deleteAccount', { sipId: JOHN });
    const before = lab.still();
    await lab.undo(order, key, record);
    expect(lab.still()).toEqual(before);
  });

  it('of records and numbers that are gone is nothing to do', async () => {
    await lab.client.call('DnsPort', 'addZone', { zone: ZONE });
    const record = { zone: ZONE.name, name: ZONE.name, type: 'A', value: '192.0.2.1' };
    const one = orderOf('DnsPort.addRecord', { record });
    const other = orderOf('EnumPort.addNumber', { number: NUMBER });
    const key = nextKey();
    const records = [await lab.driver.run(one, key), await lab.driver.run(other, key)] as const;
    await lab.client.call('DnsPort', 'deleteZone', { zone: ZONE.name });
    await lab.client.call('EnumPort', 'deleteNumber', { enumId: NUMBER_ID });
    const before = lab.still();
    await lab.undo(one, key, records[0]);
    await lab.undo(other, key, records[1]);
    expect(lab.still()).toEqual(before);
  });
});
