/** The parts of a JSON Schema that the reference shows. */
export interface Shown {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Shown>>;
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Shown[];
  readonly items?: Shown;
  readonly properties?: Readonly<Record<string, Shown>>;
  readonly required?: readonly string[];
  readonly format?: string;
  readonly pattern?: string;
  readonly writeOnly?: boolean;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  /** Ours: when a member that is optional is needed all the same. */
  readonly 'x-needed'?: string;
}

const code = (text: string): string => `\`${text}\``;

/** A text fit for a cell of a table. */
export const cell = (text: string): string =>
  text
    .replaceAll('|', String.raw`\|`)
    .replaceAll('<', '&lt;')
    .replaceAll('\n', ' ');

export const refName = ({ $ref }: Shown): string => $ref?.split('/').at(-1) ?? '';

/** ` (1 to 255 characters)`, or nothing where there is no bound but those of every safe integer. */
function range(low: number | undefined, high: number | undefined, unit = ''): string {
  const from = low !== undefined && low > Number.MIN_SAFE_INTEGER ? low : undefined;
  const to = high !== undefined && high < Number.MAX_SAFE_INTEGER ? high : undefined;
  if (from === undefined && to === undefined) return '';
  if (from === undefined) return ` (at most ${to}${unit})`;
  return to === undefined ? ` (at least ${from}${unit})` : ` (${from} to ${to}${unit})`;
}

function textType(shown: Shown): string {
  if (shown.format === 'date-time') return 'time with zone (ISO 8601)';
  // A pattern that allows the empty text is told by the meaning; it would be hard to read.
  if (shown.pattern && !shown.pattern.startsWith('^$')) return `text ${code(shown.pattern)}`;
  return `text${range(shown.minLength, shown.maxLength, ' characters')}`;
}

/** What a member may be, in words; objects of the model as links. */
export function typeOf(shown: Shown): string {
  if (shown.$ref) return `[${refName(shown)}](#${refName(shown).toLowerCase()})`;
  if (shown.enum) return shown.enum.map((value) => code(String(value))).join(', ');
  if (shown.anyOf) return shown.anyOf.map(typeOf).join(' or ');
  switch (shown.type) {
    case 'string':
      return textType(shown);
    case 'integer':
      return `whole number${range(shown.minimum, shown.maximum)}`;
    case 'array':
      return `list of ${shown.items ? typeOf(shown.items) : 'values'}${range(shown.minItems, shown.maxItems)}`;
    case 'object':
      return 'object';
    case 'null':
      return code('null');
    default:
      return 'any value';
  }
}

function row(name: string, shown: Shown, required: boolean): string {
  const needed = required ? '**yes**' : (shown['x-needed'] ?? '');
  const standard = shown.default === undefined ? '' : code(JSON.stringify(shown.default));
  const meaning = `${shown.writeOnly ? '*Secret.* ' : ''}${shown.description ?? ''}`;
  return `| ${code(name)} | ${cell(typeOf(shown))} | ${cell(needed)} | ${standard} | ${cell(meaning)} |`;
}

/** One row a member of an object. */
export function memberTable(shown: Shown): string[] {
  const required = new Set(shown.required);
  return [
    '| member | type | required | default | meaning |',
    '|---|---|---|---|---|',
    ...Object.entries(shown.properties ?? {}).map(([name, member]) => row(name, member, required.has(name))),
  ];
}
