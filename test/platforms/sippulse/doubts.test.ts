import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { OrderContent, StepContext } from '../../../src/platforms/port.ts';
import { sippulse } from '../../../src/platforms/sippulse/index.ts';
import { operationSteps, planOperations } from '../../../src/platforms/sippulse/operations/index.ts';
import type { SippulseClient } from '../../../src/platforms/sippulse/types.ts';
import type { Simulator, SippulseOptions } from '../../../src/simulators/index.ts';
import { createDriver, type Driver, type RunRecord } from '../driver.ts';
import { fullOrder, settings, start, stateOf } from './fixture.ts';
import { failure } from '../../setup/failure.ts';
import {
  bound,
  breakdown,
  createFrontOf,
  fault,
  forwarded,
  operationOf,
  response,
  type Answer,
  type Sent,
} from './lab.ts';
import { orderOf } from './operations-lab.ts';
import { order, subscriber } from './orders.ts';

/* What an answer that says little must not be taken for. */

const DOMAIN = 'sip.example.com';

let simulator: Simulator;
let driver: Driver;
let own: (sent: Sent) => Answer | Promise<Answer> | null;
let others: SippulseClient;
let serial = 0;
const nextKey = (): string => `turnup:doubts-${++serial}:1`;
const closers: (() => Promise<void>)[] = [];

async function open(options: SippulseOptions = {}): Promise<void> {
  simulator = await start(options);
  const front = await createFrontOf(simulator.url, (sent) => own(sent));
  const connection = sippulse.connect(settings(front.url), { get: async () => null, forget: async () => {} });
  closers.push(
    () => connection.close(),
    () => simulator.close(),
  );
  driver = createDriver(
    {
      ...sippulse,
      plan: (content) => (content.operations.length > 0 ? planOperations(content) : sippulse.plan(content)),
    },
    connection,
  );
  others = bound(simulator.url).client;
}

/** Answers the calls of an operation so, as often as told. */
function answerWith(operation: string, answer: Answer, times = Infinity): void {
  let left = times;
  own = (sent) => (operationOf(sent) === operation && left-- > 0 ? answer : null);
}

const quiet = (): void => {
  own = () => null;
};
quiet();
afterAll(async () => {
  for (const close of closers) await close();
});
beforeEach(quiet);

const state = () => stateOf(simulator);
const stepOf = (content: OrderContent, id: string) =>
  (content.operations.length > 0 ? planOperations(content) : sippulse.plan(content)).find((one) => one.id === id)!;

function undo(content: OrderContent, id: string, record: RunRecord, key: string): Promise<void> {
  const step = stepOf(content, id);
  const { outcome, result } = record.get(id)!;
  const ctx = driver.contextOf(content, step, record, key) as StepContext<SippulseClient>;
  const kind = sippulse.steps[step.kind] ?? operationSteps[step.kind];
  return kind!.undo({ ...ctx, done: { outcome: outcome!, result } });
}

const make = (username: string) => driver.run(order([subscriber({ username, aliases: [] })]), nextKey());

