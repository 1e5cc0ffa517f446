import { Client, type IHttpClient, type WSDL } from 'soap';
import { TurnupError, withEvidence, type Exchanged } from '../../errors/index.ts';
import { parseRetryAfter, type HttpClient, type HttpResponse } from '../../http-client/index.ts';
import type { CallHooks } from '../port.ts';
import { isEnvelope, walkXml } from './xml.ts';

/** One call as it goes out. */
export interface SoapCall {
  /** As the journal names it. */
  readonly service: string;
  /** By the name the server has it under. */
  readonly operation: string;
  /** Where the service is, from the target's URL. */
  readonly path: string;
  /** As npm soap may write them: no `null` in them; `null` for a call without arguments, where the WSDL is an RPC one. */
  readonly args: { readonly [name: string]: unknown } | null;
  readonly write: boolean;
  readonly hooks: CallHooks;
}

/** A part of an answer as npm soap reads it. */
export type Tree = { readonly [name: string]: unknown } | null | undefined;

/** How the services of one platform are talked to. */
export interface SoapDialect {
  /** Sent with every call. */
  readonly headers: Readonly<Record<string, string>>;
  loadWsdl(service: string): Promise<WSDL>;
  /** What every call of a service carries besides its arguments. */
  prepare?(client: Client): void;
  /** Whether an answer with a fault in it shows that the service is there and understood the call. */
  isAnsweringFault(text: string): boolean;
  /** Values that a call sends and that must not be kept. */
  secretsOf(call: SoapCall): readonly string[];
  /** For an answer without a SOAP envelope; never of status 200. */
  refused(call: SoapCall, status: number, retryAfterMs: number | undefined): TurnupError;
  /** For a fault. */
  faulted(call: SoapCall, status: number, fault: NonNullable<Tree>): TurnupError;
}

export interface SoapCaller {
  /**
   * @returns what the service answers, as npm soap reads it
   * @throws TurnupError; what the dialect makes of faults and refusals, and those of the HTTP client
   */
  call(call: SoapCall): Promise<unknown>;
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
  /** Once there is an answer. */
  exchanged?: Exchanged;
}

/**
 * Builds requests and reads answers with npm `soap`, and sends them with the client that all platforms share, so that
 * rate, fences, time-outs and TLS are the common ones. For one set of credentials: npm soap keeps headers per client.
 */
export function createSoapCaller(http: HttpClient, dialect: SoapDialect): SoapCaller {
  const clients = new Map<string, Promise<Client>>();

  const transport: IHttpClient = {
    async request(_url, data: string, done, exheaders, exoptions) {
      const sending = (exoptions as unknown as SendOptions)[CALL];
      let response: Awaited<ReturnType<typeof send>>;
      try {
        response = await send(sending, data, exheaders ?? {});
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

  async function send(sending: Sending, body: string, exheaders: object) {
    const { call } = sending;
    const response = await http.request({
      method: 'POST',
      path: call.path,
      headers: { ...(exheaders as Record<string, string>), ...dialect.headers },
      body,
      write: call.write,
      hooks: call.hooks,
      as: { method: call.operation, object: call.service },
      outcomeOf: (answer) => outcomeOf(answer, dialect),
    });
    const { status, text, headers } = response;
    sending.exchanged = { method: call.operation, object: call.service, body, status, headers, text };
    // Whatever comes with 500 and is no fault is no answer to the call either.
    const isAnswer = status === 200 || (status === 500 && hasFault(text));
    if (!isAnswer || !isEnvelope(text)) {
      if (status === 200) throw unreadable(call, 'the answer is no SOAP envelope; the URL of the target may be wrong');
      throw dialect.refused(call, status, parseRetryAfter(headers['retry-after']));
    }
    const fault = walkXml(text);
    if (fault !== null) throw unreadable(call, fault);
    return { status, headers, data: text };
  }

  function withAnswer(thrown: unknown, { call, exchanged }: Sending): unknown {
    if (!(thrown instanceof Error) || !exchanged) return thrown;
    return withEvidence(thrown, exchanged, dialect.secretsOf(call));
  }

  function clientOf({ service, path }: SoapCall): Promise<Client> {
    const key = `${service} ${path}`;
    let client = clients.get(key);
    if (!client) {
      client = dialect.loadWsdl(service).then((wsdl) => {
        // The address in a live WSDL may be the server's inner one; the request is sent to the target's URL anyway.
        const made = new Client(wsdl, path, { httpClient: transport });
        dialect.prepare?.(made);
        return made;
      });
      clients.set(key, client);
    }
    return client;
  }

  return {
    async call(call) {
      const client = await clientOf(call);
      const method = (client as unknown as Record<string, SoapMethod | undefined>)[`${call.operation}Async`];
      if (!method) {
        throw new TurnupError('TURNUP_TARGET_UNEXPECTED', { detail: `${call.service} has no ${call.operation}` });
      }
      const sending: Sending = { call };
      let answer: unknown;
      try {
        [answer] = await method.call(client, call.args, { [CALL]: sending } satisfies SendOptions);
      } catch (error) {
        throw withAnswer(sending.failure ?? translated(call, error, dialect), sending);
      } finally {
        forget(client);
      }
      if (answer === undefined) throw withAnswer(unreadable(call, 'the answer is not one to this call'), sending);
      return answer;
    },
  };
}

type SoapMethod = (args: unknown, options: SendOptions) => Promise<[unknown]>;

const hasFault = (text: string): boolean => isEnvelope(text) && /<(?:[\w.-]+:)?Fault[\s>]/.test(text.slice(0, 4000));

function outcomeOf({ status, text }: HttpResponse, dialect: SoapDialect): 'ok' | 'refused' | 'failed' {
  const isFault = hasFault(text);
  if (status === 200 && !isFault) return 'ok';
  if (isFault) return dialect.isAnsweringFault(text) ? 'refused' : 'failed';
  return status < 500 ? 'refused' : 'failed';
}

/** What cannot be read may be the answer to work that was done. */
function unreadable(call: SoapCall, why: string): TurnupError {
  const detail = `${call.service}.${call.operation}: ${why}`;
  return new TurnupError(call.write ? 'TURNUP_OUTCOME_UNKNOWN' : 'TURNUP_TARGET_UNEXPECTED', { detail });
}

/** npm soap's own errors carry request and answer, passwords included: nothing of them goes on but the fault. */
function translated(call: SoapCall, error: unknown, dialect: SoapDialect): TurnupError {
  if (error instanceof TurnupError) return error;
  const { root, response } = (error ?? {}) as { root?: unknown; response?: { status?: unknown } };
  const envelope = (root as Tree)?.['Envelope'] as Tree;
  const fault = (envelope?.['Body'] as Tree)?.['Fault'] as Tree;
  if (!fault) return unreadable(call, 'the answer cannot be read');
  return dialect.faulted(call, Number(response?.status ?? 500), fault);
}

/** npm soap keeps the last request and answer; they hold passwords. */
function forget(client: Client): void {
  client.lastRequest = undefined;
  for (const member of ['lastMessage', 'lastResponse', 'lastRequestHeaders'] as const) {
    (client as unknown as Record<string, unknown>)[member] = undefined;
  }
}
