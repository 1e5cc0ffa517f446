import { afterAll, beforeAll, expect } from 'vitest';
import { startSimulator, type Simulator } from '../../../src/simulators/index.ts';
import { exchange, type WireAnswer } from '../wire.ts';

export interface Reply extends WireAnswer {
  /** Parsed when it is JSON, else null. */
  readonly json: Record<string, unknown> | null;
  /** Of `error bodies`. */
  readonly message: unknown;
  /** From Location; NaN without. */
  readonly id: number;
}

export interface Api {
  send(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Reply>;
  get(path: string): Promise<Reply>;
  post(path: string, body: unknown): Promise<Reply>;
  put(path: string, body: unknown): Promise<Reply>;
  patch(path: string, ops: unknown): Promise<Reply>;
  del(path: string): Promise<Reply>;
  /** The items of a list. */
  list(path: string): Promise<Record<string, unknown>[]>;
}

function parse(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
}

/** Speaks to the stand-in as one of its logins; a body that is a string goes as it stands. */
function apiOf(base: () => string, login = 'administrator'): Api {
  const authorization = `Basic ${Buffer.from(`${login}:${login}`).toString('base64')}`;
  async function send(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Reply> {
    const type = method === 'PATCH' ? 'application/json-patch+json' : 'application/json';
    const answer = await exchange(base(), {
      method,
      path,
      headers: {
        Accept: 'application/json',
        Authorization: authorization,
        ...(body !== undefined && { 'Content-Type': type }),
        ...headers,
      },
      body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
    });
    const json = parse(answer.text);
    return { ...answer, json, message: json?.['message'], id: Number(answer.headers.location?.split('/').pop()) };
  }
  return {
    send,
    get: (path) => send('GET', path),
    post: (path, body) => send('POST', path, body),
    put: (path, body) => send('PUT', path, body),
    patch: (path, ops) => send('PATCH', path, ops),
    del: (path) => send('DELETE', path),
    async list(path) {
      const { json } = await send('GET', path);
      const embedded = (json?.['_embedded'] ?? {}) as Record<string, Record<string, unknown>[]>;
      return Object.values(embedded)[0] ?? [];
    },
  };
}

export interface Fixture {
  readonly simulator: () => Simulator;
  readonly admin: Api;
  readonly reseller: Api;
  readonly readonly: Api;
  /** May write, and not see passwords. */
  readonly clerk: Api;
  /** Makes a contact and a customer; members of the customer may be overridden. @returns the customer's id */
  customer(name: string, more?: Record<string, unknown>): Promise<number>;
  /** Makes a subscriber of that customer. @returns its id */
  subscriber(customerId: number, username: string, more?: Record<string, unknown>): Promise<number>;
}

/** A stand-in for the tests of one file. */
export function useSipwise(): Fixture {
  let simulator: Simulator;
  const errors: unknown[] = [];
  beforeAll(async () => {
    simulator = await startSimulator({ platform: 'sipwise', onError: (error) => errors.push(error) });
  });
  afterAll(async () => {
    await simulator.close();
    // A fault of the stand-in looks like the platform's own 500.
    expect(errors).toEqual([]);
  });
  const url = (): string => simulator.url;
  const admin = apiOf(url);
  return {
    simulator: () => simulator,
    admin,
    reseller: apiOf(url, 'reseller'),
    readonly: apiOf(url, 'readonly'),
    clerk: apiOf(url, 'clerk'),
    async customer(name, more) {
      const contact = await admin.post('/api/customercontacts/', { email: `${name}@example.org`, reseller_id: 1 });
      const customer = await admin.post('/api/customers/', {
        status: 'active',
        type: 'sipaccount',
        contact_id: contact.id,
        billing_profile_id: 1,
        external_id: name,
        ...more,
      });
      if (customer.status !== 201) throw new Error(customer.text);
      return customer.id;
    },
    async subscriber(customerId, username, more) {
      const reply = await admin.post('/api/subscribers/', subscriberBody(customerId, username, more));
      if (reply.status !== 201) throw new Error(reply.text);
      return reply.id;
    },
  };
}

export function subscriberBody(
  customerId: number,
  username: string,
  more?: Record<string, unknown>,
): Record<string, unknown> {
  return { customer_id: customerId, domain: 'sip.example.com', username, password: 'Zx9-kq!vB72mm', ...more };
}
