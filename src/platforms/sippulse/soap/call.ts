import type { TurnupError } from '../../../errors/index.ts';
import type { HttpClient } from '../../../http-client/index.ts';
import type { CallHooks } from '../../port.ts';
import { createSoapCaller, type SoapCall, type SoapDialect, type Tree } from '../../soap/call.ts';
import { secretsIn } from '../../quotable.ts';
import { CLIENT_FAULT, FAULT } from '../answers.ts';
import { SECRET_NAMES, SippulseFault, SippulseRefusal, type AnsweredCall } from '../fault.ts';
import type { Args, Reply } from '../types.ts';
import { stripEmpty, withoutAttributes } from './clean.ts';
import { loadWsdl, type ServiceName } from './wsdl.ts';

export interface ServiceCall {
  readonly service: ServiceName;
  /** By the name the server has it under. */
  readonly operation: string;
  /** The last part of the service's address. */
  readonly path: string;
  readonly args: Args;
  readonly write: boolean;
  readonly hooks: CallHooks;
}

export interface ServiceCaller {
  /** @throws TurnupError; `SippulseFault` for a fault, `SippulseRefusal` for any other answer that is no success */
  call(call: ServiceCall): Promise<Reply>;
}

export function createServiceCaller(http: HttpClient, headers: Readonly<Record<string, string>>): ServiceCaller {
  const soap = createSoapCaller(http, { ...DIALECT, headers });
  return {
    async call(call) {
      const answer = await soap.call({ ...call, path: `/${call.path}`, args: stripEmpty(call.args) as Args });
      return withoutAttributes(answer) as Reply;
    },
  };
}

/** A fault of the service, or of our call, is an answer: the service is there and understood. */
const ANSWERING_FAULT = /WSException|<faultcode>[^<]*Client/;

const DIALECT: Omit<SoapDialect, 'headers'> = {
  loadWsdl: (service) => loadWsdl(service),
  isAnsweringFault: (text) => ANSWERING_FAULT.test(text),
  secretsOf: ({ args }) => secretsIn(args, SECRET_NAMES),
  refused: (call, status, retryAfterMs) => new SippulseRefusal(answered(call), { status, text: '' }, retryAfterMs),
  faulted,
};

function answered(call: SoapCall): AnsweredCall {
  const { service, operation, write, hooks } = call;
  return { service, operation, write, step: hooks.step, secrets: DIALECT.secretsOf(call) };
}

/** A service's own fault has a `WSException` (sippulse.md, "Wire facts"). */
function faulted(call: SoapCall, status: number, fault: NonNullable<Tree>): TurnupError {
  const code = textOf(fault['faultcode']).split(':').at(-1)?.split('.')[0];
  const platformCode = code === CLIENT_FAULT ? CLIENT_FAULT : FAULT;
  const exception = (fault['detail'] as Tree)?.['WSException'];
  const text = textOf((exception as Tree)?.['faultMessage']) || textOf(fault['faultstring']);
  if (exception !== undefined) return new SippulseFault(answered(call), { status, platformCode, text });
  // The runtime's own: it says nothing of what the call is about, least of all that something is not there.
  const isOurs = platformCode === CLIENT_FAULT;
  return new SippulseRefusal(answered(call), { status: Math.max(status, 500), text, ...(isOurs && { platformCode }) });
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