describe.each([{}, { absent: 'fault' }] as const)('a server that is %o', (options) => {
  beforeAll(() => open(options));
  beforeEach(() => {
    simulator.reset();
  });

  describe.each([
    ['a server that broke down', breakdown],
    ['a fault that comes once', fault('deadlock')],
  ])('I4 %s', (_, answer) => {
    const whole = fullOrder();
    const first = whole.subscribers[0]!;
    const changed: OrderContent = {
      ...whole,
      externalId: 'changed',
      subscribers: [
        {
          ...first,
          callForwards: { busy: { destinations: [{ to: 'sip:x@example.com' }] } },
          preferences: {
            callLimit: 9,
            bossSecretary: 'x',
            dailyQuota: false,
            monthlyQuota: true,
            monthlyQuotaLimit: 5,
            monthlyQuotaType: 'V',
          },
          voicemail: { pin: '9999' },
          native: {},
        },
      ],
    };
    const ask = {
      subscriber: 'retrieveSubscriber',
      callForwards: 'retrieveSubscriberClassV',
      preferences: 'retrieveSubscriber',
      quotas: 'retrieveDailyQuota',
      voicemail: 'retrieveSubscriber',
    };

    test('is no subscriber that is gone: undo of it does not succeed and leave it', async () => {
      const content = order([subscriber({ aliases: [] })]);
      const key = nextKey();
      const record = await driver.run(content, key);
      answerWith('retrieveSubscriber', answer, 1);
      await undo(content, 's1.subscriber', record, key).catch(() => undefined);
      const left = (await state())['subscribers']!.length;
      // Either it is taken away, or somebody is told.
      if (left > 0) {
        answerWith('retrieveSubscriber', answer, 1);
        expect(await failure(undo(content, 's1.subscriber', record, key))).toMatchObject({ class: 'transient' });
      }
      quiet();
      await undo(content, 's1.subscriber', record, key);
      expect((await state())['subscribers']).toEqual([]);
    });

    test.each(['callForwards', 'preferences', 'quotas', 'voicemail'] as const)(
      'is no reason to leave %s as they are',
      async (kind) => {
        for (const username of ['boss', 'chief']) await make(username);
        await driver.run(whole, nextKey());
        const before = (await state())['subscribers'];
        const key = nextKey();
        const record: RunRecord = new Map();
        for (const id of ['reseller', 's1.subscriber', `s1.${kind}`]) {
          await driver.perform(changed, stepOf(changed, id), record, key);
        }
        expect(record.get(`s1.${kind}`)).toMatchObject({ outcome: 'changed' });
        answerWith(ask[kind], answer, 1);
        await undo(changed, `s1.${kind}`, record, key).catch((error: unknown) => {
          expect(error).toMatchObject({ class: 'transient' });
          quiet();
          return undo(changed, `s1.${kind}`, record, key);
        });
        expect((await state())['subscribers']).toEqual(before);
      },
    );

    test('is no account group that is empty', async () => {
      await make('boss');
      const content = order([subscriber({ aliases: [] })], {
        native: { accountGroup: { accountManager: `boss@${DOMAIN}`, managerProfile: 'default' } },
      });
      const key = nextKey();
      const record = await driver.run(content, key);
      answerWith('retrieveAccountGroup', answer, 1);
      await undo(content, 's1.accountGroup', record, key).catch(() => undefined);
      quiet();
      await undo(content, 's1.accountGroup', record, key);
      expect((await state())['accountGroups']).toEqual([]);
    });
  });

  test('I4 a reload after a removal is made however often the server breaks down', async () => {
    const content = order([subscriber({ aliases: [] })]);
    const key = nextKey();
    const record = await driver.run(content, key);
    answerWith('reloadSubscriber', breakdown, 3);
    await failure(undo(content, 's1.subscriber', record, key));
    quiet();
    await undo(content, 's1.subscriber', record, key);
    expect((await state())['unreloaded']).toEqual([]);
  });

  test('a class V record that is empty is that of a subscriber with none', async () => {
    await make('ana');
    answerWith('retrieveSubscriberClassV', response('retrieveSubscriberClassV'));
    const subscriberArgs = { username: 'ana', domain: DOMAIN, callGroup: 'sales' };
    const content = orderOf('SubscriberWS', 'updateSubscriberClassV', { subscriber: subscriberArgs });
    const record: RunRecord = new Map();
    await driver.run(content, nextKey(), record);
    expect(record.get('o1.updateSubscriberClassV')).toMatchObject({ outcome: 'changed' });
    const wanted = order([subscriber({ aliases: [], preferences: { callGroup: 'sales' } })]);
    const { username } = wanted.subscribers[0]!;
    await driver.run(wanted, nextKey());
    const all = (await state())['subscribers']!.filter((one) => ['ana', username].includes(String(one['username'])));
    expect(all).toHaveLength(2);
    for (const one of all) expect(one).toMatchObject({ callGroup: 'sales' });
    const nobody = orderOf('SubscriberWS', 'updateSubscriberClassV', {
      subscriber: { ...subscriberArgs, username: 'nobody' },
    });
    quiet();
    expect(await failure(driver.run(nobody, nextKey()))).toMatchObject({ code: 'TURNUP_REFERENCE_UNKNOWN' });
  });
});

