import type { CoverageRow, Platform } from '../../src/platforms/port.ts';
import { cell } from './schema-tables.ts';

const introduction = ({ name, title }: Platform, count: number): string => `# Operations of ${title}

<!-- Generated from the list in src/platforms/${name} by "npm run docs". Do not edit. -->

All ${count} operations of the platform's services, and what reaches each: a step of an order, an entry of an order's
\`operations\`, or a read of \`GET /v1/targets/{name}/catalog/{what}\`. \`turnup coverage ${name}\` prints the same,
\`--json\` for programs.
`;

function section([service, rows]: [string, CoverageRow[]]): string[] {
  return [
    `## ${service}`,
    '',
    '| operation | reached by |',
    '|---|---|',
    ...rows.map(({ operation, reachedBy }) => `| \`${operation}\` | ${cell(reachedBy)} |`),
    '',
  ];
}

/** What an order may carry in `operations`, and what can be read, by name with the title a person knows it by. */
function offers({ operations = {}, catalog = {} }: Platform): string[] {
  const table = (title: string, entries: [string, { readonly title: string }][]): string[] =>
    entries.length === 0
      ? []
      : [
          `## ${title}`,
          '',
          '| name | what it is |',
          '|---|---|',
          ...entries.map(([name, entry]) => `| \`${name}\` | ${cell(entry.title)} |`),
          '',
        ];
  return [
    ...table('What an order may carry in `operations`', Object.entries(operations)),
    ...table('What the catalogue reads', Object.entries(catalog)),
  ];
}

/** The page `docs/coverage/<platform>.md`; null for a platform without a list of its operations. */
export function renderCoverage(platform: Platform): string | null {
  const { coverage } = platform;
  if (!coverage) return null;
  const services = [...Map.groupBy(coverage, ({ service }) => service)];
  const lines = [introduction(platform, coverage.length), ...offers(platform), ...services.flatMap(section)];
  return `${lines.join('\n').trimEnd()}\n`;
}
