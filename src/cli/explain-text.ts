import colours from 'picocolors';
import type { Policy } from '../../workers/step/policy.ts';
import type { Answer, ErrorClass, ErrorCode } from '../errors/index.ts';

/** An entry of a table: its place from 0, and what it matches. */
interface Entry {
  readonly place: number;
  readonly pattern: string;
}

/** What `turnup explain` prints with `--json`. */
export interface Explained {
  readonly target: string;
  readonly platform: string;
  readonly answer: Answer;
  /** Of the platform's table. */
  readonly row: Entry;
  /** Of the configuration; it decides about class and hint. */
  readonly rule: Entry | null;
  readonly code: ErrorCode;
  readonly says: string;
  readonly class: ErrorClass;
  readonly hint: string;
  readonly forward: Policy;
  readonly undo: Policy;
}

const PARKS: Readonly<Record<string, string>> = {
  outage: 'Opens the breaker: the target is left alone, its orders wait and lose no attempt; tried again by itself.',
  auth: 'Opens the breaker at once: the target is left alone until the login works or a person closes it; no order fails.',
  throttled: 'The target is left alone as long as it asks; its orders wait and lose no attempt.',
};

const seconds = (ms: number): string => `${ms / 1000} s`;

function tries({ does, attempts, firstMs, longestMs }: Policy): string {
  return does === 'retry'
    ? `tried ${attempts} times, ${seconds(firstMs)} apart at first, ${seconds(longestMs)} at most`
    : 'not tried again';
}

function whatFollows({ class: errorClass, forward, undo }: Explained): string[] {
  const parks = PARKS[errorClass];
  if (parks !== undefined) return [parks];
  const looks = errorClass === 'ambiguous' ? 'Each attempt looks first whether the work was done. ' : '';
  return [
    `${looks}The step is ${tries(forward)}; then the order is held, or undone where it says onFailure: undo.`,
    `While an order is undone: ${tries(undo)}; then it is held.`,
  ];
}

/** The explanation as a person reads it. */
export function explainedText(explained: Explained): string {
  const { target, platform, answer, row, rule, code, says, hint } = explained;
  const lines: [string, string][] = [
    ['row', `${row.pattern} (row ${row.place + 1} of the table of ${platform})`],
    ...(rule
      ? [['rule', `${rule.pattern} (targets.${target}.faults[${rule.place}]): decides`] satisfies [string, string]]
      : []),
    ['means', says],
    ['code', code],
    ['class', explained.class],
    ...whatFollows(explained).map((text, at): [string, string] => [at === 0 ? 'then' : '', text]),
    ['do', hint],
  ];
  const heading = `${target}: ${answer.status}${answer.text ? ` ${answer.text}` : ''}`;
  return [colours.bold(heading), ...lines.map(([name, text]) => `  ${colours.dim(name.padEnd(6))} ${text}`)].join('\n');
}
