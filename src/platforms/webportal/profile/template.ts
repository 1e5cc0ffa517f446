/** A text with values in it: `/companies/{companyId}/users`, `{number|national}`. */
export type Template = readonly (string | Placeholder)[];

export interface Placeholder {
  readonly name: string;
  /** Of a converter; null: as it is. */
  readonly as: string | null;
}

const PLACEHOLDER = /\{([A-Za-z][A-Za-z0-9]*)(?:\|([^{}|]+))?\}/;

/** The parts of a text; in words what is wrong with it where it is none. */
export function parseTemplate(text: string): Template | string {
  const parts: (string | Placeholder)[] = [];
  for (let rest = text; rest !== '';) {
    const found = PLACEHOLDER.exec(rest);
    const plain = found ? rest.slice(0, found.index) : rest;
    if (/[{}]/.test(plain)) return 'has a brace that is no {name} or {name|converter}';
    if (plain !== '') parts.push(plain);
    if (!found) break;
    parts.push({ name: found[1] ?? '', as: found[2] ?? null });
    rest = rest.slice(found.index + found[0].length);
  }
  return parts;
}

export const placeholdersOf = (template: Template): Placeholder[] =>
  template.filter((part): part is Placeholder => typeof part !== 'string');

/** What is wrong with the plain parts of a path that must stay beneath the target's URL, or null. */
export function pathFault(template: Template): string | null {
  const plain = template.map((part) => (typeof part === 'string' ? part : 'x')).join('');
  if (!plain.startsWith('/')) return 'must begin with "/": it is a path beneath the URL of the target';
  if (plain.startsWith('//')) return 'must not begin with "//": that names another host';
  if (/[?#]/.test(plain)) return 'must not hold "?" or "#"; the query has a member of its own';
  if (!/^[A-Za-z0-9\-._~!$&'()*+,;=:@%/]*$/.test(plain)) return 'has a character that a path must not have';
  if (/%(?![0-9A-Fa-f]{2})/.test(plain)) return 'has a "%" without two hex digits';
  if (isEscape(plain)) return 'must not have "." or ".." as a part';
  return null;
}

/** Whether a path would leave the folder it seems to be in: a server may resolve it, encoded or not. */
export function isEscape(path: string): boolean {
  const decoded = path.replaceAll(/%2e/gi, '.').replaceAll(/%(?:2f|5c)/gi, '/');
  return decoded.split('/').some((part) => part === '.' || part === '..');
}
