import { describe, expect, it } from 'vitest';
import { faultsOf } from './context.ts';
import { FAULTY_ORDERS } from './faulty-orders.ts';
import { base, withSubscriber } from './samples.ts';

describe('I12 a faulty order', () => {
  it('gets every fault at once, shape and rules, also when its action is wrong', () => {
    const faults = faultsOf({
      externalId: '',
      action: 'explode',
      onFailure: 7,
      surplus: true,
      deadline: '2020-01-01T00:00:00Z',
      notBefore: 'tomorrow',
      customer: { contact: { country: 'Austria', email: 'nobody', surplus: 1 } },
      subscribers: [
        { id: 'Bad Id', username: 'john', domain: 'sip.example.com', number: '+43987610001', password: '' },
        { username: 'JOHN', domain: 'SIP.example.com', number: 'call me', aliases: [{ cc: '43', sn: '987610001' }, 5] },
        'not a subscriber',
        {
          username: 'x',
          domain: 'y',
          callForwards: { busy: { destinations: [{ to: 'nowhere' }], ringTimeout: 5 }, never: {} },
        },
      ],
    });
    expect(faults.map(({ path }) => path).toSorted()).toEqual(
      [
        'action',
        'customer.contact.country',
        'customer.contact.email',
        'customer.contact.surplus',
        'customer.externalId',
        'deadline',
        'externalId',
        'notBefore',
        'onFailure',
        'subscribers.0.id',
        'subscribers.0.password',
        'subscribers.1.aliases.0',
        'subscribers.1.aliases.1',
        'subscribers.1.number',
        'subscribers.1.username',
        'subscribers.2',
        'subscribers.3.callForwards.busy.destinations.0.to',
        'subscribers.3.callForwards.busy.ringTimeout',
        'subscribers.3.callForwards.never',
        'surplus',
        'target',
      ].toSorted(),
    );
  });

  it.each(FAULTY_ORDERS)('with %s is refused with its path', (_name, input, path, message) => {
    const faults = faultsOf(input);
    expect(faults.map((fault) => fault.path)).toEqual([path]);
    expect(faults[0]?.message).toMatch(message);
  });

  it('never has a secret quoted', () => {
    const secret = 'hunter2\u0000';
    const input = {
      ...base(),
      subscribers: [
        {
          username: 'a',
          domain: 'b',
          password: secret,
          webPassword: [secret],
          voicemail: { pin: secret },
          native: { key: secret },
        },
      ],
    };
    expect(faultsOf(input).length).toBeGreaterThan(3);
    expect(JSON.stringify(faultsOf(input))).not.toContain('hunter2');
  });

  it('gets an answer of bounded size, however hostile it is', () => {
    const name = 'x'.repeat(200_000);
    const members = Object.fromEntries(Array.from({ length: 60_000 }, (_, i) => [`member${i}`, 0]));
    const hostile: unknown[] = [
      { [name]: Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`k${i}`, '\u0000'])) },
      { ...base(), ...members },
      { ...base(), subscribers: Array.from({ length: 90_000 }, () => 0) },
      { ...base(), subscribers: Array.from({ length: 200_000 }, () => 0) },
      {
        ...base(),
        subscribers: Array.from({ length: 20_000 }, (_, i) => (i < 10_000 ? { id: `s${i + 10_001}` } : {})),
      },
      withSubscriber({ aliases: Array.from({ length: 50_000 }, () => '+43987610001') }),
    ];
    for (const input of hostile) {
      const faults = faultsOf(input);
      expect(faults.length).toBeGreaterThan(0);
      expect(faults.length).toBeLessThanOrEqual(1001);
      expect(JSON.stringify(faults).length).toBeLessThan(1 << 20);
    }
  });
});
