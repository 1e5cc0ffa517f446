import { describe, expect, it } from 'vitest';
import type { OrderContent, SubscriberOrder } from '../../../src/platforms/port.ts';
import { sipwise } from '../../../src/platforms/sipwise/index.ts';
import { outcomesOf, type RunRecord } from '../driver.ts';
import { fullOrder } from './fixture.ts';
import { idIn, nextKey, useBench } from './harness.ts';
import { failure } from '../../setup/failure.ts';
import { order, subscriber } from './orders.ts';

const bench = useBench();

describe('the subscriber', () => {
  const of = (more: Partial<SubscriberOrder>) => bench.driver.run(order([subscriber(more)]), nextKey());

  it('whose alias is taken is refused naming the number and its owner', async () => {
    const id = await bench.stranger({
      primary_number: { cc: '43', ac: '1', sn: '555' },
      alias_numbers: [{ cc: '43', ac: '1', sn: '777' }],
    });
    for (const alias of [
      { cc: '43', ac: '1', sn: '777' },
      { cc: '43', ac: '', sn: '1777' },
      { cc: '43', ac: '1', sn: '555' },
    ]) {
      const error = await failure(of({ aliases: [{ cc: '43', ac: '1', sn: '99' }, alias] }));
      expect(error).toMatchObject({ code: 'TURNUP_NUMBER_TAKEN', class: 'conflict' });
      expect(error.detail).toMatch(new RegExp(`^\\+431(777|555) belongs to subscriber ${id} `));
    }
  });

  it('whose number is taken is refused', async () => {
    await bench.stranger({ primary_number: { cc: '43', ac: '1', sn: '556' } });
    expect(await failure(of({ number: { cc: '43', ac: '1', sn: '556' } }))).toMatchObject({
      code: 'TURNUP_NUMBER_TAKEN',
    });
    expect(await failure(of({ number: { cc: '43', ac: '', sn: '1556' } }))).toMatchObject({
      code: 'TURNUP_NUMBER_TAKEN',
    });
  });

  it('whose web user name, domain or seat is not to be had is refused with the reason', async () => {
    await bench.stranger({ username: 'alice' });
    expect(await failure(of({ webUsername: 'alice' }))).toMatchObject({ code: 'TURNUP_WEB_USER_TAKEN' });
    expect(await failure(of({ domain: 'nope.example.com' }))).toMatchObject({
      code: 'TURNUP_REFERENCE_UNKNOWN',
      class: 'rejected',
      detail: expect.stringContaining('domain'),
    });
    const full = order([subscriber()], { native: { max_subscribers: 0 } });
    expect(await failure(bench.driver.run(full, nextKey()))).toMatchObject({
      code: 'TURNUP_QUOTA_EXCEEDED',
      class: 'rejected',
    });
  });

  it('of a customer that is gone is refused, not tried again', async () => {
    const content = order();
    const key = nextKey();
    const record: RunRecord = new Map([
      ['contact', { intent: null, outcome: 'created', result: { contactId: 1, customerId: null }, attempts: 1 }],
      ['customer', { intent: null, outcome: 'created', result: { customerId: 99_999_999, contactId: 1 }, attempts: 1 }],
    ]);
    const step = sipwise.plan(content)[2]!;
    expect(await failure(bench.driver.attempt(content, step, record, key))).toMatchObject({
      code: 'TURNUP_REFERENCE_UNKNOWN',
    });
  });

  it('that is there is ours only with customer, externalId and numbers; the detail says what is otherwise', async () => {
    const content = order([subscriber({ username: 'john', password: 'hunter2-hunter2' })]);
    await bench.driver.run(content, nextKey());
    const [first] = content.subscribers;
    const other = async (more: Partial<SubscriberOrder>): Promise<string> => {
      const error = await failure(bench.driver.run({ ...content, subscribers: [{ ...first!, ...more }] }, nextKey()));
      expect(error).toMatchObject({ code: 'TURNUP_SUBSCRIBER_TAKEN', class: 'conflict' });
      expect(error.message).not.toContain('hunter2');
      return error.detail!;
    };
    expect(await other({ externalId: 'S-other' })).toContain('its external_id is');
    expect(await other({ externalId: undefined })).toContain('wanted is none');
    expect(await other({ number: { cc: '43', ac: '', sn: '1' } })).toContain('its number is');
    expect(await other({ aliases: [] })).toContain('its aliases are');
    const elsewhere = order([{ ...first!, username: 'JOHN' }]);
    expect((await failure(bench.driver.run(elsewhere, nextKey()))).detail).toContain('belongs to customer');

    const record = await bench.driver.run(
      {
        ...content,
        subscribers: [{ ...first!, username: 'John', webUsername: 'jj', native: { timezone: 'Europe/Vienna' } }],
      },
      nextKey(),
    );
    expect(record.get('s1.subscriber')).toMatchObject({
      outcome: 'adopted',
      result: { uuid: expect.any(String), differs: ['webUsername', 'native.timezone'] },
    });
  });

  it('I3 that was made by an attempt given up is not a stranger’s', async () => {
    const content = order();
    const key = nextKey();
    const record: RunRecord = new Map();
    const steps = sipwise.plan(content);
    for (const step of steps.slice(0, 2)) await bench.driver.perform(content, step, record, key);
    const ctx = bench.context(content, 's1.subscriber', record, null);
    // Two attempts that both looked before either had posted.
    const made = await sipwise.steps['subscriber']!.do(ctx, { state: 'absent' });
    expect(await sipwise.steps['subscriber']!.do(ctx, { state: 'absent' })).toMatchObject(made);
  });
});

