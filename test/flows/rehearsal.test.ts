import { describe, expect, it } from 'vitest';
import { redactBody } from '../../flows/rehearsal/redact.ts';
import { rehearseOrder } from '../../flows/rehearsal/rehearse.ts';
import { createStandIns } from '../../flows/rehearsal/stand-ins.ts';
import { TurnupError } from '../../src/errors/index.ts';
import type { Order } from '../../src/orders/model/index.ts';
import type { PlannedStep, Platform, Stage, StepKind } from '../../src/platforms/port.ts';
import { findPlatform } from '../../src/platforms/registry.ts';
import { createWorld, toyPlatform } from '../engine/toy.ts';

const order = (change: Partial<Order> = {}): Order => ({
  externalId: 'CRM-1',
  target: 'lab',
  action: 'provision',
  onFailure: 'hold',
  customer: { externalId: 'C-1', native: {} },
  subscribers: [{ id: 's1', username: 'ann', domain: 'sip.example.com', aliases: [], native: {} }],
  operations: [],
  ...change,
});

const settingsOf = (native: unknown) => ({ native }) as never;

describe('stand-ins', () => {
  it('are told by name wherever they got to, and a secret never', () => {
    const standIns = createStandIns();
    const [one, other, secret] = [standIns.numberFor('id'), standIns.numberFor('id'), standIns.secret()];
    expect(new Set([one, other, secret]).size).toBe(3);
    expect(standIns.tell({ path: `/a/${one}/b`, [`${other}`]: [one, String(secret), secret], not: undefined })).toEqual(
      {
        path: '/a/{id}/b',
        '{id-2}': ['{id}', '***', '***'],
      },
    );
  });

  it('are whole numbers that a double holds and no telephone number is', () => {
    const number = createStandIns().numberFor('id');
    expect(Number.isSafeInteger(number)).toBe(true);
    expect(String(number).length).toBeGreaterThan(15);
    expect(createStandIns().tell(['9007199254000000', 9_007_199_254_000_000])).toEqual([
      '9007199254000000',
      9_007_199_254_000_000,
    ]);
  });
});

it('I8 what a target shows of its own secrets is told by none of its names', () => {
  const body = {
    passwordPortal: 'a',
    nested: { webpassword: 'b', peer_auth_pass: 'c', pinCode: 4711, voiceMailPassword: 12 },
    patch: [
      { op: 'replace', path: '/pin', value: '4711' },
      { op: 'replace', path: '/email', value: 'a@b.c' },
    ],
    passreset_email_template_id: null,
    path: '/pin',
  };
  expect(redactBody(body)).toEqual({
    passwordPortal: '***',
    nested: { webpassword: '***', peer_auth_pass: '***', pinCode: '***', voiceMailPassword: '***' },
    patch: [
      { op: 'replace', path: '/pin', value: '***' },
      { op: 'replace', path: '/email', value: 'a@b.c' },
    ],
    passreset_email_template_id: null,
    path: '/pin',
  });
});

describe('an order without what makes its objects', () => {
  it('is planned as one for a customer that is there', async () => {
    const platform = findPlatform('sipwise')!;
    const plan = await rehearseOrder({ platform, settings: settingsOf({ resellerId: 1 }), order: order() });
    const [contact, customer, subscriber] = plan.steps;
    expect(contact).toMatchObject({ calls: [], undo: [] });
    expect(customer).toMatchObject({ calls: [], undo: [] });
    expect(subscriber!.calls).toMatchObject([{ path: '/api/subscribers/', body: { customer_id: '{customerId}' } }]);
    expect(plan.steps.map(({ note }) => note)).toEqual([undefined, undefined, undefined]);
  });

  it('is planned as one for a subscriber that is there', async () => {
    const platform = findPlatform('sippulse')!;
    const settings = settingsOf(platform.settings.parse({}));
    const number = { cc: '55', ac: '11', sn: '30258080' };
    const [one] = order().subscribers;
    const subscribers = [{ ...one!, number, voicemail: { pin: '4711' } }];
    const plan = await rehearseOrder({ platform, settings, order: order({ subscribers }) });
    const calls = Object.fromEntries(
      plan.steps.map(({ id, calls: made }) => [id, made.map(({ operation }) => operation)]),
    );
    expect(calls).toMatchObject({ 's1.subscriber': [], 's1.numbers': [], 's1.voicemail': ['activateVoicemail'] });
    expect(plan.steps.map(({ note }) => note)).toEqual(plan.steps.map(() => undefined));
  });
});

