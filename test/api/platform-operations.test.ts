import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ORDER_EXAMPLES } from '../../src/orders/model/examples.ts';
import { useRedis } from '../setup/redis.ts';
import { call } from './harness.ts';
import { startLab, type Lab } from './lab.ts';

const redis = useRedis({ flush: 'never' });
let lab: Lab;

beforeAll(async () => {
  lab = await startLab(redis, 'sippulse');
});
afterAll(() => lab.close());

const names = async (path: string): Promise<unknown[]> => {
  const { body } = await call(lab.api, `/v1/targets/lab/catalog/${path}`);
  return (body as { name?: unknown }[]).map(({ name }) => name);
};

describe('a platform of many operations', () => {
  it('tells what it offers', async () => {
    const { body } = await call(lab.api, '/v1/targets/lab');
    expect(body.capabilities.operations).toEqual(
      expect.arrayContaining(['RateWS.insertRates', 'ResellerWS.insertReseller']),
    );
    const catalog = await call(lab.api, '/v1/targets/lab/catalog');
    expect(catalog.body.items).toContainEqual({
      name: 'ratePlans',
      title: expect.any(String),
      params: expect.objectContaining({ required: ['domain'] }),
    });
  });

  it('carries the worked example out, and takes it back', async () => {
    const order = { ...ORDER_EXAMPLES.operations.order, target: 'lab' };
    const before = await names('ratePlans?domain=sip.example.com');
    const id = await lab.place(order);
    await lab.until(id, 'completed');
    expect(await names('ratePlans?domain=sip.example.com')).toEqual([...before, 'business']);
    expect(await names('rates?domain=sip.example.com&rateId=7')).toEqual(['Austria', 'Austria mobile']);

    // The same plan again, and rates that are there with another price.
    const [plan, rates] = order.operations;
    const dearer = rates.args.rate.map((rate) => ({ ...rate, rateValue: 9 }));
    const other = { ...plan, args: { ratePlan: { ...plan.args.ratePlan, name: 'leisure' } } };
    const again = { ...order, externalId: 'AGAIN', operations: [other, { ...rates, args: { rate: dearer } }] };
    const refused = await lab.until(await lab.place(again), 'failed');
    expect(refused.error).toMatchObject({ step: 'rates.insertRates', class: 'conflict' });
    expect(await names('ratePlans?domain=sip.example.com')).toEqual([...before, 'business']);
  });

  it('I5 an order of operations stays one: they stand in a line of their own', async () => {
    const [plan] = ORDER_EXAMPLES.operations.order.operations;
    const args = { ratePlan: { ...plan.args.ratePlan, name: 'no-such-domain', domain: 'nowhere.example.com' } };
    const order = {
      externalId: 'STAYS-OPERATIONS',
      target: 'lab',
      customer: { externalId: 'C-stays' },
      operations: [{ ...plan, args }],
    };
    const id = await lab.place(order);
    await lab.until(id, 'held');
    const { operations: _none, ...without } = order;
    const subscribers = [{ username: 'u1', domain: 'sip.example.com' }];
    const customer = { ...order.customer, contact: { firstName: 'Ann', email: 'ann@example.com' } };
    const amended = { ...without, customer, subscribers };
    const answer = await call(lab.api, `/v1/orders/${id}/amend`, { body: amended });
    expect(answer.status).toBe(422);
    const faults = answer.body.errors as { path: string; message: string }[];
    expect(faults).toContainEqual({ path: 'operations', message: expect.stringContaining('a line of their own') });
  });

  it('I12 names every fault of the arguments', async () => {
    const operations = [
      { service: 'RatePlanWS', operation: 'insertRatePlan', args: { ratePlan: { name: '' }, more: 1 } },
    ];
    const { status, body } = await call(lab.api, '/v1/orders', {
      body: { externalId: 'FAULTY', target: 'lab', operations },
    });
    expect(status).toBe(422);
    const paths = body.errors.map(({ path }: { path: string }) => path);
    expect(paths).toEqual(expect.arrayContaining(['operations.0.args.more', 'operations.0.args.ratePlan.name']));
  });

  it('answers a query without what it needs with 422', async () => {
    const { status, body } = await call(lab.api, '/v1/targets/lab/catalog/ratePlans?x=1');
    expect(status).toBe(422);
    expect(body.errors).toEqual([
      { path: 'domain', message: 'is required' },
      { path: 'x', message: 'is not known' },
    ]);
  });
});
