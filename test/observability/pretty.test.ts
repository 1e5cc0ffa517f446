import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { createLogger } from '../../src/observability/index.ts';
import { prettyLine } from '../../src/observability/pretty.ts';

const pretty = (log: (logger: ReturnType<typeof createLogger>) => void): string => {
  let out = '';
  log(createLogger({ destination: { write: (line) => void (out += prettyLine(line)) } }));
  return stripVTControlCharacters(out);
};

test('a person reads time, level, message, then the rest', () => {
  expect(
    pretty((l) => l.child({ order: 'o1', step: 'contact' }).warn({ attempt: 2, on: ['a'] }, 'tried again')),
  ).toMatch(/^\d\d:\d\d:\d\d\.\d{3} WARN {2}tried again order=o1 step=contact attempt=2 on=\["a"\]\n$/);
});

test('an error shows its stack and its causes', () => {
  const out = pretty((l) => l.error({ err: new Error('outer', { cause: new TypeError('inner') }) }, 'failed'));
  expect(out).toContain('ERROR failed\nError: outer\n    at ');
  expect(out).toContain('caused by TypeError: inner');
});

test('what is not JSON passes as it is', () => {
  expect(prettyLine('hello')).toBe('hello');
});
