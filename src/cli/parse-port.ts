import { usage } from './report.ts';

/** @throws TurnupError `TURNUP_USAGE` */
export function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw usage(`"${text}" is no port`);
  return port;
}
