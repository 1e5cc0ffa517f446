import type { Transaction } from '../../audit/credits.ts';
import type { Evidence } from '../../audit/evidence.ts';
import type { Row } from '../../audit/things.ts';
import type { Leftovers } from './left.ts';

/*
 * The platform as the auditor and the preparation see it: written over its SOAP services with envelopes of our own, read
 * as a whole, without a line of the adapter under test and without its SOAP library.
 */

export const LOGIN = { login: 'admin', password: 'admin' };
export const DOMAIN = 'sip.example.com';

type Scalar = string | number | boolean;
export interface Args {
  readonly [name: string]: Scalar | Args | readonly string[];
}

export interface Unreloaded {
  readonly kind: 'subscriber' | 'did' | 'huntGroup' | 'address';
  /** `username@domain`, or the id. */
  readonly key: string | number;
  readonly reload: string;
  readonly stored: Row | null;
  readonly live: Row | null;
}
export interface State {
  readonly subscribers: readonly Row[];
  readonly dids: readonly Row[];
  readonly whiteLists: readonly Row[];
  readonly addresses: readonly Row[];
  readonly userLocations: readonly Row[];
  readonly huntGroups: readonly Row[];
  readonly ratePlans: readonly Row[];
  readonly rates: readonly Row[];
  readonly resellers: readonly Row[];
  readonly dbAliases: readonly Row[];
  readonly accountGroups: readonly { readonly accountManager: string; readonly accounts: readonly string[] }[];
  readonly availableNumbers: Readonly<Record<string, readonly string[]>>;
  readonly creditTransactions: readonly Transaction[];
  readonly resellerCreditTransactions: readonly Transaction[];
  readonly unreloaded: readonly Unreloaded[];
}

export interface SippulseEvidence extends Evidence {
  readonly before: State;
  readonly after: State;
  readonly leftovers: Leftovers;
  /** Keys of what a person added meanwhile. */
  readonly mended: ReadonlySet<string>;
}

export type SippulseHand = ReturnType<typeof openHand>;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (character) => ENTITIES[character]!);

function xmlOf(args: Args): string {
  return Object.entries(args)
    .flatMap(([name, value]) => {
      const values = Array.isArray(value) ? (value as readonly string[]) : [value as Scalar | Args];
      return values.map((one) => `<${name}>${typeof one === 'object' ? xmlOf(one) : escaped(String(one))}</${name}>`);
    })
    .join('');
}

/** A person's hand on the platform, past all proxies and faults. */
export function openHand(url: string) {
  return {
    /** Gives the first id in the answer, 0 where there is none. */
    async call(service: string, operation: string, args: Args): Promise<number> {
      const body =
        '<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body>' +
        `<ser:${operation} xmlns:ser="http://service.ws.sippulse.voffice.com.br/">` +
        `${xmlOf({ ...args, principal: LOGIN })}</ser:${operation}></S:Body></S:Envelope>`;
      const answer = await fetch(`${url}/SipPulse/${service}`, {
        method: 'POST',
        headers: { 'content-type': 'text/xml', soapaction: '""' },
        body,
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${service}.${operation}: ${answer.status} ${text}`);
      return Number(/<(?:id|\w+Id)>(\d+)</.exec(text)?.[1] ?? 0);
    },
  };
}
