import type { DestinationStream } from 'pino';
import pc from 'picocolors';

const COLOURS: Record<string, (text: string) => string> = {
  trace: pc.gray,
  debug: pc.gray,
  info: pc.green,
  warn: pc.yellow,
  error: pc.red,
  fatal: pc.red,
};

const SHOWN_ELSEWHERE = new Set(['level', 'time', 'pid', 'app', 'msg', 'err']);

function short(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** `10:15:02.123 WARN  the target is parked  target=vienna breaker=open` for a person at a terminal. */
export function prettyLine(line: string): string {
  let entry: Record<string, unknown>;
  try {
    entry = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return line;
  }
  const level = String(entry['level']);
  const time = String(entry['time']).slice(11, 23);
  const members = Object.entries(entry)
    .filter(([name]) => !SHOWN_ELSEWHERE.has(name))
    .map(([name, value]) => pc.dim(`${name}=`) + short(value));
  const head = [pc.dim(time), (COLOURS[level] ?? pc.white)(level.toUpperCase().padEnd(5)), short(entry['msg'] ?? '')];
  const text = [...head, ...members].join(' ');
  const error = entry['err'] as { stack?: string; causes?: { type: string; message: string }[] } | undefined;
  const causes = error?.causes?.map((cause) => `caused by ${cause.type}: ${cause.message}`) ?? [];
  return [text, ...[error?.stack ?? '', ...causes].filter(Boolean).map((part) => pc.dim(part))].join('\n') + '\n';
}

export function prettyStream(to: NodeJS.WritableStream): DestinationStream {
  return { write: (line: string) => void to.write(prettyLine(line)) };
}
