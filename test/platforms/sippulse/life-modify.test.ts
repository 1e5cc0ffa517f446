import { describe, expect, test } from 'vitest';
import type { Json, SubscriberOrder } from '../../../src/platforms/port.ts';
import { sippulse } from '../../../src/platforms/sippulse/index.ts';
import { outcomesOf, type RunRecord } from '../driver.ts';
import { failure } from '../../setup/failure.ts';
import { freshNumber, number } from './life-cases.ts';
import { national, nextKey, useLifeLab, userOf, type LifeLab } from './life-lab.ts';
import { bare, changeOf, firstOf, modified, secondOf } from '../life-orders.ts';
import { order as orderOf } from './orders.ts';

/* What a modify order meets on this platform and on no other. */

type Change = Parameters<typeof modified>[2];
const changeIn =
  (lab: LifeLab) =>
  (more: Partial<SubscriberOrder>, rest?: Change): ReturnType<typeof modified> =>
    modified(lab.world, more, rest);

describe('members', () => {
  const lab = useLifeLab();
  const change = changeIn(lab);

  test('only what the order names is changed, whatever others set', async () => {
    await lab.others.write('SubscriberWS', 'activateSoftphone', userOf(firstOf(lab.world)));
    const before = await lab.stored();
    await lab.driver.run(change({ password: 'Nw9-kq!vB72mm' }), nextKey());
    expect({ ...(await lab.stored()), live: null }).toEqual({ ...before, live: null, password: 'Nw9-kq!vB72mm' });
    expect((await lab.state())['unreloaded']).toEqual([]);
  });

  test('billing data alone is changed by a call without passwords', async () => {
    await lab.driver.run(change({}, { customer: { contact: { city: 'Santos' } } }), nextKey());
    expect(lab.writes()).toEqual(['updateSubscriberBillingInfo', 'reloadSubscriber']);
    expect(lab.driver.calls.map(({ method }) => method).filter((name) => name.startsWith('retrievePassword'))).toEqual(
      [],
    );
    expect(await lab.stored()).toMatchObject({
      city: 'Santos',
      state: 'SP',
      contractNumber: lab.world.mine.customer.externalId,
    });
  });

  test('nothing is called where all is as wanted', async () => {
    const { password } = firstOf(lab.world);
    const record = await lab.driver.run(
      change({ password: password! }, { customer: { contact: { city: 'São Paulo' } } }),
      nextKey(),
    );
    expect(outcomesOf(record)).toEqual({ 's1.subscriber': 'unchanged', 's1.reload': 'unchanged' });
    expect(lab.writes()).toEqual([]);
  });

  test('what differs is told to people, by the names of the order', async () => {
    const order = change(
      {
        password: 'Nw9-kq!vB72mm',
        preferences: { callLimit: 9, pinCode: '1' },
        callForwards: { busy: { destinations: [{ to: 'sip:a@b.example' }] } },
      },
      { customer: { contact: { city: 'Santos' }, billingProfile: 'prepaid' } },
    );
    const told: Json[] = [];
    for (const step of sippulse.plan(order)) {
      const record: RunRecord = new Map([
        ['s1.subscriber', { intent: null, outcome: 'unchanged', result: {}, attempts: 1 }],
      ]);
      const ctx = lab.driver.contextOf(order, step, record, nextKey()) as never;
      const found = await (sippulse.stepsOf!.modify![step.kind] ?? sippulse.steps[step.kind])!.find(ctx);
      if (found.state === 'different') told.push(...(found.differs ?? []));
    }
    expect(told).toEqual([
      'customer.contact.city',
      'customer.billingProfile',
      'password',
      'callForwards.busy',
      'preferences.callLimit',
      'preferences.pinCode',
    ]);
  });

  test('a rate plan that is not there is told before anything is changed', async () => {
    const before = await lab.whole();
    const order = change({}, { customer: { billingProfile: 'gold', contact: { city: 'Santos' } } });
    expect(await failure(lab.driver.run(order, nextKey()))).toMatchObject({ code: 'TURNUP_REFERENCE_UNKNOWN' });
    expect(await lab.whole()).toEqual(before);
  });

  test('credit is given beside, and taken back', async () => {
    await lab.thereAndBack(change({ native: { credit: 12.5 } }), async () =>
      expect(await lab.stored()).toMatchObject({ credit: 12.5 }),
    );
  });
});

