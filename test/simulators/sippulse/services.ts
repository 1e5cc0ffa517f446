import { fileURLToPath } from 'node:url';
import { createClientAsync, type Client } from 'soap';
import { startSimulator, type Simulator, type SippulseOptions } from '../../../src/simulators/index.ts';
import { exchange, type WireAnswer } from '../wire.ts';

const PRINCIPAL = { login: 'admin', password: 'admin' };
export const ALICE = { username: 'alice', domain: 'sip.example.com' };
export const ACCOUNT = 'alice@sip.example.com';

export type Reply = Record<string, unknown> | null;
type Row = Record<string, unknown>;

export interface State {
  readonly [collection: string]: readonly Row[];
}

export interface Services {
  readonly simulator: Simulator;
  /** Through npm `soap`'s client; `principal` is added. Rejects with the text of a fault. */
  call(service: string, operation: string, args?: object, principal?: object): Promise<Reply>;
  /** An envelope written by hand: what stands in its body. */
  raw(service: string, body: string, headers?: Record<string, string>): Promise<WireAnswer>;
  state(): State;
  /** Keys of everything that waits for a reload: `subscriber alice@sip.example.com`. */
  unreloaded(): string[];
  close(): Promise<void>;
}

const SERVICES_NS = 'http://service.ws.sippulse.voffice.com.br/';

export const wsdlFile = (service: string): string =>
  fileURLToPath(new URL(`../../../src/platforms/sippulse/wsdl/${service}.wsdl`, import.meta.url));

export const envelope = (body: string): string =>
  '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" ' +
  `xmlns:ser="${SERVICES_NS}"><soapenv:Header/><soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`;

const SOAP_HEADERS = { 'Content-Type': 'text/xml;charset=UTF-8', SOAPAction: '""' };

interface FaultBody {
  readonly faultstring: string;
  readonly detail?: { readonly WSException?: { readonly faultMessage?: string } };
}

function faultOf(error: unknown): Error {
  const fault = (error as { root?: { Envelope: { Body: { Fault: FaultBody } } } }).root?.Envelope.Body.Fault;
  return fault
    ? new Error(fault.detail?.WSException?.faultMessage ?? `runtime: ${fault.faultstring}`)
    : (error as Error);
}

export async function startServices(options?: SippulseOptions): Promise<Services> {
  const simulator = await startSimulator({ platform: 'sippulse', ...(options && { sippulse: options }) });
  const clients = new Map<string, Promise<Client>>();
  const clientOf = (service: string): Promise<Client> => {
    let made = clients.get(service);
    if (!made) {
      made = createClientAsync(wsdlFile(service), {}, `${simulator.url}/SipPulse/${service}`);
      clients.set(service, made);
    }
    return made;
  };
  const state = (): State => simulator.state() as State;
  return {
    simulator,
    async call(service, operation, args = {}, principal = PRINCIPAL) {
      const client = await clientOf(service);
      const method = client[`${operation}Async`] as (args: object) => Promise<[Reply]>;
      try {
        const [reply] = await method({ ...args, ...(service !== 'CustomerWS' && { principal }) });
        return reply;
      } catch (error) {
        throw faultOf(error);
      }
    },
    raw: (service, body, headers = SOAP_HEADERS) =>
      exchange(simulator.url, { method: 'POST', path: `/SipPulse/${service}`, headers, body: envelope(body) }),
    state,
    unreloaded: () => state()['unreloaded']!.map(({ kind, key }) => `${String(kind)} ${String(key)}`),
    close: () => simulator.close(),
  };
}

export const PRINCIPAL_XML = '<principal><login>admin</login><password>admin</password></principal>';

/** What the page marks R on insert, every schema-required member sent. */
export const subscriber = (changes: object = {}): object => ({
  ...ALICE,
  password: 's3cret-sip',
  passwordPortal: 's3cret-web',
  profile: 'default',
  ratePlanId: 21,
  emailAddress: 'alice@example.com',
  countryCode: 55,
  areaCode: 11,
  callLimit: 2,
  rings: 30,
  voicemail: true,
  voiceMailPassword: 4711,
  resellerId: 0,
  resellerBillingType: 0,
  resellerMarkup: 0,
  callsOnlyByIp: false,
  addServiceHeader: false,
  activeIncomingCalls: true,
  activeOutgoingCalls: true,
  blockAnonymousCalls: false,
  blockEntry0303: false,
  validateSource0303: false,
  lowCreditNotification: false,
  lowCreditLimit: 0,
  softphoneAllowed: true,
  copyPassertedRpid: false,
  contractNumber: 'C-77',
  phone: 551_130_258_080,
  ...changes,
});

export const insertAlice = (services: Services, changes: object = {}): Promise<Reply> =>
  services.call('SubscriberWS', 'insertSubscriber', { subscriber: subscriber(changes) });

/** The row of Alice as stored. */
export const aliceOf = (services: Services): Row => {
  const row = services.state()['subscribers']!.find(({ username }) => username === 'alice');
  if (!row) throw new Error('There is no Alice');
  return row;
};
