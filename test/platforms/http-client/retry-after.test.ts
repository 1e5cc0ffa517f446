import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRetryAfter } from '../../../src/http-client/index.ts';

const NOW = Date.parse('2026-11-22T08:00:00Z');

describe('parseRetryAfter', () => {
  it.each([
    ['120', 120_000],
    [' 0 ', 0],
    [['7', '9'], 7_000],
    ['Sun, 22 Nov 2026 08:01:30 GMT', 90_000],
    ['Sunday, 22-Nov-26 08:01:30 GMT', 90_000],
    ['Sun Nov 22 08:01:30 2026 GMT', 90_000],
    ['Sun, 22 Nov 2026 07:00:00 GMT', 0],
    ['99999999', 3_600_000],
  ])('%j is %i ms', (value, ms) => {
    expect(parseRetryAfter(value, NOW)).toBe(ms);
  });

  it.each([undefined, '', '-5', '1.5', 'soon', '1e9', '22 Nov 2026'])('%j says nothing', (value) => {
    expect(parseRetryAfter(value, NOW)).toBeUndefined();
  });

  it('never gives anything but a bounded number of ms', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const ms = parseRetryAfter(value, NOW);
        expect(ms === undefined || (ms >= 0 && ms <= 3_600_000)).toBe(true);
      }),
    );
  });
});
