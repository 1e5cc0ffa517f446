import { CommanderError } from 'commander';
import colours from 'picocolors';
import { TurnupError } from '../errors/index.ts';

export const EXIT_OK = 0;
export const EXIT_FAILED = 1;
export const EXIT_USAGE = 2;

/** A `TURNUP_USAGE` error: the command line is wrong. */
export function usage(detail: string): TurnupError {
  return new TurnupError('TURNUP_USAGE', { detail });
}

/** An error as a person reads it: what happened, every fault of the input, what to do next. */
function describeError(error: unknown): string {
  if (!(error instanceof TurnupError)) {
    const text = error instanceof Error ? error.message : String(error);
    return `${colours.red('error:')} ${text}\n  This is a fault of Turnup. Run it again with --verbose and report what it prints.`;
  }
  const faults = error.faults.map(({ path, message }) =>
    path.length > 0 ? `  ${colours.bold(path.join('.'))}: ${message}` : `  ${message}`,
  );
  return [
    `${colours.red('error:')} ${error.message} ${colours.dim(`(${error.code})`)}`,
    ...faults,
    `  ${error.hint}`,
  ].join('\n');
}

/** Prints `error` on standard error. @returns the exit code */
export function report(error: unknown, isVerbose: boolean): number {
  // Commander has printed its own errors, and its help is an "error" with code 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_OK : EXIT_USAGE;
  console.error(describeError(error));
  if (isVerbose) console.error(error);
  return error instanceof TurnupError && error.code === 'TURNUP_USAGE' ? EXIT_USAGE : EXIT_FAILED;
}
