import { digitsOf, type Evidence } from '../../audit/evidence.ts';
import type { Leftovers } from './left.ts';

/*
 * The platform as the auditor and the preparation see it: read and written over its own HTTP, without a line of the
 * adapter under test.
 */

export interface Contact {
  readonly id: number;
  readonly email: string | null;
  readonly firstname: string | null;
  readonly lastname: string | null;
  readonly company: string | null;
  readonly gpp0: string | null;
}
export interface Customer {
  readonly id: number;
  readonly status: string;
  readonly contact_id: number;
  readonly external_id: string | null;
  readonly billing_profile_id: number;
}
export interface Digits {
  readonly cc: number | string;
  readonly ac: string;
  readonly sn: string;
}
export interface Subscriber {
  readonly id: number;
  readonly customer_id: number;
  readonly username: string;
  readonly domain: string;
  readonly external_id: string | null;
  readonly webusername: string | null;
  readonly status: string;
  readonly lock: string | null;
  readonly password: string;
  readonly primary_number: Digits | null;
  readonly alias_numbers: readonly Digits[];
}
export interface Forward {
  readonly destinations?: readonly { readonly destination: string; readonly timeout?: number | undefined }[];
  readonly times?: readonly object[];
  readonly ringtimeout?: number;
}
export type Forwards = Readonly<Record<string, Forward | null>>;
export type Preferences = { readonly id: number } & Readonly<Record<string, unknown>>;
export interface Voicebox {
  readonly id: number;
  readonly pin: string;
  readonly email: string;
}
export interface State {
  readonly customercontacts: readonly Contact[];
  readonly customers: readonly Customer[];
  readonly subscribers: readonly Subscriber[];
  /** In the order of `subscribers`; the items name no subscriber. */
  readonly callforwards: readonly Forwards[];
  readonly subscriberpreferences: readonly Preferences[];
  readonly voicemailsettings: readonly Voicebox[];
  readonly numbers: readonly (Digits & { readonly subscriber_id: number })[];
}

export interface SipwiseEvidence extends Evidence {
  readonly before: State;
  readonly after: State;
  readonly leftovers: Leftovers;
}

export function numbersOf(subscriber: Subscriber): string[] {
  const { primary_number: primary, alias_numbers: aliases } = subscriber;
  return [...(primary ? [primary] : []), ...aliases].map(digitsOf);
}

export type SipwiseHand = Awaited<ReturnType<typeof openHand>>;

export const LOGIN = { username: 'administrator', password: 'administrator' };

/** A person's hand on the platform, past all proxies and faults. */
export async function openHand(url: string) {
  const login = await fetch(`${url}/login_jwt`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(LOGIN),
  });
  const authorization = `Bearer ${((await login.json()) as { jwt: string }).jwt}`;

  async function send(method: string, path: string, body?: unknown): Promise<number> {
    const type = method === 'PATCH' ? 'application/json-patch+json' : 'application/json';
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { authorization, accept: 'application/json', ...(body !== undefined && { 'content-type': type }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return Number(/\/(\d+)\/?$/.exec(answer.headers.get('location') ?? '')?.[1] ?? 0);
  }

  return {
    create: (collection: string, body: object) => send('POST', `/api/${collection}/`, body),
    put: (path: string, body: object) => send('PUT', path, body),
    patch: (path: string, operations: readonly object[]) => send('PATCH', path, operations),
  };
}
