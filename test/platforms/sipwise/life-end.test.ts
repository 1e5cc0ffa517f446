import { describe, expect, it } from 'vitest';
import { nextKey, useBench } from './harness.ts';
import { failure } from '../../setup/failure.ts';
import { createLife, first } from './life-lab.ts';
import { further, named } from './further.ts';
import { order, subscriber } from './orders.ts';

const bench = useBench();
const life = createLife(bench);

const two = () => life.born(order([subscriber(), subscriber({ id: 's2' })]));

describe('a termination', () => {
  it('leaves a contact that another customer is on', async () => {
    const content = await two();
    const customer = await bench.client.get(`/api/customers/${await life.customerId(content)}`);
    const other = await bench.client.create('customers', {
      status: 'active',
      type: 'sipaccount',
      contact_id: Number(customer['contact_id']),
      billing_profile_id: await bench.billingProfile(),
      external_id: 'C-flatmate',
    });
    const record = await life.run(further(content, 'terminate'));
    expect(record.get('contact')).toMatchObject({ outcome: 'unchanged', result: { kept: true } });
    expect(await bench.client.get(`/api/customercontacts/${Number(customer['contact_id'])}`)).toBeDefined();
    expect(await bench.client.get(`/api/customers/${other}`)).toMatchObject({ status: 'active' });
  });

  it('is content with a customer, a contact or subscribers that are gone', async () => {
    const content = await two();
    const named1 = further(content, 'terminate', { subscribers: content.subscribers.map(named) });
    await bench.client.remove(`/api/subscribers/${await life.subscriberId(first(content))}`);
    expect(await life.outcomes(named1)).toEqual({
      's1.ownership': 'unchanged',
      's2.ownership': 'unchanged',
      's1.subscriber': 'unchanged',
      's2.subscriber': 'changed',
    });
    await life.run(further(content, 'terminate'));
    const before = await bench.state();
    expect(await life.outcomes(further(content, 'terminate'))).toEqual({ customer: 'unchanged', contact: 'unchanged' });
    expect(new Set(Object.values(await life.outcomes(named1)))).toEqual(new Set(['unchanged']));
    expect(await bench.state()).toEqual(before);
  });

  it('of a subscriber that was looked at ends that one, and not one that came in its place', async () => {
    const content = await two();
    const wanted = further(content, 'terminate', { subscribers: [named(first(content))] });
    const [look, removal] = bench.driver.planOf(wanted);
    const record = new Map();
    const key = nextKey();
    await bench.driver.perform(wanted, look!, record, key);
    await bench.client.remove(`/api/subscribers/${await life.subscriberId(first(content))}`);
    const { username, domain } = first(content);
    const again = await bench.client.create('subscribers', {
      customer_id: await life.customerId(content),
      username,
      domain,
      password: 'Zx9-kq!vB72mm',
    });
    await bench.driver.perform(wanted, removal!, record, key);
    expect(record.get('s1.subscriber')).toMatchObject({ outcome: 'unchanged' });
    expect(await bench.client.get(`/api/subscribers/${again}`)).toMatchObject({ username });
  });

  it('of a pilot before its siblings is refused with the reason, and can go on once they are gone', async () => {
    const pilot = subscriber({ native: { is_pbx_pilot: true } });
    const { number: _number, aliases: _aliases, ...one } = subscriber({ id: 's2', native: { pbx_extension: '11' } });
    const extension = { ...one, aliases: [] };
    const content = await life.born(order([pilot, extension], { native: { type: 'pbxaccount' } }));
    const wanted = further(content, 'terminate', { subscribers: [named(pilot)] });
    expect(await failure(life.run(wanted))).toMatchObject({ code: 'TURNUP_TARGET_REJECTED' });
    await life.run(further(content, 'terminate', { subscribers: [named(extension), named(pilot)] }));
    expect(await bench.all('subscribers')).toEqual([]);
  });

  it('has no way back', async () => {
    const content = await two();
    for (const wanted of [
      further(content, 'terminate', { subscribers: content.subscribers.map(named) }),
      further(content, 'terminate'),
    ]) {
      const key = nextKey();
      const record = await bench.driver.run(wanted, key);
      expect(await failure(bench.driver.undo(wanted, key, record))).toMatchObject({ code: 'TURNUP_UNDO_FAILED' });
    }
  });
});
