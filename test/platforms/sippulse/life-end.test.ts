import { describe, expect, test } from 'vitest';
import type { SubscriberOrder } from '../../../src/platforms/port.ts';
import { sippulse } from '../../../src/platforms/sippulse/index.ts';
import { outcomesOf, type RunRecord } from '../driver.ts';
import { failure } from '../../setup/failure.ts';
import { freshNumber, groups, number } from './life-cases.ts';
import { national, nextKey, useLifeLab, userOf } from './life-lab.ts';
import { bare, changeOf, firstOf, modified, moveOf, secondOf } from '../life-orders.ts';

/* What moves, suspend and terminate orders meet on this platform and on no other. */

describe('a move', () => {
  const lab = useLifeLab();

  const order = (more = {}) => changeOf(lab.world.mine, 'modify', [], { moves: [moveOf(lab.world, more)] });

  test('takes the number from what the giver’s calls show, and gives it back', async () => {
    const giver = lab.world.other.subscribers[0]!;
    expect(await lab.stored(giver)).toMatchObject({ rpid: national(giver.number!) });
    await lab.thereAndBack(order(), async () => {
      expect(await lab.stored(giver)).not.toHaveProperty('rpid');
      expect(await lab.didsOf(giver)).not.toContain(national(giver.number!));
      const [did] = (await lab.state())['dids']!.filter((row) => row['aliasUsername'] === national(giver.number!));
      expect(did).toMatchObject({
        username: firstOf(lab.world).username,
        accountCode: `${firstOf(lab.world).username}@sip.example.com`,
      });
      expect(await lab.stored()).toMatchObject({ rpid: national(firstOf(lab.world).number!) });
      expect((await lab.state())['unreloaded']).toEqual([]);
    });
  });

  test('tells that nobody of both has the number', async () => {
    const error = await failure(lab.driver.run(order({ number: number('30000077') }), nextKey()));
    expect(error).toMatchObject({ code: 'TURNUP_OBJECT_MISSING', detail: expect.stringContaining('1130000077') });
  });

  test('of a number that somebody took in between is held, and the number is not made twice', async () => {
    const content = order();
    const [step] = sippulse.plan(content);
    const record: RunRecord = new Map();
    const key = nextKey();
    lab.simulator.setFaults({
      rules: [{ match: { operation: 'insertDid' }, fault: 'dropRequest', times: 1 }],
    } as never);
    await failure(lab.driver.attempt(content, step!, record, key));
    const [did] = [moveOf(lab.world).number].map(national);
    const { username, domain } = secondOf(lab.world);
    await lab.others.write('DidWS', 'insertDid', {
      did: {
        username,
        domain,
        accountCode: `${username}@${domain}`,
        aliasUsername: did,
        didToRuri: false,
        reverseBilling: false,
      },
    });
    expect(await failure(lab.driver.attempt(content, step!, record, key))).toMatchObject({
      code: 'TURNUP_TARGET_REJECTED',
    });
    expect((await lab.state())['dids']!.filter(({ aliasUsername }) => aliasUsername === did)).toHaveLength(1);
  });
});

describe('suspend and resume', () => {
  const lab = useLifeLab();

  const named = (action: 'suspend' | 'resume', ...subscribers: SubscriberOrder[]) =>
    changeOf(lab.world.mine, action, subscribers.map(bare));

  test('say that nothing shows what was before', async () => {
    const record = await lab.driver.run(named('suspend', firstOf(lab.world)), nextKey());
    expect(record.get('s1.subscriber')).toMatchObject({
      outcome: 'changed',
      result: { isBlocked: true, wasBlocked: expect.stringContaining('not told') },
    });
    expect(await lab.stored()).toMatchObject({ active: false, live: { subscriber: { active: false } } });
    await lab.driver.run(named('resume', firstOf(lab.world)), nextKey());
    expect(await lab.stored()).toMatchObject({ active: true, live: { subscriber: { active: true } } });
  });

  test('I4 have no undo that could open what somebody else had blocked', async () => {
    await lab.others.write('SubscriberWS', 'blockSubscriber', userOf(firstOf(lab.world)));
    const order = named('suspend', firstOf(lab.world));
    const key = nextKey();
    const record = await lab.driver.run(order, key);
    expect(await failure(lab.driver.undo(order, key, record))).toMatchObject({
      code: 'TURNUP_UNDO_FAILED',
      class: 'conflict',
    });
    expect(await lab.stored()).toMatchObject({ active: false });
  });

  test('touch nobody where one of them is not there', async () => {
    const before = await lab.whole();
    const order = named('suspend', firstOf(lab.world), { ...secondOf(lab.world), username: 'nobody' });
    expect(await failure(lab.driver.run(order, nextKey()))).toMatchObject({ code: 'TURNUP_OBJECT_MISSING' });
    expect(await lab.whole()).toEqual(before);
  });
});

