import { pino } from 'pino';
import type { Bindings, ChildLoggerOptions, DestinationStream, LevelWithSilent, Logger as PinoLogger } from 'pino';
import { prettyStream } from './pretty.ts';
import { redact, redactMembers, redactText } from './redact.ts';

export type LogLevel = LevelWithSilent;
export type Logger = PinoLogger;

export interface LoggerOptions {
  /** Default `info`. */
  level?: LogLevel;
  /** Where lines go; default standard output: JSON lines, or lines for a person when it is a terminal. */
  destination?: DestinationStream;
}

type Child = (this: Logger, bindings: Bindings, options?: ChildLoggerOptions) => Logger;

/**
 * The one logger of a process: one JSON object a line. Lines about work carry `order`, `step` and `attempt`
 * (`logger.child({ order, step, attempt })`), errors go under `err`.
 */
export function createLogger(options: LoggerOptions = {}): Logger {
  const stream = options.destination ?? (process.stdout.isTTY ? prettyStream(process.stdout) : pino.destination(1));
  const logger = pino(
    {
      level: options.level ?? 'info',
      base: { app: 'turnup', pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: redactMembers },
      serializers: { err: redact },
      hooks: {
        // An error that is logged alone lends its text to the message, and that may be another's text.
        logMethod(args: unknown[], method) {
          const [first] = args;
          const given = first instanceof Error && args.length === 1 ? [first, first.message] : args;
          const safe = given.map((arg) => (typeof arg === 'string' ? redactText(arg) : arg));
          method.apply(this, safe as Parameters<typeof method>);
        },
      },
    },
    stream,
  );

  // Children inherit this from the root. pino's own redaction works by paths, and a list of paths can be incomplete.
  const child: Child = logger.child;
  const redactedChild: Child = function redactedChild(bindings, childOptions) {
    return child.call(this, redactMembers(bindings), childOptions);
  };
  return Object.assign(logger, { child: redactedChild });
}
