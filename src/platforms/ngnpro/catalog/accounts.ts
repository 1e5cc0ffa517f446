import { z } from 'zod';
import { itemsIn } from '../operations/listing.ts';
import { int, text } from '../operations/scalars.ts';
import { named } from '../operations/thing.ts';
import { ALIAS } from '../operations/things-sip.ts';
import { isBlank, isObject } from '../operations/values.ts';
import type { Json } from '../../port.ts';
import { fromJsonText, plain } from './read.ts';
import { listIn, number, ofAccount, oneRead, sipIdOf, user, type Query, type ReadSpec } from './spec.ts';

/** Answers for several accounts, of which one was asked for. */
const first = (reply: unknown): Json => plain(itemsIn(reply)[0] ?? null);

/** What an entry of a call says of the call is told to those only who may read call records. */
function withoutCalls(reply: unknown): Json {
  const entries = isObject(reply) ? itemsIn(reply['entries']) : [];
  const told = entries.map(({ session, description, ...entry }) =>
    isBlank(session) ? { ...entry, description } : entry,
  );
  return plain(told);
}

const time = z.iso
  .datetime({ offset: true, error: 'must be a time in ISO 8601 with its offset, e.g. 2026-11-30T09:00:00Z' })
  .transform((value) => Math.floor(Date.parse(value) / 1000));

const span = ({ from: fromDate, to: toDate }: Query) => ({ fromDate, toDate });

const trace = { nodeIp: text(64), callId: text(255), fromTag: text(255), toTag: text(255) };
const traceParams = { ...z.object(trace).partial().shape, callId: trace.callId };

const ofCall = (title: string, operation: string): ReadSpec =>
  oneRead(title, `SipPort.${operation}`, traceParams, (filter) => ({ filter }), {
    told: fromJsonText,
    aboutCalls: true,
  });

/** By the name in the path: SIP accounts and what they have, one at a time. */
export const ACCOUNT_READS: Readonly<Record<string, ReadSpec>> = {
  account: ofAccount('A SIP account', 'SipPort.getAccount'),
  alias: oneRead('An alias', 'SipPort.getAlias', user, (query) => ({ id: sipIdOf(query) }), {
    isNothing: async (client, query) => (await named(client, ALIAS, sipIdOf(query), {})) === null,
    looks: ALIAS.looks,
  }),
  groups: ofAccount('Groups of an account', 'SipPort.getGroups'),
  callDiversions: ofAccount('Call diversions of an account', 'SipPort.getCallDiversions'),
  acceptRules: ofAccount('From whom an account accepts calls', 'SipPort.getAcceptRules'),
  rejectMembers: ofAccount('Whose calls an account rejects', 'SipPort.getRejectMembers'),
  barringPrefixes: ofAccount('Prefixes that an account may not call', 'SipPort.getBarringPrefixes'),
  phonebook: oneRead(
    'Phonebook of an account',
    'SipPort.getPhonebookEntries',
    {
      ...user,
      uri: text(255).optional(),
      name: text(255).optional(),
      group: text(64).optional(),
      start: number(int()).default(0),
      count: number(int(1, 500)).default(100),
    },
    ({ username, domain, start, count, ...match }) => ({
      sipId: sipIdOf({ username, domain }),
      match,
      range: { start, count },
    }),
    { told: listIn('entries') },
  ),
  devices: oneRead(
    'Registered devices of an account',
    'SipPort.getSipDeviceLocations',
    user,
    (query) => ({ sipIds: [sipIdOf(query)] }),
    { told: (reply) => plain(itemsIn(itemsIn(reply)[0]?.['locations'])) },
  ),
  prepaidStatus: oneRead(
    'Balance of a prepaid account',
    'SipPort.getPrepaidStatus',
    user,
    (query) => ({ sipIds: [sipIdOf(query)] }),
    { told: first },
  ),
  creditHistory: oneRead(
    'What an account was given and charged, without the calls it was charged for',
    'SipPort.getCreditHistory',
    { ...user, count: number(int(1, 1000)).default(100) },
    ({ count, ...query }) => ({ sipId: sipIdOf(query), count }),
    { told: withoutCalls, nothingRecorded: [] },
  ),
  callStatistics: oneRead(
    'How many calls an account placed and received, and what they cost',
    'SipPort.getCallStatistics',
    { ...user, from: time, to: time },
    (query) => ({ sipId: sipIdOf(query), query: { placed: span(query), received: span(query) } }),
  ),
  mailbox: ofAccount('The mailbox of an account', 'VoicemailPort.getAccount'),
  sipTrace: ofCall('SIP messages of a call', 'getSipTrace'),
  mediaTrace: ofCall('Media streams of a call', 'getMediaTrace'),
};
