import type { PlanView } from '../../../flows/rehearsal/view.ts';
import { placesOf, type Place } from './layout.ts';
import { headingOf, linesOf } from './text.ts';

/* In px. Letters of the drawing's font are as wide as `LETTER` at most, so that no browser is needed to measure them. */
const WIDTH = 360;
const LINE = 16;
const LETTER = 6.7;
const INSET = 10;
const GAP = { x: 24, y: 34 };
const MARGIN = 16;
const MOST_LINES = 6;

const LONGEST = Math.floor((WIDTH - 2 * INSET) / LETTER);

const XML: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (character) => XML[character] ?? '');

function shortened(text: string): string {
  // Not within a character that takes two places.
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1).replace(/[\uD800-\uDBFF]$/, '')}…` : text;
}

function shownLines(lines: readonly string[]): readonly string[] {
  return lines.length > MOST_LINES
    ? [...lines.slice(0, MOST_LINES - 1), `… ${lines.length - MOST_LINES + 1} more`]
    : lines;
}

const STYLE = `text{font:11px ui-monospace,Menlo,Consolas,monospace;fill:#1f2937}.name{font-weight:bold}
rect{fill:#f8fafc;stroke:#64748b;stroke-width:1.5}.retriable{stroke-dasharray:4 3}.pivot{stroke:#b91c1c;stroke-width:3}
.stopped{fill:#fee2e2;stroke:#b91c1c}path{fill:none;stroke:#64748b;stroke-width:1.5}`;

/** The plan as a picture that needs no script and no font of its own. */
export function planSvg({ steps }: PlanView): string {
  const places = placesOf(steps);
  const boxes = steps.map((step) => ({ step, lines: shownLines(linesOf(step)), place: places.get(step.id)! }));
  const heights: number[] = [];
  for (const { lines, place } of boxes) {
    heights[place.row] = Math.max(heights[place.row] ?? 0, (lines.length + 1) * LINE + 2 * INSET - 4);
  }
  const tops = heights.map((_, row) => MARGIN + heights.slice(0, row).reduce((sum, height) => sum + height + GAP.y, 0));
  const left = ({ column }: Place): number => MARGIN + column * (WIDTH + GAP.x);
  const middle = (place: Place): number => left(place) + WIDTH / 2;
  const top = ({ row }: Place): number => tops[row] ?? 0;
  const bottom = ({ row }: Place): number => (tops[row] ?? 0) + (heights[row] ?? 0);

  const arrows = boxes.flatMap(({ step, place }) =>
    step.needs.flatMap((need) => {
      const from = places.get(need);
      if (!from) return [];
      const bend = top(place) - GAP.y / 2;
      return `<path d="M${middle(from)} ${bottom(from)}V${bend}H${middle(place)}V${top(place)}" marker-end="url(#to)"/>`;
    }),
  );
  const drawn = boxes.map(({ step, lines, place }) => {
    const [x, y] = [left(place), top(place)];
    const row = (text: string, at: number): string =>
      `<text${at === 0 ? ' class="name"' : ''} x="${x + INSET}" y="${y + INSET + 8 + at * LINE}">${escaped(shortened(text))}</text>`;
    const look = step.found?.error ? 'stopped' : step.class;
    const box = `<rect class="${look}" x="${x}" y="${y}" width="${WIDTH}" height="${heights[place.row]}" rx="6"/>`;
    return `<g><title>${escaped(step.note ?? step.id)}</title>${box}${[headingOf(step), ...lines].map(row).join('')}</g>`;
  });
  const columns = Math.max(0, ...boxes.map(({ place }) => place.column)) + 1;
  const width = 2 * MARGIN + columns * WIDTH + (columns - 1) * GAP.x;
  const height = (tops.at(-1) ?? MARGIN) + (heights.at(-1) ?? 0) + MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>Plan of an order</title><style>${STYLE}</style>`,
    '<defs><marker id="to" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8"/></marker></defs>',
    `<rect x="0" y="0" width="${width}" height="${height}" style="fill:#fff;stroke:none"/>`,
    ...arrows,
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
}
