import type { Stage } from '../../port.ts';
import { CODES } from '../answers.ts';
import { NgnproFault } from '../fault.ts';
import { CUSTOMER } from '../operations/customer.ts';
import { MAILBOX } from '../operations/mailbox.ts';
import { PHONEBOOK_ENTRY } from '../operations/phonebook.ts';
import { FANCY_RECORD, NUMBER, RANGE, RECORD, ZONE } from '../operations/things-dns.ts';
import { CARRIER, GATEWAY, RULE } from '../operations/things-pstn.ts';
import { ACCOUNT, ALIAS, DOMAIN, PEER } from '../operations/things-sip.ts';
import type { Thing } from '../operations/thing.ts';
import { isSame, lowered } from '../operations/values.ts';
import type { PortName } from '../soap/ports.ts';
import type { Args, Item, Plain } from '../types.ts';

const THINGS: readonly Thing[] = [
  DOMAIN,
  ACCOUNT,
  ALIAS,
  PHONEBOOK_ENTRY,
  PEER,
  CARRIER,
  GATEWAY,
  RULE,
  MAILBOX,
  RANGE,
  NUMBER,
  CUSTOMER,
  ZONE,
  RECORD,
  FANCY_RECORD,
];

/** What lists each: the operation, and the member of its answer. */
const LISTS: { readonly [operation: string]: readonly [Thing, string] } = {
  'SipPort.getDomains': [DOMAIN, 'domains'],
  'SipPort.getAccounts': [ACCOUNT, 'accounts'],
  'SipPort.getAliases': [ALIAS, 'aliases'],
  'SipPort.getPhonebookEntries': [PHONEBOOK_ENTRY, 'entries'],
  'SipPort.getTrustedPeers': [PEER, 'peers'],
  'SipPort.getCarriers': [CARRIER, 'carriers'],
  'SipPort.getGateways': [GATEWAY, 'gateways'],
  'SipPort.getGatewayRules': [RULE, 'gateway_rules'],
  'EnumPort.getRanges': [RANGE, 'ranges'],
  'EnumPort.getNumbers': [NUMBER, 'numbers'],
  'CustomerPort.getCustomers': [CUSTOMER, 'accounts'],
  'DnsPort.getZones': [ZONE, 'zones'],
  'DnsPort.getRecords': [RECORD, 'records'],
  'DnsPort.getFancyRecords': [FANCY_RECORD, 'records'],
};

/** What reads one: the part that names it, and how it is told that there is none. */
const READS: { readonly [operation: string]: readonly [Thing, string, keyof typeof CODES] } = {
  'SipPort.getAccount': [ACCOUNT, 'sipId', 'accountUnknown'],
  'VoicemailPort.getAccount': [MAILBOX, 'sipId', 'mailboxUnknown'],
  'EnumPort.getNumber': [NUMBER, 'enumId', 'numberUnknown'],
  'CustomerPort.getAccount': [CUSTOMER, 'id', 'customerUnknown'],
};

export interface Objects {
  /** Undefined where the operation reads none of these. */
  read(port: PortName, operation: string, args: Args): Plain | undefined;
  /** Undefined where the operation is about none of these. */
  write(port: PortName, operation: string, args: Args): Plain | undefined;
  find(thing: Thing, name: unknown): Item | undefined;
}

const sameName = (one: unknown, other: unknown): boolean => isSame(lowered(one), lowered(other));

export const absent = (port: PortName, operation: string, name: keyof typeof CODES): NgnproFault =>
  new NgnproFault({ port, operation, write: false, secrets: [] }, CODES[name], '');

/** The platform's objects, as an order that is rehearsed makes, changes and removes them. */
export function createObjects(
  { numberFor }: Pick<Stage, 'numberFor'>,
  seeds: (thing: Thing) => readonly Item[],
): Objects {
  const held = new Map<Thing, readonly Item[]>(THINGS.map((thing) => [thing, seeds(thing)]));
  const all = (thing: Thing): readonly Item[] => held.get(thing) ?? [];

  function add(thing: Thing, given: Item): Item {
    const own: Item = thing.resultName === undefined ? {} : { [thing.name]: numberFor(thing.resultName) };
    const item: Item = { ...given, ...own, ...(thing === MAILBOX && { mailbox: '{mailbox}' }) };
    held.set(thing, [...all(thing), item]);
    return item;
  }

  function replace(thing: Thing, given: Item): Item {
    const others = all(thing).filter((one) => !sameName(one[thing.name], given[thing.name]));
    const before = all(thing).find((one) => sameName(one[thing.name], given[thing.name]));
    held.set(thing, [...others, { ...before, ...given }]);
    return given;
  }

  return {
    find: (thing, name) => all(thing).find((one) => sameName(one[thing.name], name)),
    read(port, operation, args) {
      const call = `${port}.${operation}`;
      const [thing, member] = LISTS[call] ?? [];
      if (thing && member !== undefined) {
        // Whoever asks looks again at what is listed, since filters take wildcards.
        const { start = 0, count = 100 } = ((args['query'] as Args | undefined)?.['range'] ?? {}) as {
          start?: number;
          count?: number;
        };
        return { [member]: all(thing).slice(start, start + count), total: all(thing).length };
      }
      const [known, part, fault] = READS[call] ?? [];
      if (!known || part === undefined || fault === undefined) return undefined;
      const found = all(known).find((one) => sameName(one[known.name], args[part]));
      if (!found) throw absent(port, operation, fault);
      return found;
    },
    write(port, operation, args) {
      for (const thing of THINGS) {
        if (thing.port !== port) continue;
        const given = args[thing.element] as Item;
        if (operation === thing.add) return add(thing, given);
        if (operation === thing.update) return replace(thing, given);
        if (operation === thing.remove) {
          held.set(
            thing,
            all(thing).filter((one) => !sameName(one[thing.name], args[thing.nameArg])),
          );
          return null;
        }
      }
      return undefined;
    },
  };
}
