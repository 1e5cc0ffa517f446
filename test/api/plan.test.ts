import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Found, PlanView } from '../../flows/rehearsal/view.ts';
import { plan as planSchema } from '../../src/api/openapi/plan-view.ts';
import { useRedis } from '../setup/redis.ts';
import { call, storedKeys, type Answer, type CallOptions } from './harness.ts';
import { startLab, type Lab } from './lab.ts';

const redis = useRedis();
let lab: Lab;

beforeAll(async () => {
  lab = await startLab(redis);
});
afterAll(() => lab.close());
beforeEach(() => {
  lab.simulator.reset();
});

const plan = (order: unknown, query = '', options: CallOptions = {}): Promise<Answer> =>
  call(lab.api, `/v1/orders?dryRun=true${query}`, { body: order, ...options });

/** Without what workers write by themselves. */
const ordersKeys = async (): Promise<string[]> =>
  (await storedKeys(redis)).filter((key) => !/:upkeep:|:stalled-check$|workers/.test(key)).toSorted();

const foundIn = ({ steps }: PlanView): Record<string, Found | undefined> =>
  Object.fromEntries(steps.map(({ id, found }) => [id, found]));

const callsIn = ({ steps }: PlanView): Record<string, string[]> =>
  Object.fromEntries(steps.map(({ id, calls }) => [id, calls.map(({ method, path }) => `${method} ${path}`)]));

const FULL = {
  callForwards: { unconditional: { destinations: [{ to: 'voicemail' }] } },
  preferences: { block_in_clir: true },
  voicemail: { pin: '471108' },
};

describe('POST /v1/orders?dryRun=true', () => {
  it('tells the plan; nothing is stored and nothing called', async () => {
    const [keys, called] = [await ordersKeys(), lab.simulator.calls().length];
    const answer = await plan(lab.order({}, FULL));
    expect(answer).toMatchObject({ status: 200, body: { pivot: null } });
    expect(Object.keys(answer.body)).toEqual(['steps', 'pivot']);
    for (const step of answer.body.steps) {
      expect(Object.keys(step)).toEqual(['id', 'kind', 'needs', 'class', 'calls', 'undo']);
    }
    expect(planSchema.parse(answer.body)).toEqual(answer.body);
    expect(callsIn(answer.body)).toEqual({
      contact: ['POST /api/customercontacts/'],
      customer: ['POST /api/customers/'],
      's1.subscriber': ['POST /api/subscribers/'],
      's1.callForwards': ['PUT /api/callforwards/{s1.subscriberId}'],
      's1.preferences': ['PATCH /api/subscriberpreferences/{s1.subscriberId}'],
      's1.voicemail': ['PATCH /api/voicemailsettings/{s1.subscriberId}'],
    });
    expect(lab.simulator.calls()).toHaveLength(called);
    expect(await ordersKeys()).toEqual(keys);
  });

  it('I8 shows no secret, be it given or made up', async () => {
    const given = lab.order({}, FULL);
    const [subscriber] = given['subscribers'] as { password?: string }[];
    const answer = await plan(given);
    const text = JSON.stringify(answer.body);
    expect(text).not.toContain(subscriber!.password);
    expect(text).not.toContain('471108');
    const lines = lab.api.logged.join('\n');
    expect(lines).not.toContain('471108');
    delete subscriber!.password;
    const made = (await plan(given)).body as PlanView;
    expect(made.steps[2]?.calls[0]?.body).toMatchObject({ password: '***' });
  });

  it('checks at the door as for a real order, and tells faults of the query', async () => {
    const bad = await plan({ ...lab.order(), customer: {}, deadline: 'soon' });
    expect(bad).toMatchObject({ status: 422, body: { code: 'TURNUP_INVALID_ORDER' } });
    const paths = bad.body.errors.map(({ path }: { path: string }) => path);
    expect(paths).toEqual(expect.arrayContaining(['deadline', 'customer.externalId']));
    expect(await plan(lab.order(), '', { token: 'vera' })).toMatchObject({ status: 403 });
    expect(await plan({ ...lab.order(), target: 'other' })).toMatchObject({ status: 403 });
    const query = await call(lab.api, '/v1/orders?dryRun=maybe&check=all', { body: lab.order() });
    expect(query).toMatchObject({ status: 422, body: { errors: [{ path: 'dryRun' }, { path: 'check' }] } });
    const placed = await call(lab.api, '/v1/orders?check=target', { body: lab.order() });
    expect(placed).toMatchObject({ status: 422, body: { errors: [{ path: 'check', message: 'needs dryRun=true' }] } });
  });

  it('does not ask whether the order was placed before', async () => {
    const order = lab.order();
    await lab.until(await lab.place(order), 'completed');
    expect(await plan(order)).toMatchObject({ status: 200, body: { pivot: null } });
    expect(await plan({ ...order, onFailure: 'undo' })).toMatchObject({ status: 200 });
  });

  it('is drawn where Accept asks for it', async () => {
    const mermaid = await plan(lab.order(), '', { headers: { accept: 'text/vnd.mermaid' } });
    expect(mermaid.headers.get('content-type')).toBe('text/vnd.mermaid; charset=utf-8');
    expect(mermaid.body).toMatch(/^flowchart TD\n {2}s0\["<b>contact<\/b><br\/>POST \/api\/customercontacts\/"\]/);
    const svg = await plan(lab.order(), '', { headers: { accept: 'image/svg+xml' } });
    expect(svg.headers.get('content-type')).toContain('image/svg+xml');
    expect(svg.body).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
    const any = await plan(lab.order(), '', { headers: { accept: '*/*' } });
    expect(any.headers.get('content-type')).toContain('application/json');
  });
});

