import colours from 'picocolors';
import type { EvidenceView } from '../api/orders/evidence.ts';
import type { Excerpt } from '../errors/index.ts';

/** What a target answered must not be able to steer the terminal that shows it. */
// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g;

function excerptLines({ text, characters }: Excerpt): string[] {
  const shown = text.replaceAll('\r\n', '\n').replaceAll(CONTROLS, '\u{FFFD}');
  const cut = text.length < characters ? [colours.dim(`(the first ${text.length} of ${characters} characters)`)] : [];
  return [shown, ...cut];
}

function oneText(view: EvidenceView): string {
  const { step, at, run, attempt, method, object, sent, status, contentType, answered } = view;
  return [
    colours.bold(`${step}  ${at}  run ${run}  attempt ${attempt}`),
    '',
    `sent: ${method} ${object}`,
    ...(sent ? excerptLines(sent) : []),
    '',
    `answered: ${status}${contentType === null ? '' : `  ${contentType}`}`,
    ...excerptLines(answered),
  ].join('\n');
}

/** What a target answered and nobody understood, as a person reads it in a terminal. */
export function evidenceText(items: readonly EvidenceView[]): string {
  return items.length === 0 ? 'every answer was understood' : items.map(oneText).join('\n\n');
}
