import { describe, expect, it } from 'vitest';
import { rehearseOrder } from '../../../flows/rehearsal/rehearse.ts';
import { ngnpro } from '../../../src/platforms/ngnpro/index.ts';
import { checkOperations, operationSteps, planOperations } from '../../../src/platforms/ngnpro/operations/index.ts';
import type { JsonObject, OrderContent } from '../../../src/platforms/port.ts';
import { outcomesOf, type RunRecord } from '../driver.ts';
import { settings } from './fixture.ts';
import { CUSTOMER, ZONE } from './operations-cases.ts';
import { failure } from '../../setup/failure.ts';
import { nextKey, useOperationsLab } from './operations-lab.ts';

const lab = useOperationsLab();

type Named = readonly [id: string, call: string, args: object];

const orderOf = (...operations: Named[]): OrderContent => ({
  externalId: nextKey(),
  target: 'hague',
  action: 'provision',
  customer: { externalId: 'none', native: {} },
  subscribers: [],
  operations: operations.map(([id, call, args]) => {
    const [service = '', operation = ''] = call.split('.');
    return { id, service, operation, args: args as JsonObject };
  }),
});

const CARRIER: Named = ['carrier', 'SipPort.addCarrier', { carrier: { name: 'Backbone', reseller: 1001 } }];
const GATEWAY: Named = [
  'sbc',
  'SipPort.addGateway',
  { gateway: { name: 'sbc-1', carrier_id: { from: 'carrier' }, ip: '192.0.2.30', transport: 'udp', port: 5060 } },
];
const RULE: Named = [
  'rule',
  'SipPort.addGatewayRule',
  { rule: { gateway_id: { from: 'sbc' }, prefix: '00', strip: 2 } },
];
const ROUTES: Named = [
  'lcr',
  'SipPort.addRoutes',
  { routes: ['43', '44'].map((prefix) => ({ carrier_id: { from: 'carrier' }, prefix, priority: 1 })) },
];
const PSTN = () => orderOf(CARRIER, GATEWAY, RULE, ROUTES);
const CUSTOMERS = () =>
  orderOf(
    ['acme', 'CustomerPort.addAccount', { account: CUSTOMER }],
    [
      'marks',
      'CustomerPort.setProperties',
      { customer: { from: 'acme' }, properties: [{ name: 'floor', value: '2' }] },
    ],
    ['domain', 'SipPort.addDomain', { domain: { domain: 'acme.example', customer: { from: 'acme' } } }],
    ['zone', 'DnsPort.addZone', { zone: { ...ZONE, customer: { from: 'acme' } } }],
    [
      'john',
      'SipPort.addAccount',
      { account: { id: { username: 'ada', domain: 'acme.example' }, password: 'ada-secret', owner: { from: 'acme' } } },
    ],
  );

const someCarrier = async (): Promise<{ id: number }> =>
  Object((await lab.client.call('SipPort', 'addCarrier', Object(CARRIER[2]))) as unknown);

type State = { readonly [kind: string]: readonly { readonly [member: string]: unknown }[] };
const state = () => lab.simulator.state() as State;

const faults = (order: OrderContent) =>
  checkOperations(order).map(({ path, message }) => [path.join('.'), message] as const);

