import type { RunningApi } from '../../src/api/start.ts';
import { PASSWORDS } from '../api/harness.ts';

export type OperatorName = keyof typeof PASSWORDS;

/** A browser as far as cookies and the headers of our own pages go. */
export interface Visitor {
  cookie: string;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  send(
    method: string,
    path: string,
    body?: URLSearchParams | object,
    headers?: Record<string, string>,
  ): Promise<Response>;
}

export function createVisitor(api: RunningApi): Visitor {
  const visitor: Visitor = {
    cookie: '',
    async get(path, headers = {}) {
      const response = await fetch(api.url + path, {
        redirect: 'manual',
        headers: { accept: 'text/html', cookie: visitor.cookie, ...headers },
      });
      keep(response);
      return response;
    },
    async send(method, path, body, headers = {}) {
      const form = body instanceof URLSearchParams;
      const response = await fetch(api.url + path, {
        method,
        redirect: 'manual',
        headers: {
          accept: form ? 'text/html' : 'application/json',
          cookie: visitor.cookie,
          origin: api.url,
          'sec-fetch-site': 'same-origin',
          ...(body && !form && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body && { body: form ? body : JSON.stringify(body) }),
      });
      keep(response);
      return response;
    },
  };
  function keep(response: Response): void {
    for (const line of response.headers.getSetCookie()) visitor.cookie = line.split(';', 1)[0]!;
  }
  return visitor;
}

/** The form token of a page. */
export async function formToken(response: Response): Promise<string> {
  return /name="csrf" value="([^"]+)"/.exec(await response.text())?.[1] ?? '';
}

export async function tryLogin(visitor: Visitor, name: string, password: string, next = '/board'): Promise<Response> {
  const csrf = await formToken(await visitor.get('/board/login'));
  return visitor.send('POST', '/board/login', new URLSearchParams({ csrf, next, name, password }));
}

export async function logIn(api: RunningApi, name: OperatorName): Promise<Visitor> {
  const visitor = createVisitor(api);
  const response = await tryLogin(visitor, name, PASSWORDS[name]);
  if (response.status !== 303) throw new Error(`login of ${name} was answered ${response.status}`);
  return visitor;
}
