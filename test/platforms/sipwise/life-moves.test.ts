import { describe, expect, it } from 'vitest';
import { nextKey, useBench } from './harness.ts';
import { failure } from '../../setup/failure.ts';
import { createLife, first, modifying, moving } from './life-lab.ts';
import { further, phone } from './further.ts';
import { order, subscriber } from './orders.ts';

const bench = useBench();
const life = createLife(bench);

const giverOf = () => life.born(order([subscriber({ number: phone('100'), aliases: [phone('101'), phone('102')] })]));
const receiverOf = () => life.born(order([subscriber({ number: phone('200'), aliases: [] })]));

const aliasesOf = async (content: Awaited<ReturnType<typeof giverOf>>) =>
  ((await life.read(first(content)))['alias_numbers'] as { sn: string }[]).map(({ sn }) => sn);

const allowed = async (content: Awaited<ReturnType<typeof giverOf>>) =>
  (await life.preferences(first(content)))['allowed_clis'];

describe('a number that moves', () => {
  it('is an alias then, and its former owner may no longer show it', async () => {
    const [giver, receiver] = [await giverOf(), await receiverOf()];
    await life.run(moving(receiver, phone('101'), giver));
    expect([await aliasesOf(giver), await aliasesOf(receiver)]).toEqual([['102'], ['101']]);
    expect([await allowed(giver), await allowed(receiver)]).toEqual([
      ['43720100', '43720102'],
      ['43720200', '43720101'],
    ]);
    await life.run(moving(receiver, phone('100'), giver));
    expect(await life.read(first(giver))).not.toHaveProperty('primary_number');
    expect(await allowed(receiver)).toEqual(['43720200', '43720100', '43720101']);
  });

  it('goes on from a subscriber without a primary number, where the platform trips over it', async () => {
    const [giver, receiver] = [await giverOf(), await receiverOf()];
    await life.run(modifying(giver, {}, ['number']));
    await life.run(modifying(receiver, {}, ['number']));
    const before = await bench.state();
    const move = moving(receiver, phone('101'), giver);
    const key = nextKey();
    const record = await bench.driver.run(move, key);
    expect(await aliasesOf(receiver)).toEqual(['101']);
    await bench.driver.undo(move, key, record);
    expect(await bench.state()).toEqual(before);
  });

  it.each(['dropReply', 'dropRequest'] as const)('leaves the locks of both as they are (%s)', async (fault) => {
    const [giver, receiver] = [await giverOf(), await receiverOf()];
    const both = [first(giver), first(receiver)];
    for (const one of both) {
      const id = await life.subscriberId(one);
      await bench.client.patch(`/api/subscribers/${id}`, [{ op: 'replace', path: '/status', value: 'locked' }]);
      await bench.client.patch(`/api/subscriberpreferences/${id}`, [{ op: 'add', path: '/lock', value: '2' }]);
    }
    const before = await bench.state();
    const move = moving(receiver, phone('100'), giver);
    const key = nextKey();
    bench.loseNext(fault);
    const record = await bench.driver.run(move, key);
    for (const one of both) expect(await life.read(one)).toMatchObject({ status: 'locked', lock: '2' });
    await bench.driver.undo(move, key, record);
    expect(await bench.state()).toEqual(before);
  });

  it('is left with a giver that may not show it any more, when somebody moved it before', async () => {
    const [giver, receiver] = [await giverOf(), await receiverOf()];
    const [number] = (await bench.all('numbers')).filter(({ sn }) => sn === '101');
    const to = await life.subscriberId(first(receiver));
    await bench.client.patch(`/api/numbers/${Number(number!['id'])}`, [
      { op: 'replace', path: '/subscriber_id', value: to },
    ]);
    const before = await bench.state();
    const move = moving(receiver, phone('101'), giver);
    const key = nextKey();
    const record = await bench.driver.run(move, key);
    expect(record.get('m1.numberMove')?.outcome).toBe('changed');
    expect(await allowed(giver)).toEqual(['43720100', '43720102']);
    await bench.driver.undo(move, key, record);
    expect(await bench.state()).toEqual(before);
  });

  it('is told to be nobody’s, another’s, or of a stranger', async () => {
    const [giver, receiver, other] = [await giverOf(), await receiverOf(), await life.born()];
    const before = await bench.state();
    const wrongCustomer = moving(receiver, phone('101'), giver);
    const [move] = wrongCustomer.moves!;
    const cases = [
      [moving(receiver, phone('999'), giver), 'TURNUP_OBJECT_MISSING'],
      [moving(receiver, first(other).number!, giver), 'TURNUP_NUMBER_TAKEN'],
      [
        { ...wrongCustomer, moves: [{ ...move!, from: { ...move!.from, customer: 'C-else' } }] },
        'TURNUP_SUBSCRIBER_TAKEN',
      ],
      [{ ...wrongCustomer, moves: [{ ...move!, to: first(other) }] }, 'TURNUP_SUBSCRIBER_TAKEN'],
    ] as const;
    for (const [content, code] of cases) {
      expect(await failure(life.run(content))).toMatchObject({ code });
      expect(await bench.state()).toEqual(before);
    }
  });

  it.each([phone('101'), phone('100')])('goes back although the receiver is gone (%j)', async (number) => {
    const [giver, receiver] = [await giverOf(), await receiverOf()];
    const before = await life.read(first(giver));
    const move = moving(receiver, number, giver);
    const key = nextKey();
    const record = await bench.driver.run(move, key);
    await life.run(further(receiver, 'terminate'));
    await bench.driver.undo(move, key, record);
    const { modify_timestamp: _then, ...was } = before;
    expect(await life.read(first(giver))).toMatchObject(was);
  });

  it('is free when it was to go back to one who is gone', async () => {
    const [giver, receiver] = [await giverOf(), await receiverOf()];
    const move = moving(receiver, phone('101'), giver);
    const key = nextKey();
    const record = await bench.driver.run(move, key);
    await life.run(further(giver, 'terminate'));
    await bench.driver.undo(move, key, record);
    expect(await aliasesOf(receiver)).toEqual([]);
    expect(await allowed(receiver)).toEqual(['43720200']);
  });

  it('that somebody else has since is not taken from them', async () => {
    const [giver, receiver, other] = [await giverOf(), await receiverOf(), await life.born()];
    const move = moving(receiver, phone('101'), giver);
    const key = nextKey();
    const record = await bench.driver.run(move, key);
    await life.run(moving(other, phone('101'), receiver));
    const before = await bench.state();
    expect(await failure(bench.driver.undo(move, key, record))).toMatchObject({ code: 'TURNUP_NUMBER_TAKEN' });
    expect(await bench.state()).toEqual(before);
  });
});
