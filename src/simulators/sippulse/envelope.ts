import { RequestFault } from './fault.ts';

/** Bytes of one request: a bulk of rates fits many times over. */
export const ENVELOPE_LIMIT = 2 * 1024 * 1024;
const MAX_DEPTH = 24;
const MAX_ELEMENTS = 100_000;

const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';
const SERVICE = 'http://service.ws.sippulse.voffice.com.br/';

const TAG = /<(?:(\/)([^\s<>/]+)\s*|([^\s<>/!?][^\s<>/]*)((?:\s+[^\s=<>/]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?))>/y;
const ATTRIBUTE = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

type Scope = ReadonlyMap<string, string>;

interface Open {
  readonly name: string;
  readonly scope: Scope;
}

function scopeOf(attributes: string, outer: Scope): Scope {
  if (!attributes.includes('xmlns')) return outer;
  const scope = new Map(outer);
  for (const [, name = '', quoted, apostrophed] of attributes.matchAll(ATTRIBUTE)) {
    if (name === 'xmlns') scope.set('', quoted ?? apostrophed ?? '');
    else if (name.startsWith('xmlns:')) scope.set(name.slice(6), quoted ?? apostrophed ?? '');
  }
  return scope;
}

/** Past a comment, CDATA section or processing instruction; -1 when what stands here is none of them. */
function pastMarkup(xml: string, at: number): number {
  for (const [start, end] of [
    ['<!--', '-->'],
    ['<![CDATA[', ']]>'],
    ['<?', '?>'],
  ] as const) {
    if (!xml.startsWith(start, at)) continue;
    const closing = xml.indexOf(end, at + start.length);
    if (closing < 0) throw malformed();
    return closing + end.length;
  }
  return -1;
}

const malformed = (): RequestFault =>
  new RequestFault("Couldn't create SOAP message due to exception: XML reader error");

/**
 * Looks over a request before npm `soap` reads it: no document type (and so no entities), bounded depth and number of
 * elements, SOAP 1.1, the wrapper in the services' namespace and everything beneath it unqualified (sippulse.md, "Wire
 * facts": JAXB does not see a qualified child, npm `soap` would).
 * @returns the local name of the wrapper: the operation
 * @throws RequestFault
 */
export function operationOf(xml: string): string {
  const open: Open[] = [];
  let elements = 0;
  let operation: string | null = null;
  let at = xml.indexOf('<');
  while (at >= 0) {
    const past = pastMarkup(xml, at);
    if (past >= 0) {
      at = xml.indexOf('<', past);
      continue;
    }
    if (xml.startsWith('<!', at)) throw new RequestFault('DTD is not allowed');
    TAG.lastIndex = at;
    const tag = TAG.exec(xml);
    if (!tag) throw malformed();
    at = xml.indexOf('<', TAG.lastIndex);
    const [, closes, closedName, name = '', attributes = '', selfClosing] = tag;
    if (closes) {
      if (open.pop()?.name !== closedName) throw malformed();
      continue;
    }
    elements += 1;
    if (open.length >= MAX_DEPTH || elements > MAX_ELEMENTS) throw new RequestFault('The message is too large');
    const scope = scopeOf(attributes, open.at(-1)?.scope ?? new Map());
    const colon = name.indexOf(':');
    const local = name.slice(colon + 1);
    const namespace = scope.get(colon < 0 ? '' : name.slice(0, colon)) ?? '';
    if (colon >= 0 && namespace === '') throw malformed();
    const inBody = open.length >= 2 && local !== '' && open[1]?.name.endsWith('Body');
    if (open.length === 0 && (local !== 'Envelope' || namespace !== SOAP)) {
      throw new RequestFault('Invalid SOAP 1.1 envelope');
    }
    if (open.length === 1 && namespace !== SOAP) throw new RequestFault('Invalid SOAP 1.1 envelope');
    if (inBody && open.length === 2) {
      if (namespace !== SERVICE) throw new RequestFault(`Cannot find dispatch method for {${namespace}}${local}`);
      operation ??= local;
    }
    if (inBody && open.length > 2 && namespace !== '') {
      throw new RequestFault(`unexpected element (uri:"${namespace}", local:"${local}")`);
    }
    if (!selfClosing) open.push({ name, scope });
  }
  if (open.length > 0 || elements === 0) throw malformed();
  if (operation === null) throw new RequestFault('The message has an empty body');
  return operation;
}
