import { classOfRow, type AnswerRow } from '../../src/errors/index.ts';
import type { Platform } from '../../src/platforms/port.ts';
import { PLATFORMS } from '../../src/platforms/registry.ts';
import { cell } from './schema-tables.ts';

const INTRODUCTION = `# What platforms answer

<!-- Generated from the tables in src/platforms by "npm run docs". Do not edit. -->

Every answer of a platform that is no success, and what Turnup takes it for: the first row that matches counts.
[Faults](../faults.md) tells what follows from a class and how a target's rows are overridden; each code is explained in
[errors](errors.md). \`turnup explain <platform> <status> <text>\` finds the row of an answer.
`;

function statusOf({ status }: AnswerRow): string {
  if (status === undefined) return 'any';
  return typeof status === 'number' ? String(status) : `≥ ${status.from}`;
}

function textOf({ text }: AnswerRow): string {
  return text === undefined ? '' : `\`${cell(String(text))}\``;
}

function onlyOf({ write, step, platformCode }: AnswerRow): string {
  return [
    write === undefined ? '' : write ? 'writes' : 'reads',
    step === undefined ? '' : `step \`${step}\``,
    platformCode === undefined ? '' : `code \`${platformCode}\``,
  ]
    .filter((part) => part !== '')
    .join(', ');
}

const row = (answer: AnswerRow): string =>
  `| ${statusOf(answer)} | ${textOf(answer)} | ${onlyOf(answer)} | \`${classOfRow(answer)}\` | [\`${answer.code}\`](errors.md#${answer.code.toLowerCase()}) | ${cell(answer.says)} |`;

function section({ name, title, answers }: Platform): string[] {
  return [
    `## ${title} (\`${name}\`)`,
    '',
    '| status | text | only | class | code | what it means |',
    '|---|---|---|---|---|---|',
    ...answers.map(row),
    '',
  ];
}

/** The page `docs/reference/answers.md`, from the platforms' tables. */
export function renderAnswerReference(platforms: readonly Platform[] = PLATFORMS): string {
  return `${[INTRODUCTION, ...platforms.flatMap(section)].join('\n').trimEnd()}\n`;
}
