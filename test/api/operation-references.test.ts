import { afterAll, beforeAll, expect, it } from 'vitest';
import { useRedis } from '../setup/redis.ts';
import { call } from './harness.ts';
import { startLab, type Lab } from './lab.ts';

/* Operations of one order that build on each other, through the door, the plan and the engine. */

const redis = useRedis({ flush: 'never' });
let lab: Lab;

beforeAll(async () => {
  lab = await startLab(redis, 'ngnpro');
});
afterAll(() => lab.close());

const on = (id: string, operation: string, args: object) => ({ id, service: 'SipPort', operation, args });

const gateway = (name: string, carrier: string) => ({ name, carrier_id: { from: carrier }, ip: '192.0.2.30' });

const order = (externalId: string) => ({
  externalId,
  target: 'lab',
  operations: [
    on('north', 'addCarrier', { carrier: { name: `${externalId} north` } }),
    on('south', 'addCarrier', { carrier: { name: `${externalId} south` } }),
    on('sbc-n', 'addGateway', { gateway: gateway('n', 'north') }),
    on('sbc-s', 'addGateway', { gateway: gateway('s', 'south') }),
    on('lcr', 'addRoutes', { routes: [{ carrier_id: { from: 'south' }, prefix: '43', priority: 1 }] }),
  ],
});

type Row = { readonly id: number; readonly name: string; readonly carrier_id: number };
const state = () =>
  lab.simulator.state() as { readonly carriers: Row[]; readonly gateways: Row[]; readonly routes: Row[] };

it('each is given the ids that the operations it names have made', async () => {
  const id = await lab.place(order('REF-1'));
  const done = await lab.until(id, 'completed');
  const made = Object.fromEntries(done.steps.map((step) => [step.item, step.result]));
  const { gateways, routes } = state();
  const carrierOf = (name: string) => gateways.find((one) => one.name === name)?.carrier_id;
  expect([carrierOf('n'), carrierOf('s'), routes[0]?.carrier_id]).toEqual([
    made['north']?.['carrierId'],
    made['south']?.['carrierId'],
    made['south']?.['carrierId'],
  ]);
});

it('I4 what they made is taken back by the ids, those of others stay', async () => {
  const before = state();
  const taken = on('taken', 'addTrustedPeer', { peer: { ip: '192.0.2.99', description: 'other' } });
  const id = await lab.place({ ...order('REF-2'), operations: [...order('REF-2').operations, taken] });
  await lab.until(id, 'completed');
  expect(state().gateways).toHaveLength(before.gateways.length + 2);
  const clash = on('clash', 'addTrustedPeer', { peer: { ip: '192.0.2.99', description: 'another' } });
  const undone = await lab.place({
    ...order('REF-3'),
    onFailure: 'undo',
    operations: [...order('REF-3').operations, clash],
  });
  const there = state();
  await lab.until(undone, 'failed');
  expect(state()).toEqual(there);
});

it('I12 is refused where it names none before it', async () => {
  const [, , north] = order('REF-4').operations;
  const { status, body } = await call(lab.api, '/v1/orders', { body: { ...order('REF-4'), operations: [north] } });
  expect(status).toBe(422);
  expect(body.errors).toEqual([
    {
      path: 'operations.0.args.gateway.carrier_id.from',
      message: 'must be the id of an operation before this one',
    },
  ]);
});

it('a plan names the operation whose id is put in', async () => {
  const { status, body } = await call(lab.api, '/v1/orders?dryRun=true', { body: order('REF-5') });
  expect(status).toBe(200);
  const bodies = body.steps.flatMap(({ calls }: { calls: { body: object }[] }) => calls.map((one) => one.body));
  expect(bodies.slice(2)).toMatchObject([
    { gateway: { carrier_id: '{north.carrierId}' } },
    { gateway: { carrier_id: '{south.carrierId}' } },
    { routes: [{ carrier_id: '{south.carrierId}' }] },
  ]);
  expect(body.steps.flatMap(({ note = '' }: { note?: string }) => note).join('')).toBe('');
});