describe('an id that an earlier operation of the order makes', () => {
  it('is put in by the step, wherever one is taken, and undone backwards', async () => {
    for (const order of [PSTN(), CUSTOMERS()]) {
      expect(faults(order)).toEqual([]);
      const before = lab.still();
      const key = nextKey();
      const record = await lab.driver.run(order, key);
      const again = await lab.driver.run(order, nextKey());
      expect(Object.values(outcomesOf(again)).every((one) => one === 'adopted' || one === 'unchanged')).toBe(true);
      await lab.undo(order, key, record);
      expect(lab.still()).toEqual(before);
    }
  });

  it('is the one that the platform gave', async () => {
    const record = await lab.driver.run(PSTN(), nextKey());
    const { carrierId } = record.get('carrier.addCarrier')!.result;
    const { gatewayId } = record.get('sbc.addGateway')!.result;
    const { gateways, gatewayRules, routes } = state();
    expect(gateways).toMatchObject([{ id: gatewayId as number, carrier_id: carrierId as number }]);
    expect(gatewayRules).toMatchObject([{ gateway_id: gatewayId as number }]);
    expect(routes!.map(({ carrier_id }) => carrier_id)).toEqual([carrierId, carrierId]);
  });

  it('I3 is the one that is there already where the earlier operation adopts', async () => {
    const carrier = await someCarrier();
    const record = await lab.driver.run(PSTN(), nextKey());
    expect(record.get('carrier.addCarrier')).toMatchObject({ outcome: 'adopted', result: { carrierId: carrier.id } });
    expect(state()['gateways']).toEqual([expect.objectContaining({ carrier_id: carrier.id })]);
  });

  it('I3 a reply that is lost makes no second one', async () => {
    lab.simulator.setFaults({ rules: [{ match: { operation: 'Sip.addGateway' }, fault: 'dropReply', times: 1 }] });
    const record = await lab.driver.run(PSTN(), nextKey());
    expect(record.get('sbc.addGateway')!.outcome).toBe('created');
    expect(state()['gateways']).toHaveLength(1);
  });

  it('is what a person tells who did the earlier step by hand', async () => {
    const carrier = await someCarrier();
    const record: RunRecord = new Map([
      ['carrier.addCarrier', { intent: null, outcome: 'adopted', result: { carrierId: carrier.id }, attempts: 1 }],
    ]);
    const order = PSTN();
    const [, step] = planOperations(order);
    await lab.driver.perform(order, step!, record, nextKey());
    expect(state()['gateways']).toEqual([expect.objectContaining({ carrier_id: carrier.id })]);
    expect(await failure(lab.driver.perform(order, step!, new Map(), nextKey()))).toMatchObject({
      detail: 'the step lacks the carrierId of operation carrier',
    });
  });

  it('I3 I7 what a late attempt made again is told by the ids that were put in', async () => {
    const order = PSTN();
    const key = nextKey();
    const record = await lab.driver.run(order, key);
    const before = lab.still() as State;
    const { carrierId } = record.get('carrier.addCarrier')!.result;
    const { gateway } = GATEWAY[2] as { gateway: object };
    const { routes } = ROUTES[2] as { routes: object[] };
    await lab.client.call('SipPort', 'addGateway', { gateway: { ...gateway, carrier_id: carrierId } });
    await lab.client.call('SipPort', 'addRoutes', { routes: routes.map((one) => ({ ...one, carrier_id: carrierId })) });
    const [, sbc, , lcr] = planOperations(order);
    for (const [step, extras] of [
      [sbc!, 1],
      [lcr!, 2],
    ] as const) {
      const ctx = lab.driver.contextOf(order, step, record, key);
      const { result } = record.get(step.id)!;
      expect(await operationSteps[step.kind]!.tidy!(ctx as never, result)).toBe(extras);
    }
    expect(lab.still()).toEqual(before);
  });

  it('I4 I7 a late account goes by its mark though nothing is known of its customer any more', async () => {
    const order = CUSTOMERS();
    const key = nextKey();
    const before = lab.still() as State;
    const record = await lab.driver.run(order, key);
    const step = planOperations(order).at(-1)!;
    const ctx = { ...lab.driver.contextOf(order, step, record, key), needs: {} };
    expect(await operationSteps['sipAddAccount']!.tidy!(ctx as never, null)).toBe(1);
    expect((lab.still() as State)['accounts']).toEqual(before['accounts']);
  });
});

