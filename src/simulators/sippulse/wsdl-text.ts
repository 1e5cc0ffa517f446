/*
 * The WSDLs are files of this project with one known layout, so text patterns do. A parser would have to keep what it
 * does not understand, to serve the rest unchanged.
 */

const COMPLEX_TYPE =
  /<xs:complexType name="([^"]+)">\s*<xs:sequence(?:\/>|>([\s\S]*?)<\/xs:sequence>)\s*<\/xs:complexType>\s*/g;
const ELEMENT = /<xs:element name="([^"]+)" type="([^"]+)"([^/]*)\/>/g;
const PORT_TYPE = /<wsdl:portType[\s\S]*<\/wsdl:portType>/;
const OPERATION = /<wsdl:operation name="([^"]+)">/g;

export interface Member {
  readonly name: string;
  /** `string`, `int`, `long`, `double`, `boolean`, or the name of a type of the WSDL. */
  readonly type: string;
  readonly optional: boolean;
  readonly many: boolean;
}

export type Types = ReadonlyMap<string, readonly Member[]>;

const localName = (type: string): string => type.slice(type.indexOf(':') + 1);

export function typesOf(wsdl: string): Types {
  const types = new Map<string, Member[]>();
  for (const [, type = '', body = ''] of wsdl.matchAll(COMPLEX_TYPE)) {
    const members = [...body.matchAll(ELEMENT)].map(([, name = '', memberType = '', rest = '']) => ({
      name,
      type: localName(memberType),
      optional: rest.includes('minOccurs="0"'),
      many: rest.includes('maxOccurs="unbounded"'),
    }));
    types.set(type, members);
  }
  return types;
}

export function operationNames(wsdl: string): string[] {
  const portType = PORT_TYPE.exec(wsdl)?.[0] ?? '';
  return [...portType.matchAll(OPERATION)].map(([, name = '']) => name);
}

function withoutUnusedTypes(wsdl: string): string {
  const used = new Set([...wsdl.matchAll(/type="tns:([^"]+)"/g)].map(([, name = '']) => name));
  const left = wsdl.replaceAll(COMPLEX_TYPE, (whole, name: string) => (used.has(name) ? whole : ''));
  return left === wsdl ? left : withoutUnusedTypes(left);
}

/** The WSDL of a server that lacks these operations, and the types that only they use. */
export function withoutOperations(wsdl: string, names: ReadonlySet<string>): string {
  const doomed = operationNames(wsdl).filter((name) => names.has(name));
  if (doomed.length === 0) return wsdl;
  let text = wsdl;
  for (const name of doomed) {
    text = text
      .replaceAll(new RegExp(String.raw`<xs:element name="${name}(?:Response)?" type="tns:[^"]+"/>\s*`, 'g'), '')
      .replaceAll(new RegExp(String.raw`<wsdl:message name="${name}(?:Response)?">[\s\S]*?</wsdl:message>\s*`, 'g'), '')
      .replaceAll(new RegExp(String.raw`<wsdl:operation name="${name}">[\s\S]*?</wsdl:operation>\s*`, 'g'), '');
  }
  return withoutUnusedTypes(text);
}
