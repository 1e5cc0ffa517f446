import { describe, expect, it } from 'vitest';
import type { OrderContent } from '../../../src/platforms/port.ts';
import type { PatchOperation } from '../../../src/platforms/sipwise/types.ts';
import type { RunRecord } from '../driver.ts';
import { nextKey, useBench } from './harness.ts';
import { failure } from '../../setup/failure.ts';
import { createLife, first, modifying } from './life-lab.ts';
import { further, named } from './further.ts';
import { order, subscriber } from './orders.ts';

const bench = useBench();
const life = createLife(bench);

const STATUSES = ['active', 'locked'] as const;
const LEVELS = [null, '1', '2', '3', '4', '5'] as const;

interface Locking {
  readonly status: (typeof STATUSES)[number];
  readonly lock: (typeof LEVELS)[number];
}

/** Every way in which a subscriber can be locked. */
const ALL: readonly Locking[] = STATUSES.flatMap((status) => LEVELS.map((lock) => ({ status, lock })));

/** The level of a locked subscriber is set apart: `locked` wins over one that comes with it. */
async function lockAs(id: number, { status, lock }: Locking): Promise<void> {
  await bench.client.patch(`/api/subscribers/${id}`, [
    { op: 'add', path: '/status', value: status },
    { op: 'add', path: '/lock', value: lock },
  ]);
  if (status === 'active' || lock === '4') return;
  const operation: PatchOperation =
    lock === null ? { op: 'remove', path: '/lock' } : { op: 'add', path: '/lock', value: lock };
  await bench.client.patch(`/api/subscriberpreferences/${id}`, [operation]);
}

/** A customer with one subscriber for every way. */
async function everyWay(customerStatus: string): Promise<OrderContent> {
  const content = order(ALL.map((_way, at) => subscriber({ id: `s${at + 1}` })));
  await bench.driver.run(content, nextKey());
  const path = `/api/customers/${await life.customerId(content)}`;
  if (customerStatus !== 'active')
    await bench.client.patch(path, [{ op: 'replace', path: '/status', value: customerStatus }]);
  for (const [at, way] of ALL.entries()) await lockAs(await life.subscriberId(content.subscribers[at]!), way);
  return content;
}

async function waysOf(content: OrderContent): Promise<Locking[]> {
  const ways: Locking[] = [];
  for (const one of content.subscribers) {
    const { status, lock } = await life.read(one);
    ways.push({ status, lock } as Locking);
  }
  return ways;
}

const suspended = (): Locking => ({ status: 'locked', lock: '4' });
const resumed = ({ lock }: Locking): Locking => ({ status: 'active', lock: lock === '4' ? null : lock });

