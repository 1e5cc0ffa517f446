import { type JSONPath, printParseErrorCode, visit } from 'jsonc-parser';
import { TurnupError } from '../../errors/index.ts';
import { formatPath, shortName } from './paths.ts';

/** Levels of objects and arrays; an order needs about ten. */
export const MAX_DEPTH = 64;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * One JSON object in UTF-8, nothing else: broken UTF-8, comments, trailing commas, duplicate members and nesting
 * beyond {@link MAX_DEPTH} are refused. Linear in the size of the input.
 *
 * @throws TurnupError `TURNUP_MALFORMED_REQUEST`; the detail names the place and never quotes a value.
 */
export function parseJsonStrict(bytes: Uint8Array): unknown {
  const text = decode(bytes);
  const { members } = measure(text);
  const value = parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed('the body must be one JSON object');
  }
  // JSON.parse keeps the last of two members of one name without a word: fewer members than colons gives them away.
  if (countMembers(value) !== members) throw malformed(locateDuplicate(text));
  return value;
}

function malformed(detail: string): TurnupError {
  return new TurnupError('TURNUP_MALFORMED_REQUEST', { detail });
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw malformed('the body is not valid UTF-8');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // V8's own message quotes the text around the fault, which may be a password.
    throw malformed(text.trim() === '' ? 'the body is empty' : locateSyntaxFault(text));
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPENERS = new Set([0x5b, 0x7b]);
const CLOSERS = new Set([0x5d, 0x7d]);

/** Counts members (colons outside strings) and bounds the depth before anything recursive sees the text. */
function measure(text: string): { members: number } {
  let members = 0;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) i = endOfString(text, i);
    else if (code === COLON) members++;
    else if (OPENERS.has(code)) {
      depth++;
      if (depth > MAX_DEPTH) throw malformed(`nested deeper than ${MAX_DEPTH} levels (${position(text, i)})`);
    } else if (CLOSERS.has(code)) depth--;
  }
  return { members };
}

function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === BACKSLASH) i++;
    else if (code === QUOTE) return i;
  }
  return text.length;
}

function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (Array.isArray(value)) {
    let count = 0;
    for (const item of value) count += countMembers(item);
    return count;
  }
  const names = Object.keys(value);
  let count = names.length;
  for (const name of names) count += countMembers((value as Record<string, unknown>)[name]);
  return count;
}

function position(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return at(line - 1, offset - (before.lastIndexOf('\n') + 1));
}

const at = (line: number, character: number): string => `line ${line + 1}, column ${character + 1}`;

/** Ends a walk at its first finding: what follows a fault is guesswork, and need not be linear. */
class Found extends Error {}

function findFirst(walk: (found: (text: string) => never) => void, otherwise: string): string {
  try {
    walk((text) => {
      throw new Found(text);
    });
  } catch (error) {
    if (error instanceof Found) return error.message;
    throw error;
  }
  return otherwise;
}

function locateSyntaxFault(text: string): string {
  return findFirst((found) => {
    visit(
      text,
      {
        onError: (code, _offset, _length, line, character) => {
          const words = printParseErrorCode(code).replaceAll(/(?<!^)[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
          found(`not JSON: ${words.toLowerCase()} at ${at(line, character)}`);
        },
      },
      { disallowComments: true, allowTrailingComma: false },
    );
  }, 'not JSON');
}

function locateDuplicate(text: string): string {
  const open: Set<string>[] = [];
  return findFirst((found) => {
    visit(text, {
      onObjectBegin: () => {
        open.push(new Set());
      },
      onObjectEnd: () => {
        open.pop();
      },
      onObjectProperty: (name, _offset, _length, line, character, path: () => JSONPath) => {
        const names = open.at(-1);
        if (names?.has(name)) {
          found(`member "${formatPath([...path(), shortName(name)])}" is given twice (${at(line, character)})`);
        }
        names?.add(name);
      },
    });
  }, 'a member is given twice');
}
