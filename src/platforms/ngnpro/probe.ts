import { TurnupError } from '../../errors/index.ts';
import type { CheckedCapability } from '../port.ts';
import { typeDifferences, type Surface } from '../soap/surface.ts';
import { itemOf, itemsOf, textOrNull } from './shared/read.ts';
import { ownSurface, PORT_NAMES, type PortName } from './soap/ports.ts';
import type { NgnproClient } from './types.ts';

/** Without these no order that provisions a subscriber could be carried out. */
const NEEDED: { readonly [port in PortName]?: readonly string[] } = {
  SipPort: [
    'getDomains',
    'addAccount',
    'getAccount',
    'updateAccount',
    'deleteAccount',
    'addAlias',
    'getAliases',
    'deleteAlias',
    'getCallDiversions',
    'setCallDiversions',
    'addToGroup',
    'removeFromGroup',
  ],
  CustomerPort: ['addAccount', 'getCustomers', 'deleteAccount'],
};

/** Reachability, login, and what the platform's own WSDL has otherwise than ours. Never throws. */
export async function probe(client: NgnproClient): Promise<CheckedCapability[]> {
  const login = await attempt('login', async () => `accepted; ${await domainsOf(client.itself())}`);
  if (!login.ok) return [login];
  const acting = client.actsFor === null ? [] : [await probeClient(client)];
  return [login, ...acting, await checkVoicemail(client), ...(await checkWsdl(client))];
}

/** Whether the login may act for whom this client acts. Never throws. */
export async function probeClient(client: NgnproClient): Promise<CheckedCapability> {
  const name = `acting for customer ${client.actsFor}`;
  return attempt(name, async () => `${await customerOf(client)}; ${await domainsOf(client)}`);
}

/** @throws TurnupError where it sees none, since no subscriber could be made */
async function domainsOf(client: NgnproClient): Promise<string> {
  const query = { filter: {}, range: { start: 0, count: 10 } };
  const reply = itemOf(await client.call('SipPort', 'getDomains', { query }));
  const domains = itemsOf(reply?.['domains']).map((one) => textOrNull(one['domain']) ?? '?');
  if (domains.length === 0) throw new TurnupError('TURNUP_REFERENCE_UNKNOWN', { detail: 'no domain is seen' });
  return `domains: ${domains.join(', ')}${Number(reply?.['total']) > domains.length ? ' …' : ''}`;
}

/** Asked for by its id: a platform that took no notice of one that it does not know would show everything. */
async function customerOf(client: NgnproClient): Promise<string> {
  const found = itemOf(await client.call('CustomerPort', 'getAccount', { id: client.actsFor }));
  const isReseller = found?.['id'] === found?.['reseller'];
  return `${isReseller ? 'the reseller' : 'the customer'} ${textOrNull(found?.['username']) ?? 'without a user name'}`;
}

/** It may be at another address (ngnpro.md, "Wire facts"). A mailbox that is not there is an answer. */
function checkVoicemail(client: NgnproClient): Promise<CheckedCapability> {
  return attempt('voicemail', async () => {
    const sipId = { username: 'turnup-doctor', domain: 'example.invalid' };
    try {
      await client.call('VoicemailPort', 'getAccount', { sipId });
    } catch (error) {
      const isAnswer = error instanceof TurnupError && error.answer?.platformCode !== undefined;
      if (!isAnswer || error.class === 'auth') throw error;
    }
    return 'answers';
  });
}

async function checkWsdl(client: NgnproClient): Promise<CheckedCapability[]> {
  let live: Surface | null;
  try {
    live = await client.liveSurface();
  } catch (error) {
    return [{ name: 'WSDL', ok: false, detail: wordsOf(error) }];
  }
  if (!live) return [{ name: 'WSDL', ok: true, detail: 'the platform shows none that can be read; not compared' }];
  const there = live;
  return Promise.all(PORT_NAMES.map((port) => attempt(port, async () => compare(port, there))));
}

/** The platform has all ports in one WSDL, each with a port type of its own; presence is another service's. */
function compare(port: PortName, live: Surface): string {
  const ours = ownSurface(port);
  const name = port.replace(/Port$/, '').toLowerCase();
  const found = [...live.ports].find(([type]) => type.toLowerCase().startsWith(name));
  const needed = NEEDED[port] ?? [];
  if (!found) {
    if (needed.length === 0) return 'is not in the WSDL of the platform';
    throw new TurnupError('TURNUP_TARGET_UNEXPECTED', { detail: 'is not in the WSDL of the platform' });
  }
  const [, operations] = found;
  const lacking = [...ours.operations].filter((operation) => !operations.has(operation));
  const missing = lacking.filter((operation) => needed.includes(operation));
  if (missing.length > 0) {
    throw new TurnupError('TURNUP_TARGET_UNEXPECTED', { detail: `orders need ${missing.join(', ')}, which it lacks` });
  }
  const more = [...operations].filter((operation) => !ours.operations.has(operation));
  const differences = [
    ...(lacking.length > 0 ? [`lacks ${lacking.join(', ')}`] : []),
    ...(more.length > 0 ? [`has also ${more.join(', ')}`] : []),
    ...typeDifferences(ours, live),
    ...typeDifferences(partsOf(ours), partsOf(live)).filter((line) => !line.includes(' has also authHeader')),
  ];
  return differences.length === 0 ? `${operations.size} operations, as ours` : differences.join('; ');
}

/** Messages compared as types are: their parts are members. */
const partsOf = ({ messages, ...surface }: Surface): Surface => ({ ...surface, messages, types: messages });

async function attempt(name: string, check: () => Promise<string>): Promise<CheckedCapability> {
  try {
    return { name, ok: true, detail: await check() };
  } catch (error) {
    return { name, ok: false, detail: wordsOf(error) };
  }
}

const wordsOf = (error: unknown): string =>
  error instanceof TurnupError ? error.message : 'failed for an unknown reason';