describe('a password that is not told', () => {
  beforeAll(() => open({ without: ['retrievePasswordWEB'] }));
  beforeEach(() => {
    simulator.reset();
  });

  const callLimit = (username: string) =>
    orderOf('SubscriberWS', 'updateSubscriber', { subscriber: { username, domain: DOMAIN, callLimit: 9 } });

  test.each([
    ['of the portal, where no call tells it', () => {}, 'portal password'],
    ['', () => answerWith('retrievePassword', response('retrievePassword')), 'the password'],
  ])('%s is not taken away by an update', async (_, prepare, what) => {
    await make('ana');
    const before = await state();
    prepare();
    expect(await failure(driver.run(callLimit('ana'), nextKey()))).toMatchObject({
      code: 'TURNUP_TARGET_REJECTED',
      class: 'rejected',
      detail: expect.stringContaining(what),
    });
    const { username: _username, ...one } = subscriber({ aliases: [] });
    const adopted = order([{ ...one, username: 'bea' }]);
    quiet();
    await driver.run(adopted, nextKey());
    prepare();
    const changed = { ...adopted, subscribers: [{ ...adopted.subscribers[0]!, preferences: { callLimit: 9 } }] };
    expect(await failure(driver.run(changed, nextKey()))).toMatchObject({ code: 'TURNUP_TARGET_REJECTED' });
    const after = (await state())['subscribers']!;
    expect(after.find(({ username }) => username === 'ana')).toEqual(before['subscribers']![0]);
    expect(after.find(({ username }) => username === 'bea')).toMatchObject({ passwordPortal: expect.any(String) });
  });

  test('of the portal is not replaced either, since undo could not bring it back', async () => {
    await make('ana');
    const subscriberArgs = { username: 'ana', domain: DOMAIN, callLimit: 9, passwordPortal: 'new-portal-7' };
    expect(
      await failure(driver.run(orderOf('SubscriberWS', 'updateSubscriber', { subscriber: subscriberArgs }), nextKey())),
    ).toMatchObject({ code: 'TURNUP_TARGET_REJECTED' });
  });
});

