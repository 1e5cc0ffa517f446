import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TimeWindow } from '../../../src/platforms/port.ts';
import { timeRows, weekMinutes, windowMinutes } from '../../../src/platforms/sipwise/times.ts';

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const ALWAYS = '1'.repeat(7 * 1440);

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

const windowArbitrary: fc.Arbitrary<TimeWindow> = fc
  .record({
    days: fc.subarray([...DAYS], { minLength: 1 }),
    minutes: fc.uniqueArray(fc.integer({ min: 0, max: 1439 }), { minLength: 2, maxLength: 2 }),
  })
  .map(({ days, minutes }) => ({ days, from: clock(Math.min(...minutes)), to: clock(Math.max(...minutes)) }));

/** Told from the words of the order alone: is this minute of the week inside? */
function isInside(windows: readonly TimeWindow[], day: number, minute: number): boolean {
  return windows.some(({ days, from, to }) => {
    const end = to === '23:59' ? '24:00' : to;
    return days.includes(DAYS[day]!) && clock(minute) >= from && clock(minute) < end;
  });
}

describe('time windows', () => {
  it('are rows that hold in exactly the minutes of the order', () => {
    fc.assert(
      fc.property(fc.array(windowArbitrary, { minLength: 1, maxLength: 4 }), (windows) => {
        const week = weekMinutes(timeRows(windows));
        const expected = DAYS.flatMap((_name, day) =>
          Array.from({ length: 1440 }, (_unused, minute) => (isInside(windows, day, minute) ? '1' : '0')),
        );
        // Not toEqual: a difference in 10,080 characters is no help to a reader.
        expect(week === expected.join('')).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('are written as few rows, days as runs from 1 = Sunday', () => {
    const days = ['mon', 'tue', 'wed', 'thu', 'fri'] as const;
    expect(timeRows([{ days, from: '08:00', to: '18:00' }])).toEqual([{ wday: '2-6', hour: '8-17' }]);
    expect(timeRows([{ days: ['sat', 'sun', 'wed'], from: '08:30', to: '17:15' }])).toEqual(
      ['1', '4', '7'].flatMap((wday) => [
        { wday, hour: '8', minute: '30-59' },
        { wday, hour: '9-16' },
        { wday, hour: '17', minute: '0-14' },
      ]),
    );
    expect(timeRows([{ days: ['mon'], from: '08:10', to: '08:11' }])).toEqual([{ wday: '2', hour: '8', minute: '10' }]);
    expect(timeRows([{ days: DAYS, from: '00:00', to: '08:00' }])).toEqual([{ hour: '0-7' }]);
    expect(timeRows([{ days: ['sun'], from: '00:00', to: '23:59' }])).toEqual([{ wday: '1' }]);
  });

  it('that are all the week, or none, are no condition', () => {
    expect(timeRows(null)).toBeNull();
    expect(timeRows([])).toBeNull();
    expect(timeRows([{ days: DAYS, from: '00:00', to: '23:59' }])).toBeNull();
    expect(weekMinutes([])).toBe(ALWAYS);
  });

  it('must end after they begin', () => {
    expect(windowMinutes({ from: '18:00', to: '08:00' })).toBeNull();
    expect(windowMinutes({ from: '08:00', to: '08:00' })).toBeNull();
    expect(windowMinutes({ from: '8', to: '09:00' })).toBeNull();
    expect(windowMinutes({ from: '08:00', to: '23:59' })).toEqual({ from: 480, to: 1440 });
  });
});

describe('rows as read', () => {
  it('mean the same however they are written', () => {
    const asOne = weekMinutes([{ year: null, month: null, mday: null, wday: '2-6', hour: '8-17', minute: null }]);
    const apart = weekMinutes([2, 3, 4, 5, 6].map((wday) => ({ wday: String(wday), hour: '8-17', minute: '0-59' })));
    expect(asOne).toBe(apart);
    expect(weekMinutes([{ wday: '7-1' }])).toBe(weekMinutes([{ wday: '1' }, { wday: 7 }]));
  });

  it('that an order cannot express equal nothing', () => {
    for (const row of [
      { year: '2026' },
      { month: '1-2' },
      { mday: '24' },
      { wday: '0' },
      { hour: '24' },
      { minute: 'x' },
    ]) {
      expect(weekMinutes([row])).toBeNull();
    }
  });
});
