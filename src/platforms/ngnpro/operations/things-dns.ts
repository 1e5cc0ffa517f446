import { without } from '../../operations/items.ts';
import { itemsIn, type Listing } from './listing.ts';
import type { Item } from './spec.ts';
import { callOf, inList, listedBy, type Thing } from './thing.ts';
import { isSame, lowered, memberOf, withLowered } from './values.ts';

/* ENUM ranges and numbers, DNS zones and records. */

const enumList = (operation: string, member: string): Listing => ({ port: 'EnumPort', operation, member });
const dnsList = (operation: string, member: string): Listing => ({ port: 'DnsPort', operation, member });

export const RANGES = enumList('getRanges', 'ranges');
export const NUMBERS = enumList('getNumbers', 'numbers');
export const ZONES = dnsList('getZones', 'zones');
export const RECORDS = dnsList('getRecords', 'records');
export const FANCY_RECORDS = dnsList('getFancyRecords', 'records');

const byIdOrKey = ({ id, zone, name, type, value }: Item): Item =>
  id === undefined ? { zone, name, type, value } : { id };

const OF_RANGE = ['customer', 'reseller', 'changeDate'];

export const RANGE = {
  noun: 'ENUM range',
  port: 'EnumPort',
  element: 'range',
  key: ['id'],
  isCaseless: true,
  name: 'id',
  nameArg: 'range',
  add: 'addRange',
  update: 'updateRange',
  remove: 'deleteRange',
  looks: [callOf(RANGES)],
  look: inList(RANGES, ({ id }) => ({ prefix: memberOf(id, 'prefix'), tld: memberOf(id, 'tld') })),
  made: ['used', 'serial', 'changeDate'],
  normal: (item) => withLowered(item, ['id', 'nameservers']),
  hanging: [
    listedBy(
      'numbers',
      NUMBERS,
      ({ id }) => ({ number: `${String(memberOf(id, 'prefix'))}%`, tld: memberOf(id, 'tld') }),
      (one, { id }) =>
        String(memberOf(one['id'], 'number')).startsWith(String(memberOf(id, 'prefix'))) &&
        isSame(lowered(memberOf(one['id'], 'tld')), lowered(memberOf(id, 'tld'))),
    ),
  ],
} satisfies Thing;

/** What the vendor's client sends where nothing is said (ngnpro.md, EnumNumber). */
const MAPPING_DEFAULTS = { priority: 5, ttl: 3600 };

const mapped = (item: Item, each: (mapping: Item) => Item): Item =>
  Array.isArray(item['mappings']) ? { ...item, mappings: itemsIn(item['mappings']).map(each) } : item;

export const NUMBER = {
  noun: 'ENUM number',
  port: 'EnumPort',
  element: 'number',
  key: ['id'],
  isCaseless: true,
  name: 'id',
  nameArg: 'enumId',
  add: 'addNumber',
  update: 'updateNumber',
  remove: 'deleteNumber',
  looks: [callOf(NUMBERS)],
  look: inList(NUMBERS, ({ id }) => ({ number: memberOf(id, 'number'), tld: memberOf(id, 'tld') })),
  made: OF_RANGE,
  normal: (item) => mapped(withLowered(item, ['id']), (mapping) => ({ ...MAPPING_DEFAULTS, ...mapping })),
  fresh: (before) => mapped(before, (mapping) => without(mapping, ['id'])),
  takenCode: 'TURNUP_NUMBER_TAKEN',
} satisfies Thing;

export const ZONE = {
  noun: 'DNS zone',
  port: 'DnsPort',
  element: 'zone',
  key: ['name'],
  isCaseless: true,
  name: 'name',
  nameArg: 'zone',
  add: 'addZone',
  update: 'updateZone',
  remove: 'deleteZone',
  looks: [callOf(ZONES)],
  look: inList(ZONES, ({ name }) => ({ name })),
  made: ['serial', 'changeDate'],
  normal: (item) => withLowered(item, ['name', 'email', 'nameservers']),
} satisfies Thing;

export const RECORD = {
  noun: 'DNS record',
  port: 'DnsPort',
  element: 'record',
  key: ['zone', 'name', 'type', 'value'],
  name: 'id',
  nameArg: 'recordId',
  resultName: 'recordId',
  add: 'addRecord',
  update: 'updateRecord',
  remove: 'deleteRecord',
  looks: [callOf(RECORDS)],
  look: inList(RECORDS, byIdOrKey),
  made: ['id', ...OF_RANGE],
  normal: (item) => withLowered(item, ['zone', 'name']),
} satisfies Thing;

export const FANCY_RECORD = {
  ...RECORD,
  noun: 'fancy DNS record',
  add: 'addFancyRecord',
  update: 'updateFancyRecord',
  remove: 'deleteFancyRecord',
  looks: [callOf(FANCY_RECORDS)],
  look: inList(FANCY_RECORDS, byIdOrKey),
} satisfies Thing;
