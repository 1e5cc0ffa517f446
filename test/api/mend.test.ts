import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseFaultPlan } from '../../src/simulators/index.ts';
import { useRedis } from '../setup/redis.ts';
import { call } from './harness.ts';
import { startLab, type Lab } from './lab.ts';

const redis = useRedis({ flush: 'never' });
let lab: Lab;

beforeAll(async () => {
  lab = await startLab(redis);
});
beforeEach(() => lab.simulator.setFaults({ rules: [] }));
afterAll(() => lab?.close());

const NUMBER = '+43720123456';

/** Holds an order because its number belongs to a subscriber that is there. */
async function holdForNumber(more: Record<string, unknown> = {}, number = NUMBER): Promise<string> {
  const isTaken = JSON.stringify(lab.held().subscribers).includes(number.slice(3));
  if (!isTaken) await lab.until(await lab.place(lab.order({}, { number })), 'completed');
  const id = await lab.place(lab.order(more, { number }));
  const order = await lab.until(id, 'held');
  expect(order.error).toMatchObject({ code: 'TURNUP_NUMBER_TAKEN', step: 's1.subscriber' });
  return id;
}

const usernameOf = async (id: string): Promise<string> =>
  (await lab.engine.store.content(id))!.subscribers[0]!['username'] as string;

/** Everything in Redis, as text. */
async function everything(): Promise<string> {
  const client = redis.client();
  const texts: string[] = [];
  for (const key of await client.keys('*')) texts.push(key, (await client.dumpBuffer(key))?.toString('latin1') ?? '');
  return texts.join('\n');
}

