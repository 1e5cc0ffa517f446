import { z } from 'zod';
import type { Config } from '../config/index.ts';
import { CATALOGUE, TurnupError, type ErrorCode, type Fault } from '../errors/index.ts';
import { usage } from './report.ts';

/** Options every command has that talks to the API. */
export interface ApiOptions {
  url?: string;
  token?: string;
  config?: string;
  json?: boolean;
}

export interface ApiRequest {
  method: 'GET' | 'POST' | 'PATCH';
  /** From the root of the API, with the query. */
  path: string;
  /** Sent as it is. */
  body?: string;
  contentType?: string;
  headers?: Readonly<Record<string, string>>;
}

export interface ApiClient {
  /**
   * The answer's body.
   * @throws TurnupError the problem the API answered with; `TURNUP_API_UNREACHABLE` when there was no answer
   */
  call<T>(request: ApiRequest): Promise<T>;
}

const TIMEOUT_MS = 30_000;

const problemSchema = z.looseObject({
  code: z.string(),
  title: z.string().optional(),
  detail: z.string().optional(),
  errors: z.array(z.looseObject({ path: z.string(), message: z.string() })).default([]),
});

function isKnown(code: string): code is ErrorCode {
  return Object.hasOwn(CATALOGUE, code);
}

/** The problem details of an answer as the error they came from. */
function problemOf(status: number, text: string): TurnupError {
  let body: unknown = null;
  try {
    body = JSON.parse(text);
  } catch {
    // Not an answer of Turnup: a proxy's page, say.
  }
  const problem = problemSchema.safeParse(body);
  if (!problem.success) {
    return new TurnupError('TURNUP_API_UNREACHABLE', { detail: `status ${status}, and not an answer of Turnup` });
  }
  const { code, title, detail, errors } = problem.data;
  const faults: Fault[] = errors.map(({ path, message }) => ({ path: path === '' ? [] : [path], message }));
  if (isKnown(code)) return new TurnupError(code, { ...(detail !== undefined && { detail }), faults });
  const told = [code, title, detail].filter(Boolean).join(': ');
  return new TurnupError('TURNUP_INTERNAL', { detail: told, faults });
}

function createApiClient({ url, token }: { url: string; token: string }): ApiClient {
  const base = url.replace(/\/+$/, '');
  return {
    async call<T>(request: ApiRequest): Promise<T> {
      let answer: { ok: boolean; status: number; text: string };
      try {
        const response = await fetch(`${base}${request.path}`, {
          method: request.method,
          headers: {
            authorization: `Bearer ${token}`,
            accept: 'application/json, application/problem+json',
            ...(request.body !== undefined && { 'content-type': request.contentType ?? 'application/json' }),
            ...request.headers,
          },
          ...(request.body !== undefined && { body: request.body }),
          // The token is for this address only.
          redirect: 'error',
          signal: AbortSignal.timeout(TIMEOUT_MS),
        });
        answer = { ok: response.ok, status: response.status, text: await response.text() };
      } catch (error) {
        const cause = error instanceof Error ? (error.cause ?? error) : error;
        const { code, message } = cause as NodeJS.ErrnoException;
        throw new TurnupError('TURNUP_API_UNREACHABLE', { detail: `${base} (${code ?? message})`, cause: error });
      }
      if (!answer.ok) throw problemOf(answer.status, answer.text);
      try {
        return JSON.parse(answer.text) as T;
      } catch {
        throw new TurnupError('TURNUP_API_UNREACHABLE', { detail: `${base} answers, but not as Turnup does` });
      }
    },
  };
}

/** Where an API that listens as configured is reached from this machine. */
function localUrl({ http: { host, port } }: Config): string {
  if (host === '0.0.0.0' || host === '::') return `http://127.0.0.1:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function operatorToken({ operators, file }: Config): string {
  const [first] = operators;
  if (!first) throw usage(`no token: ${file} has no operators; give --token or TURNUP_TOKEN`);
  if (first.token === null)
    throw usage(`no token: operator ${first.name} of ${file} has none; give --token or TURNUP_TOKEN`);
  return first.token;
}

/**
 * The API that the options, the environment or the configuration name; the configuration is read only if needed.
 * @throws TurnupError `TURNUP_USAGE` when there is no token, `TURNUP_CONFIG_INVALID`
 */
export async function openApi(options: ApiOptions, env: NodeJS.ProcessEnv = process.env): Promise<ApiClient> {
  const url = options.url ?? (env['TURNUP_URL'] || null);
  const token = options.token ?? (env['TURNUP_TOKEN'] || null);
  if (url !== null && !/^https?:\/\//i.test(url))
    throw usage(`"${url}" is no URL that starts with http:// or https://`);
  if (url !== null && token !== null) return createApiClient({ url, token });
  // Loaded only here: with it come all platforms, which a command that knows where to go can do without.
  const { loadConfig } = await import('../config/index.ts');
  const config = await loadConfig(options.config === undefined ? { env } : { path: options.config, env });
  return createApiClient({ url: url ?? localUrl(config), token: token ?? operatorToken(config) });
}

/** Path of an order, whatever the id holds. */
export function orderPath(id: string, ...more: readonly string[]): string {
  return `/v1/orders/${[id, ...more].map(encodeURIComponent).join('/')}`;
}
