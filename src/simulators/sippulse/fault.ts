import type { SimulatedAnswer } from '../harness/platform.ts';
import { statusPage } from '../harness/status-page.ts';

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

/**
 * An answer that does no work: the pages of the HTTP server and what stands in front of it are HTML; a 500 is the SOAP
 * runtime's own fault, which has no `WSException`.
 */
export function refusalOf(status: number): SimulatedAnswer {
  if (status === 500) return runtimeFault('S:Server', 'Internal server error');
  return statusPage(status, 'SipPulse');
}
