import { describe, expect, it } from 'vitest';
import { CASES, HUNT_GROUP, namesOf, RATE, RESELLER, WHITE_LIST_ENTRY } from './operations-cases.ts';
import { outcomesOf } from '../driver.ts';
import { ACCOUNT, DOMAIN, JOHN, MARY, newSubscriber, nextKey, orderOf, useOperationsLab } from './operations-lab.ts';
import { failure } from '../../setup/failure.ts';

const argsOf = (call: string) => CASES.find((one) => one.call === call)!.args;

/** Does an operation and takes it back. */
async function doAndUndo(lab: ReturnType<typeof useOperationsLab>, call: string) {
  const order = orderOf(...namesOf(call), await argsOf(call)(lab.client));
  const before = lab.still();
  const key = nextKey();
  const record = await lab.driver.run(order, key);
  const outcome = outcomesOf(record)[`o1.${namesOf(call)[1]}`];
  await lab.undo(order, key, record);
  expect(lab.still()).toEqual(before);
  expect(lab.state()['unreloaded']).toEqual([]);
  return outcome;
}

describe('a server that answers an absent object with a fault, and shows passwords', () => {
  const lab = useOperationsLab({ absent: 'fault', passwordOnRetrieve: true });

  it.each([
    ['SubscriberWS.insertSubscriber', 'created'],
    ['SubscriberWS.updateSubscriber', 'changed'],
    ['SubscriberWS.activateVoicemail', 'changed'],
    ['AccountGroupWS.addAccountGroup', 'changed'],
    ['CustomerWS.changeCustomerPassword', 'changed'],
  ])('%s is %s', async (call, outcome) => {
    expect(await doAndUndo(lab, call)).toBe(outcome);
  });

  it('tells a wrong login from a good one', async () => {
    const right = orderOf('CustomerWS', 'authenticate', { ...JOHN, password: 'john-portal' });
    const wrong = orderOf('CustomerWS', 'authenticate', { ...JOHN, password: 'wrong' });
    expect((await lab.driver.run(right, nextKey())).get('o1.authenticate')?.result).toEqual({
      authenticated: true,
      accountCode: ACCOUNT,
    });
    expect((await lab.driver.run(wrong, nextKey())).get('o1.authenticate')?.result).toEqual({
      authenticated: false,
      accountCode: null,
    });
  });

  it('a subscriber of a domain out of reach is not taken for gone', async () => {
    const order = orderOf('SubscriberWS', 'removeSubscriber', { ...MARY, domain: 'elsewhere.example.org' });
    expect((await failure(lab.driver.run(order, nextKey()))).answer).toMatchObject({ status: 500 });
  });
});

describe('a server with the spellings of the vendor page', () => {
  const lab = useOperationsLab({ spelling: 'page', whiteListPath: 'WhitelistWS' });

  it.each([
    ['AddressWS.insertAddress', 'created'],
    ['HuntGroupWS.updateHuntGroup', 'changed'],
    ['WhiteListWS.deletetWhiteList', 'changed'],
  ])('%s is %s', async (call, outcome) => {
    expect(await doAndUndo(lab, call)).toBe(outcome);
  });
});

