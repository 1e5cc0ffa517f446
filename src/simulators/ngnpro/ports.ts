import { readFileSync } from 'node:fs';
import { operationsOf, typesOf, type OperationShape, type Types } from './wsdl-text.ts';

export const PORTS = ['Sip', 'Voicemail', 'Enum', 'Dns', 'Rating', 'Customer', 'Network', 'Presence'] as const;
export type PortName = (typeof PORTS)[number];

const FOLDER = new URL('../../platforms/ngnpro/wsdl/', import.meta.url);

export interface Port {
  readonly name: PortName;
  /** Of the RPC wrapper: the only thing that says which port is meant (ngnpro.md, "Wire facts"). */
  readonly namespace: string;
  readonly typesNamespace: string;
  readonly prefix: 'ngnpro' | 'ssp';
  readonly types: Types;
  readonly operations: ReadonlyMap<string, OperationShape>;
  readonly wsdl: string;
}

/** The presence port is a service of its own (ngnpro.md, "Wire facts"). */
function readPort(name: PortName): Port {
  const wsdl = readFileSync(new URL(`${name.toLowerCase()}.wsdl`, FOLDER), 'utf8');
  const presence = name === 'Presence';
  const typesNamespace = presence ? 'urn:AGProjects:SoapSIMPLEProxy' : 'urn:AGProjects:NGNPro';
  return {
    name,
    namespace: `${typesNamespace}:${name}`,
    typesNamespace,
    prefix: presence ? 'ssp' : 'ngnpro',
    types: typesOf(wsdl),
    operations: operationsOf(wsdl),
    wsdl,
  };
}

/** The ports, by the namespace of their wrappers. */
export const readPorts = (): ReadonlyMap<string, Port> =>
  new Map(PORTS.map((name) => readPort(name)).map((port) => [port.namespace, port]));
