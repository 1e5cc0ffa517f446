import type { SimulatedAnswer } from '../harness/platform.ts';

/** A `WSException` of a service: HTTP 500, a text, no code (sippulse.md, "Wire facts"). */
export class ServiceFault extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ServiceFault';
  }
}

/** What the SOAP runtime itself says of a request that reaches no service: `S:Client`, no `WSException`. */
export class RequestFault extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'RequestFault';
  }
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const escape = (text: string): string => text.replaceAll(/[&<>]/g, (character) => ESCAPES[character] ?? character);

export const XML_HEADERS = { 'content-type': 'text/xml;charset=utf-8' };

function runtimeFault(code: 'S:Client' | 'S:Server', text: string): SimulatedAnswer {
  return {
    status: 500,
    headers: XML_HEADERS,
    body:
      '<?xml version="1.0" encoding="utf-8"?><S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body>' +
      `<S:Fault><faultcode>${code}</faultcode><faultstring>${escape(text)}</faultstring></S:Fault>` +
      '</S:Body></S:Envelope>',
  };
}

export const requestFaultAnswer = (fault: RequestFault): SimulatedAnswer => runtimeFault('S:Client', fault.message);

/** The object npm `soap`'s server answers as a `WSException`. */
export function soapFault(message: string): object {
  return {
    Fault: {
      faultcode: 'S:Server',
      faultstring: message,
      detail: { 'tns:WSException': { faultMessage: message } },
      statusCode: 500,
    },
  };
}

const PAGES: Readonly<Record<number, string>> = {
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
 * An answer that does no work: the pages of the HTTP server and what stands in front of it are HTML; a 500 is the SOAP
 * runtime's own fault, which has no `WSException`.
 */
export function refusalOf(status: number): SimulatedAnswer {
  if (status === 500) return runtimeFault('S:Server', 'Internal server error');
  const title = PAGES[status] ?? 'Error';
  return {
    status,
    headers: {
      'content-type': 'text/html;charset=utf-8',
      ...(status === 401 && { 'www-authenticate': 'Basic realm="SipPulse"' }),
    },
    body: `<!DOCTYPE html><html><head><title>${status} ${title}</title></head><body><h1>${status} ${title}</h1></body></html>`,
  };
}