describe('at the door', () => {
  const message = 'must be the id of an operation before this one';

  it.each([
    ['none', orderOf(GATEWAY), [['operations.0.args.gateway.carrier_id.from', message]]],
    ['one that comes later', orderOf(GATEWAY, CARRIER), [['operations.0.args.gateway.carrier_id.from', message]]],
    [
      'itself',
      orderOf([GATEWAY[0], GATEWAY[1], { gateway: { name: 'x', carrier_id: { from: 'sbc' }, ip: '192.0.2.30' } }]),
      [['operations.0.args.gateway.carrier_id.from', message]],
    ],
    [
      'one that makes another thing',
      orderOf(CARRIER, ['rule', 'SipPort.addGatewayRule', { rule: { gateway_id: { from: 'carrier' } } }]),
      [['operations.1.args.rule.gateway_id.from', 'names an operation whose result has no gatewayId']],
    ],
    [
      'one that makes no id, in each route',
      orderOf(
        ['zone', 'DnsPort.addZone', { zone: ZONE }],
        [
          'lcr',
          'SipPort.addRoutes',
          { routes: ['43', '44'].map((prefix) => ({ carrier_id: { from: 'zone' }, prefix })) },
        ],
      ),
      [0, 1].map((at) => [
        `operations.1.args.routes.${at}.carrier_id.from`,
        'names an operation whose result has no carrierId',
      ]),
    ],
  ])('I12 a reference to %s is refused with its path', (_, order, expected) => {
    expect(faults(order)).toEqual(expected);
  });

  const either = 'must be an id, or { "from": … } with the id of an earlier operation of this order';
  it.each([
    [{ from: 7 }, '', either],
    [{ from: '' }, '.from', message],
    [{ from: 'carrier', member: 'id' }, '.member', 'is not a member that the platform takes here'],
    [{}, '', either],
    ['carrier', '', either],
    [0, '', 'must be at least 1'],
    [1.5, '', either],
  ])('I12 %j is neither an id nor a reference', (carrier_id, path, told) => {
    const gateway = { name: 'x', carrier_id, ip: '192.0.2.30' };
    expect(faults(orderOf(CARRIER, ['sbc', 'SipPort.addGateway', { gateway }]))).toEqual([
      [`operations.1.args.gateway.carrier_id${path}`, told],
    ]);
  });

  it('I12 has no place where an id is no such one', () => {
    const account = { ...CUSTOMER, password: { from: 'carrier' } };
    expect(faults(orderOf(CARRIER, ['acme', 'CustomerPort.addAccount', { account }]))[0]![0]).toBe(
      'operations.1.args.account.password',
    );
  });
});

describe('in a plan', () => {
  const rehearse = (order: OrderContent, target?: unknown) =>
    rehearseOrder({
      platform: ngnpro,
      settings: settings('http://127.0.0.1:9'),
      order: { ...order, onFailure: 'hold' },
      ...(target !== undefined && { target }),
    });

  it('is told by the name of the operation that makes it', async () => {
    const { steps } = await rehearse(PSTN());
    expect(steps.map(({ note }) => note)).toEqual(steps.map(() => undefined));
    const bodies = steps.flatMap(({ calls }) => calls.map(({ body }) => body));
    expect(bodies).toMatchObject([
      {},
      { gateway: { carrier_id: '{carrier.carrierId}' } },
      { rule: { gateway_id: '{sbc.gatewayId}' } },
      { routes: [{ carrier_id: '{carrier.carrierId}' }, { carrier_id: '{carrier.carrierId}' }] },
    ]);
    const { steps: others } = await rehearse(CUSTOMERS());
    expect(others.map(({ note }) => note)).toEqual(others.map(() => undefined));
  });

  it('no target is asked for what lies in something that is not there', async () => {
    const asked = { ...lab.client, call: (...args: Parameters<typeof lab.client.call>) => lab.client.call(...args) };
    for (const order of [PSTN(), CUSTOMERS()]) {
      const from = lab.simulator.calls().length;
      const { steps } = await rehearse(order, asked);
      expect(steps.map(({ found }) => found?.state)).toEqual(steps.map(() => 'absent'));
      const looks = lab.simulator
        .calls()
        .slice(from)
        .map(({ operation }) => operation);
      expect(looks).not.toContain('Sip.getGateways');
      expect(looks).not.toContain('Sip.getRoutes');
      expect(looks).not.toContain('Customer.getProperties');
    }
  });

  it('what only belongs to something that is not there is looked for all the same', async () => {
    await lab.driver.run(orderOf(['domain', 'SipPort.addDomain', { domain: { domain: 'acme.example' } }]), nextKey());
    const { steps } = await rehearse(CUSTOMERS(), lab.client);
    expect(steps.map(({ found }) => found?.state).slice(0, 3)).toEqual(['absent', 'absent', 'conflict']);
  });

  it('what lies in something that is there is looked for in it', async () => {
    await lab.driver.run(orderOf(CARRIER, GATEWAY), nextKey());
    const { steps } = await rehearse(PSTN(), lab.client);
    expect(steps.map(({ found }) => found?.state)).toEqual(['adopted', 'adopted', 'absent', 'different']);
  });
});
