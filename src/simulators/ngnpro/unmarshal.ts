import { invalid, RequestFault } from './fault.ts';
import type { Scalar, Struct, Value } from './values.ts';
import { isScalar, type Member, type Types } from './wsdl-text.ts';
import type { XmlElement } from './xml.ts';

const XSI = 'http://www.w3.org/2001/XMLSchema-instance';
const SOAP_ENC = 'http://schemas.xmlsoap.org/soap/encoding/';
const INT_MAX = 2 ** 31 - 1;

const isNil = ({ attributes }: XmlElement): boolean => ['true', '1'].includes(attributes.get(`{${XSI}}nil`) ?? '');

function integer(text: string, most: number, least = -most): number | undefined {
  const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
  return value <= most && value >= least ? value : undefined;
}

const double = (text: string): number | undefined =>
  /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text) && Number.isFinite(Number(text)) ? Number(text) : undefined;

const BOOLEANS = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

const SCALARS: Readonly<Record<string, (text: string) => Scalar | undefined>> = {
  'xsd:string': (text) => text,
  'xsd:int': (text) => integer(text.trim(), INT_MAX),
  'xsd:integer': (text) => integer(text.trim(), Number.MAX_SAFE_INTEGER),
  'xsd:nonNegativeInteger': (text) => integer(text.trim(), Number.MAX_SAFE_INTEGER, 0),
  'xsd:double': (text) => double(text.trim()),
  'xsd:boolean': (text) => BOOLEANS.get(text.trim()),
};

function scalarOf(type: string, { text, children }: XmlElement, path: string): Scalar {
  const read = SCALARS[type];
  if (!read) throw new Error(`No such type: ${type}`);
  const value = children.length > 0 ? undefined : read(text);
  if (value === undefined) throw invalid(`${path} is not a valid ${type.slice(4)}`);
  return value;
}

/** SOAP section 5 as this service writes it: members `item`, and `arrayType` right if there is one (ngnpro.md, "arrays"). */
function arrayOf(types: Types, itemType: string, { children, attributes, text }: XmlElement, path: string): Value[] {
  const size = /\[(\d+)\]$/.exec(attributes.get(`{${SOAP_ENC}}arrayType`) ?? '')?.[1];
  const isArray = text.trim() === '' && children.every(({ name, namespace }) => name === 'item' && namespace === '');
  if (!isArray || (size !== undefined && Number(size) !== children.length)) throw invalid(`${path} is not an array`);
  return children.map((child, index) => {
    const value = valueOf(types, itemType, child, `${path}[${index}]`);
    if (value === undefined) throw invalid(`${path}[${index}] is nil`);
    return value;
  });
}

function valueOf(types: Types, type: string, element: XmlElement, path: string): Value | undefined {
  if (element.attributes.has('href')) throw new RequestFault('href is not supported');
  if (isNil(element)) return undefined;
  if (isScalar(type)) return scalarOf(type, element, path);
  const shape = types.get(type);
  if (!shape) throw new Error(`The WSDL has no type ${type}`);
  return 'itemType' in shape
    ? arrayOf(types, shape.itemType, element, path)
    : unmarshal(types, shape.members, element, path);
}

/**
 * The struct an element holds: every member in its own type, none that the type lacks, none twice.
 * @throws NgnproFault `invalid`; RequestFault for what the SOAP layer does not read
 */
export function unmarshal(types: Types, members: readonly Member[], element: XmlElement, path = ''): Struct {
  const within = (name: string): string => (path === '' ? name : `${path}.${name}`);
  const known = new Map(members.map((member) => [member.name, member]));
  const result: Record<string, Value | undefined> = {};
  if (element.text.trim() !== '') throw invalid(`${path || element.name} is not a struct`);
  for (const child of element.children) {
    const member = child.namespace === '' ? known.get(child.name) : undefined;
    if (!member) throw invalid(`unexpected element ${within(child.name)}`);
    if (Object.hasOwn(result, child.name)) throw invalid(`${within(child.name)} is there twice`);
    result[child.name] = valueOf(types, member.type, child, within(child.name));
  }
  const missing = members.find(({ name, required }) => required && result[name] === undefined);
  if (missing) throw invalid(`${within(missing.name)} is missing`);
  return result;
}