describe('terminate', () => {
  const lab = useLifeLab();

  const end = (...subscribers: SubscriberOrder[]) => changeOf(lab.world.mine, 'terminate', subscribers.map(bare));

  test('a hunt group loses its member, and goes with its last one', async () => {
    for (const order of groups(lab.world)) await lab.driver.run(order, nextKey());
    await lab.driver.run(end(firstOf(lab.world)), nextKey());
    expect((await lab.state())['huntGroups']).toMatchObject([
      { description: 'both', groupList: secondOf(lab.world).username },
    ]);
    expect((await lab.state())['accountGroups']).not.toContainEqual(
      expect.objectContaining({ accountManager: `${firstOf(lab.world).username}@sip.example.com` }),
    );
    await lab.driver.run(end(secondOf(lab.world)), nextKey());
    expect((await lab.state())['huntGroups']).toEqual([]);
    expect((await lab.state())['unreloaded']).toEqual([]);
  });

  test('leaves nothing that a new subscriber of that name would find', async () => {
    await lab.driver.run(end(firstOf(lab.world), secondOf(lab.world)), nextKey());
    const left = await lab.state();
    for (const kind of ['whiteLists', 'addresses', 'userLocations', 'unreloaded']) expect(left[kind]).toEqual([]);
    expect(left['dids']!.map(({ accountCode }) => accountCode)).not.toContain(
      `${firstOf(lab.world).username}@sip.example.com`,
    );
    expect(left['subscribers']!.map(({ contractNumber }) => contractNumber)).not.toContain(
      lab.world.mine.customer.externalId,
    );
  });

  test('of one that is gone touches nothing of its name', async () => {
    await lab.others.write('SubscriberWS', 'removeSubscriber', userOf(firstOf(lab.world)));
    const before = await lab.whole();
    const record = await lab.driver.run(end(firstOf(lab.world)), nextKey());
    for (const outcome of Object.values(outcomesOf(record))) expect(outcome).toBe('unchanged');
    expect(await lab.whole()).toEqual(before);
  });

  test('touches nothing of somebody else’s, also where a person skipped the look at its owner', async () => {
    const before = await lab.whole();
    const stranger = lab.world.other.subscribers[0]!;
    const order = end({ ...stranger, id: 's1' });
    const [look, ...removals] = sippulse.plan(order);
    for (const step of removals.filter(({ kind }) => !kind.startsWith('reload'))) {
      const record: RunRecord = new Map([
        [look!.id, { intent: null, outcome: 'skipped' as never, result: {}, attempts: 1 }],
      ]);
      expect(await failure(lab.driver.perform(order, step, record, nextKey()))).toMatchObject({ class: 'conflict' });
    }
    expect(await lab.whole()).toEqual(before);
  });

  test('goes on where it broke off, also after its subscriber was removed by hand', async () => {
    const order = end(firstOf(lab.world));
    const key = nextKey();
    const record: RunRecord = new Map();
    const plan = sippulse.plan(order);
    for (const step of plan.slice(0, 2)) await lab.driver.perform(order, step, record, key);
    await lab.others.write('SubscriberWS', 'removeSubscriber', userOf(firstOf(lab.world)));
    for (const step of plan.slice(2)) await lab.driver.perform(order, step, record, key);
    const left = await lab.state();
    for (const kind of ['whiteLists', 'addresses', 'userLocations', 'unreloaded']) expect(left[kind]).toEqual([]);
  });

  test('is held where somebody else took the name in between, with the subscriber left alone', async () => {
    const order = end(firstOf(lab.world));
    const key = nextKey();
    const record: RunRecord = new Map();
    const plan = sippulse.plan(order);
    const at = plan.findIndex(({ kind }) => kind === 'subscriber');
    for (const step of plan.slice(0, at)) await lab.driver.perform(order, step, record, key);
    const billing = { ...userOf(firstOf(lab.world)), contractNumber: 'C-somebody' };
    await lab.others.write('SubscriberWS', 'updateSubscriberBillingInfo', { subscriber: billing });
    expect(await failure(lab.driver.perform(order, plan[at]!, record, key))).toMatchObject({ class: 'conflict' });
    expect(await lab.stored()).toBeDefined();
  });
});

describe('a server that answers with a fault what is not there, and shows passwords', () => {
  const lab = useLifeLab({ absent: 'fault', passwordOnRetrieve: true, spelling: 'page', whiteListPath: 'WhitelistWS' });

  test('is served all the same', async () => {
    await lab.thereAndBack(
      modified(lab.world, {
        password: 'Nw9-kq!vB72mm',
        number: freshNumber(firstOf(lab.world)),
        native: { addresses: [], whiteList: [] },
      }),
      async () => expect(await lab.stored()).toMatchObject({ password: 'Nw9-kq!vB72mm' }),
    );
    await lab.thereAndBack(changeOf(lab.world.mine, 'modify', [], { moves: [moveOf(lab.world)] }), async () => {});
    const order = changeOf(lab.world.mine, 'terminate', [firstOf(lab.world), secondOf(lab.world)].map(bare));
    await lab.driver.run(order, nextKey());
    const before = await lab.whole();
    const again = await lab.driver.run(order, nextKey());
    for (const outcome of Object.values(outcomesOf(again))) expect(outcome).toBe('unchanged');
    expect(await lab.whole()).toEqual(before);
    const missing = changeOf(lab.world.mine, 'modify', [{ ...bare(firstOf(lab.world)), password: 'Nw9-kq!vB72mm' }]);
    expect(await failure(lab.driver.run(missing, nextKey()))).toMatchObject({ code: 'TURNUP_OBJECT_MISSING' });
  });
});