describe('a server that does not tell the portal password', () => {
  // Most of what an order can say needs an update, so there is little that could have been provisioned.
  const lab = useLifeLab({ without: ['retrievePasswordWEB'] }, () => ({ mine: orderOf(), other: orderOf() }));
  const change = changeIn(lab);

  test('is sent no update that could take it away, and is asked no other call', async () => {
    const before = await lab.whole();
    const error = await failure(lab.driver.run(change({ webPassword: 'Wb9-kq!vB72mm' }), nextKey()));
    expect(error).toMatchObject({ code: 'TURNUP_TARGET_REJECTED', class: 'rejected' });
    expect(await lab.whole()).toEqual(before);
  });

  test('takes billing data all the same', async () => {
    await lab.driver.run(change({}, { customer: { contact: { city: 'Santos' } } }), nextKey());
    expect(await lab.stored()).toMatchObject({ city: 'Santos', passwordPortal: firstOf(lab.world).password });
  });
});

describe('numbers', () => {
  const lab = useLifeLab();
  const change = changeIn(lab);

  const own = () => [firstOf(lab.world).number!, ...firstOf(lab.world).aliases];
  const [main, first, foreign] = [() => own()[0]!, () => own()[1]!, () => '4398' + own()[2]!.sn.slice(2)];

  test('aliases leave the number, and what is kept of them is not made again', async () => {
    const ids = async () => (await lab.state())['dids']!.map(({ id, aliasUsername }) => [aliasUsername, id]);
    const kept = (await ids()).find(([name]) => name === national(first()))!;
    await lab.thereAndBack(change({ aliases: [first(), freshNumber(firstOf(lab.world))] }), async () => {
      expect(await lab.didsOf(firstOf(lab.world))).toEqual(
        [main(), first(), freshNumber(firstOf(lab.world))].map(national).toSorted(),
      );
      expect(await ids()).toContainEqual(kept);
      expect(await lab.stored()).toMatchObject({ rpid: national(main()) });
    });
    expect(await lab.didsOf(firstOf(lab.world))).toContain(foreign());
  });

  test('a number leaves the aliases, and takes the locality along', async () => {
    await lab.thereAndBack(change({ number: { cc: '55', ac: '21', sn: '30000001' } }), async () => {
      expect(await lab.didsOf(firstOf(lab.world))).toEqual(['2130000001', national(first()), foreign()].toSorted());
      expect(await lab.stored()).toMatchObject({ rpid: '2130000001', areaCode: 21, countryCode: 55 });
    });
  });

  test('what a preference says of them counts', async () => {
    const preferences = { rpid: '08001234', areaCode: 13 };
    await lab.driver.run(change({ number: { cc: '55', ac: '21', sn: '30000001' }, preferences }), nextKey());
    expect(await lab.stored()).toMatchObject(preferences);
  });

  test('which one is the number is asked for where the platform does not tell, and nothing is touched', async () => {
    await lab.driver.run(change({ preferences: { rpid: '08001234' } }), nextKey());
    const before = await lab.whole();
    const order = change({ aliases: [freshNumber(firstOf(lab.world))] });
    expect(await failure(lab.driver.run(order, nextKey()))).toMatchObject({ code: 'TURNUP_OBJECT_AMBIGUOUS' });
    expect(await lab.whole()).toEqual(before);
    await lab.driver.run(change({ number: main(), aliases: [freshNumber(firstOf(lab.world))] }), nextKey());
    expect(await lab.didsOf(firstOf(lab.world))).toEqual(
      [main(), freshNumber(firstOf(lab.world))].map(national).toSorted(),
    );
  });

  test('one that is the user name has no DID, and its aliases are all that there are', async () => {
    const phone = {
      ...firstOf(lab.world),
      id: 's1',
      username: '551130000009',
      number: number('30000009'),
      aliases: [number('30000010')],
    };
    const order = {
      ...lab.world.mine,
      externalId: 'phone',
      subscribers: [{ ...phone, native: {}, callForwards: {}, voicemail: {} as never }],
    };
    await lab.driver.run(order, nextKey());
    await lab.driver.run(
      changeOf(lab.world.mine, 'modify', [{ ...bare(phone), aliases: [number('30000011')] }]),
      nextKey(),
    );
    expect(await lab.didsOf(phone)).toEqual(['1130000011']);
    expect(await lab.stored(phone)).toMatchObject({ rpid: '1130000009' });
  });

  test('nothing is lost where one that is wanted is somebody else’s', async () => {
    const taken = secondOf(lab.world).number!;
    const order = change({ aliases: [taken] });
    const before = await lab.didsOf(firstOf(lab.world));
    expect(await failure(lab.driver.run(order, nextKey()))).toMatchObject({ code: 'TURNUP_TARGET_REJECTED' });
    expect(await lab.didsOf(firstOf(lab.world))).toEqual(before);
  });

  test('what a DID has besides comes back with it', async () => {
    const [row] = (await lab.state())['dids']!.filter(({ aliasUsername }) => aliasUsername === national(main()));
    expect(row).toMatchObject({ didHeader: 'X-Did', monthlySubscription: 3.5 });
    await lab.thereAndBack(change({}, { cleared: ['subscribers.s1.number'] }), async () => {
      expect(await lab.didsOf(firstOf(lab.world))).not.toContain(national(main()));
      expect(await lab.stored()).not.toHaveProperty('rpid');
    });
  });
});

