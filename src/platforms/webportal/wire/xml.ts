import sax, { type Tag } from 'sax';
import { plainText } from '../text.ts';

/*
 * XML as a document that pointers go through: `/answer/item/0/name`. An element with others in it is an object, one that
 * repeats a list, any other its text; attributes are members with an "@". Prefixes of names are dropped where it is read.
 */

const MOST_LEVELS = 32;
const ROOT = '';
const TEXT = '#text';

type Element = Record<string, unknown>;

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

/** Neither a document type nor entities besides XML's own are read. */
class Unreadable extends Error {}

const refuse = (): never => {
  throw new Unreadable();
};

function put(holder: Element, name: string, value: unknown): void {
  const there = holder[name];
  if (there === undefined) holder[name] = value;
  else if (Array.isArray(there)) there.push(value);
  else holder[name] = [there, value];
}

function valueOf(element: Element): unknown {
  const { [TEXT]: text = '', ...members } = element;
  const trimmed = String(text).trim();
  if (Object.keys(members).length === 0) return trimmed;
  return trimmed === '' ? members : { ...members, [TEXT]: trimmed };
}

/** Undefined where the text is no sound XML. */
export function readXml(text: string): unknown {
  const open: { name: string; element: Element }[] = [{ name: ROOT, element: {} }];
  const addText = (piece: string): void => {
    const { element } = open.at(-1)!;
    element[TEXT] = `${plainText(element[TEXT] ?? '')}${piece}`;
  };
  const parser = Object.assign(sax.parser(true, {}), {
    ondoctype: refuse,
    onerror: refuse,
    ontext: addText,
    oncdata: addText,
    onopentag({ name, attributes }: Tag) {
      if (open.length > MOST_LEVELS) refuse();
      const element = Object.assign(Object.create(null) as Element, {});
      for (const [key, value] of Object.entries(attributes)) {
        if (key !== 'xmlns' && !key.startsWith('xmlns:')) element[`@${localName(key)}`] = value;
      }
      open.push({ name: localName(name), element });
    },
    onclosetag() {
      const { name, element } = open.pop()!;
      put(open.at(-1)!.element, name, valueOf(element));
    },
  });
  try {
    parser.write(text).close();
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
  const { [TEXT]: _outside, ...document } = open[0]!.element;
  return document;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escaped = (value: unknown): string =>
  String(value)
    // Not allowed in XML 1.0 in any form.
    // oxlint-disable-next-line no-control-regex
    .replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '')
    .replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? character);

function write(name: string, value: unknown): string {
  if (Array.isArray(value)) return value.map((one) => write(name, one)).join('');
  if (value === null || value === undefined) return `<${name}/>`;
  if (typeof value !== 'object') return `<${name}>${escaped(value)}</${name}>`;
  const members = Object.entries(value);
  const attributes = members
    .filter(([key]) => key.startsWith('@'))
    .map(([key, one]) => ` ${key.slice(1)}="${escaped(one)}"`);
  const inner = members
    .filter(([key]) => !key.startsWith('@'))
    .map(([key, one]) => (key === TEXT ? escaped(one) : write(key, one)));
  return `<${name}${attributes.join('')}>${inner.join('')}</${name}>`;
}

/** @throws {Error} unless there is one root whose names are XML's */
export function writeXml(document: unknown): string {
  const [root, ...more] = Object.entries(document as Element);
  if (!root || more.length > 0 || Array.isArray(root[1])) throw new Error('a document in XML has one root');
  return `<?xml version="1.0" encoding="UTF-8"?>${write(root[0], root[1])}`;
}
