import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leaksIn, storedIn } from '../e2e/support/leaks.ts';
import { useRedis } from '../setup/redis.ts';
import { call } from './harness.ts';
import { startLab, type Lab } from './lab.ts';

/* A portal whose calls a profile tells, from the order to its stand-in and back. */

const redis = useRedis({ flush: 'never' });
let lab: Lab;

beforeAll(async () => {
  lab = await startLab(redis, 'webportal');
});
afterAll(() => lab.close());

interface Portal {
  readonly lines: { number: string; document: object }[];
  readonly limits: Record<string, object>;
}
const portal = (): Portal => lab.simulator.state() as Portal;

const NUMBER = '+390655700';
const CODE = 'line-code-4711';

const lineOrder = (externalId: string, more: object = {}) => ({
  externalId,
  target: 'lab',
  operations: [
    {
      id: 'line',
      service: 'wlr',
      operation: 'create',
      args: { number: NUMBER, fields: { kind: 'isdn', accessCode: CODE } },
    },
    {
      id: 'limits',
      service: 'antifraud',
      operation: 'set',
      args: { number: NUMBER, fields: { minutesPerDay: 60 } },
    },
  ],
  ...more,
});

describe('a portal', () => {
  it('tells what its profile maps, and nothing else', async () => {
    const { body } = await call(lab.api, '/v1/targets/lab');
    expect(body.capabilities.operations).toEqual([
      'office.update',
      'wlr.create',
      'wlr.update',
      'wlr.remove',
      'antifraud.set',
    ]);
    expect(body.capabilities.callForwardTypes).toEqual(['unconditional', 'busy', 'noAnswer']);
    const { body: catalog } = await call(lab.api, '/v1/targets/lab/catalog');
    expect((catalog.items as { name: string }[]).map(({ name }) => name)).toEqual(body.capabilities.catalog);
  });

  it('I8 carries operations out, with secrets sealed on their way', async () => {
    const id = await lab.place(lineOrder('LINE-1'));
    const order = await lab.until(id, 'completed');
    expect(order.steps.map((step) => [step.id, step.outcome])).toEqual([
      ['line.wlrCreate', 'created'],
      ['limits.antifraudSet', 'changed'],
    ]);
    expect(portal().lines).toMatchObject([{ number: NUMBER, document: { access: { code: CODE } } }]);
    expect(portal().limits).toEqual({ [NUMBER]: { daily: { minutes: 60 } } });
    const places = [...(await storedIn(redis.client())), ['log', lab.api.logged.join('')] as const];
    expect(leaksIn(places, [CODE])).toEqual([]);
    const path = `/v1/targets/lab/catalog/rentedLine?number=${encodeURIComponent(NUMBER)}`;
    const { status, body } = await call(lab.api, path);
    expect({ status, body }).toEqual({
      status: 200,
      body: [{ number: NUMBER, kind: 'isdn', exchange: null, orderKey: expect.any(String) }],
    });
  });

  it('I8 whose answer nobody understands is held, and the answer kept for an operator, sealed', async () => {
    lab.simulator.setFaults({ rules: [{ match: { operation: 'antifraud.set' }, fault: 'status', status: 418 }] });
    const order = lineOrder('LINE-2', { operations: [lineOrder('').operations[1]] });
    const limits = order.operations[0]!;
    const id = await lab.place({
      ...order,
      operations: [{ ...limits, args: { ...limits.args, fields: { alarmMail: 'who@example.com' } } }],
    });
    const held = await lab.until(id, 'held');
    expect(held.error).toMatchObject({ class: 'bug', step: 'limits.antifraudSet' });
    expect(held.error?.detail).toMatch(/antifraud\.set .* was answered 418 .*body sha256 [0-9a-f]{16}/);
    const { body } = await call(lab.api, `/v1/orders/${id}/evidence`, { token: 'olga' });
    expect(body.items).toMatchObject([
      {
        step: 'limits.antifraudSet',
        attempt: 3,
        method: 'PATCH',
        object: '/portal/v1/numbers/390655700/limits',
        sent: { text: '{"alarm":{"mail":"who@example.com"}}' },
        status: 418,
        answered: { text: expect.stringContaining('out of order') },
      },
    ]);
    expect(leaksIn(await storedIn(redis.client()), ['out of order'])).toEqual([]);
    lab.simulator.setFaults({ rules: [] });
    await lab.act(id, 'retry');
    await lab.until(id, 'completed');
    expect(portal().limits[NUMBER]).toMatchObject({ alarm: { mail: 'who@example.com' } });
  });
});
