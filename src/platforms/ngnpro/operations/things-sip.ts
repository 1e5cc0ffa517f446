import type { Listing } from './listing.ts';
import { MAILBOX } from './mailbox.ts';
import { KEY_MARK, marksApart, marksIn } from './marks.ts';
import { isKeptPassword, withSentPassword } from './account-password.ts';
import { pemLines } from './pem.ts';
import { findAccount } from '../shared/accounts.ts';
import { turnFor } from '../shared/kinds.ts';
import type { SipId } from '../types.ts';
import type { Item } from './spec.ts';
import { callOf, inList, listedBy, type Thing } from './thing.ts';
import { isSame, lowered, memberOf, withLowered } from './values.ts';

/* Domains, accounts, aliases and trusted peers. Keys and compensations: ngnpro.md, "Retry …". */

const sip = (operation: string, member: string): Listing => ({ port: 'SipPort', operation, member });

export const DOMAINS = sip('getDomains', 'domains');
export const ACCOUNTS = sip('getAccounts', 'accounts');
export const ALIASES = sip('getAliases', 'aliases');
export const PEERS = sip('getTrustedPeers', 'peers');

const OWNERSHIP = ['customer', 'reseller', 'changeDate'];

const sameName = (one: unknown, other: unknown): boolean => isSame(lowered(one), lowered(other));

const pemIn = (item: Item): Item => ({
  ...item,
  ...Object.fromEntries(
    ['certificate', 'private_key'].filter((name) => name in item).map((name) => [name, pemLines(item[name])]),
  ),
});

export const DOMAIN = {
  noun: 'domain',
  port: 'SipPort',
  element: 'domain',
  key: ['domain'],
  isCaseless: true,
  name: 'domain',
  nameArg: 'domain',
  add: 'addDomain',
  update: 'updateDomain',
  remove: 'deleteDomain',
  looks: [callOf(DOMAINS)],
  look: inList(DOMAINS, ({ domain }) => ({ domain })),
  made: ['changeDate'],
  secrets: ['private_key'],
  isKept: (member, wanted, found) => isSame(wanted[member], found[member]),
  normal: (item) => pemIn(withLowered(item, ['domain'])),
  read: pemIn,
  hanging: [
    listedBy(
      'SIP accounts',
      ACCOUNTS,
      ({ domain }) => ({ domain }),
      (one, { domain }) => sameName(memberOf(one['id'], 'domain'), domain),
    ),
    listedBy(
      'aliases',
      ALIASES,
      ({ domain }) => ({ aliasDomain: domain }),
      (one, { domain }) => sameName(memberOf(one['id'], 'domain'), domain),
    ),
  ],
} satisfies Thing;

const NAMES = ['id', 'target', 'email'];

export const ACCOUNT = {
  noun: 'SIP account',
  port: 'SipPort',
  element: 'account',
  key: ['id'],
  isCaseless: true,
  name: 'id',
  nameArg: 'sipId',
  add: 'addAccount',
  update: 'updateAccount',
  remove: 'deleteAccount',
  looks: ['SipPort.getAccount'],
  async look(client, { id }) {
    const found = await findAccount(client, id as SipId);
    return found ? [found] : [];
  },
  made: [...OWNERSHIP, 'createDate'],
  secrets: ['password'],
  isKept: isKeptPassword,
  keepsLeftOut: true,
  // What the vendor's client sends for blanks (ngnpro.md, "Rules worth coding").
  defaults: ({ defaults }) => ({ owner: 0, callLimit: 0, quota: 0, timeout: 35, timezone: defaults.timezone }),
  normal: (item) => withLowered(item, NAMES),
  read: marksApart,
  sent: (client, item) => withSentPassword(client, marksIn(item)),
  mark: KEY_MARK,
  hanging: [
    listedBy(
      'aliases',
      ALIASES,
      ({ id }) => ({ targetUsername: memberOf(id, 'username'), targetDomain: memberOf(id, 'domain') }),
      (one, { id }) => sameName(one['target'], id),
    ),
    {
      what: 'a mailbox',
      calls: MAILBOX.looks,
      isThere: async (client, { id }) => (await MAILBOX.look(client, { sipId: id })).length > 0,
    },
  ],
  turn: (id) => turnFor(id as SipId),
  takenCode: 'TURNUP_SUBSCRIBER_TAKEN',
} satisfies Thing;

export const ALIAS = {
  noun: 'alias',
  port: 'SipPort',
  element: 'alias',
  key: ['id'],
  isCaseless: true,
  name: 'id',
  nameArg: 'id',
  add: 'addAlias',
  update: 'updateAlias',
  remove: 'deleteAlias',
  looks: [callOf(ALIASES)],
  look: inList(ALIASES, ({ id }) => ({ aliasUsername: memberOf(id, 'username'), aliasDomain: memberOf(id, 'domain') })),
  made: OWNERSHIP,
  normal: (item) => withLowered(item, NAMES),
  takenCode: 'TURNUP_NUMBER_TAKEN',
} satisfies Thing;

export const PEER = {
  noun: 'trusted peer',
  port: 'SipPort',
  element: 'peer',
  key: ['ip'],
  isCaseless: true,
  name: 'ip',
  nameArg: 'ip',
  add: 'addTrustedPeer',
  update: 'updateTrustedPeer',
  remove: 'deleteTrustedPeer',
  looks: [callOf(PEERS)],
  look: inList(PEERS, ({ ip }) => ({ ip })),
  made: ['changeDate'],
  secrets: ['authToken'],
  isKept: (member, wanted, found) => isSame(wanted[member], found[member]),
} satisfies Thing;
