import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startLab, type Lab } from '../api/lab.ts';
import { openHand, type SipwiseHand, type State, type Subscriber } from '../chaos/platforms/sipwise/hand.ts';
import { useRedis } from '../setup/redis.ts';
import { audit, rowsOf as rows, spoil } from './support.ts';

const redis = useRedis();
let lab: Lab;
let hand: SipwiseHand;

beforeEach(async () => {
  lab = await startLab(redis);
  hand = await openHand(lab.simulator.url);
});
afterEach(() => lab.close());

const held = () => lab.simulator.state() as State;
const subscriberNamed = (username: string): Subscriber & { lock?: unknown } =>
  held().subscribers.find((one) => one.username === username)!;

/** A customer with two subscribers, of whom much was told. */
async function provision(): Promise<void> {
  const subscriber = (username: string, number: string) => ({
    username,
    domain: 'sip.example.com',
    password: `secret-of-${username}`,
    number,
    aliases: [`${number}9`],
    callForwards: { busy: { destinations: [{ to: 'voicemail', timeout: 300 }] } },
    preferences: { block_in_clir: true },
    voicemail: { email: `${username}@example.com` },
  });
  const order = lab.order({
    customer: { externalId: 'C-1', billingProfile: 'default', contact: { firstName: 'Ann', email: 'ann@example.com' } },
    subscribers: [subscriber('john', '+43987650001'), subscriber('bob', '+43987650002')],
  });
  await lab.until(await lab.place(order), 'completed');
}

describe('an audit of what was provisioned', () => {
  test('finds all as it was told, call by call and without a write', async () => {
    await provision();
    const before = held();
    const over = await audit(lab, { customers: ['C-1'] });
    expect(over).toMatchObject({ state: 'completed', progress: { checked: 1, total: 1 }, by: 'operator:olga' });
    expect(over.counts).toEqual({ same: 3, differs: 0, missing: 0, foreign: 0, unknown: 0 });
    expect(over.findings.items.map(({ state }) => state)).toEqual(['same', 'same', 'same']);
    expect(held()).toEqual(before);
  });

  test('tells of each subscriber what differs, is missing or foreign, and repairs what orders can', async () => {
    await provision();
    const john = subscriberNamed('john');
    const bob = subscriberNamed('bob');
    await hand.patch(`/api/subscribers/${john.id}`, [{ op: 'replace', path: '/alias_numbers', value: [] }]);
    await hand.patch(`/api/subscriberpreferences/${john.id}`, [{ op: 'remove', path: '/block_in_clir' }]);
    await hand.patch(`/api/customercontacts/${held().customers[0]!.contact_id}`, [
      { op: 'replace', path: '/firstname', value: 'Eve' },
    ]);
    await fetchDelete(`/api/subscribers/${bob.id}`);
    await hand.create('subscribers', {
      username: 'zoe',
      domain: 'sip.example.com',
      password: 'Zoes-own-1',
      customer_id: john.customer_id,
    });

    const found = await audit(lab, {});
    expect(found).toMatchObject({
      state: 'completed',
      counts: { same: 0, differs: 2, missing: 1, foreign: 1, unknown: 0 },
    });
    const by = rows(found);
    expect(by['']).toMatchObject({ state: 'differs', order: null });
    expect(by['john']).toMatchObject({ state: 'differs', why: null, order: null });
    expect(by['bob']).toMatchObject({ state: 'missing' });
    expect(by['zoe']).toMatchObject({ state: 'foreign' });
    expect(subscriberNamed('john').alias_numbers).toEqual([]);

    const repaired = await audit(lab, { repair: true });
    const order = rows(repaired)['john']!.order!;
    expect(rows(repaired)).toMatchObject({
      '': { state: 'differs', order },
      john: { state: 'differs', order },
      bob: { state: 'missing', order: null, why: expect.stringContaining('password') },
      zoe: { state: 'foreign', order: null },
    });
    expect(await lab.until(order, 'completed')).toMatchObject({
      externalId: `audit-${repaired.id}-1`,
      client: 'operator:olga',
      action: 'modify',
    });
    expect(await lab.journal(order)).toContainEqual(
      expect.objectContaining({ type: 'audit', detail: expect.objectContaining({ audit: repaired.id }) }),
    );
    expect(subscriberNamed('john').alias_numbers).toHaveLength(1);

    const after = await audit(lab, {});
    expect(after.counts).toEqual({ same: 2, differs: 0, missing: 1, foreign: 1, unknown: 0 });
  });
});

describe('who is suspended', () => {
  const act = async (action: string, ...usernames: string[]) => {
    const subscribers = usernames.map((username) => ({ username, domain: 'sip.example.com' }));
    const order = lab.order({ action, customer: { externalId: 'C-1' }, subscribers });
    await lab.until(await lab.place(order), 'completed');
  };
  const lockOf = (username: string) => subscriberNamed(username).lock;
  const setLock = async (username: string, status: string, lock: number | null) =>
    hand.patch(`/api/subscribers/${subscriberNamed(username).id}`, [
      { op: 'replace', path: '/status', value: status },
      { op: 'replace', path: '/lock', value: lock },
    ]);

  test('against what was told is suspended again; nobody is let free whom somebody else suspended', async () => {
    await provision();
    await act('suspend', 'john');
    expect((await audit(lab)).counts).toMatchObject({ same: 3 });
    const [johns, bobs] = [lockOf('john'), lockOf('bob')];
    await setLock('john', 'active', null);
    await setLock('bob', 'locked', 4);

    const repaired = await audit(lab, { repair: true });
    expect(rows(repaired)).toMatchObject({
      john: { state: 'differs', members: ['suspended'], why: null, order: expect.any(String) },
      bob: { state: 'differs', members: ['suspended'], order: null, why: expect.stringContaining('a person') },
    });
    expect(await lab.until(rows(repaired)['john']!.order!, 'completed')).toMatchObject({ action: 'suspend' });
    expect(lockOf('john')).toEqual(johns);
    expect(lockOf('bob')).not.toEqual(bobs);
  });

  test('is told of the whole customer where the whole was told', async () => {
    await provision();
    await act('suspend');
    expect((await audit(lab)).counts).toMatchObject({ same: 3 });
    await setLock('john', 'active', null);
    const found = await audit(lab);
    expect(rows(found)).toEqual({ '': expect.objectContaining({ state: 'differs', members: ['suspended'] }) });
  });
});

