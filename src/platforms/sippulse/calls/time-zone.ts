/*
 * The database holds what a clock on the wall showed. Where clocks are put back an hour is shown twice, and nothing in
 * a record says which of the two it was: it is taken as the first. So that every record falls into exactly one of
 * several periods that follow each other, the bounds of a period are found by the same rule.
 */

const DAY_MS = 86_400_000;
/** No clock is put back by more at once. */
const MOST_PUT_BACK_MS = 3 * 3_600_000;
/** What a database can hold as a time, a day less at both ends for the time zone. */
const EARLIEST = Date.UTC(1000, 0, 2);
const LATEST = Date.UTC(9999, 11, 30);
const LOCAL = /^([1-9]\d{3})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2}):(\d{2})(\.\d{1,6})?$/;

export interface TimeZone {
  /**
   * The first moment at which a clock there showed `local` or more.
   * @param local `yyyy-MM-dd HH:mm:ss`, fractions of a second allowed
   * @returns ISO 8601 UTC; null when it is no time, such as the zero date
   */
  toUtc(local: string): string | null;
  /** The least local time that `toUtc` takes to `moment` or later, `yyyy-MM-dd HH:mm:ss.SSS`. */
  localBound(moment: Date): string;
}

/** The least integer in (`low`, `high`] for which `holds` is true; it is for `high`, and stays so once it is. */
function bisect(low: number, high: number, holds: (value: number) => boolean): number {
  let [from, to] = [low, high];
  while (to - from > 1) {
    const middle = Math.floor((from + to) / 2);
    if (holds(middle)) to = middle;
    else from = middle;
  }
  return to;
}

/** @param name IANA name or `±HH:MM` */
export function createTimeZone(name: string): TimeZone {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });

  /** What the clock shows, in ms as if it showed UTC. */
  function shownAt(moment: number): number {
    const parts = Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) + (((moment % 1000) + 1000) % 1000);
  }

  const offsetAt = (moment: number): number => shownAt(moment) - moment;

  function firstShown(local: number): number {
    const offsets = [offsetAt(local - DAY_MS), offsetAt(local + DAY_MS)];
    const earliest = local - Math.max(...offsets);
    if (shownAt(earliest) >= local) return earliest;
    return bisect(earliest, local - Math.min(...offsets), (moment) => shownAt(moment) >= local);
  }

  return {
    toUtc(local) {
      const [, year, month, day, hour, minute, second, fraction = ''] = LOCAL.exec(local) ?? [];
      if (year === undefined || Number(month) === 0 || Number(day) === 0) return null;
      const whole = Date.UTC(
        Number(year),
        Number(month) - 1,
        Number(day),
        Number(hour),
        Number(minute),
        Number(second),
        Math.floor(Number(`0${fraction}`) * 1000),
      );
      return Number.isNaN(whole) ? null : new Date(firstShown(whole)).toISOString();
    },
    localBound(moment) {
      const wanted = Math.min(Math.max(moment.getTime(), EARLIEST), LATEST);
      const shown = shownAt(wanted);
      const bound =
        firstShown(shown) >= wanted
          ? shown
          : bisect(shown, shown + MOST_PUT_BACK_MS, (local) => firstShown(local) >= wanted);
      return new Date(bound).toISOString().replace('T', ' ').replace('Z', '');
    },
  };
}
