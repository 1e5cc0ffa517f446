import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/platforms/port.ts';
import { catalog } from '../../../src/platforms/sippulse/catalog/index.ts';
import { plain } from '../../../src/platforms/sippulse/catalog/read.ts';
import { ADDRESS, DID, HUNT_GROUP, RESELLER, WHITE_LIST_ENTRY } from './operations-cases.ts';
import { ACCOUNT, DOMAIN, JOHN, useOperationsLab } from './operations-lab.ts';

const lab = useOperationsLab({ passwordOnRetrieve: true });

/** As a query arrives: every value a text. */
async function read(what: string, query: Record<string, string> = {}): Promise<Json> {
  const { params, read: ask } = catalog[what]!;
  return ask(lab.client, params.parse(query) as never);
}

const OF_JOHN = { username: 'john', domain: DOMAIN };
const OF_DOMAIN = { domain: DOMAIN };

describe('catalog', () => {
  it.each([
    [
      'domains',
      {},
      [
        { id: 1, domain: DOMAIN },
        { id: 2, domain: 'pbx.example.net' },
      ],
    ],
    ['dialPlans', OF_DOMAIN, [{ id: 31, domain: DOMAIN, description: 'default' }]],
    ['rates', { ...OF_DOMAIN, rateId: '1', prefix: '5511' }, [expect.objectContaining({ id: 102, rateValue: 0.03 })]],
    ['rates', { ...OF_DOMAIN, rateId: '77' }, []],
    ['ratePlans', OF_DOMAIN, [expect.objectContaining({ id: 21 }), expect.objectContaining({ id: 22 })]],
    ['credit', OF_JOHN, 0],
    ['dids', { accountCode: ACCOUNT }, []],
    ['huntGroups', OF_DOMAIN, []],
    ['accountGroup', { accountManager: ACCOUNT }, null],
    ['subscriber', { username: 'nobody', domain: DOMAIN }, null],
  ])('%s %j', async (what, query, answer) => {
    expect(await read(what, query)).toEqual(answer);
  });

  it('reads what was put there', async () => {
    const { client } = lab;
    await client.write('DidWS', 'insertDid', { did: DID });
    await client.write('WhiteListWS', 'insertWhiteList', { whiteList: WHITE_LIST_ENTRY });
    await client.write('AddressWS', 'insertAddress', { address: ADDRESS });
    await client.write('HuntGroupWS', 'insertHuntGroup', { huntGroup: HUNT_GROUP });
    await client.write('UserLocationWS', 'addUserLocation', { ...JOHN, contact: 'sip:john@192.0.2.9:5060' });
    const reply = await client.write('ResellerWS', 'insertReseller', { reseller: RESELLER });
    await client.write('AccountGroupWS', 'addAccountGroup', {
      accountManager: ACCOUNT,
      managerProfile: 'default',
      account: [`mary@${DOMAIN}`],
    });
    expect(await read('dids', { accountCode: ACCOUNT })).toMatchObject([DID]);
    expect(await read('whiteList', OF_JOHN)).toMatchObject([WHITE_LIST_ENTRY]);
    expect(await read('addresses', OF_JOHN)).toMatchObject([ADDRESS]);
    expect(await read('huntGroups', OF_DOMAIN)).toMatchObject([HUNT_GROUP]);
    expect(await read('locations', OF_JOHN)).toMatchObject([{ contact: 'sip:john@192.0.2.9:5060' }]);
    expect(await read('resellerCredit', { resellerId: String(reply?.['resellerId']) })).toBe(0);
    expect(await read('accountGroup', { accountManager: ACCOUNT })).toMatchObject({ account: [`mary@${DOMAIN}`] });
    expect(await read('availableDids', OF_DOMAIN)).toHaveLength(19);
    expect(await read('profiles', OF_DOMAIN)).toHaveLength(3);
    expect(await read('dailyQuota', OF_JOHN)).toMatchObject({ dailyQuota: false });
    expect(await read('monthlyQuota', OF_JOHN)).toMatchObject({ monthlyQuota: false });
  });

  it('I8 never tells a password or PIN', async () => {
    const { client } = lab;
    await client.write('SubscriberWS', 'activateVoicemail', { ...JOHN, voicemailPassword: 4711 });
    await client.write('SubscriberWS', 'updateSubscriberClassV', {
      subscriber: { ...JOHN, pinCode: '8642', callGroup: '7' },
    });
    await client.write('ResellerWS', 'insertReseller', { reseller: RESELLER });
    expect(await read('subscriber', OF_JOHN)).toMatchObject({ ...JOHN, voicemail: true, copyPassertedRpid: false });
    expect(await read('classV', OF_JOHN)).toMatchObject({ callGroup: '7' });
    expect(await read('resellers', OF_DOMAIN)).toMatchObject([{ name: 'resale', username: 'rita' }]);
    for (const what of Object.keys(catalog)) {
      const query = { ...OF_JOHN, accountCode: ACCOUNT, accountManager: ACCOUNT, resellerId: '41', rateId: '1' };
      const known = Object.keys(catalog[what]!.params.shape);
      const answer = await read(
        what,
        Object.fromEntries(Object.entries(query).filter(([name]) => known.includes(name))),
      );
      expect(JSON.stringify(answer)).not.toMatch(/secret|portal|4711|8642/);
    }
  });

  it('takes a name with any mark of a secret out, at any depth', () => {
    const given = { password: 1, passwordPortal: 1, voiceMailPassword: 1, pinCode: 1, PIN: 1, copyPassertedRpid: 1 };
    expect(plain({ list: [given], attributes: {} })).toEqual({ list: [{ copyPassertedRpid: 1 }] });
  });

  it('refuses what it does not know and what is no number', () => {
    const faults = (what: string, query: object) => catalog[what]!.params.safeParse(query).error?.issues.length;
    expect(faults('ratePlans', { ...OF_DOMAIN, colour: 'red' })).toBe(1);
    expect(faults('resellerCredit', { resellerId: 'x' })).toBe(1);
    expect(faults('credit', { username: 'john' })).toBe(1);
    expect(faults('rates', OF_DOMAIN)).toBeUndefined();
  });

  it('has no read that needs a password', () => {
    const named = Object.values(catalog).flatMap(({ params }) => Object.keys(params.shape));
    expect(named.filter((name) => /pass|pin/i.test(name))).toEqual([]);
  });
});
