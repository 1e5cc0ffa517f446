/*
 * The WSDLs are files of this project with one known layout, so text patterns do. A parser would have to keep what it
 * does not understand, to serve the rest unchanged.
 */

const COMPLEX_TYPE = /<xsd:complexType name="([^"]+)">([\s\S]*?)<\/xsd:complexType>/g;
const ELEMENT = /<xsd:element name="([^"]+)" type="([^"]+)"([^/]*)\/>/g;
const ARRAY_TYPE = /wsdl:arrayType="([^"]+)\[\]"/;
const MESSAGE = /<wsdl:message name="([^"]+)">([\s\S]*?)<\/wsdl:message>/g;
const PART = /<wsdl:part name="([^"]+)" type="([^"]+)"\/>/g;
const PORT_TYPE = /<wsdl:portType[\s\S]*<\/wsdl:portType>/;
const OPERATION = /<wsdl:operation name="([^"]+)">/g;

/** A member of a struct, or a part of a message. */
export interface Member {
  readonly name: string;
  /** `xsd:string`, or the bare name of a type of the WSDL. */
  readonly type: string;
  readonly required: boolean;
}

export type Shape = { readonly members: readonly Member[] } | { readonly itemType: string };
/** By bare name. */
export type Types = ReadonlyMap<string, Shape>;

export interface OperationShape {
  readonly parts: readonly Member[];
  /** Type of its one part; null where the reply has none. */
  readonly reply: string | null;
}

export const isScalar = (type: string): boolean => type.startsWith('xsd:');

const typeName = (type: string): string => (isScalar(type) ? type : type.slice(type.indexOf(':') + 1));

export function typesOf(wsdl: string): Types {
  const shapeOf = (body: string): Shape => {
    const itemType = ARRAY_TYPE.exec(body)?.[1];
    if (itemType !== undefined) return { itemType: typeName(itemType) };
    const members = [...body.matchAll(ELEMENT)].map(([, name = '', type = '', rest = '']) => ({
      name,
      type: typeName(type),
      required: !rest.includes('minOccurs="0"'),
    }));
    return { members };
  };
  return new Map([...wsdl.matchAll(COMPLEX_TYPE)].map(([, name = '', body = '']) => [name, shapeOf(body)]));
}

export function operationsOf(wsdl: string): ReadonlyMap<string, OperationShape> {
  const messages = new Map([...wsdl.matchAll(MESSAGE)].map(([, name = '', body = '']) => [name, body]));
  const partsOf = (message: string): Member[] =>
    [...(messages.get(message) ?? '').matchAll(PART)].map(([, name = '', type = '']) => ({
      name,
      type: typeName(type),
      required: true,
    }));
  const portType = PORT_TYPE.exec(wsdl)?.[0] ?? '';
  const shapes = [...portType.matchAll(OPERATION)].map(([, name = '']): [string, OperationShape] => [
    name,
    { parts: partsOf(name), reply: partsOf(`${name}Response`)[0]?.type ?? null },
  ]);
  return new Map(shapes);
}