describe('what hangs on a subscriber', () => {
  /** The second order for the same subscriber, with other wishes. */
  async function again(first: OrderContent, more: Partial<SubscriberOrder>) {
    const content = { ...first, subscribers: [{ ...first.subscribers[0]!, ...more }] };
    const key = nextKey();
    const record = await bench.driver.run(content, key);
    return { content, key, record, id: idIn(record, 's1.subscriber', 'subscriberId') };
  }

  it('is left alone as far as the order does not name it', async () => {
    const first = order();
    const { id } = await again(first, {});
    await bench.client.put(`/api/callforwards/${id}`, {
      cfb: { destinations: [{ destination: '4311', timeout: 10 }] },
    });
    await bench.client.patch(`/api/subscriberpreferences/${id}`, [{ op: 'add', path: '/concurrent_max', value: 7 }]);
    const preferences = await bench.client.get(`/api/subscriberpreferences/${id}`);
    const second = await again(first, {
      callForwards: { unconditional: { destinations: [{ to: 'voicemail' }] } },
      preferences: { block_in_clir: true },
    });
    expect(outcomesOf(second.record)).toMatchObject({ 's1.callForwards': 'changed', 's1.preferences': 'changed' });
    const forwards = await bench.client.get(`/api/callforwards/${id}`);
    expect(forwards).toMatchObject({
      cfb: { destinations: [{ simple_destination: '4311' }] },
      cfu: { destinations: [{ destination: 'voicebox' }] },
    });
    expect(await bench.client.get(`/api/subscriberpreferences/${id}`)).toEqual({ ...preferences, block_in_clir: true });
  });

  it('I4 comes back as it was, restricted forwards and lists included', async () => {
    const first = order();
    const { id } = await again(first, {});
    const was = {
      destinations: [{ destination: '4311', timeout: 10 }],
      sources: [{ source: '43*' }],
      sources_mode: 'blacklist',
      sources_is_regex: false,
    };
    await bench.client.put(`/api/callforwards/${id}`, { cfb: was });
    await bench.client.patch(`/api/subscriberpreferences/${id}`, [
      { op: 'add', path: '/block_in_list', value: ['431*', '432'] },
    ]);
    const before = [
      await bench.client.get(`/api/callforwards/${id}`),
      await bench.client.get(`/api/subscriberpreferences/${id}`),
    ];
    const second = await again(first, {
      callForwards: { busy: { destinations: [{ to: '+4311', timeout: 10 }] } },
      preferences: { block_in_list: ['439'], allowed_clis: null },
    });
    expect((await bench.client.get(`/api/callforwards/${id}`))['cfb']).toMatchObject({ sources: [] });
    expect(await bench.client.get(`/api/subscriberpreferences/${id}`)).not.toHaveProperty('allowed_clis');
    await bench.driver.undo(second.content, second.key, second.record);
    const [forwards, preferences] = [
      await bench.client.get(`/api/callforwards/${id}`),
      await bench.client.get(`/api/subscriberpreferences/${id}`),
    ];
    expect(forwards['cfb']).toMatchObject({ sources: [{ source: '43*' }], sources_mode: 'blacklist' });
    expect(preferences).toEqual(before[1]);
  });

  it('keeps a preference that the platform set itself, unless the order clears it', async () => {
    const { id } = await again(order(), { preferences: { block_in_clir: true } });
    const preferences = await bench.client.get(`/api/subscriberpreferences/${id}`);
    expect(preferences).toMatchObject({ block_in_clir: true, cc: '43', allowed_clis: expect.any(Array) });
    const cleared = await again(order(), { preferences: { block_in_clir: true, cc: null } });
    expect(await bench.client.get(`/api/subscriberpreferences/${cleared.id}`)).not.toHaveProperty('cc');
  });

  it('a preference the target does not know is refused, though the platform would say nothing', async () => {
    const error = await failure(
      bench.driver.run(
        order([subscriber({ preferences: { no_such_preference: 'x', concurrent_max: 'abc' } })]),
        nextKey(),
      ),
    );
    expect(error).toMatchObject({ code: 'TURNUP_PREFERENCE_UNKNOWN', class: 'rejected' });
    expect(error.detail).toBe(
      'no_such_preference is not a preference of the target; concurrent_max must be a whole number',
    );
    const reference = await failure(
      bench.driver.run(order([subscriber({ preferences: { rewrite_rule_set: 'nope' } })]), nextKey()),
    );
    expect(reference.code).toBe('TURNUP_REFERENCE_UNKNOWN');
  });

  it('also when the subscriber was there before and the preference is only to be cleared', async () => {
    const first = order();
    await bench.driver.run(first, nextKey());
    const content = {
      ...first,
      subscribers: [{ ...first.subscribers[0]!, preferences: { no_such_preference: null } }],
    };
    const record: RunRecord = new Map();
    const error = await failure(bench.driver.run(content, nextKey(), record));
    expect(error.code).toBe('TURNUP_PREFERENCE_UNKNOWN');
    expect(record.get('s1.preferences')!.intent).toBeNull();
  });

  it('definitions that are old are loaded anew before a name is refused', async () => {
    bench.cache({ preferences: { concurrent_max: { type: 'int', max: 1, readOnly: false } } });
    const { id } = await again(order(), { preferences: { block_in_clir: true } });
    expect(bench.loads).toBe(1);
    expect(await bench.client.get(`/api/subscriberpreferences/${id}`)).toMatchObject({ block_in_clir: true });
  });

  it('a lock is there from the first moment, and taken off whole', async () => {
    const content = order([subscriber({ native: { status: 'locked' } })]);
    const record = await bench.driver.run(content, nextKey());
    expect(bench.driver.calls.at(-1)).toMatchObject({ method: 'POST', object: '/api/subscribers/' });
    const id = idIn(record, 's1.subscriber', 'subscriberId');
    expect(record.get('s1.lock')).toMatchObject({ outcome: 'unchanged', result: { lock: '4' } });
    expect(await bench.client.get(`/api/subscribers/${id}`)).toMatchObject({ status: 'locked', lock: '4' });
    await again(content, { native: { status: 'active' } });
    expect(await bench.client.get(`/api/subscribers/${id}`)).toMatchObject({ status: 'active', lock: null });
    await again(content, { native: { lock: 2 } });
    expect(await bench.client.get(`/api/subscribers/${id}`)).toMatchObject({ status: 'active', lock: '2' });
  });

  it('I8 a PIN that the platform refuses is not quoted', async () => {
    const error = await failure(bench.driver.run(order([subscriber({ voicemail: { pin: '1x2' } })]), nextKey()));
    expect(error.code).toBe('TURNUP_TARGET_REJECTED');
    expect(error.message).not.toContain('1x2');
  });

  it('an undo that has to look first finds nothing when the subscriber is gone', async () => {
    const content = fullOrder();
    const key = nextKey();
    const record = await bench.driver.run(content, key);
    await bench.client.remove(`/api/subscribers/${idIn(record, 's1.subscriber', 'subscriberId')}`);
    for (const kind of ['callForwards', 'preferences', 'voicemail']) {
      const ctx = bench.context(content, `s1.${kind}`, record, { state: 'absent' });
      expect(await sipwise.steps[kind]!.find(ctx)).toEqual({ state: 'absent' });
    }
  });
});
