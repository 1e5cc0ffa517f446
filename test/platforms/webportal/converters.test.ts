import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/platforms/port.ts';
import {
  converterNamed,
  type Converter,
  type ConverterContext,
} from '../../../src/platforms/webportal/profile/converters.ts';
import { datePatternFault, readDate, writeDate } from '../../../src/platforms/webportal/profile/dates.ts';
import { parsePointer, pointerText, readAt, writeAt } from '../../../src/platforms/webportal/profile/pointer.ts';
import { decode, encode } from '../../../src/platforms/webportal/wire/codec.ts';
import { fromWire, isSame, toWire, valueFault } from '../../../src/platforms/webportal/wire/values.ts';

const context: ConverterContext = {
  dates: "yyyy-MM-dd'T'HH:mm:ssXXX",
  countryCode: '39',
  values: { barring: { none: '0', some: 1, all: 'X' } },
};

const named = (name: string, more: Partial<ConverterContext> = {}): Converter => {
  const converter = converterNamed(name, { ...context, ...more });
  if (typeof converter === 'string') throw new Error(converter);
  return converter;
};

const digits = (min: number, max: number) => fc.stringMatching(new RegExp(`^\\d{${min},${max}}$`));
const number = fc.tuple(fc.integer({ min: 1, max: 9 }), digits(4, 13)).map(([first, rest]) => `+${first}${rest}`);
const home = digits(4, 12).map((rest) => `+39${rest}`);
const text = fc.string({ minLength: 1, unit: 'grapheme' });
const seconds = fc
  .date({ min: new Date(0), max: new Date('2999-12-31'), noInvalidDate: true })
  .map((date) => new Date(Math.floor(date.getTime() / 1000) * 1000).toISOString());

/** What each converter takes. */
const TAKEN: readonly [name: string, values: fc.Arbitrary<Json>][] = [
  ['text', text],
  ['xml-text', text],
  ['upper', text.map((one) => one.toUpperCase())],
  ['lower', text.map((one) => one.toLowerCase())],
  ['number', fc.double({ noNaN: true, noDefaultInfinity: true }).map((one) => one + 0)],
  ['e164', number],
  ['digits', number],
  ['national', home],
  ['date', seconds],
  ['enum:barring', fc.constantFrom('none', 'some', 'all')],
  ['bool', fc.boolean()],
  ['bool:S/N', fc.boolean()],
];

describe.each(TAKEN)('%s', (name, values) => {
  const converter = named(name);

  it('brings back what it sent', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(converter.fault(value)).toBeNull();
        expect(converter.in(converter.out(value))).toEqual(value);
      }),
    );
  });

  it('never throws on what a portal may answer', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (wire) => {
        expect(['string', 'number', 'boolean', 'undefined']).toContain(typeof converter.in(wire));
      }),
    );
  });

  it('takes nothing for an empty text or null', () => {
    expect([converter.in(''), converter.in(null), converter.in(undefined)]).toEqual([undefined, undefined, undefined]);
  });
});

describe('telephone numbers', () => {
  it('keep the zero that Italian numbers begin with', () => {
    expect(named('national').out('+390612345678')).toBe('0612345678');
    expect(named('national').in('0612345678')).toBe('+390612345678');
  });

  it('are one number however a portal writes them', () => {
    for (const wire of ['+39 06 1234-5678', '+390612345678', '+39 (06) 12345678']) {
      expect(named('national').in(wire)).toBe('+390612345678');
      expect(named('e164').in(wire)).toBe('+390612345678');
    }
    expect(named('e164').in('00390612345678')).toBe('+390612345678');
    expect(named('digits').in(390612345678)).toBe('+390612345678');
  });

  it('of another country cannot be sent without it', () => {
    expect(named('national').fault('+43198765')).toMatch(/\+39/);
    expect(named('national').fault('+39')).not.toBeNull();
    expect(named('e164').fault('06 1234')).not.toBeNull();
  });
});

describe('words', () => {
  it('that the portal does not know cannot be sent, and ones we do not know are none', () => {
    expect(named('enum:barring').fault('most')).toMatch(/none, some, all/);
    expect(named('enum:barring').in('?')).toBeUndefined();
    expect(named('enum:barring').in('1')).toBe('some');
    expect(named('bool:S/N').in('?')).toBeUndefined();
    expect(named('bool:S/N').fault('S')).not.toBeNull();
  });
});

describe('dates', () => {
  const PATTERNS = ['yyyy-MM-dd', 'dd/MM/yyyy HH:mm:ss', "yyyyMMdd'T'HHmmss.SSSXXX", "dd.MM.yyyy 'ore' HH:mm"];

  it.each(PATTERNS)('by %s are read as they are written', (pattern) => {
    expect(datePatternFault(pattern)).toBeNull();
    fc.assert(
      fc.property(seconds, (iso) => {
        const written = writeDate(iso, pattern);
        const back = readDate(written, pattern);
        expect(back).not.toBeNull();
        expect(writeDate(back!, pattern)).toBe(written);
      }),
    );
  });

  it('with an offset are told in UTC', () => {
    expect(readDate('2026-06-01T10:00:00+02:00', context.dates)).toBe('2026-06-01T08:00:00.000Z');
  });

  it('that no calendar has are none', () => {
    expect(readDate('2026-02-31', 'yyyy-MM-dd')).toBeNull();
    expect(readDate('2026-02', 'yyyy-MM-dd')).toBeNull();
    expect(readDate('yesterday', 'yyyy-MM-dd')).toBeNull();
  });

  it.each(['yyyy-MM', 'YYYY-MM-dd', 'yyyy-MM-dd x', ''])('a pattern such as "%s" is refused', (pattern) => {
    expect(datePatternFault(pattern)).not.toBeNull();
  });
});