it('what two subscribers have alike is made, and taken away, once for each', async () => {
  const platform = findPlatform('sippulse')!;
  const [one] = order().subscribers;
  const native = { whiteList: ['5511'], locations: ['sip:gw@192.0.2.10'] };
  const number = { cc: '55', ac: '11', sn: '30258080' };
  const other = { cc: '55', ac: '11', sn: '30258081' };
  const subscribers = [
    { ...one!, native, number },
    { ...one!, id: 's2', username: 'bob', native, number: other },
  ];
  const settings = settingsOf(platform.settings.parse({}));
  const stepsOf = async (customer: Order['customer']) => {
    const { steps } = await rehearseOrder({ platform, settings, order: order({ customer, subscribers }) });
    return Object.fromEntries(steps.map((planned) => [planned.id, planned]));
  };
  const made = await stepsOf({ externalId: 'C-1', contact: { email: 'a@example.com' }, native: {} });
  for (const item of ['s1', 's2']) {
    expect(made[`${item}.whiteList`]).toMatchObject({
      calls: [{ operation: 'insertWhiteList' }],
      undo: [{ body: { whiteListId: `{${item}.whiteListId}` } }, { operation: 'reloadSubscriber' }],
    });
    expect(made[`${item}.locations`]!.undo).toHaveLength(1);
  }
  const there = await stepsOf({ externalId: 'C-1', native: {} });
  for (const planned of Object.values(there)) expect(planned.note).toBeUndefined();
  expect(there['s2.numbers']!.calls).toEqual([]);
});

it('a large order is planned whole', async () => {
  const platform = findPlatform('sippulse')!;
  const [one] = order().subscribers;
  const subscribers = Array.from({ length: 1000 }, (_unused, at) => ({ ...one!, id: `s${at}`, username: `u${at}` }));
  const customer = { externalId: 'C-1', contact: { email: 'a@example.com' }, native: {} };
  const settings = settingsOf(platform.settings.parse({}));
  const { steps } = await rehearseOrder({ platform, settings, order: order({ customer, subscribers }) });
  expect(steps).toHaveLength(3000);
});

describe('a plan', () => {
  it('says so where a platform does not tell its calls', async () => {
    const platform = toyPlatform(createWorld()) as unknown as Platform;
    const plan = await rehearseOrder({ platform, settings: settingsOf({}), order: order() });
    for (const { calls, note } of plan.steps) {
      expect({ calls, note }).toEqual({ calls: [], note: 'the calls of this platform are not told' });
    }
  });

  const step = (kind: string, needs: string[], stepClass: PlannedStep['class']): PlannedStep => ({
    id: kind,
    kind,
    item: null,
    needs,
    class: stepClass,
    title: kind,
  });

  function platformOf(steps: Record<string, Partial<StepKind>>, plan: PlannedStep[]): Platform {
    const kind: StepKind = {
      nature: 'change',
      opensSecrets: false,
      find: async () => ({ state: 'different', before: null }),
      do: async ({ client }) => {
        (client as Stage['record'])({ method: 'PUT', path: '/x' });
        return {};
      },
      undo: async ({ client }) => (client as Stage['record'])({ method: 'DELETE', path: '/x' }),
    };
    const kinds = Object.fromEntries(Object.entries(steps).map(([name, more]) => [name, { ...kind, ...more }]));
    return {
      ...(toyPlatform(createWorld()) as unknown as Platform),
      steps: kinds,
      plan: () => plan,
      rehearse: (_settings, { record }) => record,
    };
  }

  it('names the first step of no return, from which on nothing has an undo', async () => {
    const platform = platformOf({ a: {}, b: {}, c: {} }, [
      step('a', [], 'compensatable'),
      step('b', ['a'], 'pivot'),
      step('c', ['b'], 'retriable'),
    ]);
    const plan = await rehearseOrder({ platform, settings: settingsOf({}), order: order() });
    expect(plan).toMatchObject({ pivot: 'b', steps: [{ undo: [{ method: 'DELETE' }] }, { undo: [] }, { undo: [] }] });
  });

  it('tells what a step cannot know, and goes on', async () => {
    const stop = async () => {
      throw new TurnupError('TURNUP_REFERENCE_UNKNOWN', { detail: 'there is no such thing' });
    };
    const platform = platformOf({ a: { find: stop, undo: stop }, b: {} }, [
      step('a', [], 'compensatable'),
      step('b', ['a'], 'compensatable'),
    ]);
    const plan = await rehearseOrder({ platform, settings: settingsOf({}), order: order() });
    expect(plan.steps[0]).toMatchObject({ calls: [], note: 'there is no such thing; there is no such thing' });
    expect(plan.steps[1]).toMatchObject({ calls: [{ path: '/x' }] });
  });

  it('gives secrets to those steps only that open them', async () => {
    const seen: unknown[] = [];
    const look: StepKind['find'] = async ({ subscriber }) => {
      seen.push(subscriber?.password);
      return { state: 'different', before: null };
    };
    const platform = platformOf({ a: { find: look }, b: { find: look, opensSecrets: true } }, [
      { ...step('a', [], 'compensatable'), item: 's1' },
      { ...step('b', [], 'compensatable'), item: 's1' },
    ]);
    const [one] = order().subscribers;
    await rehearseOrder({
      platform,
      settings: settingsOf({}),
      order: order({ subscribers: [{ ...one!, password: 'x' }] }),
    });
    expect(seen).toEqual([undefined, expect.stringMatching(/^\d{16}$/)]);
  });
});
