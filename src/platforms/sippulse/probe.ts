import { TurnupError } from '../../errors/index.ts';
import type { CheckedCapability } from '../port.ts';
import { ownSurface } from './client.ts';
import { isFault } from './fault.ts';
import { itemsOf, textOrNull } from './read.ts';
import { liveNameOf } from './soap/names.ts';
import { typeDifferences } from '../soap/surface.ts';
import { SERVICES, type ServiceName } from './soap/wsdl.ts';
import type { SippulseClient } from './types.ts';

/**
 * Without these no order that provisions a subscriber could be carried out. All others are needed only by orders that ask
 * for them, and some are on no live server that was seen (sippulse.md, SubscriberWS).
 */
const NEEDED: { readonly [service in ServiceName]?: readonly string[] } = {
  DomainWS: ['listDomains'],
  ProfileWS: ['listProfilesByDomain'],
  RatePlanWS: ['listRatePlansByDomain'],
  SubscriberWS: [
    'insertSubscriber',
    'retrieveSubscriber',
    'removeSubscriber',
    'updateSubscriber',
    'retrievePassword',
    'updateSubscriberServices',
    'updateSubscriberClassV',
    'retrieveSubscriberClassV',
  ],
  DidWS: ['insertDid', 'deleteDid', 'listByAcc'],
  ReloadModulesWS: ['reloadSubscriber', 'reloadDid'],
};

/** Reachability, login, and what the server's own WSDLs have otherwise than ours. Never throws. */
export async function probe(client: SippulseClient): Promise<CheckedCapability[]> {
  const login = await attempt('login', async () => {
    const domains = itemsOf(await readDomains(client), 'domain').map((one) => textOrNull(one['domain']) ?? '?');
    if (domains.length === 0) throw new TurnupError('TURNUP_REFERENCE_UNKNOWN', { detail: 'the login sees no domain' });
    return `accepted; domains: ${domains.slice(0, 10).join(', ')}${domains.length > 10 ? ' …' : ''}`;
  });
  const services: CheckedCapability[] = [];
  // One after the other: a check is no reason to press a server.
  if (login.ok) for (const service of SERVICES) services.push(await checkService(client, service));
  return [login, ...services];
}

async function readDomains(client: SippulseClient) {
  try {
    return await client.read('DomainWS', 'listDomains', {});
  } catch (error) {
    if (isFault(error)) throw new TurnupError('TURNUP_TARGET_LOGIN_REFUSED', { detail: error.answer.text });
    throw error;
  }
}

function checkService(client: SippulseClient, service: ServiceName): Promise<CheckedCapability> {
  return attempt(service, async () => {
    const live = await client.liveSurface(service);
    const needed = NEEDED[service] ?? [];
    if (!live) {
      if (needed.length === 0) return 'shows no WSDL that can be read; not compared';
      throw new TurnupError('TURNUP_TARGET_UNEXPECTED', {
        detail: `the server shows no operation of this service without what its WSDL imports; orders need ${needed.join(', ')}`,
      });
    }
    const ours = ownSurface(service);
    const lacking: string[] = [];
    for (const operation of ours.operations) {
      const isSecondName = liveNameOf(operation) !== null;
      if (!isSecondName && !(await client.offers(service, operation))) lacking.push(operation);
    }
    const missing = lacking.filter((operation) => needed.includes(operation));
    if (missing.length > 0) {
      throw new TurnupError('TURNUP_TARGET_UNEXPECTED', {
        detail: `orders need ${missing.join(', ')}, which it lacks`,
      });
    }
    const more = [...live.operations].filter((operation) => !ours.operations.has(operation));
    const differences = [
      ...(lacking.length > 0 ? [`lacks ${lacking.join(', ')}`] : []),
      ...(more.length > 0 ? [`has also ${more.join(', ')}`] : []),
      ...typeDifferences(ours, live),
    ];
    return differences.length === 0 ? `${live.operations.size} operations, as ours` : differences.join('; ');
  });
}

async function attempt(name: string, check: () => Promise<string>): Promise<CheckedCapability> {
  try {
    return { name, ok: true, detail: await check() };
  } catch (error) {
    return { name, ok: false, detail: error instanceof TurnupError ? error.message : 'failed for an unknown reason' };
  }
}
