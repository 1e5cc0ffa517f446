import type { SimulatedAnswer } from './platform.ts';

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Request Entity Too Large',
  415: 'Unsupported Media Type',
  429: 'Too Many Requests',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/**
 * What a web server, or one in front of it, answers by itself: a page of HTML.
 * @param realm of the login that a 401 asks for
 */
export function statusPage(status: number, realm: string): SimulatedAnswer {
  const title = `${status} ${TITLES[status] ?? 'Error'}`;
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      ...(status === 401 && { 'www-authenticate': `Basic realm="${realm}"` }),
    },
    body: `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`,
  };
}