describe('lists', () => {
  const lab = useLifeLab();
  const change = changeIn(lab);

  test('I3 what a late attempt left there twice is there once after the next', async () => {
    const order = change({ native: { whiteList: ['5511', '5531'] } });
    const record: RunRecord = new Map();
    const key = nextKey();
    const [located, step] = sippulse.plan(order);
    await lab.driver.perform(order, located!, record, key);
    const before = { names: ['5511', '5521'], removed: [] };
    record.set(step!.id, { intent: { state: 'different', before }, outcome: null, result: {}, attempts: 1 });
    for (const prefix of ['5531', '5531'])
      await lab.others.write('WhiteListWS', 'insertWhiteList', {
        whiteList: { ...userOf(firstOf(lab.world)), prefix },
      });
    await lab.driver.attempt(order, step!, record, key);
    const there = (await lab.state())['whiteLists']!.map(({ prefix }) => String(prefix));
    expect(there.toSorted()).toEqual(['5511', '5531']);
  });

  test('I4 an entry that was there twice is there twice also where an undo broke off after the first', async () => {
    const whiteList = { ...userOf(firstOf(lab.world)), prefix: '5577' };
    const put = () => lab.others.write('WhiteListWS', 'insertWhiteList', { whiteList });
    for (let times = 0; times < 2; times++) await put();
    await lab.others.write('ReloadModulesWS', 'reloadSubscriber', userOf(firstOf(lab.world)));
    const before = await lab.whole();
    const order = change({ native: { whiteList: ['5511', '5521'] } });
    const key = nextKey();
    const record = await lab.driver.run(order, key);
    await put();
    await lab.driver.undo(order, key, record);
    expect(await lab.whole()).toEqual(before);
  });

  test('an entry that is there twice comes back twice', async () => {
    for (const prefix of ['5577', '5577']) {
      await lab.others.write('WhiteListWS', 'insertWhiteList', {
        whiteList: { ...userOf(firstOf(lab.world)), prefix },
      });
      await lab.others.write('UserLocationWS', 'addUserLocation', {
        ...userOf(firstOf(lab.world)),
        contact: 'sip:x@192.0.2.9:5060',
      });
    }
    await lab.others.write('ReloadModulesWS', 'reloadSubscriber', userOf(firstOf(lab.world)));
    await lab.thereAndBack(change({ native: { whiteList: ['5511'], locations: null } }), async () => {
      expect((await lab.state())['whiteLists']!.map(({ prefix }) => String(prefix))).toEqual(['5511']);
      expect((await lab.state())['userLocations']).toEqual([]);
    });
  });
});
