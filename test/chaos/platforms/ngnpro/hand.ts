import type { Evidence } from '../../audit/evidence.ts';
import type { Row } from '../../audit/things.ts';
import type { Leftovers } from './left.ts';

/*
 * The platform as the auditor and the preparation see it: written over its SOAP ports with envelopes of our own, read as
 * a whole, without a line of the adapter under test and without its SOAP library.
 */

export const LOGIN = { username: 'admin', password: 'admin' };
/** A reseller of the stand-in's fresh data, with a domain and the ENUM range of prefix 43. */
export const RESELLER = 1001;
export const DOMAIN = 'sip.example.com';
export const TLD = 'e164.arpa';

/** What the platform wants of each customer. */
export const PERSON = {
  firstName: 'Left',
  lastName: 'Over & Co',
  tel: '+4312345',
  address: 'Gasse 1',
  postcode: '1010',
  city: 'Wien',
  state: 'N/A',
  country: 'AT',
} as const;

export type Port = 'Sip' | 'Voicemail' | 'Enum' | 'Customer' | 'Dns' | 'Rating';

type Value = string | number | boolean | readonly Value[] | Args;
export interface Args {
  readonly [name: string]: Value;
}

export interface Credited {
  readonly action: string;
  readonly description: string;
  readonly value: number;
}
export interface Account extends Row {
  readonly username: string;
  readonly domain: string;
  readonly owner: number;
  readonly password: string;
  readonly rpid: string;
  readonly groups: readonly string[];
  readonly properties: readonly Row[];
  readonly diversions: Row;
  readonly acceptRules: Row;
  readonly rejectMembers: readonly string[];
  readonly barringPrefixes: readonly string[];
  readonly phonebook: readonly Row[];
  readonly balance: number;
  readonly credits: readonly Credited[];
}
export interface Customer extends Row {
  readonly id: number;
  readonly username: string;
  readonly properties: readonly Row[];
}
export interface Alias extends Row {
  readonly username: string;
  readonly domain: string;
  /** `user@domain`. */
  readonly target: string;
  readonly owner: number;
}
export interface EnumNumber extends Row {
  readonly number: string;
  readonly tld: string;
  readonly owner: number;
  readonly mappings: readonly Row[];
}
export interface State {
  readonly customers: readonly Customer[];
  readonly domains: readonly Row[];
  readonly accounts: readonly Account[];
  readonly aliases: readonly Alias[];
  readonly mailboxes: readonly Row[];
  readonly ranges: readonly Row[];
  readonly numbers: readonly EnumNumber[];
  readonly peers: readonly Row[];
  readonly carriers: readonly Row[];
  readonly gateways: readonly Row[];
  readonly gatewayRules: readonly Row[];
  readonly routes: readonly Row[];
  readonly zones: readonly Row[];
  readonly records: readonly Row[];
  readonly fancyRecords: readonly Row[];
  readonly ratingProfiles: readonly Row[];
  readonly vouchers: readonly Row[];
}

export interface NgnproEvidence extends Evidence {
  readonly before: State;
  readonly after: State;
  readonly leftovers: Leftovers;
  /** Keys of what a person added or changed meanwhile. */
  readonly mended: ReadonlySet<string>;
}

export type NgnproHand = ReturnType<typeof openHand>;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (character) => ENTITIES[character]!);

function xmlOf(name: string, value: Value): string {
  if (Array.isArray(value)) return `<${name}>${value.map((one: Value) => xmlOf('item', one)).join('')}</${name}>`;
  if (typeof value !== 'object') return `<${name}>${escaped(String(value))}</${name}>`;
  const members = Object.entries(value as Args).map(([member, inner]) => xmlOf(member, inner));
  return `<${name}>${members.join('')}</${name}>`;
}

const HEADER = `<S:Header>${xmlOf('auth', { ...LOGIN, impersonate: 0, admin: true })}</S:Header>`;

/** A person's hand on the platform, past all proxies. */
export function openHand(url: string) {
  return {
    /** Gives the first id in the answer, 0 where there is none. */
    async call(port: Port, operation: string, args: Args): Promise<number> {
      const parts = Object.entries(args).map(([name, value]) => xmlOf(name, value));
      const body =
        `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/">${HEADER}<S:Body>` +
        `<p:${operation} xmlns:p="urn:AGProjects:NGNPro:${port}">${parts.join('')}</p:${operation}>` +
        '</S:Body></S:Envelope>';
      const answer = await fetch(`${url}/ngnpro`, {
        method: 'POST',
        headers: { 'content-type': 'text/xml', soapaction: '""' },
        body,
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${port}.${operation}: ${answer.status} ${text}`);
      return Number(/<id\b[^>]*>(\d+)</.exec(text)?.[1] ?? 0);
    },
  };
}
