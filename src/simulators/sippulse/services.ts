import { readFileSync } from 'node:fs';
import type { SippulseSettings } from './options.ts';
import { operationNames, withoutOperations } from './wsdl-text.ts';

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

/** The page's spelling of an operation, and the live one (sippulse.md, "Some operation names differ"). */
export const SECOND_SPELLINGS: Readonly<Record<string, string>> = {
  listAddresses: 'lisAddresses',
  insertAddresses: 'insertAddress',
  updateAddresses: 'updateAddress',
  removeAddresses: 'removeAddress',
  insertHuntGroups: 'insertHuntGroup',
  updateHuntGroups: 'updateHuntGroup',
  deleteWhiteList: 'deletetWhiteList',
};

const FOLDER = new URL('../../platforms/sippulse/wsdl/', import.meta.url);
const PREFIX = '/SipPulse/';

function hiddenBy({ without, spelling }: SippulseSettings): ReadonlySet<string> {
  const names = new Set(without);
  if (spelling === 'live') for (const name of Object.keys(SECOND_SPELLINGS)) names.add(name);
  if (spelling === 'page') for (const name of Object.values(SECOND_SPELLINGS)) names.add(name);
  return names;
}

export interface Service {
  readonly name: ServiceName;
  /** `/SipPulse/DidWS`. */
  readonly path: string;
  /** As served; the address in it stays the server's inner one, as on live servers. */
  readonly wsdl: string;
  readonly operations: ReadonlySet<string>;
}

/** The services this server has, by path. */
export function readServices(settings: SippulseSettings): ReadonlyMap<string, Service> {
  const hidden = hiddenBy(settings);
  const services = SERVICES.map((name): Service => {
    const wsdl = withoutOperations(readFileSync(new URL(`${name}.wsdl`, FOLDER), 'utf8'), hidden);
    const path = PREFIX + (name === 'WhiteListWS' ? settings.whiteListPath : name);
    return { name, path, wsdl, operations: new Set(operationNames(wsdl)) };
  });
  return new Map(services.map((service) => [service.path, service]));
}
