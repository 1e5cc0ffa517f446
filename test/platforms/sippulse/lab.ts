import type { CallHooks, CallRecord, TargetSettings } from '../../../src/platforms/port.ts';
import { sippulse } from '../../../src/platforms/sippulse/index.ts';
import type { SippulseSettings } from '../../../src/platforms/sippulse/settings.ts';
import type { SippulseClient } from '../../../src/platforms/sippulse/types.ts';
import { whenOver, type Answer, type Sent } from '../answering-server.ts';
import { settings } from './fixture.ts';

export { createFrontOf, createServerOf, forwarded, type Answer, type Sent } from '../answering-server.ts';

const NAMESPACE = 'http://service.ws.sippulse.voffice.com.br/';

export const envelope = (inside: string): string =>
  `<?xml version='1.0' encoding='UTF-8'?><S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body>${inside}</S:Body></S:Envelope>`;

export const response = (operation: string, inside = ''): Answer => ({
  body: envelope(`<ns2:${operation}Response xmlns:ns2="${NAMESPACE}">${inside}</ns2:${operation}Response>`),
});

/** As JAX-WS writes a fault of these services (sippulse.md, "Wire facts"). */
export const fault = (text: string, code = 'S:Server', status = 500): Answer => ({
  status,
  body: envelope(
    `<S:Fault xmlns:ns4="http://www.w3.org/2003/05/soap-envelope"><faultcode>${code}</faultcode><faultstring>${text}</faultstring>` +
      `<detail><ns2:WSException xmlns:ns2="${NAMESPACE}"><faultMessage>${text}</faultMessage></ns2:WSException></detail></S:Fault>`,
  ),
});

export const operationOf = ({ body }: Sent): string => /Body>\s*<(?:\w+:)?(\w+)/.exec(body)?.[1] ?? '';

/** The fault of a runtime that broke down: it has no `WSException`. */
export const breakdown: Answer = {
  status: 500,
  body: envelope('<S:Fault><faultcode>S:Server</faultcode><faultstring>Internal error</faultstring></S:Fault>'),
};

export interface Bound {
  readonly client: SippulseClient;
  readonly calls: CallRecord[];
}

/** A client as a step gets it. */
export function bound(url: string, more: Partial<TargetSettings<SippulseSettings>> = {}, hooks = {}): Bound {
  const connection = sippulse.connect(
    { ...settings(url), ...more },
    {
      get: async () => null,
      forget: async () => {},
    },
  );
  whenOver(() => connection.close());
  const calls: CallRecord[] = [];
  const all: CallHooks = {
    signal: new AbortController().signal,
    beforeCall: async () => {},
    afterCall: (call) => calls.push(call),
    ...hooks,
  };
  return { client: connection.bind(all), calls };
}
