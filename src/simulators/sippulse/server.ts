import { Server, WSDL } from 'soap';
import type { SimulatedAnswer } from '../harness/platform.ts';
import { RequestFault, requestFaultAnswer, ServiceFault, soapFault, XML_HEADERS } from './fault.ts';
import type { Service } from './services.ts';
import { marshal, unmarshal, type Arguments } from './values.ts';
import { typesOf } from './wsdl-text.ts';

export type Run = (service: Service, operation: string, args: Arguments) => object;

type Outcome = 'none' | 'answered' | { readonly fault: RequestFault } | { readonly error: unknown };

export interface SoapService {
  /** One request whose operation this service has. */
  answer(xml: string): Promise<SimulatedAnswer>;
}

/**
 * npm `soap`'s server for one service, fed in process, so that the harness's own HTTP server keeps its fault plan, its
 * call log and TLS.
 */
export async function createSoapService(service: Service, run: Run): Promise<SoapService> {
  const types = typesOf(service.wsdl);
  // A request is worked on in one go, so one place for what its handler left behind is enough.
  const last: { outcome: Outcome } = { outcome: 'none' };

  function takeOutcome(): Outcome {
    const { outcome } = last;
    last.outcome = 'none';
    return outcome;
  }

  const handler =
    (operation: string) =>
    (raw: unknown): object => {
      try {
        const reply = run(service, operation, unmarshal(types, operation, raw));
        const marshalled = marshal(types, `${operation}Response`, reply);
        last.outcome = 'answered';
        return marshalled;
      } catch (error) {
        if (error instanceof ServiceFault) {
          last.outcome = 'answered';
          // The form npm `soap` wants a fault in.
          throw soapFault(error.message);
        }
        last.outcome = error instanceof RequestFault ? { fault: error } : { error };
        return {};
      }
    };

  const methods = Object.fromEntries([...service.operations].map((operation) => [operation, handler(operation)]));
  const wsdl = new WSDL(service.wsdl, '', { handleNilAsNull: true });
  // Not among the options `listen` hands on, and without it strings are trimmed, which JAXB does not do.
  wsdl.options.preserveWhitespace = true;
  const server = await new Promise<Server>((resolve, reject) => {
    const made = new Server(null, service.path, { SipPulse: { [`${service.name}Port`]: methods } }, wsdl, {
      path: service.path,
      services: {},
      envelopeKey: 'S',
      suppressStack: true,
      callback: (error: Error | null) => {
        if (error) reject(error);
        else resolve(made);
      },
    });
  });

  return {
    async answer(xml) {
      const working = server.processRequest(xml);
      const outcome = takeOutcome();
      const { statusCode, body } = await working;
      if (outcome === 'none') return requestFaultAnswer(new RequestFault('XML reader error'));
      if (outcome !== 'answered') {
        if ('fault' in outcome) return requestFaultAnswer(outcome.fault);
        throw outcome.error;
      }
      return { status: statusCode, headers: XML_HEADERS, body };
    },
  };
}
