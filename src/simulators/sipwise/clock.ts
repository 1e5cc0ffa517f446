/** `2026-11-22 06:31:12`: contracts and customers show the server's zone (UTC here) without an offset (§8.2). */
export function plainTimestamp(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}

/** `2026-11-22T06:31:12+00:00`: subscribers show an offset (§8.3). */
export function offsetTimestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}+00:00`;
}

/** A time in a filter such as `create_timestamp_gt`; NaN when it is none, which no row matches. */
export function parseTimestamp(value: string): number {
  const text = value.trim().replace(' ', 'T');
  return Date.parse(/[zZ]$|[+-]\d\d:?\d\d$/.test(text) ? text : `${text.includes('T') ? text : `${text}T00:00:00`}Z`);
}
