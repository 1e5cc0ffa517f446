import type { IncomingHttpHeaders } from 'node:http';

/* The matching rules of recorded exchanges: placeholders, `<any>`, `<absent>`, `<more>`, `<unordered>`, `<includes>`. */

export type Vars = Readonly<Record<string, unknown>>;

const WHOLE = /^\$\{(\w+)(:text)?\}$/;
const EACH = /\$\{(\w+)(?::text)?\}/g;
const CHECKED_HEADERS = ['content-type', 'location', 'preference-applied', 'www-authenticate'];

function lookUp(vars: Vars, name: string): unknown {
  if (!(name in vars)) throw new Error(`\${${name}} has no value: the step that captures it did not succeed`);
  return vars[name];
}

export function fillText(text: string, vars: Vars): string {
  return text.replaceAll(EACH, (_whole, name: string) => String(lookUp(vars, name)));
}

/** The value of a string that is nothing but a placeholder, with its type; undefined for any other string. */
function wholeValue(text: string, vars: Vars): { readonly value: unknown } | undefined {
  const found = WHOLE.exec(text);
  if (!found) return undefined;
  const value = lookUp(vars, found[1] ?? '');
  return { value: found[2] ? String(value) : value };
}

export function fill(value: unknown, vars: Vars): unknown {
  if (typeof value === 'string') {
    const whole = wholeValue(value, vars);
    return whole ? whole.value : fillText(value, vars);
  }
  if (Array.isArray(value)) return value.map((element) => fill(element, vars));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, fill(member, vars)]));
}

const show = (value: unknown): string => (value === undefined ? '(absent)' : JSON.stringify(value).slice(0, 200));

function likeText(recorded: string, got: string): boolean {
  const parts = recorded.split('<any>').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('[^]*')}$`).test(got);
}

function sortedQuery(href: string): string {
  const [path, query] = href.split('?', 2);
  return query === undefined ? href : `${path}?${query.split('&').toSorted().join('&')}`;
}

function compareText(recorded: string, got: unknown, vars: Vars, at: string): string[] {
  const differs = [`${at || '/'}: recorded ${show(recorded)}, got ${show(got)}`];
  if (recorded === '<any>') return got === undefined || got === null ? differs : [];
  const whole = wholeValue(recorded, vars);
  if (whole) return whole.value === got ? [] : differs;
  if (typeof got !== 'string') return differs;
  const filled = fillText(recorded, vars);
  const same = at.endsWith('/href') ? likeText(sortedQuery(filled), sortedQuery(got)) : likeText(filled, got);
  return same ? [] : differs;
}

function compareList(recorded: readonly unknown[], got: unknown, vars: Vars, at: string): string[] {
  if (!Array.isArray(got)) return [`${at}: recorded a list, got ${show(got)}`];
  const mode = recorded[0] === '<unordered>' || recorded[0] === '<includes>' ? recorded[0] : null;
  const wanted = mode === null ? recorded : recorded.slice(1);
  if (mode !== '<includes>' && wanted.length !== got.length) {
    return [`${at}: recorded ${wanted.length} elements, got ${got.length}`];
  }
  if (mode === null) return wanted.flatMap((element, index) => compare(element, got[index], vars, `${at}/${index}`));
  const left: unknown[] = [...got];
  return wanted.flatMap((element) => {
    const hit = left.findIndex((one) => compare(element, one, vars, '').length === 0);
    if (hit < 0) return [`${at}: no element like ${show(element)}`];
    left.splice(hit, 1);
    return [];
  });
}

function compareObject(recorded: Record<string, unknown>, got: unknown, vars: Vars, at: string): string[] {
  if (typeof got !== 'object' || got === null || Array.isArray(got)) {
    return [`${at || '/'}: recorded an object, got ${show(got)}`];
  }
  const members = got as Record<string, unknown>;
  const differences = Object.entries(recorded).flatMap(([name, wanted]) => {
    if (name === '<more>') return [];
    const here = `${at}/${name}`;
    if (wanted === '<absent>') return name in members ? [`${here}: must be absent, got ${show(members[name])}`] : [];
    if (!(name in members)) return [`${here}: recorded ${show(wanted)}, got (absent)`];
    return compare(wanted, members[name], vars, here);
  });
  if ('<more>' in recorded) return differences;
  const unknown = Object.keys(members).filter((name) => !(name in recorded));
  return [...differences, ...unknown.map((name) => `${at}/${name}: not recorded, got ${show(members[name])}`)];
}

/** Differences between a recorded value and the one that came; none when it matches. */
export function compare(recorded: unknown, got: unknown, vars: Vars, at: string): string[] {
  if (typeof recorded === 'string') return compareText(recorded, got, vars, at);
  if (Array.isArray(recorded)) return compareList(recorded, got, vars, at);
  if (typeof recorded === 'object' && recorded !== null) {
    return compareObject(recorded as Record<string, unknown>, got, vars, at);
  }
  return recorded === got ? [] : [`${at || '/'}: recorded ${show(recorded)}, got ${show(got)}`];
}

/** `type; a=b; c="d"` as a comparable text: lower case, parameters sorted. */
function mediaType(value: string): string {
  const [type = '', ...parameters] = value.match(/(?:[^;"]|"[^"]*")+/g) ?? [''];
  const flat = parameters.map((parameter) => parameter.trim().replaceAll('"', '').toLowerCase()).toSorted();
  return [type.trim().toLowerCase(), ...flat].join(';');
}

/** The strict rules: a recorded empty Content-Type has to be there and be empty, no charset is added. */
export function compareHeaders(
  recorded: Readonly<Record<string, string>>,
  got: IncomingHttpHeaders,
  vars: Vars,
): string[] {
  return CHECKED_HEADERS.flatMap((name) => {
    const wanted = recorded[name];
    const given = got[name] as string | undefined;
    if (wanted === undefined || given === undefined) {
      return wanted === given ? [] : [`header ${name}: recorded ${show(wanted)}, got ${show(given)}`];
    }
    const same =
      name === 'content-type'
        ? mediaType(wanted) === mediaType(given)
        : likeText(fillText(wanted, vars), given.replace(/^https?:\/\/[^/]+/i, ''));
    return same ? [] : [`header ${name}: recorded ${show(wanted)}, got ${show(given)}`];
  });
}
