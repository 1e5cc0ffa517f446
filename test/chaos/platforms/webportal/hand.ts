import { setTimeout as sleep } from 'node:timers/promises';
import type { Evidence } from '../../audit/evidence.ts';
import type { Row } from '../../audit/things.ts';
import type { Dialect, Values } from './dialect.ts';
import type { Leftovers } from './left.ts';

/* The platform as the auditor and the preparation see it: calls of our own, and what the stand-in shows of itself. */

export const LOGIN = { username: 'portal', password: 'portal-password' };
export const DOMAIN = 'sip.example.com';
/** Of subscribers that name none. */
export const MAIN_OFFICE = 'Sede centrale';

/** A company, office or user. `parent`: of an office its company, of a user its office. */
export interface Thing {
  readonly id: string;
  readonly parent: string | null;
  readonly document: Row;
  readonly status: string;
}
export interface User extends Thing {
  readonly numbers: readonly string[];
  readonly services: Row;
  readonly callForwards: Row;
  readonly voicemail: Row;
}
export interface State {
  readonly companies: readonly Thing[];
  readonly offices: readonly Thing[];
  readonly users: readonly User[];
  /** Rented ones. */
  readonly lines: readonly { readonly id: string; readonly number: string; readonly document: Row }[];
  /** Antifraud limits by number. */
  readonly limits: Readonly<Record<string, Row>>;
  readonly portedOut: readonly string[];
}

export interface PortalEvidence extends Evidence {
  readonly before: State;
  readonly after: State;
  readonly leftovers: Leftovers;
  readonly dialect: Dialect;
  /** Customers for whom a person made a company meanwhile. */
  readonly mended: ReadonlySet<string>;
}

export type Group = 'services' | 'callForwards' | 'voicemail';

export interface PortalHand {
  makeCompany(values: Values): Promise<void>;
  makeOffice(companyId: string, values: Values): Promise<void>;
  makeUser(companyId: string, officeId: string, values: Values): Promise<void>;
  set(userId: string, what: Group, values: Values): Promise<void>;
  /** Rented; of a company where the portal has a place for it. */
  makeLine(values: Values): Promise<void>;
  setLimits(number: string, values: Values): Promise<void>;
}

type Send = (method: string, path: string, body: object) => Promise<void>;

type Headers = Readonly<Record<string, string>>;

async function sent(url: string, method: string, path: string, body: string | null, headers: Headers): Promise<Row> {
  const answer = await fetch(`${url}${path}`, { method, headers, body });
  const text = await answer.text();
  const document = (text === '' ? {} : JSON.parse(text)) as Row;
  const isGood = answer.ok && ['OK', undefined].includes(document['outcome'] as string | undefined);
  if (!isGood) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return document;
}

const JSON_TYPE = { 'content-type': 'application/json' };

/** Logs in for each call: logins end with the stand-in. */
const withStatus =
  (url: string): Send =>
  async (method, path, body) => {
    const basic = Buffer.from(`${LOGIN.username}:${LOGIN.password}`).toString('base64');
    const form = { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' };
    const login = await sent(url, 'POST', '/portal/v1/token', 'grant_type=client_credentials', form);
    const authorization = `Bearer ${String(login['access_token'])}`;
    await sent(url, method, `/portal/v1${path}`, JSON.stringify(body), { ...JSON_TYPE, authorization });
  };

const withOutcome =
  (url: string): Send =>
  async (method, path, body) => {
    const login = { user: LOGIN.username, password: LOGIN.password };
    const { data } = await sent(url, 'POST', '/api/session', JSON.stringify(login), JSON_TYPE);
    const headers = { ...JSON_TYPE, 'x-session': (data as { session: string }).session };
    const answer = await sent(url, method, `/api${path}`, JSON.stringify(body), headers);
    const { ticket } = (answer['data'] ?? {}) as { ticket?: string };
    for (let state: unknown = ticket && 'WAITING'; state === 'WAITING';) {
      await sleep(10);
      ({ state } = await sent(url, 'GET', `/api/tickets/${ticket}`, null, headers));
    }
  };

/** A person's hand on the platform, past all proxies and faults. Waits for what is queued. */
export function openHand(url: string, dialect: Dialect): PortalHand {
  const { document } = dialect;
  if (dialect.variant === 'status') {
    const send = withStatus(url);
    const menus = {
      services: ['PATCH', 'services'],
      callForwards: ['PUT', 'forwards'],
      voicemail: ['PATCH', 'mailbox'],
    } as const;
    return {
      makeCompany: (values) => send('POST', '/companies', document('company', values)),
      makeOffice: (id, values) => send('POST', `/companies/${id}/offices`, document('office', values)),
      makeUser: (companyId, officeId, values) =>
        send('POST', `/offices/${officeId}/users`, document('user', { ...values, companyId, officeId })),
      set(id, what, values) {
        const [method, menu] = menus[what];
        return send(method, `/users/${id}/${menu}`, document(what, values));
      },
      makeLine: (values) => send('POST', '/lines', document('wlr', values)),
      setLimits: (number, values) => send('PATCH', `/numbers/${number.slice(1)}/limits`, document('antifraud', values)),
    };
  }
  const send = withOutcome(url);
  const insert = (menu: string, body: object) => send('POST', menu, { action: 'INSERT', ...body });
  const menus = { services: '/services', callForwards: '/forwards', voicemail: '/mailbox' } as const;
  return {
    makeCompany: (values) => insert('/companies', document('company', values)),
    makeOffice: (companyId, values) => insert('/offices', document('office', { ...values, companyId })),
    makeUser: (companyId, officeId, values) => insert('/users', document('user', { ...values, companyId, officeId })),
    set: (user, what, values) => send('POST', menus[what], { action: 'WRITE', user, ...document(what, values) }),
    makeLine: (values) => insert('/lines', document('wlr', values)),
    setLimits: (number, values) =>
      send('POST', '/limits', { action: 'WRITE', number: number.slice(3), ...document('antifraud', values) }),
  };
}
