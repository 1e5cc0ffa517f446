import type { SimulatedAnswer, SimulatedPlatform, SimulatedRequest } from '../harness/platform.ts';
import { authenticate, type Actor } from './actor.ts';
import { ENVELOPE_LIMIT, readEnvelope, type Reading } from './envelope.ts';
import { faultAnswer, NgnproFault, RequestFault, refusalOf, requestFaultAnswer, XML_HEADERS } from './fault.ts';
import { createWriter, responseEnvelope, type Writer } from './marshal.ts';
import { operationNamed } from './operations/index.ts';
import { settingsOf, type NgnproOptions } from './options.ts';
import { readPorts, type Port } from './ports.ts';
import { publishedWsdl } from './published-wsdl.ts';
import { freshState } from './seed.ts';
import { snapshot } from './snapshot.ts';
import { unmarshal } from './unmarshal.ts';

/** Where the endpoints of the page are (ngnpro.md, "Endpoints"): the root is that of the plain and SIP Thor ones. */
const MAIN_PATHS = ['', '/ngnpro'];
const WSDL_PATH = '/ngnpro/wsdl';
const VOICEMAIL_PATH = '/ngnpro/voicemail';
const UNRESTRICTED: Actor = { administrator: true, customer: null };

const pathOf = ({ path }: SimulatedRequest): string => (path.endsWith('/') ? path.slice(0, -1) : path);

/**
 * A stand-in for the SOAP service of AG Projects NGNPro: its eight ports with 108 operations on one path, with their
 * rules and traps (ngnpro.md). What the page leaves open is decided the awkward way, or is an option.
 */
export function createNgnpro(options: NgnproOptions = {}): SimulatedPlatform {
  const settings = settingsOf(options);
  const ports = readPorts();
  const writers = new Map<Port, Writer>([...ports.values()].map((port) => [port, createWriter(port, settings)]));
  // A request is read once, though the harness asks for its operation before its answer.
  const readings = new WeakMap<SimulatedRequest, Reading | RequestFault>();
  let state = freshState();

  function portsAt(path: string): ReadonlyMap<string, Port> | null {
    const only = (wanted: (port: Port) => boolean): ReadonlyMap<string, Port> =>
      new Map([...ports].filter(([, port]) => wanted(port)));
    if (path === VOICEMAIL_PATH) return only(({ name }) => name === 'Voicemail');
    if (!MAIN_PATHS.includes(path)) return null;
    return settings.voicemail === 'both' ? ports : only(({ name }) => name !== 'Voicemail');
  }

  function read(request: SimulatedRequest, at: ReadonlyMap<string, Port>): Reading | RequestFault {
    try {
      return readEnvelope(request.body, at, settings);
    } catch (error) {
      if (error instanceof RequestFault) return error;
      throw error;
    }
  }

  function readingOf(request: SimulatedRequest, at: ReadonlyMap<string, Port>): Reading | RequestFault {
    let reading = readings.get(request);
    if (!reading) {
      reading = read(request, at);
      readings.set(request, reading);
    }
    return reading;
  }

  function work({ port, operation, shape, wrapper, auth }: Reading, at: number): string {
    const actor = port.name === 'Presence' ? UNRESTRICTED : authenticate(auth, state);
    const run = operationNamed(port.name, operation);
    if (!run) throw new Error(`${port.name}.${operation} is not simulated`);
    const reply = run(unmarshal(port.types, shape.parts, wrapper), { state, settings, actor, at });
    if (shape.reply === null) return responseEnvelope(port, operation, '');
    if (reply === undefined) throw new Error(`${port.name}.${operation} answers nothing`);
    const part = writers.get(port)?.write(settings.replyPart, shape.reply, reply) ?? '';
    return responseEnvelope(port, operation, part);
  }

  function call(request: SimulatedRequest, at: ReadonlyMap<string, Port>): SimulatedAnswer {
    if (!/^text\/xml\b/i.test(request.headers['content-type'] ?? '')) return refusalOf(415);
    if (request.body.length > ENVELOPE_LIMIT) return refusalOf(413);
    const reading = readingOf(request, at);
    if (reading instanceof RequestFault) return requestFaultAnswer(reading);
    try {
      return { status: 200, headers: XML_HEADERS, body: work(reading, request.at) };
    } catch (error) {
      if (error instanceof RequestFault) return requestFaultAnswer(error);
      if (error instanceof NgnproFault) return faultAnswer(error, settings.codes, settings.types === 'everywhere');
      throw error;
    }
  }

  function wsdl({ origin }: SimulatedRequest): SimulatedAnswer {
    const published = [...ports.values()].filter(({ name }) => name !== 'Presence');
    return { status: 200, headers: XML_HEADERS, body: publishedWsdl(published, settings.without, origin) };
  }

  function nameOf(request: SimulatedRequest): string | null {
    if (request.method === 'GET' && pathOf(request) === WSDL_PATH) return 'wsdl';
    const at = portsAt(pathOf(request));
    if (!at || request.method !== 'POST' || request.body.length > ENVELOPE_LIMIT) return null;
    const reading = readingOf(request, at);
    return reading instanceof RequestFault ? null : `${reading.port.name}.${reading.operation}`;
  }

  return {
    /** `Sip.addAccount`: three ports have an `addAccount`. */
    operation: nameOf,
    /** Every operation is a POST, and what was refused has changed nothing. */
    changes(request, { status }) {
      const name = nameOf(request);
      return status < 300 && name !== null && !/^wsdl$|\.get/.test(name);
    },
    handle(request) {
      if (request.method === 'GET' && pathOf(request) === WSDL_PATH) return wsdl(request);
      const at = portsAt(pathOf(request));
      if (!at) return refusalOf(404);
      return request.method === 'POST' ? call(request, at) : refusalOf(405);
    },
    refusal: refusalOf,
    state: () => snapshot(state),
    reset: () => {
      state = freshState();
    },
  };
}
