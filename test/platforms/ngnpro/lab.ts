import { ngnpro } from '../../../src/platforms/ngnpro/index.ts';
import type { NgnproSettings } from '../../../src/platforms/ngnpro/settings.ts';
import type { NgnproClient } from '../../../src/platforms/ngnpro/types.ts';
import type { CallHooks, CallRecord, TargetSettings } from '../../../src/platforms/port.ts';
import { whenOver, type Answer, type Sent } from '../answering-server.ts';
import { settings } from './fixture.ts';

const NAMESPACES =
  'xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ' +
  'xmlns:SOAP-ENC="http://schemas.xmlsoap.org/soap/encoding/" xmlns:xsd="http://www.w3.org/2001/XMLSchema"';

export const envelope = (inside: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><e:Envelope ${NAMESPACES}><e:Body>${inside}</e:Body></e:Envelope>`;

/** @param inside the one part of the answer */
export const response = (operation: string, inside = ''): Answer => ({
  body: envelope(`<n:${operation}Response xmlns:n="urn:AGProjects:NGNPro:Sip">${inside}</n:${operation}Response>`),
});

/** ngnpro.md, "Faults". */
export const fault = (errorcode: number, words = 'whatever it says', status = 500): Answer => ({
  status,
  body: envelope(
    `<e:Fault><faultcode>e:Server</faultcode><faultstring>NGNPro error</faultstring><detail><exception>` +
      `<errorcode>${errorcode}</errorcode><errorstring>${words}</errorstring></exception></detail></e:Fault>`,
  ),
});

/** The server's own trouble: a fault without a code. */
export const breakdown: Answer = {
  status: 500,
  body: envelope('<e:Fault><faultcode>e:Server</faultcode><faultstring>Internal error</faultstring></e:Fault>'),
};

export const operationOf = ({ body }: Sent): string => /Body[^>]*>\s*<(?:\w+:)?(\w+)/.exec(body)?.[1] ?? '';

export interface Bound {
  readonly client: NgnproClient;
  readonly calls: CallRecord[];
}

/** A client as a step gets it. */
export function bound(
  url: string,
  more: Partial<TargetSettings<NgnproSettings>> = {},
  hooks: Partial<CallHooks> = {},
): Bound {
  const connection = ngnpro.connect(
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
