import type { NgnproSettings } from './options.ts';
import type { Port } from './ports.ts';
import type { Value } from './values.ts';
import { isScalar } from './wsdl-text.ts';
import { escapeXml } from './xml.ts';

/** Writes values as rpc/encoded XML, members in the order of the type. */
export interface Writer {
  write(name: string, type: string, value: Value | undefined): string;
}

export function createWriter({ types, prefix }: Port, settings: NgnproSettings): Writer {
  const { types: typed, nil, item: itemName } = settings;
  const qualified = (type: string): string => (isScalar(type) ? type : `${prefix}:${type}`);
  const typeOf = (type: string): string => (typed === 'none' ? '' : ` xsi:type="${type}"`);
  const element = (name: string, attributes: string, content: string): string =>
    `<${name}${attributes}>${content}</${name}>`;

  function write(name: string, type: string, value: Value | undefined): string {
    if (value === undefined) return nil ? `<${name} xsi:nil="true"/>` : '';
    if (typeof value !== 'object') return element(name, typeOf(type), escapeXml(String(value)));
    const shape = types.get(type);
    if (!shape) throw new Error(`No value of ${type}`);
    if ('itemType' in shape) {
      const items = value as readonly Value[];
      const arrayType = ` SOAP-ENC:arrayType="${qualified(shape.itemType)}[${items.length}]"`;
      const content = items.map((item) => write(itemName, shape.itemType, item)).join('');
      return element(name, typeOf('SOAP-ENC:Array') + arrayType, content);
    }
    const stranger = Object.keys(value).find((member) => shape.members.every((known) => known.name !== member));
    if (stranger !== undefined) throw new Error(`${type} has no member ${stranger}`);
    const members = value as Readonly<Record<string, Value | undefined>>;
    const content = shape.members.map((member) => write(member.name, member.type, members[member.name])).join('');
    return element(name, typeOf(qualified(type)), content);
  }

  return { write };
}

/** @param content what stands in the response element: nothing, or one part */
export function responseEnvelope(
  { namespace, typesNamespace, prefix }: Port,
  operation: string,
  content: string,
): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?>' +
    '<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" ' +
    'xmlns:SOAP-ENC="http://schemas.xmlsoap.org/soap/encoding/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" ' +
    `xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:${prefix}="${typesNamespace}" ` +
    'SOAP-ENV:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">' +
    `<SOAP-ENV:Body><ns1:${operation}Response xmlns:ns1="${namespace}">${content}</ns1:${operation}Response>` +
    '</SOAP-ENV:Body></SOAP-ENV:Envelope>'
  );
}