describe('mending a held order', () => {
  test('another number, and a retry completes it on the target', async () => {
    const id = await holdForNumber();
    const answer = await lab.mend(id, { subscribers: { s1: { number: '+43720222222' } } });
    expect(answer).toMatchObject({ status: 200, body: { id, state: 'held' } });
    expect((await lab.act(id, 'retry')).status).toBe(202);
    const order = await lab.until(id, 'completed');
    expect(order.steps.at(-1)).toMatchObject({ id: 's1.subscriber', outcome: 'created' });
    const username = await usernameOf(id);
    const made = lab.held().subscribers.filter((subscriber) => subscriber.username === username);
    expect(made).toMatchObject([{ primary_number: { sn: '720222222' } }]);
  });

  test('the journal says who, what was before and what is after, and the same post is still the same', async () => {
    const order = lab.order({}, { number: NUMBER });
    await holdForNumber();
    const id = await lab.place(order);
    await lab.until(id, 'held');
    await lab.mend(id, { subscribers: { s1: { number: '+43720333333' } } });
    expect(await lab.journal(id)).toContainEqual(
      expect.objectContaining({
        type: 'mended',
        by: 'operator:olga',
        detail: {
          changes: [
            {
              path: 'subscribers.s1.number',
              before: { cc: '43', ac: '', sn: '720123456' },
              after: { cc: '43', ac: '', sn: '720333333' },
            },
          ],
        },
      }),
    );
    expect(await call(lab.api, '/v1/orders', { body: order })).toMatchObject({ status: 200, body: { id } });
  });

  test('a list of subscribers is replaced whole, but for the secrets that it does not name', async () => {
    const id = await holdForNumber();
    const username = await usernameOf(id);
    const subscribers = [{ username, domain: 'sip.example.com', number: '+43720444444' }];
    expect(await lab.mend(id, { subscribers })).toMatchObject({ status: 200 });
    const { changes } = (await lab.journal(id)).find(({ type }) => type === 'mended')!.detail as {
      changes: { path: string }[];
    };
    expect(changes.map(({ path }) => path)).toEqual(['subscribers.s1.number']);
    await lab.act(id, 'retry');
    await lab.until(id, 'completed');
    const made = lab.held().subscribers.find((one) => one.username === username);
    expect(made).toMatchObject({ password: `secret-of-${username}` });
  });

  test('I8 secrets of a mend are nowhere in clear, and are what is sent', async () => {
    const id = await holdForNumber();
    const username = await usernameOf(id);
    const patch = {
      subscribers: { s1: { number: '+43720555555', password: 'Mended-Pw-5501', webPassword: 'Web-Pw-8812' } },
    };
    const answer = await lab.mend(id, patch);
    expect(answer.status).toBe(200);
    const told = JSON.stringify([answer.body, await lab.journal(id), lab.api.logged, await everything()]);
    expect(told).not.toContain('Mended-Pw-5501');
    expect(told).not.toContain('Web-Pw-8812');
    expect(told).not.toContain(`secret-of-${username}`);
    expect((await lab.journal(id)).find(({ type }) => type === 'mended')?.detail).toMatchObject({
      changes: expect.arrayContaining([{ path: 'subscribers.s1.password', secret: true }]),
    });
    await lab.act(id, 'retry');
    await lab.until(id, 'completed');
    expect(lab.held().subscribers.find((one) => one.username === username)).toMatchObject({
      password: 'Mended-Pw-5501',
    });
  });

  test('a secret that is taken away is made up, and fetched like any other', async () => {
    const id = await holdForNumber();
    const username = await usernameOf(id);
    await lab.mend(id, { subscribers: { s1: { number: '+43720666666', password: null } } });
    await lab.act(id, 'retry');
    await lab.until(id, 'completed');
    const credentials = await call(lab.api, `/v1/orders/${id}/credentials`);
    expect(credentials).toMatchObject({ status: 200, body: { subscribers: [{ id: 's1', username }] } });
    const made = lab.held().subscribers.find((one) => one.username === username);
    expect(made).toMatchObject({ password: credentials.body.subscribers[0].password });
  });

  test('an empty patch, or one of what is so already, changes nothing and says nothing', async () => {
    const id = await holdForNumber();
    for (const patch of [{}, { onFailure: 'hold' }, { subscribers: { s1: { number: NUMBER } } }]) {
      expect(await lab.mend(id, patch)).toMatchObject({ status: 200, body: { state: 'held' } });
    }
    expect((await lab.journal(id)).map(({ type }) => type)).not.toContain('mended');
  });

  test('a domain that is not there is named before anything is made, and mended', async () => {
    const before = lab.held();
    const id = await lab.place(lab.order({ subscribers: subscribersOf(['sip.example.com', 'no.example.com']) }));
    const order = await lab.until(id, 'held');
    expect(order.error).toMatchObject({ code: 'TURNUP_REFERENCE_UNKNOWN', step: 'contact' });
    expect(order.error?.detail).toContain('no.example.com');
    expect(lab.held().customercontacts).toEqual(before.customercontacts);
    await lab.mend(id, { subscribers: { s2: { domain: 'sip.example.com' } } });
    await lab.act(id, 'retry');
    await lab.until(id, 'completed');
  });

  test('two mends made from the same state do not overwrite each other', async () => {
    const id = await holdForNumber();
    const content = (await lab.engine.store.content(id))!;
    await lab.mend(id, { subscribers: { s1: { externalId: 'S-first' } } });
    const { common, plan, generated, subscribers, operations, version } = content;
    const stale = await lab.engine.store.mend(id, {
      by: 'operator:late',
      version,
      order: { ...common, subscribers, operations } as never,
      plan,
      generated,
      forgetIntents: [],
      detail: {},
    });
    expect(stale).toEqual({ kind: 'changed' });
    const answers = await Promise.all(
      ['a', 'b', 'c', 'd'].map((end) => lab.mend(id, { subscribers: { s1: { externalId: `S-${end}` } } })),
    );
    const mended = answers.filter(({ status }) => status === 200).length;
    expect(mended).toBeGreaterThan(0);
    expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
    const entries = (await lab.journal(id)).filter(({ type }) => type === 'mended');
    expect(entries).toHaveLength(mended + 1);
    // Each began where the one before had ended.
    const chain = entries.map(({ detail }) => (detail['changes'] as { before?: string; after: string }[])[0]!);
    for (const [at, { before }] of chain.entries()) expect(before).toBe(at === 0 ? undefined : chain[at - 1]!.after);
  });
});

function subscribersOf(domains: readonly string[]): Record<string, unknown>[] {
  return domains.map((domain, at) => ({ username: `d${Date.now()}${at}`, domain, password: 'dom-secret-1' }));
}

