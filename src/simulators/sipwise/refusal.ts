import type { SimulatedAnswer } from '../harness/platform.ts';

export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;
export interface JsonObject {
  [member: string]: JsonValue;
}

/** Thrown by a handler to answer with an error; nothing may have been written before (one bad thing spoils all). */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
  }
}

/** A 422 (sipwise-ngcp.md §4). */
export const invalid = (message: string): Refusal => new Refusal(422, message);

/** An uncaught failure of the server is masked (§4). */
export const masked = (): Refusal => new Refusal(500, 'Internal Server Error');

export const notFound = (entity: string): Refusal => new Refusal(404, `Entity '${entity}' not found.`);
export const pathNotFound = (): Refusal => new Refusal(404, 'Path not found');

/** The role may not use this resource, or the token is bad: the same text (§1). */
export const invalidUser = (): Refusal => new Refusal(403, 'Invalid user');

const NON_ASCII = /[^\p{ASCII}]/u;

/**
 * The JSON body of an error. Its Content-Length counts characters, not bytes, so every character beyond ASCII costs
 * bytes at the end: one takes the newline, from two on the closing brace is gone (§4).
 */
export function errorBody(status: number, message: string): Buffer | string {
  const text = `${JSON.stringify({ code: status, message })}\n`;
  if (!NON_ASCII.test(text)) return text;
  return Buffer.from(text, 'utf8').subarray(0, Array.from(text).length);
}

const HTML = 'text/html; charset=utf-8';

function html(status: number, title: string): SimulatedAnswer {
  return {
    status,
    headers: { 'content-type': HTML },
    body: `<html>\n<head><title>${status} ${title}</title></head>\n<body><h1>${status} ${title}</h1></body>\n</html>\n`,
  };
}

const FRONT_SERVER: Record<number, string> = {
  413: 'Request Entity Too Large',
  429: 'Too Many Requests',
  502: 'Bad Gateway',
  504: 'Gateway Time-out',
};

/**
 * The server's own form of an answer with this status: an empty 503 (database away), a plain 401, HTML where it comes
 * from the front server, `{code, message}` otherwise (§4).
 */
export function refusalOf(status: number): SimulatedAnswer {
  const title = FRONT_SERVER[status];
  if (title !== undefined) return html(status, title);
  if (status === 503) return { status, headers: { 'content-type': '' }, body: '' };
  if (status === 401) return unauthorized('text/plain; charset=UTF-8');
  if (status === 403) return jsonError(status, 'Invalid user');
  return jsonError(status, status === 500 ? 'Internal Server Error' : `Refused with ${status}`);
}

export function jsonError(status: number, message: string): SimulatedAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: errorBody(status, message) };
}

export function unauthorized(contentType: string): SimulatedAnswer {
  return {
    status: 401,
    headers: { 'content-type': contentType, 'www-authenticate': 'Basic realm="api_admin_http"' },
    body: 'Authorization required.',
  };
}

/** A collection asked for without its final slash (§1). */
export function redirectTo(location: string): SimulatedAnswer {
  return {
    status: 301,
    headers: { 'content-type': HTML, location },
    body: `<html><head><title>Moved</title></head><body><p>This item has moved <a href="${location}">here</a>.</p></body></html>\n`,
  };
}

/** A broken login is answered by the framework's own page (§1). */
export function errorPage(): SimulatedAnswer {
  return html(500, 'Internal Server Error');
}
