import { Client, type IHttpClient } from 'soap';
import { TurnupError } from '../../../errors/index.ts';
import { parseRetryAfter, type HttpClient, type HttpResponse } from '../../../http-client/index.ts';
import type { CallHooks } from '../../port.ts';
import { CLIENT_FAULT, FAULT } from '../answers.ts';
import { SippulseFault, SippulseRefusal, secretsIn, type AnsweredCall } from '../fault.ts';
import type { Reply } from '../types.ts';
import { stripEmpty, withoutAttributes } from './clean.ts';
import { loadWsdl, type ServiceName } from './wsdl.ts';
import { isEnvelope, walkXml } from './xml.ts';

/** One call as it goes out. */
export interface SoapCall {
  readonly service: ServiceName;
  /** By the name the server has it under. */
  readonly operation: string;
  /** The last part of the service's address. */
  readonly path: string;
  readonly args: { readonly [name: string]: unknown };
  readonly write: boolean;
  readonly hooks: CallHooks;
}

export interface SoapCaller {
  /** @throws TurnupError; `SippulseFault` for a fault, `SippulseRefusal` for any other answer that is no success */
  call(call: SoapCall): Promise<Reply>;
}

/** How a call's own things come through npm soap to where its request is sent. */
const CALL = Symbol('call');

interface SendOptions {
  readonly [CALL]: Sending;
}

interface Sending {
  readonly call: SoapCall;
  /** What went wrong before there was an answer to read, as it was thrown: npm soap may wrap it. */
  failure?: unknown;
}

/**
 * Builds requests and reads answers with npm `soap`, and sends them with the client that all platforms share, so that
 * rate, fences, time-outs and TLS are the common ones.
 */
export function createSoapCaller(http: HttpClient, headers: Readonly<Record<string, string>>): SoapCaller {
  const clients = new Map<string, Promise<Client>>();

  const transport: IHttpClient = {
    async request(_url, data: string, done, exheaders, exoptions) {
      const sending = (exoptions as unknown as SendOptions)[CALL];
      let response: Awaited<ReturnType<typeof send>>;
      try {
        response = await send(sending.call, data, exheaders ?? {});
      } catch (error) {
        sending.failure = error;
        done(error);
        return undefined as never;
      }
      try {
        done(null, response, response.data);
      } catch (error) {
        // Also what npm soap throws while it reads the answer, which nobody else would hear of.
        done(error);
      }
      return undefined as never;
    },
  };

  async function send(call: SoapCall, body: string, exheaders: object) {
    const response = await http.request({
      method: 'POST',
      path: `/${call.path}`,
      headers: { ...(exheaders as Record<string, string>), ...headers },
      body,
      write: call.write,
      hooks: call.hooks,
      as: { method: call.operation, object: call.service },
      outcomeOf,
    });
    const { status, text } = response;
    const isAnswer = status === 200 || status === 500;
    if (!isAnswer || !isEnvelope(text)) throw refusalOf(call, response);
    const fault = walkXml(text);
    if (fault !== null) throw unreadable(call, fault);
    return { status, headers: response.headers, data: text };
  }

  function clientOf(service: ServiceName, path: string): Promise<Client> {
    let client = clients.get(path);
    if (!client) {
      // The address in a live WSDL may be the server's inner one; the request is sent to the target's URL anyway.
      client = loadWsdl(service).then((wsdl) => new Client(wsdl, `/${path}`, { httpClient: transport }));
      clients.set(path, client);
    }
    return client;
  }

  return {
    async call(call) {
      const client = await clientOf(call.service, call.path);
      const method = (client as unknown as Record<string, SoapMethod | undefined>)[`${call.operation}Async`];
      if (!method) {
        throw new TurnupError('TURNUP_TARGET_UNEXPECTED', { detail: `${call.service} has no ${call.operation}` });
      }
      const sending: Sending = { call };
      let answer: unknown;
      try {
        [answer] = await method.call(client, stripEmpty(call.args), { [CALL]: sending } satisfies SendOptions);
      } catch (error) {
        throw sending.failure ?? translated(call, error);
      } finally {
        forget(client);
      }
      if (answer === undefined) throw unreadable(call, 'the answer is not one to this call');
      return withoutAttributes(answer) as Reply;
    },
  };
}

type SoapMethod = (args: unknown, options: SendOptions) => Promise<[unknown]>;

/** A fault of the service, or of our call, is an answer: the service is there and understood. */
const ANSWERING_FAULT = /WSException|<faultcode>[^<]*Client/;

function outcomeOf({ status, text }: HttpResponse): 'ok' | 'refused' | 'failed' {
  if (status === 200) return 'ok';
  if (status < 500) return 'refused';
  return isEnvelope(text) && ANSWERING_FAULT.test(text) ? 'refused' : 'failed';
}

function answered({ service, operation, write, hooks, args }: SoapCall): AnsweredCall {
  return { service, operation, write, step: hooks.step, secrets: secretsIn(args) };
}

function refusalOf(call: SoapCall, { status, headers }: HttpResponse): TurnupError {
  if (status === 200) return unreadable(call, 'the answer is no SOAP envelope; the URL of the target may be wrong');
  return new SippulseRefusal(answered(call), { status, text: '' }, parseRetryAfter(headers['retry-after']));
}

/** What cannot be read may be the answer to work that was done. */
function unreadable(call: SoapCall, why: string): TurnupError {
  const detail = `${call.service}.${call.operation}: ${why}`;
  return new TurnupError(call.write ? 'TURNUP_OUTCOME_UNKNOWN' : 'TURNUP_TARGET_UNEXPECTED', { detail });
}

/** npm soap's own errors carry request and answer, passwords included: nothing of them goes on but the fault. */
function translated(call: SoapCall, error: unknown): TurnupError {
  if (error instanceof TurnupError) return error;
  const { root, response } = (error ?? {}) as { root?: unknown; response?: { status?: unknown } };
  const fault = faultIn(root);
  if (!fault) return unreadable(call, 'the answer cannot be read');
  const status = Number(response?.status ?? 500);
  const { isOfService, platformCode, text } = fault;
  if (isOfService) return new SippulseFault(answered(call), { status, platformCode, text });
  // The runtime's own: it says nothing of what the call is about, least of all that something is not there.
  const isOurs = platformCode === CLIENT_FAULT;
  return new SippulseRefusal(answered(call), { status: Math.max(status, 500), text, ...(isOurs && { platformCode }) });
}

type Tree = { readonly [name: string]: unknown } | null | undefined;

/** A service's own fault has a `WSException` (sippulse.md, "Wire facts"). */
function faultIn(root: unknown): { isOfService: boolean; platformCode: string; text: string } | null {
  const envelope = (root as Tree)?.['Envelope'] as Tree;
  const fault = (envelope?.['Body'] as Tree)?.['Fault'] as Tree;
  if (!fault) return null;
  const code = textOf(fault['faultcode']).split(':').at(-1)?.split('.')[0];
  const detail = (fault['detail'] ?? {}) as NonNullable<Tree>;
  const isOfService = detail['WSException'] !== undefined;
  const text = textOf((detail['WSException'] as Tree)?.['faultMessage']) || textOf(fault['faultstring']);
  return { isOfService, platformCode: code === CLIENT_FAULT ? CLIENT_FAULT : FAULT, text };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** npm soap keeps the last request and answer; they hold passwords. */
function forget(client: Client): void {
  client.lastRequest = undefined;
  for (const member of ['lastMessage', 'lastResponse', 'lastRequestHeaders'] as const) {
    (client as unknown as Record<string, unknown>)[member] = undefined;
  }
}