describe('what Turnup was told of', () => {
  test('goes with the orders: what they change, clear, move and terminate', async () => {
    await provision();
    const name = (username: string) => ({ username, domain: 'sip.example.com' });
    for (const change of [
      {
        action: 'modify',
        subscribers: [
          {
            ...name('john'),
            callForwards: { busy: null, noAnswer: { ringTimeout: 20, destinations: [{ to: 'voicemail' }] } },
            preferences: { block_in_clir: null },
          },
        ],
        moves: [{ number: '+439876500029', from: name('bob'), to: name('john') }],
      },
      { action: 'modify', subscribers: [{ ...name('bob'), number: '+43987650077', voicemail: { email: null } }] },
    ]) {
      const { subscribers, ...more } = change;
      const order = lab.order({
        ...more,
        customer: { externalId: 'C-1', contact: { phone: '+4319876' } },
        subscribers,
      });
      await lab.until(await lab.place(order), 'completed');
    }
    expect((await audit(lab)).counts).toEqual({ same: 3, differs: 0, missing: 0, foreign: 0, unknown: 0 });
    const terminate = lab.order({ action: 'terminate', customer: { externalId: 'C-1' }, subscribers: [name('bob')] });
    await lab.until(await lab.place(terminate), 'completed');
    expect((await audit(lab)).counts).toEqual({ same: 2, differs: 0, missing: 0, foreign: 0, unknown: 0 });
    const all = lab.order({ action: 'terminate', customer: { externalId: 'C-1' }, subscribers: [] });
    await lab.until(await lab.place(all), 'completed');
    expect(await audit(lab)).toMatchObject({ progress: { checked: 0, total: 0 }, counts: { same: 0, missing: 0 } });
  });

  test('and is not there at all is missing, customer and all', async () => {
    await provision();
    const { id } = held().customers[0]!;
    await hand.patch(`/api/customers/${id}`, [{ op: 'replace', path: '/status', value: 'terminated' }]);
    const found = await audit(lab, { repair: true });
    expect(found).toMatchObject({ counts: { same: 0, missing: 3 }, orders: 0 });
    expect(rows(found)['john']).toMatchObject({ state: 'missing', why: 'its customer is missing' });
  });

  test('and another customer has is told, not taken', async () => {
    await provision();
    const { id: john } = subscriberNamed('john');
    await hand.patch(`/api/subscribers/${john}`, [{ op: 'replace', path: '/alias_numbers', value: [] }]);
    const other = lab.order(
      { customer: { externalId: 'C-2', contact: { email: 'x@example.com' } } },
      { number: '+439876500019' },
    );
    await lab.until(await lab.place(other), 'completed');
    const repaired = await audit(lab, { customers: ['C-1'], repair: true });
    const { order } = rows(repaired)['john']!;
    // The door lets it pass, the platform does not: a person sees why.
    expect(await lab.until(order!, 'held')).toMatchObject({ error: { code: 'TURNUP_NUMBER_TAKEN' } });
    const again = await audit(lab, { customers: ['C-1', 'C-3'] });
    expect(again.progress).toEqual({ checked: 2, total: 2 });
    expect(again.findings.items.find(({ customer }) => customer === 'C-3')).toMatchObject({
      state: 'unknown',
      why: 'Turnup was told nothing of this customer',
    });
  });
});

describe('an order at the customer', () => {
  test('that waits for a person leaves what it is at untold, and only that', async () => {
    await provision();
    await hand.patch(`/api/subscribers/${subscriberNamed('bob').id}`, [
      { op: 'replace', path: '/alias_numbers', value: [] },
    ]);
    const lines = [
      { username: 'john', domain: 'sip.example.com', preferences: { concurrent_max: 3 } },
      { username: 'john', domain: 'sip.example.com', callForwards: { busy: null } },
    ];
    const path = '/api/subscriberpreferences/*';
    await spoil(lab, ...['PUT', 'PATCH'].map((method) => ({ match: { method, path }, fault: 'status', status: 422 })));
    const order = lab.order({
      action: 'modify',
      customer: { externalId: 'C-1' },
      subscribers: [{ ...lines[1], ...lines[0] }],
    });
    const id = await lab.place(order);
    await lab.until(id, 'held');
    const found = await audit(lab, { repair: true });
    expect(rows(found)).toMatchObject({
      john: { state: 'unknown', why: `order ${id} is not finished`, order: null },
      bob: { state: 'differs' },
    });
  });
});

/** Its hand has no DELETE. */
async function fetchDelete(path: string): Promise<void> {
  const auth = Buffer.from('administrator:administrator').toString('base64');
  const answer = await fetch(lab.simulator.url + path, {
    method: 'DELETE',
    headers: { authorization: `Basic ${auth}` },
  });
  expect(answer.ok).toBe(true);
}
