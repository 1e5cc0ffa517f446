import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TurnupError } from '../../../src/errors/index.ts';
import { MAX_DEPTH, parseJsonStrict } from '../../../src/orders/model/strict-json.ts';

const parse = (text: string): unknown => parseJsonStrict(new TextEncoder().encode(text));

function detailOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof TurnupError && error.code === 'TURNUP_MALFORMED_REQUEST') return error.detail ?? '';
    throw error;
  }
  throw new Error('accepted');
}

describe('parseJsonStrict', () => {
  it('reads what JSON.parse reads, for any object', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()),
        fc.integer({ min: 0, max: 4 }),
        (value, indent) => {
          const text = JSON.stringify(value, null, indent);
          expect(parse(text)).toEqual(JSON.parse(text));
        },
      ),
    );
  });

  it('refuses a member that is given twice, wherever it stands and however it is written', () => {
    expect(detailOf(() => parse('{"a":1,\n "b":2, "a":3}'))).toBe('member "a" is given twice (line 2, column 9)');
    expect(detailOf(() => parse('{"customer":{"contact":{"x":1,"x":1}}}'))).toContain('member "customer.contact.x"');
    expect(detailOf(() => parse('{"list":[0,{"x":1,"y":[{}],"x":2}]}'))).toContain('member "list.1.x"');
    expect(detailOf(() => parse(String.raw`{"ab":1,"\u0061b":2}`))).toContain('member "ab" is given twice');
    expect(detailOf(() => parse('{"__proto__":1,"__proto__":2}'))).toContain('given twice');
  });

  it('finds a duplicate put anywhere into any object', () => {
    const nested = fc.letrec<{ object: Record<string, unknown>; value: unknown }>((tie) => ({
      object: fc.dictionary(fc.string(), tie('value'), { maxKeys: 4, minKeys: 1 }),
      value: fc.oneof(
        { depthSize: 'small' },
        fc.string(),
        fc.constant(1),
        tie('object'),
        fc.array(tie('object'), { maxLength: 2 }),
      ),
    })).object;
    fc.assert(
      fc.property(nested, fc.nat(), (value, seed) => {
        const members = [...JSON.stringify(value).matchAll(/[{,]("(?:[^"\\]|\\.)*"):/g)].filter((m) =>
          isMember(JSON.stringify(value), m.index),
        );
        const member = members[seed % members.length];
        const text = JSON.stringify(value);
        const at = (member?.index ?? 0) + 1;
        const doubled = `${text.slice(0, at)}${member?.[1]}:0,${text.slice(at)}`;
        expect(JSON.parse(doubled)).toBeTypeOf('object');
        expect(detailOf(() => parse(doubled))).toContain('given twice');
      }),
    );
  });

  it('does not take colons and braces in strings for structure', () => {
    expect(parse(String.raw`{"a":"\":{[:","b:":[":"]}`)).toEqual({ a: '":{[:', 'b:': [':'] });
  });

  it('leaves a member named __proto__ an ordinary member', () => {
    const value = parse('{"__proto__":{"polluted":true}}') as Record<string, unknown>;
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect(value['polluted']).toBeUndefined();
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each([
    ['', 'the body is empty'],
    [' \n', 'the body is empty'],
    ['[]', 'one JSON object'],
    ['"text"', 'one JSON object'],
    ['null', 'one JSON object'],
    ['{"a":1} {"b":2}', 'line 1, column 9'],
    ['{"a":1,}', 'line 1, column 8'],
    ['{"a":1, // why\n"b":2}', 'not JSON'],
    ['{"a":01}', 'not JSON'],
    ["{'a':1}", 'line 1, column 2'],
    ['{"a":\n  tru}', 'line 2, column 3'],
    ['{"a":"\u0000"}', 'not JSON'],
    ['{"a":"x', 'not JSON'],
    ['{"a":NaN}', 'not JSON'],
    ['{', 'not JSON'],
  ])('refuses %j', (text, detail) => {
    expect(detailOf(() => parse(text))).toContain(detail);
  });

  it('never quotes the text around a fault', () => {
    expect(detailOf(() => parse('{"password":"hunter2" "x"}'))).not.toContain('hunter2');
    expect(detailOf(() => parse('{"password":hunter2}'))).not.toContain('hunter2');
    expect(detailOf(() => parse('{"password":"hunter2","password":"hunter2"}'))).not.toContain('hunter2');
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(detailOf(() => parseJsonStrict(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)))).toContain('UTF-8');
    // A surrogate encoded as if it were a character (CESU-8).
    expect(
      detailOf(() => parseJsonStrict(Uint8Array.of(0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d))),
    ).toContain('UTF-8');
  });

  it('bounds the depth', () => {
    const deep = (levels: number): string => `{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
    expect(parse(deep(MAX_DEPTH))).toBeTypeOf('object');
    expect(detailOf(() => parse(deep(MAX_DEPTH + 1)))).toContain('deeper than 64');
  });

  it.each([
    ['opening brackets', '['.repeat(1 << 20)],
    ['opening braces', '{"a":'.repeat(200_000)],
    ['brackets that never match', '[}'.repeat(500_000)],
    ['one long string', `{"a":"${'\\u0000'.repeat(170_000)}`],
    [
      'many members and a duplicate at the end',
      `{${Array.from({ length: 80_000 }, (_, i) => `"k${i}":1`).join(',')},"k0":1}`,
    ],
    ['one name, again and again', `{${'"a":1,'.repeat(170_000)}"a":1}`],
    ['lone quotes', '"'.repeat(1 << 20)],
    ['commas', `{${','.repeat(1 << 20)}}`],
  ])('answers a megabyte of %s', (_name, text) => {
    expect(detailOf(() => parse(text))).not.toBe('');
  });
});

/** Whether the colon after the name at `index` is one of structure, i.e. the name does not lie in a string. */
function isMember(text: string, index: number): boolean {
  let inString = false;
  for (let i = 0; i < index; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') inString = !inString;
  }
  return !inString;
}
