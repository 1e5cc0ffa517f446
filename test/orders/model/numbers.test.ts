import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalContent } from '../../../src/orders/model/index.ts';
import { digitsOf, readNumber } from '../../../src/orders/model/numbers.ts';
import { faultsOf, mustParse } from './context.ts';

const order = (target: string, ...numbers: unknown[]): object => ({
  externalId: 'CRM-1',
  target,
  customer: { externalId: 'C-1' },
  subscribers: numbers.map((number, i) => ({ username: `u${i}`, domain: 'd.example', number })),
});

describe('a number', () => {
  it('of a string is cc and sn, or split by the longest area code of the target', () => {
    const read = (target: string, number: string) => mustParse(order(target, number)).subscribers[0]?.number;
    expect(read('graz', '+43987610001')).toEqual({ cc: '43', ac: '', sn: '987610001' });
    expect(read('vienna', '+43987610001')).toEqual({ cc: '43', ac: '', sn: '987610001' });
    expect(read('vienna', '+4319876')).toEqual({ cc: '43', ac: '1', sn: '9876' });
    expect(read('vienna', '+4311876')).toEqual({ cc: '43', ac: '11', sn: '876' });
    expect(read('vienna', '+43720123456')).toEqual({ cc: '43', ac: '720', sn: '123456' });
  });

  it('never loses or gains a digit', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^43[1-9][0-9]{4,10}$/),
        fc.array(fc.stringMatching(/^\+43[0-9]{0,12}$/)),
        (digits, areaCodes) => {
          const { number } = readNumber(`+${digits}`, areaCodes);
          expect(number && digitsOf(number)).toBe(digits);
          expect(number?.cc).toBe('43');
          expect(number?.sn).not.toBe('');
        },
      ),
    );
  });

  it('is not split by an area code of another country, or one that would leave nothing', () => {
    expect(readNumber('+4319876', ['+4319876', '+49', '+4', '+43']).number).toEqual({ cc: '43', ac: '', sn: '19876' });
  });

  it('given in parts is left as it is', () => {
    expect(mustParse(order('vienna', { cc: '43', ac: '', sn: '19876' })).subscribers[0]?.number).toEqual({
      cc: '43',
      ac: '',
      sn: '19876',
    });
    expect(mustParse(order('vienna', { cc: '43', sn: '19876' })).subscribers[0]?.number).toEqual({
      cc: '43',
      ac: '',
      sn: '19876',
    });
    expect(mustParse(order('graz', { cc: '43', ac: '9876', sn: '10001' })).subscribers[0]?.number).toEqual({
      cc: '43',
      ac: '9876',
      sn: '10001',
    });
  });

  it('makes the same content in every form that reads the same, and other content otherwise', () => {
    const content = (number: unknown) => canonicalContent(mustParse(order('vienna', number)));
    expect(content('+4319876')).toBe(content({ sn: '9876', ac: '1', cc: '43' }));
    expect(content('+43987610001')).toBe(content({ cc: '43', sn: '987610001' }));
    expect(content('+4319876')).not.toBe(content({ cc: '43', ac: '', sn: '19876' }));
  });

  it.each<[unknown, RegExp]>([
    ['+43CALLME', /must not hold letters/],
    ['four', /must not hold letters/],
    ['٤٣', /plus and digits/],
    ['043987610001', /plus and digits/],
    ['+43 9876 10001', /plus and digits/],
    ['+43', /too short/],
    ['+', /plus and digits/],
    ['', /plus and digits/],
    ['+999123456', /no known country code/],
    ['+1555', /too short/],
    ['+4312345678901234', /at most 15 digits/],
    ['+49123456789012345678901234567890', /at most 15 digits/],
    ['+5511', /too short/],
    [{ cc: '439', ac: '', sn: '87610001' }, /country code 43/],
    [{ cc: '43', ac: '', sn: '1' }, /too short/],
    [{ cc: '999', sn: '123456' }, /no known country code/],
  ])('%j is refused', (number, message) => {
    const faults = faultsOf(order('vienna', number));
    expect(faults.map(({ path }) => path)).toEqual(['subscribers.0.number']);
    expect(faults[0]?.message).toMatch(message);
  });

  it('that the library would rewrite is refused, and told how it is written', () => {
    expect(readNumber('+430043987610001', []).fault ?? readNumber('+4400442071838750', []).fault).toBeDefined();
  });

  it('in parts is refused by the part that is wrong', () => {
    expect(faultsOf(order('vienna', { cc: '+43', ac: 'x', sn: '', extra: 1 })).map(({ path }) => path)).toEqual([
      'subscribers.0.number.cc',
      'subscribers.0.number.ac',
      'subscribers.0.number.sn',
      'subscribers.0.number.extra',
    ]);
  });

  it.each([5, [], true])('%j is refused as of a wrong type', (number) => {
    expect(faultsOf(order('vienna', number))).toEqual([
      { path: 'subscribers.0.number', message: 'must be a string or an object' },
    ]);
  });

  it('occurs once in an order, in whatever form', () => {
    const input = {
      ...order('vienna', '+4319876', { cc: '43', ac: '', sn: '19876' }, '+43987610001'),
    } as { subscribers: Record<string, unknown>[] };
    input.subscribers[2]!['aliases'] = [
      { cc: '43', ac: '19', sn: '876' },
      '+43987610001',
      '+43987610002',
      '+43987610002',
    ];
    expect(faultsOf(input)).toEqual([
      { path: 'subscribers.1.number', message: 'is the same number as subscribers.0.number' },
      { path: 'subscribers.2.aliases.0', message: 'is the same number as subscribers.0.number' },
      { path: 'subscribers.2.aliases.1', message: 'is the same number as subscribers.2.number' },
      { path: 'subscribers.2.aliases.3', message: 'is the same number as subscribers.2.aliases.2' },
    ]);
  });
});
