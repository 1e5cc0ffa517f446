import { CATALOGUE, type CatalogueEntry, type ErrorClass } from '../../src/errors/index.ts';
import { cell } from './schema-tables.ts';

const CLASSES: Readonly<Record<ErrorClass, string>> = {
  transient: 'Tries again, a few times, with growing pauses; then the order is held.',
  ambiguous: 'Looks on the target whether the work was done, before anything else; then as transient.',
  outage: 'Stops calls to the target until it answers again. Its orders wait and lose no attempts.',
  throttled: 'Stops calls to the target for as long as it asks.',
  auth: 'Stops calls to the target at the first one, until a person closes the breaker. No order fails because of it.',
  rejected: 'Does not try again. The order is held, or undone if it says so.',
  conflict: 'Does not try again. The order is held.',
  bug: 'Tries again a few times; then the order is held, with what is needed to find the cause.',
};

const INTRODUCTION = `# Errors

<!-- Generated from the catalogue in src/errors by "npm run docs". Do not edit. -->

Every error has a stable code. A refused request is answered with RFC 9457 problem details
(\`application/problem+json\`) that carry it as \`code\`, and every fault of the input under \`errors\`. A step that failed
has it in \`error\` of the order, with what happened this time as \`detail\`. Compare codes, never texts. No error holds a
secret.
`;

function classTable(): string[] {
  return [
    '## Classes',
    '',
    'What Turnup does about an error that a step met:',
    '',
    '| class | what Turnup does |',
    '|---|---|',
    ...Object.entries(CLASSES).map(([name, text]) => `| \`${name}\` | ${cell(text)} |`),
    '',
  ];
}

const row = ([code, { status, class: errorClass, title, hint }]: [string, CatalogueEntry]): string =>
  `| <a id="${code.toLowerCase()}"></a>\`${code}\` | ${status} | \`${errorClass}\` | ${cell(title)} | ${cell(hint)} |`;

function codeTable(): string[] {
  return [
    '## Codes',
    '',
    'The status is that of an answer of the API with this code.',
    '',
    '| code | status | class | what it means | what to do |',
    '|---|---|---|---|---|',
    ...Object.entries(CATALOGUE).map(row),
  ];
}

/** The page `docs/reference/errors.md`, from the catalogue. */
export function renderErrorReference(): string {
  return `${[INTRODUCTION, ...classTable(), ...codeTable()].join('\n').trimEnd()}\n`;
}
