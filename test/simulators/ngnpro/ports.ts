import { fileURLToPath } from 'node:url';
import { createClientAsync, type Client } from 'soap';
import { startSimulator, type NgnproOptions, type Simulator } from '../../../src/simulators/index.ts';
import { exchange, type WireAnswer } from '../wire.ts';

export const PORTS = ['Sip', 'Voicemail', 'Enum', 'Dns', 'Rating', 'Customer', 'Network', 'Presence'] as const;
export type PortName = (typeof PORTS)[number];

export interface Auth {
  readonly username: string;
  readonly password: string;
  readonly admin?: boolean;
  readonly impersonate?: number;
}

export const ADMIN: Auth = { username: 'admin', password: 'admin', admin: true };
export const RESELLER: Auth = { username: 'reseller', password: 'reseller', admin: false };
export const CUSTOMER: Auth = { username: 'customer', password: 'customer', admin: false };
export const OTHER: Auth = { username: 'other', password: 'other', admin: false };
export const ALICE = { username: 'alice', domain: 'sip.example.com' };

export type Row = Record<string, unknown>;
export type State = Readonly<Record<string, readonly Row[]>>;

export interface Ports {
  readonly simulator: Simulator;
  /** Through npm `soap`'s client; the reply's part, typed as it was sent. Rejects with `<code> <text>` of a fault. */
  call(port: PortName, operation: string, args?: object | null, auth?: Auth): Promise<unknown>;
  /** An envelope written by hand: what stands in its body, and in its header. */
  raw(body: string, options?: { readonly header?: string; readonly path?: string }): Promise<WireAnswer>;
  state(): State;
  close(): Promise<void>;
}

export const wsdlFile = (port: PortName): string =>
  fileURLToPath(new URL(`../../../src/platforms/ngnpro/wsdl/${port.toLowerCase()}.wsdl`, import.meta.url));

/** An array as this service wants it. */
export const array = (...items: readonly unknown[]): object => ({ item: items });

export const HEADERS = { 'Content-Type': 'text/xml; charset=utf-8', SOAPAction: '""' };
export const AUTH_XML = '<auth><username>admin</username><password>admin</password></auth>';

export const envelope = (body: string, header = AUTH_XML): string =>
  '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ' +
  'xmlns:SOAP-ENC="http://schemas.xmlsoap.org/soap/encoding/" xmlns:xsd="http://www.w3.org/2001/XMLSchema">' +
  `<soap:Header>${header}</soap:Header><soap:Body>${body}</soap:Body></soap:Envelope>`;

/** The wrapper of an operation of a port. */
export const wrapped = (port: string, operation: string, inside: string): string =>
  `<p:${operation} xmlns:p="${port === 'Presence' ? 'urn:AGProjects:SoapSIMPLEProxy' : 'urn:AGProjects:NGNPro'}:${port}">` +
  `${inside}</p:${operation}>`;

export const SIP_ID = '<sipId><username>alice</username><domain>sip.example.com</domain></sipId>';

/** What npm `soap` makes of a typed reply, without the types. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const { attributes, $value, ...rest } = value as Row;
  if ($value !== undefined) return $value;
  const given = (attributes ?? {}) as Row;
  if (given['SOAP-ENC:arrayType'] !== undefined) return Object.values(rest).flat().map(plain);
  if (String(given['xsi:type']).startsWith('xsd:')) return '';
  return Object.fromEntries(Object.entries(rest).map(([name, member]) => [name, plain(member)]));
}

interface FaultBody {
  readonly faultstring: string;
  readonly detail?: { readonly exception?: { readonly errorcode: unknown; readonly errorstring: unknown } };
}

function faultOf(error: unknown): Error {
  const fault = (error as { root?: { Envelope: { Body: { Fault: FaultBody } } } }).root?.Envelope.Body.Fault;
  if (!fault) return error as Error;
  const { exception } = fault.detail ?? {};
  return new Error(
    exception ? `${String(plain(exception.errorcode))} ${String(plain(exception.errorstring))}` : fault.faultstring,
  );
}

export async function startPorts(ngnpro?: NgnproOptions): Promise<Ports> {
  const simulator = await startSimulator({ platform: 'ngnpro', ...(ngnpro && { ngnpro }) });
  const clients = new Map<PortName, Promise<Client>>();
  const clientOf = (port: PortName): Promise<Client> => {
    let made = clients.get(port);
    if (!made) {
      const path = port === 'Voicemail' ? '/ngnpro/voicemail' : '/ngnpro';
      made = createClientAsync(wsdlFile(port), {}, simulator.url + path);
      clients.set(port, made);
    }
    return made;
  };
  return {
    simulator,
    async call(port, operation, args = null, auth = ADMIN) {
      const client = await clientOf(port);
      client.clearSoapHeaders();
      if (port !== 'Presence') client.addSoapHeader({ auth });
      const method = client[`${operation}Async`] as (args: object | null) => Promise<[Row | null]>;
      try {
        const [reply] = await method(args);
        const parts = Object.entries(reply ?? {}).filter(([name]) => name !== 'attributes');
        return plain(parts[0]?.[1]);
      } catch (error) {
        throw faultOf(error);
      }
    },
    raw: (body, { header = AUTH_XML, path = '/ngnpro' } = {}) =>
      exchange(simulator.url, { method: 'POST', path, headers: HEADERS, body: envelope(body, header) }),
    state: () => simulator.state() as State,
    close: () => simulator.close(),
  };
}

export const account = (changes: object = {}): object => ({
  id: ALICE,
  password: 's3cret',
  firstName: 'Alice',
  lastName: 'Example',
  email: 'alice@example.com',
  owner: 1002,
  ...changes,
});

export const addAlice = (ports: Ports, changes: object = {}, auth?: Auth): Promise<unknown> =>
  ports.call('Sip', 'addAccount', { account: account(changes) }, auth);

/** All that is assumed to be required. */
export const customer = (changes: object = {}): object => ({
  reseller: 1001,
  username: 'c77',
  password: 's3cret',
  firstName: 'John',
  lastName: 'Doe',
  email: 'john.doe@example.com',
  tel: '+4319876',
  address: 'Unknown',
  postcode: 'Unknown',
  city: 'Unknown',
  state: 'N/A',
  country: 'N/A',
  ...changes,
});

/** The one row of a table that has these members. */
export function rowOf(ports: Ports, table: string, members: Row): Row {
  const rows = ports.state()[table] ?? [];
  const row = rows.find((one) => Object.entries(members).every(([name, value]) => one[name] === value));
  if (!row) throw new Error(`No such row in ${table}`);
  return row;
}
