import type { JsonObject, JsonValue } from './refusal.ts';

/**
 * A body that the server's own JSON reader refuses, duplicate member names above all. The message has that reader's
 * wording, line and offset (sipwise-ngcp.md §2).
 */
export class MalformedJson extends Error {}

const ESCAPES: Record<string, string> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};
const LITERALS: readonly (readonly [string, JsonValue])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// oxlint-disable-next-line no-control-regex -- control characters are what a JSON string may not hold
const PLAIN_STRING = /[^"\\\u0000-\u001f]*/y;
const HEX = /[0-9a-fA-F]{4}/y;
/** Deep nesting costs the real server time only; here it would cost the stack. */
const MAX_DEPTH = 500;

function parse(text: string): JsonValue {
  let at = 0;
  let depth = 0;

  function skipSpace(): void {
    for (;;) {
      const code = text.charCodeAt(at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      at += 1;
    }
  }

  function fail(what: string): never {
    skipSpace();
    const lines = at === 0 ? [] : text.slice(0, at).split('\n');
    throw new MalformedJson(`Malformed JSON: ${what} at line ${lines.length}, offset ${lines.at(-1)?.length ?? 0}`);
  }

  function take(character: string): boolean {
    skipSpace();
    if (text[at] !== character) return false;
    at += 1;
    return true;
  }

  function match(pattern: RegExp): string | null {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (!found) return null;
    at += found[0].length;
    return found[0];
  }

  function readEscape(): string {
    const character = text[at] ?? '';
    at += 1;
    if (character === 'u') {
      const hex = match(HEX);
      if (hex !== null) return String.fromCharCode(Number.parseInt(hex, 16));
    }
    return ESCAPES[character] ?? fail('Unexpected character or invalid escape while parsing string');
  }

  function readString(): string {
    let out = match(PLAIN_STRING) ?? '';
    for (;;) {
      const character = text[at];
      if (character === undefined) return fail('Unterminated string');
      at += 1;
      if (character === '"') return out;
      if (character !== '\\') return fail('Unexpected character or invalid escape while parsing string');
      out += readEscape();
      out += match(PLAIN_STRING) ?? '';
    }
  }

  function readObject(): JsonObject {
    // Without a prototype a member named __proto__ is data like any other.
    const object = Object.create(null) as JsonObject;
    if (take('}')) return object;
    for (;;) {
      if (!take('"')) fail('Expected string while parsing object');
      const name = readString();
      if (name in object) fail(`Unexpected duplicate object member name ${name}`);
      if (!take(':')) fail('Expected colon while parsing object');
      object[name] = readValue();
      if (take(',')) continue;
      if (take('}')) return object;
      fail('Expected comma or right curly bracket while parsing object');
    }
  }

  function readArray(): JsonValue[] {
    const array: JsonValue[] = [];
    if (take(']')) return array;
    for (;;) {
      array.push(readValue());
      if (take(',')) continue;
      if (take(']')) return array;
      fail('Expected comma or right square bracket while parsing array');
    }
  }

  function nested<T>(read: () => T): T {
    depth += 1;
    if (depth > MAX_DEPTH) fail('Nesting too deep');
    const value = read();
    depth -= 1;
    return value;
  }

  function readValue(): JsonValue {
    if (take('"')) return readString();
    if (take('{')) return nested(readObject);
    if (take('[')) return nested(readArray);
    const number = match(NUMBER);
    if (number !== null) return Number(number);
    for (const [word, value] of LITERALS) {
      if (text.startsWith(word, at)) {
        at += word.length;
        return value;
      }
    }
    return fail('Expected string, array, object, number, boolean or null');
  }

  skipSpace();
  if (text[at] !== '{' && text[at] !== '[') fail('Expected array or object');
  const value = readValue();
  skipSpace();
  if (at < text.length) fail('Unexpected data');
  return value;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @throws MalformedJson */
export function readStrictJson(body: Buffer): JsonValue {
  if (body.length === 0) throw new MalformedJson('Missing or empty input');
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    throw new MalformedJson('Malformed JSON: Wide character or malformed UTF-8 at line 0, offset 0');
  }
  return parse(text);
}
