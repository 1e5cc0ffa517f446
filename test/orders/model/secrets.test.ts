import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canonicalContent,
  generateMissing,
  joinSecrets,
  passwordPath,
  splitSecrets,
} from '../../../src/orders/model/index.ts';
import { anyOrder, provisionOrder } from './arbitraries.ts';
import { mustParse } from './context.ts';

const NATIVE = [
  'customer.native.key',
  'subscribers.*.native.sip.secret',
  'subscribers.*.native.pins.*',
  'subscribers.*.preferences.peer_auth_pass',
  'operations.*.args.password',
];

const order = () =>
  mustParse({
    externalId: 'CRM-1',
    target: 'graz',
    customer: { externalId: 'C-1', native: { key: 'secret-1', open: 'seen' } },
    subscribers: [
      {
        id: 'a',
        username: 'a',
        domain: 'd',
        password: 'secret-2',
        webPassword: 'secret-3',
        voicemail: { pin: '47110815', email: 'a@b.example' },
      },
      {
        id: 'b',
        username: 'b',
        domain: 'd',
        preferences: { peer_auth_pass: 'secret-4', cli: '43' },
        native: {
          sip: { secret: { nested: 'secret-5' } },
          pins: ['secret-6', 7, { 'with.dot': 'secret-8' }],
          other: 'seen',
        },
      },
    ],
    operations: [{ id: 'op', service: 's', operation: 'o', args: { password: 'secret-9', user: 'seen' } }],
  });

describe('I8 secrets of an order', () => {
  it('are taken out of its body, and nothing else is', () => {
    const { body, secrets } = splitSecrets(order(), NATIVE);
    expect(JSON.stringify(body)).not.toMatch(/secret-|47110815/);
    expect(JSON.stringify(body).match(/seen/g)).toHaveLength(3);
    expect(body.subscribers[0]?.voicemail).toEqual({ email: 'a@b.example' });
    expect(secrets).toEqual({
      'subscribers.a.password': 'secret-2',
      'subscribers.a.webPassword': 'secret-3',
      'subscribers.a.voicemail.pin': '47110815',
      'customer.native.key': 'secret-1',
      'subscribers.b.native.sip.secret#json': '{"nested":"secret-5"}',
      'subscribers.b.native.pins.0': 'secret-6',
      'subscribers.b.native.pins.1#json': '7',
      'subscribers.b.native.pins.2#json': '{"with.dot":"secret-8"}',
      'subscribers.b.preferences.peer_auth_pass': 'secret-4',
      'operations.op.args.password': 'secret-9',
    });
  });

  it('come back to where they were', () => {
    const { body, secrets } = splitSecrets(order(), NATIVE);
    expect(joinSecrets(body, secrets)).toEqual(order());
    expect(JSON.stringify(body)).not.toContain('secret-');
  });

  it('come back only for the item that is asked for', () => {
    const { body, secrets } = splitSecrets(order(), NATIVE);
    const found = (item: string | null) =>
      [...JSON.stringify(joinSecrets(body, secrets, item)).matchAll(/secret-(\d)/g)].map((match) => match[1]);
    expect(found('a')).toEqual(['2', '3']);
    expect(new Set(found('b'))).toEqual(new Set(['4', '5', '6', '8']));
    expect(found('op')).toEqual(['9']);
    expect(found(null)).toEqual(['1']);
    expect(found('nobody')).toEqual([]);
  });

  it('of a subscriber that the order no longer has are passed over', () => {
    const { body, secrets } = splitSecrets(order(), NATIVE);
    expect(joinSecrets({ ...body, subscribers: [], operations: [] }, secrets)).toMatchObject({
      subscribers: [],
      operations: [],
    });
  });

  it('are never in the body of any order, and any order comes back whole', () => {
    fc.assert(
      fc.property(anyOrder, (posted) => {
        const marked = structuredClone(posted) as { subscribers?: Record<string, unknown>[] };
        for (const subscriber of marked.subscribers ?? []) {
          if (subscriber['password']) subscriber['password'] = 'MARK-password';
          if (subscriber['webPassword']) subscriber['webPassword'] = 'MARK-web';
          const voicemail = subscriber['voicemail'] as { pin?: string } | null | undefined;
          if (voicemail?.pin) voicemail.pin = '99999999999999';
          subscriber['native'] = { 'MARK.key': 'MARK-native', list: ['MARK-list'] };
        }
        const parsed = mustParse(marked);
        const { body, secrets } = splitSecrets(parsed, ['subscribers.*.native.*']);
        expect(JSON.stringify(body)).not.toMatch(/MARK-|99999999999999/);
        expect(canonicalContent(joinSecrets(body, JSON.parse(JSON.stringify(secrets)) as typeof secrets))).toBe(
          canonicalContent(parsed),
        );
      }),
    );
  });

  it('are part of the content', () => {
    const other = structuredClone(order());
    (other.subscribers[0] as { password: string }).password = 'secret-x';
    expect(canonicalContent(other)).not.toBe(canonicalContent(order()));
  });
});

describe('generated passwords', () => {
  it('are made for every subscriber to be provisioned that has none, and for no other', () => {
    fc.assert(
      fc.property(provisionOrder, (posted) => {
        const parsed = mustParse(posted);
        let count = 0;
        const generated = generateMissing(parsed, () => `generated-${count++}`);
        const whole = joinSecrets(parsed, generated);
        for (const [index, subscriber] of parsed.subscribers.entries()) {
          expect(whole.subscribers[index]?.password).toBe(
            subscriber.password ?? generated[passwordPath(subscriber.id)],
          );
          expect(whole.subscribers[index]?.password).toBeDefined();
        }
        expect(new Set(Object.values(generated)).size).toBe(count);
      }),
    );
  });

  it('are not made for other actions', () => {
    const modify = mustParse({
      externalId: 'X',
      target: 'graz',
      action: 'modify',
      customer: { externalId: 'C' },
      subscribers: [{ username: 'a', domain: 'b', number: null }],
    });
    expect(generateMissing(modify, () => 'x')).toEqual({});
  });
});
