import colours from 'picocolors';
import type { Found, PlannedCall, PlannedStepView, PlanView } from '../../flows/rehearsal/view.ts';
import { callText } from '../api/plan/text.ts';

/* A plan as a person reads it in a terminal. */

function callLines(prefix: string, call: PlannedCall): string[] {
  const body = call.body === undefined ? [] : [colours.dim(`      ${JSON.stringify(call.body)}`)];
  return [`    ${prefix}${callText(call)}`, ...body];
}

const FOUND_TEXT: Record<Found['state'], string> = {
  absent: 'not there yet: will be made',
  adopted: 'there already: adopted',
  unchanged: 'there already as wanted: unchanged',
  different: 'there, but otherwise: will be changed',
  conflict: 'conflict',
  rejected: 'will be refused',
  unknown: 'cannot be told: hangs on a step before it',
};

function foundLines({ state, result, differs, error }: Found): string[] {
  const text = [
    FOUND_TEXT[state],
    result === undefined || state === 'absent' ? '' : JSON.stringify(result),
    differs ? `differs in ${differs.join(', ')}` : '',
  ];
  if (!error) return [`    on the target: ${text.filter(Boolean).join('  ')}`];
  return [`    on the target: ${colours.red(FOUND_TEXT[state])}: ${error.detail ?? error.title} (${error.code})`];
}

function stepLines({ id, needs, class: stepClass, calls, undo, note, found }: PlannedStepView): string[] {
  const after = needs.length > 0 ? colours.dim(`  after ${needs.join(', ')}`) : '';
  const pivot = stepClass === 'pivot' ? colours.red('  no way back from here') : '';
  return [
    `  ${colours.bold(id)}${after}${pivot}`,
    ...(found ? foundLines(found) : []),
    ...calls.flatMap((call) => callLines('', call)),
    ...undo.flatMap((call) => callLines('undo: ', call)),
    ...(note === undefined ? [] : [`    note: ${note}`]),
  ];
}

export function planText({ steps, pivot }: PlanView): string {
  const calls = steps.reduce((sum, step) => sum + step.calls.length, 0);
  return [
    `${steps.length} steps, ${calls} calls that change the target${pivot === null ? '' : `; no way back after ${pivot}`}`,
    ...steps.flatMap(stepLines),
  ].join('\n');
}

/** Whether the target was found to be in the way of a step. */
export const isStopped = ({ steps }: PlanView): boolean => steps.some(({ found }) => found?.error !== undefined);
