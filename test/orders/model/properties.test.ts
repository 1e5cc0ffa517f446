import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalContent, formatPath, parseOrder, splitSecrets, toPosted } from '../../../src/orders/model/index.ts';
import { anyOrder, provisionOrder, shuffled } from './arbitraries.ts';
import { CONTEXT, mustParse, pathsOf } from './context.ts';

describe('any order that is valid', () => {
  it('is accepted', () => {
    fc.assert(
      fc.property(anyOrder, (posted) => {
        expect(parseOrder(posted, CONTEXT)).toMatchObject({ ok: true });
      }),
    );
  });

  it('is left as it was', () => {
    fc.assert(
      fc.property(anyOrder, (posted) => {
        const before = structuredClone(posted);
        const { order } = { order: mustParse(posted) };
        splitSecrets(order, ['subscribers.*.native.*']);
        expect(posted).toEqual(before);
      }),
    );
  });

  it('survives JSON, and parsed again in its posted form is the same order', () => {
    fc.assert(
      fc.property(anyOrder, (posted) => {
        const order = mustParse(posted);
        const stored: unknown = JSON.parse(JSON.stringify(order));
        expect(canonicalContent(stored as typeof order)).toBe(canonicalContent(order));
        const again = mustParse(JSON.parse(JSON.stringify(toPosted(order))));
        expect(canonicalContent(again)).toBe(canonicalContent(order));
      }),
    );
  });

  it('has the same content whatever the order of its members', () => {
    fc.assert(
      fc.property(anyOrder, fc.nat(), (posted, seed) => {
        const other = shuffled(posted, seed);
        expect(canonicalContent(mustParse(other))).toBe(canonicalContent(mustParse(posted)));
      }),
    );
  });

  it('has other content when any value of it is another', () => {
    fc.assert(
      fc.property(provisionOrder, fc.nat(), (posted, seed) => {
        const order = mustParse(posted);
        const leaves = leavesOf(order).filter(({ value }) => typeof value === 'string');
        const leaf = leaves[seed % leaves.length];
        const changed = structuredClone(order);
        set(changed, leaf?.path ?? [], `${String(leaf?.value)}x`);
        expect(canonicalContent(changed)).not.toBe(canonicalContent(order));
      }),
    );
  });

  it('is refused with an unknown member anywhere, named by its path', () => {
    fc.assert(
      fc.property(anyOrder, fc.nat(), fc.string({ minLength: 1, maxLength: 20 }), (posted, seed, name) => {
        const objects = objectsOf(posted);
        const place = objects[seed % objects.length];
        const input: unknown = structuredClone(posted);
        const holder = get(input, place ?? []) as Record<string, unknown>;
        const unknown = `unknown ${name}`;
        holder[unknown] = 'surplus';
        const path = [...(place ?? []), unknown.toWellFormed()].join('.');
        expect(pathsOf(input)).toContain(path);
      }),
    );
  });

  it('is refused with an unclean text anywhere, named by its path', () => {
    const unclean = fc.constantFrom(
      '\u0000',
      'a\u0000b',
      '\u001b[31m',
      'line\nline',
      '\u007f',
      '\u0085',
      '\ud800',
      'a\udfff',
      '\udc00\ud800',
    );
    fc.assert(
      fc.property(anyOrder, fc.nat(), unclean, (posted, seed, text) => {
        const input: unknown = structuredClone(posted);
        const strings = leavesOf(input).filter(({ value }) => typeof value === 'string');
        const leaf = strings[seed % strings.length];
        set(input, leaf?.path ?? [], text);
        expect(pathsOf(input)).toContain((leaf?.path ?? []).join('.'));
      }),
    );
  });

  it('with two parts spoilt is refused for both', () => {
    fc.assert(
      fc.property(provisionOrder, fc.nat(), fc.nat(), (posted, one, two) => {
        const input: unknown = structuredClone(posted);
        const strings = leavesOf(input).filter(({ value }) => typeof value === 'string');
        const spoilt = [strings[one % strings.length]?.path ?? [], strings[two % strings.length]?.path ?? []];
        for (const path of spoilt) set(input, path, '\u0000');
        expect(pathsOf(input)).toEqual(expect.arrayContaining(spoilt.map((path) => path.join('.'))));
      }),
    );
  });
});

describe('any JSON at all', () => {
  it('gets an answer, and faults that can be shown', () => {
    const names = fc.constantFrom(
      'externalId',
      'target',
      'action',
      'customer',
      'subscribers',
      'contact',
      'number',
      'aliases',
      'native',
      'operations',
      '__proto__',
      'constructor',
    );
    const tree = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'medium' },
        fc.jsonValue({ maxDepth: 1 }),
        fc.array(tie('value'), { maxLength: 4 }),
        fc
          .array(fc.tuple(fc.oneof(names, fc.string()), tie('value')), { maxLength: 6 })
          .map(
            (entries) =>
              JSON.parse(
                `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`,
              ) as unknown,
          ),
      ),
    })).value;
    fc.assert(
      fc.property(tree, (input) => {
        const parsed = parseOrder(input, CONTEXT);
        if (parsed.ok) return;
        expect(parsed.faults.length).toBeGreaterThan(0);
        for (const { path, message } of parsed.faults) {
          expect(`${formatPath(path)}: ${message}`.isWellFormed()).toBe(true);
          expect(message).not.toMatch(/undefined|\[object|NaN/);
        }
      }),
      { numRuns: 500 },
    );
  });
});

type Path = (string | number)[];

function leavesOf(value: unknown, path: Path = []): { path: Path; value: unknown }[] {
  if (typeof value !== 'object' || value === null) return [{ path, value }];
  return Object.entries(value).flatMap(([name, member]) =>
    leavesOf(member, [...path, Array.isArray(value) ? Number(name) : name]),
  );
}

/** Paths of the objects whose members the model knows. */
function objectsOf(value: unknown, path: Path = []): Path[] {
  const free = ['native', 'preferences', 'args'];
  if (typeof value !== 'object' || value === null || free.includes(String(path.at(-1)))) return [];
  const inner = Object.entries(value).flatMap(([name, member]) =>
    objectsOf(member, [...path, Array.isArray(value) ? Number(name) : name]),
  );
  return Array.isArray(value) ? inner : [path, ...inner];
}

const get = (root: unknown, path: Path): unknown =>
  path.reduce((value, part) => (value as Record<string, unknown>)[part], root);

function set(root: unknown, path: Path, value: unknown): void {
  (get(root, path.slice(0, -1)) as Record<string, unknown>)[path.at(-1) ?? ''] = value;
}
