import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readSurface, type Surface } from '../../soap/surface.ts';
import { createWsdlLoader } from '../../soap/wsdl.ts';

/** Which of a platform's addresses a port answers at (ngnpro.md, "Wire facts"). */
export type Place = 'main' | 'voicemail' | 'presence';

interface PortFacts {
  readonly wsdl: string;
  readonly place: Place;
  /** Whether calls carry the `auth` header; presence is another service and takes the account's own password. */
  readonly hasLogin: boolean;
}

const port = (wsdl: string, place: Place = 'main', hasLogin = true): PortFacts => ({ wsdl, place, hasLogin });

/** The ports, by the names of the platform's WSDL (ngnpro.md, "Ports and methods"). */
export const PORTS = {
  SipPort: port('sip'),
  VoicemailPort: port('voicemail', 'voicemail'),
  EnumPort: port('enum'),
  CustomerPort: port('customer'),
  DnsPort: port('dns'),
  RatingPort: port('rating'),
  NetworkPort: port('network'),
  PresencePort: port('presence', 'presence', false),
} as const satisfies Record<string, PortFacts>;

export type PortName = keyof typeof PORTS;
export const PORT_NAMES = Object.keys(PORTS) as PortName[];

const wsdlPath = (name: string): string =>
  fileURLToPath(new URL(`../wsdl/${PORTS[name as PortName].wsdl}.wsdl`, import.meta.url));

/**
 * One WSDL for each port: npm soap takes the wrapper's namespace, which alone tells the ports apart, from the
 * `targetNamespace` (ngnpro.md, "npm soap" 1).
 */
export const loadWsdl = createWsdlLoader(wsdlPath);

const surfaces = new Map<PortName, Surface>();

/** Operations, messages and types of our WSDL of a port. */
export function ownSurface(name: PortName): Surface {
  const known = surfaces.get(name);
  if (known) return known;
  const surface = readSurface(readFileSync(wsdlPath(name), 'utf8'));
  if (!surface) throw new Error(`the WSDL of ${name} cannot be read`);
  surfaces.set(name, surface);
  return surface;
}
