import { itemsIn } from '../operations/listing.ts';
import { domain, text, tld } from '../operations/scalars.ts';
import { entity } from '../operations/rating.ts';
import { named, type Thing } from '../operations/thing.ts';
import { FANCY_RECORD, RECORD, ZONE } from '../operations/things-dns.ts';
import { fromJsonText, plain } from './read.ts';
import { anId, oneRead, type Query, type ReadSpec } from './spec.ts';

/** Something that lists show by its name, whose own read says by a fault of no known code that there is none. */
const listed = (thing: Thing, nameOf: (query: Query) => unknown): Partial<ReadSpec> => ({
  isNothing: async (client, query) => (await named(client, thing, nameOf(query), {})) === null,
  looks: thing.looks,
});

const recordRead = (title: string, operation: string, thing: Thing): ReadSpec =>
  oneRead(title, `DnsPort.${operation}`, { recordId: anId }, ({ recordId }) => ({ recordId }), {
    ...listed(thing, ({ recordId }) => recordId),
  });

const jsonRead = (title: string, call: string, more: Partial<ReadSpec> = {}): ReadSpec =>
  oneRead(title, call, {}, () => ({}), { told: fromJsonText, ...more });

/** By the name in the path. */
export const OTHER_READS: Readonly<Record<string, ReadSpec>> = {
  enumNumber: oneRead(
    'An ENUM number',
    'EnumPort.getNumber',
    { number: text(15).regex(/^\d+$/, 'must be digits, without plus'), tld },
    ({ number, tld: suffix }) => ({ enumId: { number, tld: String(suffix).toLowerCase() } }),
  ),
  customer: oneRead('A customer', 'CustomerPort.getAccount', { id: anId }, ({ id }) => ({ id })),
  customerProperties: oneRead(
    'Properties of a customer',
    'CustomerPort.getProperties',
    { customer: anId },
    ({ customer }) => ({ customer }),
    { told: (reply) => plain(itemsIn(reply)) },
  ),
  dnsZone: oneRead('A DNS zone', 'DnsPort.getZone', { zone: domain }, ({ zone }) => ({ zone }), {
    ...listed(ZONE, ({ zone }) => zone),
  }),
  dnsRecord: recordRead('A DNS record', 'getRecord', RECORD),
  fancyRecord: recordRead('A fancy DNS record', 'getFancyRecord', FANCY_RECORD),
  ratingProfiles: oneRead('Rating profiles of an entity', 'RatingPort.getEntityProfiles', { entity }, (query) => query),
  mediaSummary: jsonRead('Media relays and their load', 'SipPort.getMediaSummary'),
  mediaSessions: jsonRead('Calls that are going on', 'SipPort.getMediaSessions', { aboutCalls: true }),
  networkStatistics: jsonRead('Figures of the platform', 'NetworkPort.getStatistics'),
  networkStatus: jsonRead('Servers of the platform and their roles', 'NetworkPort.getStatus'),
};
