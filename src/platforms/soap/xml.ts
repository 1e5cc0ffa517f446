import sax, { type Tag } from 'sax';

/** Deeper than any answer of a platform: an envelope, a response, a list, its members. */
const MOST_LEVELS = 32;

/** Why a text is not to be read, in words without its content. */
class Unreadable extends Error {}

const refuse = (why: string): never => {
  throw new Unreadable(why);
};

export interface XmlVisitor {
  /** @param name without its prefix */
  open?(name: string, attributes: { readonly [name: string]: string }): void;
  close?(name: string): void;
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

/**
 * Goes through a text once, with the parser that npm soap reads answers with, so that both see the same. Size is limited
 * where the text is read. Neither the platforms' services nor SOAP 1.1 (§3) have document types, so one is an attack or another
 * server.
 * @returns what makes it one that is not to be read, in words without its content; null when nothing does
 */
export function walkXml(text: string, { open, close }: XmlVisitor = {}): string | null {
  let depth = 0;
  const parser = Object.assign(sax.parser(true, {}), {
    ondoctype: () => refuse('the answer has a document type'),
    oncdata(data: string) {
      // npm soap parses XML in a CDATA section like an answer of its own, as deep as it goes.
      if (data.toLowerCase().includes('<?xml')) refuse('the answer has XML in a text');
    },
    onopentag({ name, attributes }: Tag) {
      depth += 1;
      if (depth > MOST_LEVELS) refuse(`the answer is nested more than ${MOST_LEVELS} deep`);
      open?.(localName(name), attributes);
    },
    onclosetag(name: string) {
      depth -= 1;
      close?.(localName(name));
    },
    onerror: () => refuse('the answer is no sound XML'),
  });
  try {
    parser.write(text).close();
    return null;
  } catch (error) {
    if (error instanceof Unreadable) return error.message;
    throw error;
  }
}

/** Whether a text is a SOAP envelope rather than a page of a server in front. */
export const isEnvelope = (text: string): boolean => /<(?:[\w.-]+:)?Envelope[\s>]/.test(text.slice(0, 2000));
