import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { WSDL } from 'soap';

/** The services, by the name of their WSDL and of their path (sippulse.md, "Operations"). */
export const SERVICES = [
  'AccountGroupWS',
  'AddressWS',
  'CustomerWS',
  'DialplanWS',
  'DidWS',
  'DomainWS',
  'HuntGroupWS',
  'ProfileWS',
  'RatePlanWS',
  'RateWS',
  'ReloadModulesWS',
  'ResellerWS',
  'SubscriberWS',
  'UserLocationWS',
  'WhiteListWS',
] as const;
export type ServiceName = (typeof SERVICES)[number];

export const wsdlPath = (service: string): string => fileURLToPath(new URL(`../wsdl/${service}.wsdl`, import.meta.url));

const loaded = new Map<string, Promise<WSDL>>();

/** Our WSDL of a service, read once per process: it holds nothing of a target. */
export function loadWsdl(service: ServiceName): Promise<WSDL> {
  let wsdl = loaded.get(service);
  if (!wsdl) {
    wsdl = parseWsdl(readFileSync(wsdlPath(service), 'utf8'), wsdlPath(service));
    loaded.set(service, wsdl);
  }
  return wsdl;
}

/** @throws whatever the parser throws for a text that is no WSDL */
function parseWsdl(text: string, uri: string): Promise<WSDL> {
  return new Promise((resolve, reject) => {
    const wsdl = new WSDL(text, uri, {});
    wsdl.onReady((error?: Error | null) => (error ? reject(error) : resolve(wsdl)));
  });
}
