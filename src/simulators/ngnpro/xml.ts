import sax, { type QualifiedTag } from 'sax';

const MAX_DEPTH = 24;
const MAX_ELEMENTS = 100_000;
/** The five entities of XML only. */
const OPTIONS = { xmlns: true, strictEntities: true };

/** An element as read: names resolved, comments gone. */
export interface XmlElement {
  readonly name: string;
  /** Empty when it is in none. */
  readonly namespace: string;
  /** By `{namespace}name`, or the name alone where the attribute is in none. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Of itself, not of its children. */
  readonly text: string;
}

interface Growing extends XmlElement {
  readonly children: XmlElement[];
  text: string;
}

/** A text that is no XML this server reads; the message says why. */
export class XmlError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'XmlError';
  }
}

const refuse = (why: string): never => {
  throw new XmlError(why);
};

function attributesOf({ attributes }: QualifiedTag): ReadonlyMap<string, string> {
  const plain = Object.values(attributes).filter(({ prefix, name }) => prefix !== 'xmlns' && name !== 'xmlns');
  return new Map(plain.map(({ uri, local, value }) => [uri === '' ? local : `{${uri}}${local}`, value]));
}

/**
 * No document type and so no entities, bounded depth and number of elements; the size is limited where it is read.
 * @throws XmlError
 */
export function readXml(text: string): XmlElement {
  const open: Growing[] = [];
  const roots: Growing[] = [];
  let elements = 0;
  const addText = (part: string): void => {
    const inside = open.at(-1);
    if (inside) inside.text += part;
  };
  const parser = Object.assign(sax.parser(true, OPTIONS), {
    ondoctype: () => refuse('DTD is not allowed'),
    onerror: () => refuse('not well-formed'),
    ontext: addText,
    oncdata: addText,
    onopentag(tag: QualifiedTag) {
      elements += 1;
      if (open.length >= MAX_DEPTH || elements > MAX_ELEMENTS) refuse('the message is too large');
      const { local: name, uri: namespace } = tag;
      const element: Growing = { name, namespace, attributes: attributesOf(tag), children: [], text: '' };
      (open.at(-1)?.children ?? roots).push(element);
      open.push(element);
    },
    onclosetag: () => open.pop(),
  });
  parser.write(text).close();
  return roots[0] ?? refuse('not well-formed');
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };
export const escapeXml = (text: string): string =>
  text.replaceAll(/[&<>\r]/g, (character) => ESCAPES[character] ?? character);
