/**
 * How the database compares text: letter case and accents do not count (sipwise-ngcp.md §3). Two texts are equal when
 * their folded forms are.
 */
export function fold(text: string): string {
  if (/^\p{ASCII}*$/u.test(text)) return text.toLowerCase();
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

/** A filter value made ready: `exact` (folded) for an index look-up, else a pattern on folded text. */
export type TextMatch =
  | { readonly exact: string; readonly test: (folded: string) => boolean }
  | { readonly exact: null; readonly test: (folded: string) => boolean };

function translate(value: string, any: string, one: string): { source: string; plain: string; wild: boolean } {
  let source = '';
  let plain = '';
  let wild = false;
  for (let at = 0; at < value.length; at += 1) {
    const character = value[at]!;
    const next = value[at + 1];
    if (character === '\\' && next !== undefined && (any + one).includes(next)) {
      source += `\\${next}`;
      plain += next;
      at += 1;
    } else if (any.includes(character)) {
      source += '.*';
      wild = true;
    } else if (one.includes(character)) {
      source += '.';
      wild = true;
    } else {
      source += character.replace(/[.+?^${}()|[\]\\*/]/, String.raw`\$&`);
      plain += character;
    }
  }
  return { source, plain, wild };
}

function compile(value: string, one: string): TextMatch {
  const { source, plain, wild } = translate(fold(value), '*', one);
  if (!wild) return { exact: plain, test: (folded) => folded === plain };
  const pattern = new RegExp(`^${source}$`, 's');
  return { exact: null, test: (folded) => pattern.test(folded) };
}

/** LIKE with `*` as the only wildcard, `\*` a literal star (§3, kind "wildcard"). */
export const wildcardMatch = (value: string): TextMatch => compile(value, '');

/** Equality, unless an unescaped `*` or `?` makes it a LIKE (§3, kind "pattern"). */
export const patternMatch = (value: string): TextMatch => compile(value, '?');

/** Equality (§3, kind "plain"). */
export function plainMatch(value: string): TextMatch {
  const exact = fold(value);
  return { exact, test: (folded) => folded === exact };
}
