import { describe, expect, test } from 'vitest';
import { mergeOrderPatch, mergePatch } from '../../src/api/orders/merge-patch.ts';

/** RFC 7396, appendix A. */
const EXAMPLES: readonly (readonly [unknown, unknown, unknown])[] = [
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [
    ['a', 'b'],
    ['c', 'd'],
    ['c', 'd'],
  ],
  [{ a: 'b' }, ['c'], ['c']],
  [{ a: 'foo' }, null, null],
  [{ a: 'foo' }, 'bar', 'bar'],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: 'b', c: null }, { a: 'b' }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
];

describe('merge patch', () => {
  test.each(EXAMPLES)('%j with %j is %j', (target, patch, result) => {
    expect(mergePatch(target, patch)).toEqual(result);
  });

  test('leaves what it is given as it was, and no prototype changed', () => {
    const target = { a: { b: 1 } };
    const merged = mergePatch(target, JSON.parse('{"a":{"__proto__":{"x":1}},"c":2}')) as { a: object };
    expect(target).toEqual({ a: { b: 1 } });
    expect(Object.keys(merged.a)).toEqual(['b', '__proto__']);
    expect((merged.a as { x?: number }).x).toBeUndefined();
  });
});

describe('merge patch of an order', () => {
  const posted = {
    x: 1,
    subscribers: [
      { id: 's1', a: 1, n: { b: 1, c: 2 } },
      { id: 's2', a: 2 },
    ],
  };

  test('a list given as an object changes the elements it names, in their places', () => {
    expect(mergeOrderPatch(posted, { subscribers: { s2: { a: 3 }, s1: { n: { b: null } } } })).toEqual({
      x: 1,
      subscribers: [
        { id: 's1', a: 1, n: { c: 2 } },
        { id: 's2', a: 3 },
      ],
    });
  });

  test('null takes an element away, an unknown id adds one', () => {
    expect(mergeOrderPatch(posted, { subscribers: { s1: null, s9: { a: 9 }, s8: null } })).toEqual({
      x: 1,
      subscribers: [
        { id: 's2', a: 2 },
        { id: 's9', a: 9 },
      ],
    });
  });

  test('a list replaces the list, as the RFC says', () => {
    expect(mergeOrderPatch(posted, { subscribers: [{ id: 's1' }] })).toEqual({ x: 1, subscribers: [{ id: 's1' }] });
    expect(mergeOrderPatch(posted, { subscribers: null, operations: { o1: 1 } })).toEqual({
      x: 1,
      operations: { o1: 1 },
    });
  });
});