describe('an id that an answer lacks', () => {
  beforeAll(() => open());
  beforeEach(() => {
    simulator.reset();
  });

  const reseller = { name: 'R', manager: 'M', email: 'm@example.com', username: 'm', password: 'Rs9-kq!vB72mm' };
  const resold = () => order([subscriber({ aliases: [] })], { native: { reseller } });

  /** What the server answers to one operation, in other words. */
  function rephrase(operation: string, change: (body: string) => string): void {
    own = (sent) =>
      operationOf(sent) === operation
        ? forwarded(simulator.url, sent).then((answer) => ({ ...answer, body: change(answer.body) }))
        : null;
  }

  test('I4 a reseller is known by its name, given its subscribers and taken away again', async () => {
    rephrase('insertReseller', (body) => body.replaceAll('resellerId', 'id'));
    const content = resold();
    const key = nextKey();
    const record = await driver.run(content, key);
    const { resellers, subscribers } = await state();
    expect(record.get('reseller')).toMatchObject({ outcome: 'created', result: { resellerId: resellers![0]!['id'] } });
    expect(subscribers).toMatchObject([{ resellerId: resellers![0]!['id'] }]);
    // A result of an earlier version.
    record.get('reseller')!.result = { resellerId: null };
    await driver.undo(content, key, record);
    expect((await state())['resellers']).toEqual([]);
  });

  test('a subscriber is not made without the reseller that the order names', async () => {
    const content = resold();
    const record: RunRecord = new Map([
      ['reseller', { intent: null, outcome: 'created', result: { resellerId: null }, attempts: 1 }],
    ]);
    await failure(driver.attempt(content, stepOf(content, 's1.subscriber'), record, nextKey()));
    expect((await state())['subscribers']).toEqual([]);
  });

  test('two resellers of one name are told, by the credit of one too', async () => {
    for (const username of ['a', 'b']) {
      await others.write('ResellerWS', 'insertReseller', { reseller: { ...reseller, username, domain: DOMAIN } });
    }
    const credit = orderOf('ResellerWS', 'addResellerCredit', { resellerName: 'R', domain: DOMAIN, value: 5 });
    for (const content of [resold(), credit]) {
      expect(await failure(driver.run(content, nextKey()))).toMatchObject({ code: 'TURNUP_OBJECT_AMBIGUOUS' });
    }
    expect((await state())['resellerCreditTransactions'] ?? []).toEqual([]);
  });

  test('I4 an alias is not removed by an id that is its subscriber’s', async () => {
    await make('ana');
    const id = Number((await state())['subscribers']![0]!['id']);
    rephrase('insertDBAliases', (body) => body.replace(/<id>\d+<\/id>/, `<id>${id}</id>`));
    const dbAliases = { username: 'ana', domain: DOMAIN, aliasUsername: 'anita', aliasDomain: DOMAIN };
    const content = orderOf('SubscriberWS', 'insertDBAliases', { dbAliases });
    const key = nextKey();
    const record = await driver.run(content, key);
    expect(record.get('o1.insertDBAliases')).toMatchObject({ outcome: 'created', result: { aliasId: null } });
    expect(await failure(undo(content, 'o1.insertDBAliases', record, key))).toMatchObject({ class: 'conflict' });
  });

  test('I4 an alias that the platform keeps refusing to remove is not taken for removed', async () => {
    await make('ana');
    const dbAliases = { username: 'ana', domain: DOMAIN, aliasUsername: 'anita', aliasDomain: DOMAIN };
    const content = orderOf('SubscriberWS', 'insertDBAliases', { dbAliases });
    const key = nextKey();
    const record = await driver.run(content, key);
    answerWith('deleteDBAliases', fault('no'));
    expect(await failure(undo(content, 'o1.insertDBAliases', record, key))).toMatchObject({ class: 'conflict' });
    expect((await state())['dbAliases']).toHaveLength(1);
  });
});

describe('two orders that change one subscriber at the same time', () => {
  beforeAll(() => open());

  test('do not write over each other', async () => {
    simulator.reset();
    await make('ana');
    const user = { username: 'ana', domain: DOMAIN };
    const orders = [
      orderOf('SubscriberWS', 'updateSubscriber', { subscriber: { ...user, callLimit: 9 } }),
      orderOf('SubscriberWS', 'updateSubscriber', { subscriber: { ...user, rings: 55 } }),
      orderOf('SubscriberWS', 'blockOutgoingCalls', user),
      orderOf('SubscriberWS', 'changePassword', { ...user, newPassword: 'other-kq!vB72mm' }),
      orderOf('SubscriberWS', 'changeProfile', { ...user, newProfileId: 13 }),
    ];
    // Slow enough to be in each other's way.
    own = (sent) =>
      operationOf(sent) === 'updateSubscriber' ? pause(150).then(() => forwarded(simulator.url, sent)) : null;
    await Promise.all(orders.map((content) => driver.run(content, nextKey())));
    expect((await state())['subscribers']).toMatchObject([
      { callLimit: 9, rings: 55, activeOutgoingCalls: false, password: 'other-kq!vB72mm', profile: 'business' },
    ]);
  });

  const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));
});
