import type { TurnupError } from '../../../errors/index.ts';
import type { HttpClient } from '../../../http-client/index.ts';
import type { CallHooks, TargetSettings } from '../../port.ts';
import { createSoapCaller, type SoapCall, type SoapDialect, type Tree } from '../../soap/call.ts';
import { secretsIn } from '../../quotable.ts';
import { NO_CODE } from '../answers.ts';
import { NgnproFault, NgnproRefusal, SECRET_NAMES, type AnsweredCall } from '../fault.ts';
import type { NgnproSettings } from '../settings.ts';
import type { Args, Plain } from '../types.ts';
import { contractOf } from './contract.ts';
import { decodeAnswer } from './decode.ts';
import { encodeArgs } from './encode.ts';
import { loadWsdl, PORTS, type PortName } from './ports.ts';

export interface PortCall {
  readonly port: PortName;
  readonly operation: string;
  readonly path: string;
  readonly args: Args;
  readonly write: boolean;
  readonly hooks: CallHooks;
}

export interface PortCaller {
  /** @throws TurnupError; `NgnproFault` for a fault with a code, `NgnproRefusal` for any other answer that is no success */
  call(call: PortCall): Promise<Plain>;
}

/** Not written by npm soap by itself (ngnpro.md, "npm soap" 4). */
const BODY_ATTRIBUTES =
  'xmlns:SOAP-ENC="http://schemas.xmlsoap.org/soap/encoding/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" ' +
  'soap:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"';

const TYPES = { prefix: 'ngnpro', namespace: 'urn:AGProjects:NGNPro' };
const PRESENCE_PREFIX = 'ssp';

/** For one address and one set of credentials. */
export function createPortCaller(
  http: HttpClient,
  { auth, native }: Pick<TargetSettings<NgnproSettings>, 'auth' | 'native'>,
): PortCaller {
  const header = authHeader(auth, native);
  const secretsOf = ({ args }: SoapCall): string[] => [auth.password, ...secretsIn(args, SECRET_NAMES)];
  const answered = (call: SoapCall): AnsweredCall => {
    const { service, operation, write, hooks } = call;
    return { port: service, operation, write, step: hooks.step, secrets: secretsOf(call) };
  };

  const dialect = (hasLogin: boolean): SoapDialect => ({
    headers: {},
    loadWsdl: (service) => loadWsdl(service),
    prepare(client) {
      client.addBodyAttribute(BODY_ATTRIBUTES);
      if (!hasLogin) return;
      if (native.qualifiedAuth) client.addSoapHeader(header, '', TYPES.prefix, TYPES.namespace);
      else client.addSoapHeader(header);
    },
    isAnsweringFault: (text) => /<(?:[\w.-]+:)?errorcode[\s>]/.test(text),
    secretsOf,
    refused: (call, status, retryAfterMs) => new NgnproRefusal(answered(call), { status, text: '' }, retryAfterMs),
    faulted: (call, status, fault) => faulted(answered(call), status, fault),
  });
  const withLogin = createSoapCaller(http, dialect(true));
  const withoutLogin = createSoapCaller(http, dialect(false));

  return {
    async call({ port, operation, args, ...call }) {
      const contract = contractOf(port);
      const { parts, answer } = contract.operation(operation);
      const { hasLogin } = PORTS[port];
      const prefix = hasLogin ? TYPES.prefix : PRESENCE_PREFIX;
      const encoded = encodeArgs(contract, parts, args, { prefix, xsiTypes: native.xsiTypes });
      const caller = hasLogin ? withLogin : withoutLogin;
      const reply = await caller.call({ ...call, service: port, operation, args: encoded });
      return decodeAnswer(contract, answer, reply);
    },
  };
}

/** ngnpro.md, "Auth header". The vendor's client always says whether the login is an administrator's. */
function authHeader(auth: TargetSettings['auth'], { login }: NgnproSettings): { auth: Args } {
  const { username, password, impersonate } = auth;
  return {
    auth: {
      username,
      password,
      admin: login === 'administrator',
      ...(impersonate !== undefined && { impersonate }),
    },
  };
}

/** ngnpro.md, "Faults": by the code. A fault without one is the server's own trouble. */
function faulted(call: AnsweredCall, status: number, fault: NonNullable<Tree>): TurnupError {
  const exception = memberOf(fault['detail'], 'exception');
  const errorcode = textOf(memberOf(exception, 'errorcode'));
  const text = textOf(memberOf(exception, 'errorstring')) || textOf(fault['faultstring']);
  if (!/^\d{1,9}$/.test(errorcode)) {
    return new NgnproRefusal(call, { status: Math.max(status, 500), text, platformCode: NO_CODE });
  }
  return new NgnproFault(call, Number(errorcode), text);
}

function memberOf(tree: unknown, name: string): unknown {
  return typeof tree === 'object' && tree !== null ? (tree as Args)[name] : undefined;
}

/** With a type the server makes npm soap keep the value apart. */
function textOf(value: unknown): string {
  const inner = memberOf(value, '$value') ?? value;
  return typeof inner === 'string' || typeof inner === 'number' ? String(inner).trim() : '';
}
