import type { PlanView } from '../../../flows/rehearsal/view.ts';
import { headingOf, linesOf } from './text.ts';

/** Within a quoted label everything is text but what ends it, entities and tags. */
const escaped = (text: string): string =>
  text.replaceAll(/[&#"<>`\\]/g, (character) => `#${character.codePointAt(0)};`).replaceAll(/\s+/g, ' ');

/** The plan as a Mermaid flowchart: a node for each step with its calls, an arrow to each step that waits for it. */
export function planMermaid({ steps }: PlanView): string {
  const names = new Map(steps.map(({ id }, at) => [id, `s${at}`]));
  const nodes = steps.map((step) => {
    const [heading = '', ...lines] = [headingOf(step), ...linesOf(step)].map(escaped);
    const label = [`<b>${heading}</b>`, ...lines].join('<br/>');
    return `  ${names.get(step.id)}["${label}"]:::${step.found?.error ? 'stopped' : step.class}`;
  });
  const arrows = steps.flatMap(({ id, needs }) => needs.map((need) => `  ${names.get(need)} --> ${names.get(id)}`));
  return [
    'flowchart TD',
    ...nodes,
    ...arrows,
    '  classDef compensatable stroke:#64748b',
    '  classDef pivot stroke:#b91c1c,stroke-width:3px',
    '  classDef retriable stroke-dasharray:4 3',
    '  classDef stopped stroke:#b91c1c,fill:#fee2e2,color:#111827',
    '',
  ].join('\n');
}