describe('what is there already', () => {
  const lab = useOperationsLab();
  const run = (call: string, args: object) => {
    const order = orderOf(...namesOf(call), args);
    return lab.driver.run(order, nextKey());
  };

  it('is a conflict when it is otherwise than the order wants it', async () => {
    await lab.client.write('HuntGroupWS', 'insertHuntGroup', { huntGroup: { ...HUNT_GROUP, timeout: 99 } });
    await lab.client.write('RateWS', 'insertRates', { rate: [{ ...RATE, rateValue: 9 }] });
    const before = lab.still();
    expect(await failure(run('HuntGroupWS.insertHuntGroup', { huntGroup: HUNT_GROUP }))).toMatchObject({
      code: 'TURNUP_OBJECT_TAKEN',
      class: 'conflict',
      detail: `hunt group ${DOMAIN} sales is there and has another timeout`,
    });
    expect(await failure(run('RateWS.insertRates', { rate: [RATE] }))).toMatchObject({ code: 'TURNUP_OBJECT_TAKEN' });
    const subscriber = { ...newSubscriber(JOHN), callLimit: 77 };
    expect(await failure(run('SubscriberWS.insertSubscriber', { subscriber }))).toMatchObject({
      code: 'TURNUP_SUBSCRIBER_TAKEN',
    });
    expect(lab.still()).toEqual(before);
  });

  it('is a conflict when there are several', async () => {
    for (let made = 0; made < 2; made++)
      await lab.client.write('HuntGroupWS', 'insertHuntGroup', { huntGroup: HUNT_GROUP });
    expect(await failure(run('HuntGroupWS.insertHuntGroup', { huntGroup: HUNT_GROUP }))).toMatchObject({
      code: 'TURNUP_OBJECT_AMBIGUOUS',
    });
  });

  it('keeps its own: undo of rates removes those that the order made only', async () => {
    await lab.client.write('RateWS', 'insertRates', { rate: [RATE] });
    const before = lab.still();
    const order = orderOf('RateWS', 'insertRates', { rate: [RATE, { ...RATE, prefix: '595', name: 'Paraguay' }] });
    const key = nextKey();
    const record = await lab.driver.run(order, key);
    expect(lab.still()).not.toEqual(before);
    await lab.undo(order, key, record);
    expect(lab.still()).toEqual(before);
  });

  it('is a fault of the order when it is not there', async () => {
    for (const [call, args] of [
      ['HuntGroupWS.updateHuntGroup', { huntGroup: { id: 9, domain: DOMAIN, timeout: 3 } }],
      ['SubscriberWS.blockOutgoingCalls', { username: 'nobody', domain: DOMAIN }],
      ['SubscriberWS.changeProfile', { ...JOHN, newProfileId: 999 }],
    ] as const) {
      expect(await failure(run(call, args))).toMatchObject({ code: 'TURNUP_REFERENCE_UNKNOWN', class: 'rejected' });
    }
  });

  it('nothing to remove is nothing done', async () => {
    const record = await run('WhiteListWS.deletetWhiteList', { whiteListId: 77, ...JOHN });
    expect(outcomesOf(record)['o1.deletetWhiteList']).toBe('unchanged');
  });

  it('another password since is not written over by undo', async () => {
    const order = orderOf('SubscriberWS', 'changePassword', { ...JOHN, newPassword: 'changed-secret' });
    const key = nextKey();
    const record = await lab.driver.run(order, key);
    const change = { ...JOHN, actualPassword: 'changed-secret', newPassword: 'third', confirmNewPassword: 'third' };
    await lab.client.write('SubscriberWS', 'changePassword', change);
    expect(await failure(lab.undo(order, key, record))).toMatchObject({
      code: 'TURNUP_UNDO_FAILED',
      class: 'conflict',
    });
  });

  it('a second subscriber of the name, made since, is not removed by undo', async () => {
    const user = { username: 'new', domain: DOMAIN };
    const order = orderOf('SubscriberWS', 'insertSubscriber', { subscriber: newSubscriber(user) });
    const key = nextKey();
    const record = await lab.driver.run(order, key);
    await lab.client.write('SubscriberWS', 'removeSubscriber', user);
    await lab.driver.run(order, nextKey());
    const before = lab.still();
    await lab.undo(order, key, record);
    expect(lab.still()).toEqual(before);
  });

  it('I8 no result and no error holds a password', async () => {
    const secret = 'kX8-very-secret';
    const subscriber = {
      ...newSubscriber({ username: 'new', domain: DOMAIN }),
      password: secret,
      passwordPortal: secret,
    };
    const records = [
      await run('SubscriberWS.insertSubscriber', { subscriber }),
      await run('ResellerWS.insertReseller', { reseller: { ...RESELLER, password: secret } }),
      await run('SubscriberWS.changePassword', { ...JOHN, newPassword: secret }),
      await run('CustomerWS.authenticate', { username: 'new', domain: DOMAIN, password: secret }),
    ];
    for (const record of records) {
      const told = [...record.values()].map(({ result }) => result);
      expect(JSON.stringify(told)).not.toContain(secret);
    }
    const error = await failure(
      run('CustomerWS.changeCustomerPassword', { ...JOHN, actualPassword: `${secret}-wrong`, newPassword: secret }),
    );
    expect([error.message, error.detail, error.hint, JSON.stringify(error.answer)].join(' ')).not.toContain(secret);
  });
});

describe('reloads', () => {
  const lab = useOperationsLab();

  it('a fault of a reload is tried again and leaves the change', async () => {
    const order = orderOf('WhiteListWS', 'insertWhiteList', { whiteList: WHITE_LIST_ENTRY });
    lab.simulator.setFaults({
      rules: [{ match: { operation: 'reloadSubscriber' }, fault: 'status', status: 500, times: 2 }],
    });
    const record = await lab.driver.run(order, nextKey());
    expect(outcomesOf(record)).toEqual({ 'o1.insertWhiteList': 'created', 'o1.reloadAfter': 'changed' });
    expect(record.get('o1.reloadAfter')?.attempts).toBe(3);
    expect(lab.state()['unreloaded']).toEqual([]);
  });
});
