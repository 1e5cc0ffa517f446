import type { AuthHeader } from './actor.ts';
import { RequestFault } from './fault.ts';
import type { NgnproSettings } from './options.ts';
import type { Port } from './ports.ts';
import type { OperationShape } from './wsdl-text.ts';
import { readXml, XmlError, type XmlElement } from './xml.ts';

/** Bytes of one request. */
export const ENVELOPE_LIMIT = 2 * 1024 * 1024;

const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';
const TYPES = 'urn:AGProjects:NGNPro';

const decoder = new TextDecoder('utf-8', { fatal: true });

export interface Reading {
  readonly port: Port;
  readonly operation: string;
  readonly shape: OperationShape;
  readonly wrapper: XmlElement;
  /** Null when there is none of a form that this server takes. */
  readonly auth: AuthHeader | null;
}

function parse(body: Buffer): XmlElement {
  try {
    return readXml(decoder.decode(body));
  } catch (error) {
    if (error instanceof XmlError) throw new RequestFault(`XML error: ${error.message}`);
    if (error instanceof TypeError) throw new RequestFault('XML error: not UTF-8');
    throw error;
  }
}

const childNamed = (parent: XmlElement, name: string): XmlElement | undefined =>
  parent.children.find((child) => child.name === name && child.namespace === SOAP);

/** Unqualified is how it is known to work, qualified how it is meant (ngnpro.md, "Namespace of `auth`"). */
function authOf(header: XmlElement | undefined, { authHeader }: NgnproSettings): AuthHeader | null {
  const taken = authHeader === 'both' ? ['', TYPES] : [''];
  const auth = header?.children.find(({ name, namespace }) => name === 'auth' && taken.includes(namespace));
  if (!auth) return null;
  const child = (name: string): string | undefined =>
    auth.children.find((one) => one.name === name && taken.includes(one.namespace))?.text;
  const admin = child('admin')?.trim();
  return {
    username: child('username') ?? '',
    password: child('password') ?? '',
    admin: admin === undefined || admin === '' ? undefined : admin === 'true' || admin === '1',
    impersonate: Number(child('impersonate') ?? 0),
  };
}

/**
 * What a request asks for. Its port is told by the namespace of the wrapper alone (ngnpro.md, "why that namespace
 * matters").
 * @throws RequestFault
 */
export function readEnvelope(body: Buffer, ports: ReadonlyMap<string, Port>, settings: NgnproSettings): Reading {
  const envelope = parse(body);
  if (envelope.name !== 'Envelope' || envelope.namespace !== SOAP) throw new RequestFault('Not a SOAP 1.1 envelope');
  const [wrapper, ...more] = childNamed(envelope, 'Body')?.children ?? [];
  if (!wrapper || more.length > 0) throw new RequestFault('The body has to hold one element');
  const port = ports.get(wrapper.namespace);
  const shape = port?.operations.get(wrapper.name);
  if (!port || !shape || settings.without.includes(`${port.name}.${wrapper.name}`)) {
    throw new RequestFault(`No such method: {${wrapper.namespace}}${wrapper.name}`);
  }
  return { port, operation: wrapper.name, shape, wrapper, auth: authOf(childNamed(envelope, 'Header'), settings) };
}
