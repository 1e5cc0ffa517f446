import { timingSafeEqual } from 'node:crypto';
import type { SimulatedAnswer, SimulatedPlatform, SimulatedRequest } from '../harness/platform.ts';
import { ENVELOPE_LIMIT, operationOf } from './envelope.ts';
import { RequestFault, requestFaultAnswer, refusalOf, XML_HEADERS } from './fault.ts';
import { operationNamed } from './operations/index.ts';
import { settingsOf, type SippulseOptions } from './options.ts';
import { authenticate } from './principals.ts';
import { freshState } from './seed.ts';
import { createSoapService, type Run, type SoapService } from './server.ts';
import { readServices, type Service } from './services.ts';
import { snapshot } from './snapshot.ts';
import type { Fields } from './values.ts';

type Reading = { readonly xml: string; readonly operation: string } | RequestFault;

const decoder = new TextDecoder('utf-8', { fatal: true });

function read(body: Buffer): Reading {
  let xml: string;
  try {
    xml = decoder.decode(body);
  } catch {
    return new RequestFault('Invalid UTF-8');
  }
  try {
    return { xml, operation: operationOf(xml) };
  } catch (error) {
    if (error instanceof RequestFault) return error;
    throw error;
  }
}

function passes(basic: NonNullable<SippulseOptions['basicAuth']>, header: string | undefined): boolean {
  const wanted = Buffer.from(`Basic ${Buffer.from(`${basic.username}:${basic.password}`).toString('base64')}`);
  const given = Buffer.from(header ?? '');
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

const READS = /^(?:lis|retrieve|authenticate$|wsdl$)/;

/** CustomerWS is the customer's own: its operations take no principal. */
const takesPrincipal = ({ name }: Service): boolean => name !== 'CustomerWS';

/**
 * A stand-in for the SIPPulse (PCRT) web services: 15 SOAP services under `/SipPulse/<WS>`, each with `?wsdl`, with
 * their rules and traps (sippulse.md). What the page leaves open is decided the awkward way, or is an option.
 */
export function createSippulse(options: SippulseOptions = {}): SimulatedPlatform {
  const settings = settingsOf(options);
  const services = readServices(settings);
  const soapServices = new Map<string, Promise<SoapService>>();
  // A request is looked over once, though the harness asks for its operation before its answer.
  const readings = new WeakMap<SimulatedRequest, Reading>();
  let state = freshState();

  const run: Run = (service, operation, args) => {
    const work = operationNamed(service.name, operation);
    if (!work) throw new Error(`${service.name}.${operation} is not simulated`);
    const principal = takesPrincipal(service) ? authenticate(args['principal'] as Fields | undefined) : null;
    return work(args, { state, settings, principal }) ?? {};
  };

  const serviceOf = ({ path }: SimulatedRequest): Service | undefined =>
    services.get(path.endsWith('/') ? path.slice(0, -1) : path);

  function readingOf(request: SimulatedRequest): Reading {
    let reading = readings.get(request);
    if (!reading) {
      reading = read(request.body);
      readings.set(request, reading);
    }
    return reading;
  }

  function soapServiceOf(service: Service): Promise<SoapService> {
    let made = soapServices.get(service.path);
    if (!made) {
      made = createSoapService(service, run);
      soapServices.set(service.path, made);
    }
    return made;
  }

  async function call(service: Service, request: SimulatedRequest): Promise<SimulatedAnswer> {
    if (!/^text\/xml\b/i.test(request.headers['content-type'] ?? '')) return refusalOf(415);
    if (request.body.length > ENVELOPE_LIMIT) return refusalOf(413);
    const reading = readingOf(request);
    if (reading instanceof RequestFault) return requestFaultAnswer(reading);
    const { xml, operation } = reading;
    if (!service.operations.has(operation)) {
      return requestFaultAnswer(new RequestFault(`Cannot find dispatch method for ${operation}`));
    }
    const soapService = await soapServiceOf(service);
    return soapService.answer(xml);
  }

  function nameOf(request: SimulatedRequest): string | null {
    const service = serviceOf(request);
    if (!service) return null;
    if (request.method === 'GET') return request.query.toLowerCase() === 'wsdl' ? 'wsdl' : null;
    if (request.body.length > ENVELOPE_LIMIT) return null;
    const reading = readingOf(request);
    if (reading instanceof RequestFault) return null;
    return operationNamed(service.name, reading.operation) ? reading.operation : null;
  }

  return {
    /** Of any service's: also of one that this server is set to lack. */
    operation: nameOf,
    /** Every operation is a POST, and a refused `insertRates` may have inserted some. */
    changes(request, { status }) {
      const name = nameOf(request);
      return name !== null && !READS.test(name) && (status < 300 || name === 'insertRates');
    },
    async handle(request) {
      const { method, headers, query } = request;
      if (settings.basicAuth && !passes(settings.basicAuth, headers.authorization)) return refusalOf(401);
      const service = serviceOf(request);
      if (!service) return refusalOf(404);
      if (method === 'POST') return call(service, request);
      if (method !== 'GET') return refusalOf(405);
      return query.toLowerCase() === 'wsdl'
        ? { status: 200, headers: XML_HEADERS, body: service.wsdl }
        : refusalOf(404);
    },
    refusal: refusalOf,
    state: () => snapshot(state),
    reset: () => {
      state = freshState();
    },
  };
}
