import type { TimeWindow } from '../port.ts';

/*
 * Time sets of the platform (sipwise-ngcp.md §8.4, §8.6): rows whose members are each a number, a range `a-b` with both
 * ends inside, or null for any. A row holds when all its members do, so the minutes of a row are the same in each of its
 * hours: a window such as 08:30–17:15 takes a row for the first hour, one for the full hours and one for the last.
 *
 * `from` is the first minute inside a window, `to` the first one after it; 23:59 stands for the end of the day.
 */

/** A member that is left out is "any". */
export interface TimeRow {
  readonly wday?: string;
  readonly hour?: string;
  readonly minute?: string;
}

type ReadRow = { readonly [member in 'year' | 'month' | 'mday' | 'wday' | 'hour' | 'minute']?: unknown };

const DAY = 1440;
const WEEK = 7 * DAY;
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/** Minutes of the day, end exclusive. Null when the window is empty or not a time. */
export function windowMinutes(window: Pick<TimeWindow, 'from' | 'to'>): { from: number; to: number } | null {
  const from = minuteOf(window.from);
  const to = window.to === '23:59' || window.to === '24:00' ? DAY : minuteOf(window.to);
  return from === null || to === null || from >= to ? null : { from, to };
}

function minuteOf(time: string): number | null {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time);
  return match ? Number(match[1]) * 60 + Number(match[2]) : null;
}

/** The rows for windows of an order that passed the door. `null`, or no window: always. */
export function timeRows(windows: readonly TimeWindow[] | null | undefined): TimeRow[] | null {
  if (!windows || windows.length === 0) return null;
  const rows = windows.flatMap((window) => {
    const minutes = windowMinutes(window);
    if (!minutes) return [];
    const parts = hourParts(minutes.from, minutes.to);
    return dayRanges(window).flatMap((days) => parts.map((hours) => ({ ...days, ...hours })));
  });
  // A row that names nothing holds always, whatever the others say.
  return rows.some((row) => Object.keys(row).length === 0) ? null : rows;
}

/** Runs of days, 1 = Sunday, e.g. `2-6`. All seven are "any". */
function dayRanges(window: TimeWindow): Pick<TimeRow, 'wday'>[] {
  const wanted = DAYS.map((day) => window.days.includes(day));
  if (wanted.every(Boolean)) return [{}];
  const ranges: Pick<TimeRow, 'wday'>[] = [];
  for (let day = 0; day < 7; day++) {
    if (!wanted[day]) continue;
    const first = day;
    while (wanted[day + 1]) day++;
    ranges.push({ wday: range(first + 1, day + 1) });
  }
  return ranges;
}

type HourPart = Pick<TimeRow, 'hour' | 'minute'>;

/** @param to exclusive */
function hourParts(from: number, to: number): HourPart[] {
  const firstHour = Math.floor(from / 60);
  const lastHour = Math.floor((to - 1) / 60);
  const firstMinute = from % 60;
  const lastMinute = (to - 1) % 60;
  if (firstHour === lastHour) return [part(firstHour, firstHour, firstMinute, lastMinute)];
  const parts: HourPart[] = [];
  let fullFrom = firstHour;
  let fullTo = lastHour;
  if (firstMinute > 0) {
    parts.push(part(firstHour, firstHour, firstMinute, 59));
    fullFrom++;
  }
  if (lastMinute < 59) fullTo--;
  if (fullFrom <= fullTo) parts.push(part(fullFrom, fullTo, 0, 59));
  if (lastMinute < 59) parts.push(part(lastHour, lastHour, 0, lastMinute));
  return parts;
}

function part(hourFrom: number, hourTo: number, minuteFrom: number, minuteTo: number): HourPart {
  return {
    ...(hourFrom === 0 && hourTo === 23 ? {} : { hour: range(hourFrom, hourTo) }),
    ...(minuteFrom === 0 && minuteTo === 59 ? {} : { minute: range(minuteFrom, minuteTo) }),
  };
}

const range = (first: number, last: number): string => (first === last ? String(first) : `${first}-${last}`);

/**
 * The minutes of the week (from Sunday 00:00) in which rows as read from the platform hold, one character each, so that
 * two sets of rows that mean the same compare equal. Null when a row says more than a week can tell (dates) or is
 * unreadable: such rows are never what an order asks for.
 */
export function weekMinutes(rows: readonly ReadRow[] | null): string | null {
  if (!rows || rows.length === 0) return '1'.repeat(WEEK);
  const week = Array.from({ length: WEEK }, () => '0');
  for (const row of rows) {
    if (isSet(row.year) || isSet(row.month) || isSet(row.mday)) return null;
    const days = readRange(row.wday, 1, 7);
    const hours = readRange(row.hour, 0, 23);
    const minutes = readRange(row.minute, 0, 59);
    if (!days || !hours || !minutes) return null;
    for (const day of days)
      for (const hour of hours) for (const minute of minutes) week[(day - 1) * DAY + hour * 60 + minute] = '1';
  }
  return week.join('');
}

const isSet = (value: unknown): boolean => value !== null && value !== undefined && value !== '';

function readRange(value: unknown, low: number, high: number): number[] | null {
  if (!isSet(value)) return sequence(low, high);
  const match = /^(\d{1,2})(?:-(\d{1,2}))?$/.exec(String(value));
  if (!match) return null;
  const first = Number(match[1]);
  const last = match[2] === undefined ? first : Number(match[2]);
  if (first < low || last > high || first > high || last < low) return null;
  // A range that ends before it begins runs over the end, e.g. the days 7-1.
  return first <= last ? sequence(first, last) : [...sequence(first, high), ...sequence(low, last)];
}

const sequence = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_unused, index) => first + index);
