import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTimeZone } from '../../../src/platforms/sippulse/calls/time-zone.ts';

const ZONES = [
  'UTC',
  '-03:00',
  'America/Sao_Paulo',
  'America/New_York',
  'Europe/Vienna',
  'Asia/Kathmandu',
  // Half an hour of summer time; a day that never was.
  'Australia/Lord_Howe',
  'Pacific/Apia',
];

/** What a clock on the wall shows, found in another way than the code finds it. */
function shown(moment: number, zone: string): string {
  return new Date(moment).toLocaleString('sv-SE', { timeZone: zone });
}

const SECOND = 1000;
const moments = fc
  .integer({ min: Date.UTC(2005, 0) / SECOND, max: Date.UTC(2037, 0) / SECOND })
  .map((seconds) => seconds * SECOND);
/** Where summer time begins or ends somewhere. */
const turns = fc
  .record({
    turn: fc.constantFrom(
      Date.UTC(2025, 9, 26, 1),
      Date.UTC(2026, 2, 29, 1),
      Date.UTC(2018, 1, 18, 2),
      Date.UTC(2018, 10, 4, 3),
      Date.UTC(2026, 3, 4, 15),
      Date.UTC(2026, 10, 1, 6),
      Date.UTC(2011, 11, 30, 10),
    ),
    seconds: fc.integer({ min: -3 * 3600, max: 3 * 3600 }),
  })
  .map(({ turn, seconds }) => turn + seconds * SECOND);
const anyMoment = fc.oneof(moments, turns);

describe('time zones of call records', () => {
  it.each(ZONES)('takes what a clock in %s showed as the first moment at which it did', (zone) => {
    const { toUtc } = createTimeZone(zone);
    fc.assert(
      fc.property(anyMoment, (moment) => {
        const local = shown(moment, zone);
        const utc = Date.parse(toUtc(local) ?? '');
        expect(shown(utc, zone)).toBe(local);
        expect(utc).toBeLessThanOrEqual(moment);
        expect(moment - utc).toBeLessThanOrEqual(3600 * SECOND);
      }),
    );
  });

  it.each(ZONES)('has no call of %s in two of two periods that meet, and none in neither', (zone) => {
    const { toUtc, localBound } = createTimeZone(zone);
    fc.assert(
      fc.property(anyMoment, fc.integer({ min: -7200, max: 7200 }), (moment, seconds) => {
        const local = shown(moment, zone);
        const bound = moment + seconds * SECOND;
        expect(`${local}.000` >= localBound(new Date(bound))).toBe(Date.parse(toUtc(local) ?? '') >= bound);
      }),
    );
  });

  it('takes the hour that is shown twice as the first', () => {
    const { toUtc } = createTimeZone('Europe/Vienna');
    expect(toUtc('2025-10-26 01:59:59')).toBe('2025-10-25T23:59:59.000Z');
    expect(toUtc('2025-10-26 02:30:00')).toBe('2025-10-26T00:30:00.000Z');
    expect(toUtc('2025-10-26 03:00:00')).toBe('2025-10-26T02:00:00.000Z');
  });

  it('takes a time that no clock showed as the moment it was skipped', () => {
    const { toUtc } = createTimeZone('Europe/Vienna');
    expect(toUtc('2026-03-29 02:30:00')).toBe('2026-03-29T01:00:00.000Z');
  });

  it('keeps fractions of a second', () => {
    const { toUtc, localBound } = createTimeZone('America/Sao_Paulo');
    expect(toUtc('2026-03-02 10:00:00.250000')).toBe('2026-03-02T13:00:00.250Z');
    expect(localBound(new Date('2026-03-02T13:00:00.250Z'))).toBe('2026-03-02 10:00:00.250');
  });

  it('bounds a period by times that a database can hold, whatever is asked', () => {
    const { localBound } = createTimeZone('Pacific/Apia');
    expect(localBound(new Date('0000-01-01T00:00:00Z'))).toMatch(/^1000-01-0/);
    expect(localBound(new Date('9999-12-31T23:59:59Z'))).toMatch(/^9999-12-30/);
  });

  it.each(['0000-00-00 00:00:00', '2026-00-10 00:00:00', '0001-01-01 00:00:00', '', 'yesterday', '2026-03-02'])(
    'takes %j as no time',
    (text) => {
      expect(createTimeZone('UTC').toUtc(text)).toBeNull();
    },
  );
});