describe('what a mend may not', () => {
  test('every fault is told at once, and nothing is changed', async () => {
    const id = await holdForNumber();
    const answer = await lab.mend(id, {
      externalId: 'other',
      target: 'other',
      action: 'modify',
      notBefore: '2030-01-01T00:00:00Z',
      surprise: 1,
      customer: { externalId: 'other', contact: { email: 'not an address', firstName: 'Bea' } },
      subscribers: { s1: { number: 'letters' }, s2: { username: 'new' } },
    });
    expect(answer).toMatchObject({ status: 422, body: { code: 'TURNUP_INVALID_ORDER' } });
    const paths = answer.body.errors.map(({ path }: { path: string }) => path).toSorted();
    expect(paths).toEqual(
      [
        'action',
        'customer.contact.email',
        'customer.contact.firstName',
        'customer.externalId',
        'externalId',
        'notBefore',
        'subscribers',
        'subscribers.0.number',
        'subscribers.1.domain',
        'surprise',
        'target',
      ].toSorted(),
    );
    expect((await lab.journal(id)).map(({ type }) => type)).not.toContain('mended');
  });

  test.each([
    ['the contact, which is done', { customer: { contact: { email: 'other@example.com' } } }, 'customer.contact.email'],
    ['the billing profile, which is done', { customer: { billingProfile: 'default' } }, 'customer.billingProfile'],
    ['an element taken away', { subscribers: { s1: null } }, 'subscribers'],
    ['another id', { subscribers: { s1: { id: 's9' } } }, 'subscribers'],
    ['another step', { subscribers: { s1: { voicemail: { pin: '4711' } } } }, 'subscribers.0'],
    [
      'a null in a list',
      { subscribers: [{ id: 's1', username: 'x', domain: 'sip.example.com', password: null }] },
      'subscribers.0.password',
    ],
    ['__proto__', '{"customer":{"__proto__":{"x":1}}}', 'customer.__proto__'],
  ])('%s is refused with its path', async (what, patch, path) => {
    const id = await holdForNumber();
    const answer = await lab.mend(id, patch);
    expect(answer).toMatchObject({ status: 422, body: { code: 'TURNUP_INVALID_ORDER' } });
    const faults = answer.body.errors as { path: string; message: string }[];
    const wanted = what.includes('is done') ? 'which is done' : '';
    expect(faults).toContainEqual({ path, message: expect.stringContaining(wanted) });
  });

  test('roles, types and states: 401, 403, 404, 409, 415, 422', async () => {
    const id = await holdForNumber();
    const patch = { subscribers: { s1: { number: '+43720777777' } } };
    expect((await lab.mend(id, patch, 'crm')).status).toBe(403);
    expect((await lab.mend(id, patch, 'vera')).status).toBe(403);
    expect((await lab.mend(id, patch, 'shop')).status).toBe(404);
    expect((await lab.mend(id, [])).status).toBe(400);
    const asJson = await call(lab.api, `/v1/orders/${id}`, { token: 'olga', method: 'PATCH', body: patch });
    expect(asJson).toMatchObject({ status: 415, body: { code: 'TURNUP_UNSUPPORTED_MEDIA_TYPE' } });
    expect(asJson.headers.get('accept-patch')).toBe('application/merge-patch+json');
    const done = await lab.place(lab.order());
    await lab.until(done, 'completed');
    expect(await lab.mend(done, patch)).toMatchObject({ status: 409, body: { code: 'TURNUP_STATE_CONFLICT' } });
  });

  test('I3 what may have been made by a write whose reply was lost', async () => {
    lab.simulator.setFaults(
      parseFaultPlan({
        rules: [
          { match: { method: 'POST', path: '/api/subscribers/*' }, fault: 'dropReply', times: 1 },
          { match: { method: 'GET', path: '/api/subscribers/*' }, fault: 'dropRequest' },
        ],
      }),
    );
    const id = await lab.place(lab.order({ deadline: new Date(Date.now() + 1_000).toISOString() }));
    expect(await lab.until(id, 'held')).toMatchObject({ error: { code: 'TURNUP_DEADLINE_PASSED' } });
    const username = await usernameOf(id);
    const answer = await lab.mend(id, { subscribers: { s1: { username: 'somebody-else' } } });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: 'subscribers.0.username' }] } });
    lab.simulator.setFaults({ rules: [] });
    await lab.act(id, 'retry');
    expect((await lab.until(id, 'completed')).steps.at(-1)).toMatchObject({ outcome: 'created' });
    expect(lab.held().subscribers.filter((one) => one.username === username)).toHaveLength(1);
  });

  test('I4 another user name begins anew: who bears it already is adopted, not taken for ours', async () => {
    const customer = { externalId: 'LC-shared', contact: { firstName: 'Ann', email: 'shared@example.com' } };
    const first = await lab.place(lab.order({ customer }, { number: '+43720888888' }));
    await lab.until(first, 'completed');
    const id = await holdForNumber({ customer });
    const patch = { subscribers: { s1: { username: await usernameOf(first), number: '+43720888888' } } };
    expect((await lab.mend(id, patch)).status).toBe(200);
    await lab.act(id, 'retry');
    expect((await lab.until(id, 'completed')).steps.at(-1)).toMatchObject({ outcome: 'adopted' });
  });
});