describe('check=target', () => {
  const writes = () =>
    lab.simulator.calls().filter(({ method, path }) => method !== 'GET' && !path.startsWith('/login'));

  it('tells that nothing is there', async () => {
    const { body, status } = await plan(lab.order({}, FULL), '&check=target');
    expect(status).toBe(200);
    for (const found of Object.values(foundIn(body))) expect(found).toEqual({ state: 'absent' });
    expect(callsIn(body)['s1.voicemail']).toHaveLength(1);
    expect(writes()).toEqual([]);
    expect(lab.simulator.calls().length).toBeGreaterThan(0);
  });

  it('tells what would be adopted, be unchanged, or be changed, with the calls that follow', async () => {
    const order = lab.order({}, FULL);
    await lab.until(await lab.place(order), 'completed');
    const [before, made] = [JSON.stringify(lab.simulator.state()), writes().length];
    const { customers, subscribers } = lab.held();
    const [customer] = customers.filter(
      ({ external_id }) => external_id === (order['customer'] as { externalId: string }).externalId,
    );
    const [subscriber] = subscribers.filter(({ customer_id }) => customer_id === customer!.id);
    const same = (await plan(order, '&check=target')).body as PlanView;
    expect(foundIn(same)).toMatchObject({
      contact: { state: 'adopted' },
      customer: { state: 'adopted', result: { customerId: customer!.id } },
      's1.subscriber': { state: 'adopted', result: { subscriberId: subscriber!.id } },
      's1.callForwards': { state: 'unchanged' },
      's1.preferences': { state: 'unchanged' },
      's1.voicemail': { state: 'unchanged' },
    });
    expect(Object.values(callsIn(same)).flat()).toEqual([]);
    expect(same.steps.flatMap(({ undo }) => undo)).toEqual([]);

    const [one] = order['subscribers'] as Record<string, unknown>[];
    const more = {
      ...order,
      customer: { ...(order['customer'] as object), billingProfile: 'other' },
      subscribers: [{ ...one, voicemail: { pin: '9999' }, preferences: { block_in_clir: false } }],
    };
    const answer = await plan(more, '&check=target');
    expect(answer.body).toMatchObject({ pivot: null });
    const other = answer.body as PlanView;
    expect(foundIn(other)).toMatchObject({
      customer: { state: 'adopted', differs: ['customer.billingProfile'] },
      's1.preferences': { state: 'different' },
      's1.voicemail': { state: 'different' },
    });
    expect(callsIn(other)['s1.voicemail']).toEqual([`PATCH /api/voicemailsettings/${subscriber!.id}`]);
    // The PIN that undo would bring back is the target's own secret.
    expect(other.steps.at(-1)?.undo).toMatchObject([{ body: [{ op: 'replace', path: '/pin', value: '***' }] }]);
    expect(JSON.stringify(other)).not.toContain('471108');
    expect(JSON.stringify(lab.simulator.state())).toBe(before);
    expect(writes()).toHaveLength(made);
  });

  it('tells what is somebody else’s, and what then cannot be told', async () => {
    const order = lab.order({}, FULL);
    await lab.until(await lab.place(order), 'completed');
    const thief = { ...lab.order(), subscribers: order['subscribers'] };
    const { body } = await plan(thief, '&check=target');
    expect(foundIn(body)).toMatchObject({
      contact: { state: 'absent' },
      customer: { state: 'absent' },
      's1.subscriber': { state: 'conflict', error: { code: 'TURNUP_SUBSCRIBER_TAKEN' } },
      's1.voicemail': { state: 'unknown' },
    });
    expect(foundIn(body)['s1.subscriber']!.error!.detail).toContain('not {customerId}');
    expect(callsIn(body)['s1.subscriber']).toEqual([]);
  });

  it('tells that a domain is not there', async () => {
    const { body } = await plan(lab.order({}, { domain: 'nowhere.example.com' }), '&check=target');
    expect(foundIn(body)['contact']).toMatchObject({ state: 'rejected', error: { code: 'TURNUP_REFERENCE_UNKNOWN' } });
  });

  it('I6 asks no target whose breaker is open', async () => {
    const set = (state: string) =>
      call(lab.api, '/v1/targets/lab/breaker', { token: 'olga', body: { state, reason: 'a test' } });
    await set('open');
    const called = lab.simulator.calls().length;
    const answer = await plan(lab.order(), '&check=target');
    expect(answer).toMatchObject({ status: 503, body: { code: 'TURNUP_TARGET_PARKED' } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(lab.simulator.calls()).toHaveLength(called);
    expect(await plan(lab.order())).toMatchObject({ status: 200 });
    await set('closed');
  });
});
