import { fileURLToPath } from 'node:url';
import { createWsdlLoader } from '../../soap/wsdl.ts';

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

export const loadWsdl = createWsdlLoader(wsdlPath);