describe('pointers', () => {
  const step = fc
    .string({ minLength: 1 })
    .filter((one) => !['__proto__', 'prototype', 'constructor'].includes(one) && !/^\d+$/.test(one));

  it('read what was put there, and are read as they were written', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 4 }), fc.jsonValue(), (steps, value) => {
        expect(parsePointer(pointerText(steps))).toEqual(steps);
        expect(readAt(writeAt({}, steps, value), steps)).toEqual(value);
      }),
    );
  });

  it('never reach what a document does not have itself', () => {
    for (const path of ['/toString', '/constructor/name', '/length', '/0/x']) {
      expect(readAt({}, parsePointer(path))).toBeUndefined();
      expect(readAt([], parsePointer(path))).toBeUndefined();
    }
  });

  it('make lists where a step is a number', () => {
    expect(writeAt({}, parsePointer('/a/0/b'), 1)).toEqual({ a: [{ b: 1 }] });
  });
});

describe('fields', () => {
  const field = (as: string, more = {}) => ({
    name: 'x',
    at: ['x'],
    converter: named(as),
    list: null,
    empty: null,
    required: false,
    max: null,
    isSecret: false,
    ...more,
  });

  it('with several numbers go as a list or as one text', () => {
    const numbers = ['+390611', '+390622'];
    expect(toWire(field('national', { list: true }), numbers)).toEqual(['0611', '0622']);
    expect(toWire(field('national', { list: ';' }), numbers)).toBe('0611;0622');
    expect(fromWire(field('national', { list: ';' }), '0611;0622')).toEqual(numbers);
    expect(isSame(field('national', { list: ';' }), ['+390622', '+390611'], { x: '0611;0622' })).toBe(true);
    expect(isSame(field('national', { list: true }), ['+390611'], { x: ['0611', '0622'] })).toBe(false);
    expect(isSame(field('national', { list: true }), [], { x: null })).toBe(true);
  });

  it('are emptied by the portal’s word for it', () => {
    expect(toWire(field('text', { empty: '-' }), null)).toBe('-');
    expect(isSame(field('text', { empty: '-' }), null, { x: '-' })).toBe(true);
    expect(isSame(field('bool:S/N', { empty: 'N' }), false, { x: 'N' })).toBe(true);
    expect(isSame(field('bool:S/N', { empty: 'N' }), true, { x: 'N' })).toBe(false);
  });

  it('that are too long, or would break their list, are refused', () => {
    expect(valueFault(field('text', { max: 3 }), 'abcd')).toMatch(/at most 3/);
    expect(valueFault(field('text', { list: ';' }), ['a;b'])).toMatch(/must not hold/);
    expect(valueFault(field('text', { list: true }), 'a')).toMatch(/list/);
    expect(() => toWire(field('e164'), 'nonsense')).toThrow(/E.164/);
  });
});

describe('bodies', () => {
  it('of a form have the first level only, lists repeated', () => {
    expect(encode({ a: 'x y', b: ['1', '2'], c: null }, 'form')).toBe('a=x+y&b=1&b=2&c=');
  });

  it('in XML are read as they are written', () => {
    const name = fc.stringMatching(/^[a-z]{1,6}$/);
    const leaf = fc.stringMatching(/^[^\s<>\p{Cc}\p{Cn}]{1,20}$/u);
    const document = fc.dictionary(name, fc.oneof(leaf, fc.dictionary(name, leaf, { minKeys: 1 })), { minKeys: 1 });
    fc.assert(
      fc.property(name, document, (root, members) => {
        const plain = JSON.parse(JSON.stringify({ [root]: members })) as unknown;
        expect(decode(encode(plain, 'xml'))).toEqual(plain);
      }),
    );
  });

  it('in XML tell lists, attributes and text', () => {
    expect(decode('<?xml version="1.0"?><r xmlns="urn:x" n="1"><s:a xmlns:s="urn:y">1</s:a><a>2</a><b/></r>')).toEqual({
      r: { '@n': '1', a: ['1', '2'], b: '' },
    });
    expect(encode({ r: { '@n': '1', a: ['1', '<2>'] } }, 'xml')).toContain('<r n="1"><a>1</a><a>&lt;2&gt;</a></r>');
  });

  it.each([
    ['a document type', '<!DOCTYPE r [<!ENTITY x "y">]><r>&x;</r>'],
    ['an entity of its own', '<r>&x;</r>'],
    ['half a document', '<r><a>1</a>'],
    ['too many levels', `${'<a>'.repeat(40)}${'</a>'.repeat(40)}`],
  ])('in XML with %s are not read', (_what, xml) => {
    expect(decode(xml)).toBeUndefined();
  });

  it('that are neither JSON nor XML are no document', () => {
    expect(decode('OK')).toBeUndefined();
    expect(decode('{"a":')).toBeUndefined();
  });
});