describe('suspend and resume', () => {
  const whole = (content: OrderContent, action: 'suspend' | 'resume') => further(content, action);
  const each = (content: OrderContent, action: 'suspend' | 'resume') =>
    further(content, action, { subscribers: content.subscribers.map(named) });

  it('the ways are all there', async () => {
    expect(await waysOf(await everyWay('active'))).toEqual(ALL);
  });

  it.each(['active', 'locked', 'pending'])('I4 go back to every level found, of a customer that is %s', async (was) => {
    const content = await everyWay(was);
    const before = await bench.state();
    for (const orderOf of [whole, each]) {
      for (const [action, wantedOf] of [
        ['suspend', suspended],
        ['resume', resumed],
      ] as const) {
        const wanted = orderOf(content, action);
        const key = nextKey();
        const record = await bench.driver.run(wanted, key);
        expect(await waysOf(content)).toEqual(ALL.map(wantedOf));
        await bench.driver.undo(wanted, key, record);
        expect(await bench.state()).toEqual(before);
      }
    }
  });

  it.each([whole, each])('are done once, and find it so', async (orderOf) => {
    const content = await everyWay('active');
    for (const action of ['suspend', 'resume'] as const) {
      const outcomes = Object.values(await life.outcomes(orderOf(content, action)));
      expect(outcomes).toContain('changed');
      expect(new Set(Object.values(await life.outcomes(orderOf(content, action))))).toEqual(new Set(['unchanged']));
    }
  });

  it.each(['dropReply', 'dropRequest'] as const)(
    'I4 leave the levels that are not theirs although the platform overwrites them and a call is lost (%s)',
    async (fault) => {
      const content = await everyWay('locked');
      const before = await bench.state();
      const wanted = whole(content, 'resume');
      const key = nextKey();
      const record: RunRecord = new Map();
      for (const path of ['/api/customers/*', '/api/subscribers/*']) {
        bench.loseNext(fault, path);
        const [step] = bench.driver.planOf(wanted);
        await failure(bench.driver.attempt(wanted, step!, record, key));
      }
      await bench.driver.run(wanted, key, record);
      expect(await waysOf(content)).toEqual(ALL.map(resumed));
      await bench.driver.undo(wanted, key, record);
      expect(await bench.state()).toEqual(before);
    },
  );

  it('see a subscriber that was made under a locked customer and is active', async () => {
    const content = await life.born(order([subscriber()]));
    await life.run(whole(content, 'suspend'));
    const late = subscriber({ id: 's2' });
    const { contact: _contact, ...customer } = content.customer;
    await life.run(order([late], customer));
    expect(await life.read(late)).toMatchObject({ status: 'active', lock: null });
    expect(await life.outcomes(whole(content, 'suspend'))).toEqual({ customer: 'changed' });
    expect(await life.read(late)).toMatchObject({ status: 'locked', lock: '4' });
  });

  it('take back what they did although a subscriber is gone since', async () => {
    const content = await life.born(order([subscriber(), subscriber({ id: 's2' })]));
    for (const orderOf of [whole, each]) {
      const suspend = orderOf(content, 'suspend');
      const key = nextKey();
      const record = await bench.driver.run(suspend, key);
      const gone = (await bench.all('subscribers'))[0]!;
      await bench.client.remove(`/api/subscribers/${Number(gone['id'])}`);
      await bench.driver.undo(suspend, key, record);
      expect((await bench.all('subscribers')).map(({ status, lock }) => ({ status, lock }))).not.toContainEqual(
        suspended(),
      );
      if (orderOf === whole) await life.run({ ...content, externalId: `${content.externalId}-again` });
    }
  });

  it('have nothing to take back when the customer is terminated since', async () => {
    const content = await life.born();
    const suspend = whole(content, 'suspend');
    const key = nextKey();
    const record = await bench.driver.run(suspend, key);
    await life.run(further(content, 'terminate'));
    const before = await bench.state();
    await bench.driver.undo(suspend, key, record);
    expect(await bench.state()).toEqual(before);
  });

  it('refuse a subscriber that bears another number of the CRM', async () => {
    const content = await life.born();
    const wrong = further(content, 'suspend', { subscribers: [{ ...named(first(content)), externalId: 'S-other' }] });
    await expect(life.run(wrong)).rejects.toMatchObject({ code: 'TURNUP_SUBSCRIBER_TAKEN', class: 'conflict' });
  });
});

describe('a modification', () => {
  it.each(ALL)('leaves a subscriber that is $status at level $lock so', async (way) => {
    const content = await life.born();
    const one = first(content);
    await lockAs(await life.subscriberId(one), way);
    const before = await bench.state();
    const change = { password: 'Nw9-kq!vB72mm', aliases: [], number: { ...one.number!, sn: '9' } };
    await life.thereAndBack(modifying(content, change, ['aliases']));
    expect(await bench.state()).toEqual(before);
    for (const fault of ['dropReply', 'dropRequest'] as const) {
      bench.loseNext(fault);
      await life.run(modifying(content, { ...change, password: `${fault}-kq!vB72mm`, webPassword: 'Web-12345-zz' }));
      expect(await life.read(one)).toMatchObject(way);
    }
  });

  it.each([
    [{ status: 'active' }, { status: 'locked', lock: '4' }, { status: 'active', lock: null }],
    [{ status: 'active' }, { status: 'active', lock: '2' }, { status: 'active', lock: '2' }],
    [
      { status: 'active', lock: null },
      { status: 'active', lock: '2' },
      { status: 'active', lock: null },
    ],
    [{ lock: 3 }, { status: 'active', lock: null }, { status: 'active', lock: '3' }],
    [{ status: 'locked' }, { status: 'active', lock: '1' }, { status: 'locked', lock: '4' }],
  ] as const)('with %j makes %j %j', async (native, found, wanted) => {
    const content = await life.born();
    await lockAs(await life.subscriberId(first(content)), found);
    const before = await bench.state();
    await life.thereAndBack(modifying(content, { native: { ...native } }));
    expect(await bench.state()).toEqual(before);
    await life.run(modifying(content, { native: { ...native } }));
    expect(await life.read(first(content))).toMatchObject(wanted);
  });
});
