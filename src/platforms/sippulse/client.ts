import { readFileSync } from 'node:fs';
import { TurnupError } from '../../errors/index.ts';
import { createHttpClient, type HttpClient } from '../../http-client/index.ts';
import type { CallHooks, Connection, TargetSettings } from '../port.ts';
import { isFault } from './fault.ts';
import { createLogin, type Login } from './login.ts';
import { createOnceCache, type OnceCache } from '../once-cache.ts';
import type { SippulseSettings } from './settings.ts';
import { createServiceCaller, type ServiceCaller } from './soap/call.ts';
import { fetchLiveService, type LiveService } from './soap/live-wsdl.ts';
import { hasSecondName, liveNameOf, namesOf } from './soap/names.ts';
import { readSurface, type Surface } from '../soap/surface.ts';
import { SERVICES, wsdlPath, type ServiceName } from './soap/wsdl.ts';
import type { Args, Reply, SippulseClient, SubscriberDefaults } from './types.ts';

/** No list of these services is near this. */
const MAX_RESPONSE_BYTES = 4 * 1024 * 1024;

/** How long profiles, rate plans and domains that were read are taken to be there. */
const REFERENCES_TTL_MS = 60_000;

/** How long the server's own description of a service is taken for true. */
const WSDL_TTL_MS = 600_000;

export function connect(settings: TargetSettings<SippulseSettings>): Connection<SippulseClient> {
  const http = createHttpClient(
    { ...settings, url: servicesUrl(settings.url) },
    { maxResponseBytes: MAX_RESPONSE_BYTES },
  );
  const { native, auth } = settings;
  const headers = basicHeaders(native.basicAuth);
  const shared: Shared = {
    http,
    headers,
    soap: createServiceCaller(http, headers),
    principal: { login: auth.username, password: auth.password },
    live: createOnceCache<LiveService | null>(WSDL_TTL_MS),
    references: createOnceCache<unknown>(REFERENCES_TTL_MS),
    login: createLogin(),
    defaults: defaultsOf(native),
  };
  return { bind: (hooks) => bindClient(shared, hooks), close: () => http.close() };
}

/** The services always lie beneath `/SipPulse` (sippulse.md, "Wire facts"); a URL that names no path means that. */
function servicesUrl(configured: string): string {
  const url = new URL(configured);
  if (url.pathname === '/') url.pathname = '/SipPulse';
  return url.href;
}

interface Shared {
  readonly http: HttpClient;
  readonly headers: Readonly<Record<string, string>>;
  readonly soap: ServiceCaller;
  readonly principal: { readonly login: string; readonly password: string };
  readonly live: OnceCache<LiveService | null>;
  readonly references: OnceCache<unknown>;
  readonly login: Login;
  readonly defaults: SubscriberDefaults;
}

/** Without the secrets of the settings: steps are given these. */
export function defaultsOf(native: SippulseSettings): SubscriberDefaults {
  const { profile, ratePlanId = null, countryCode, areaCode, callLimit, rings, cps, keepAlive, numberFormat } = native;
  return { profile, ratePlanId, countryCode, areaCode, callLimit, rings, cps, keepAlive, numberFormat };
}

function basicHeaders(basic: SippulseSettings['basicAuth']): Record<string, string> {
  if (!basic) return {};
  return { authorization: `Basic ${Buffer.from(`${basic.username}:${basic.password}`).toString('base64')}` };
}

function bindClient(shared: Shared, hooks: CallHooks): SippulseClient {
  const liveService = (service: ServiceName): Promise<LiveService | null> =>
    shared.live.get(service, () => fetchLiveService(shared.http, shared.headers, service, hooks));

  /**
   * The name and path under which the server has an operation: the live one first, the page's second. Asked of the
   * server only where there are two; one that shows no WSDL is taken to be like those that were seen.
   */
  async function addressOf(service: ServiceName, operation: string): Promise<{ path: string; name: string }> {
    if (!hasSecondName(service, operation)) return { path: service, name: operation };
    const live = await liveService(service);
    const name = live && namesOf(operation).find((known) => live.surface.operations.has(known));
    return { path: live?.path ?? service, name: name ?? operation };
  }

  async function send(serviceName: string, operation: string, args: Args, write: boolean): Promise<Reply> {
    const service = serviceOf(serviceName);
    const { path, name } = await addressOf(service, liveNameOf(operation) ?? operation);
    const hasPrincipal = service !== 'CustomerWS';
    const all = hasPrincipal ? { ...args, principal: shared.principal } : args;
    try {
      const reply = await shared.soap.call({ service, operation: name, path, args: all, write, hooks });
      if (hasPrincipal) shared.login.proven(operation);
      return reply;
    } catch (error) {
      if (hasPrincipal && isFault(error)) throw await shared.login.judge(error, args, ask);
      throw error;
    }
  }

  async function ask(service: ServiceName, operation: string, args: Args): Promise<void> {
    const all = { ...args, principal: shared.principal };
    await shared.soap.call({ service, operation, path: service, args: all, write: false, hooks });
  }

  return {
    read: (service, operation, args) => send(service, operation, args, false),
    write: (service, operation, args) => send(service, operation, args, true),
    async offers(service, operation) {
      const live = await liveService(serviceOf(service));
      const name = liveNameOf(operation) ?? operation;
      return live === null || namesOf(name).some((known) => live.surface.operations.has(known));
    },
    liveSurface: async (service) => (await liveService(serviceOf(service)))?.surface ?? null,
    defaults: shared.defaults,
    references: shared.references,
  };
}

function serviceOf(name: string): ServiceName {
  const service = SERVICES.find((known) => known === name);
  if (!service) throw new TurnupError('TURNUP_TARGET_UNEXPECTED', { detail: `there is no service ${name}` });
  return service;
}

const NOTHING: Surface = { operations: new Set(), ports: new Map(), messages: new Map(), types: new Map() };
const ownSurfaces = new Map<ServiceName, Surface>();

/** Operations and types of our own WSDL of a service. */
export function ownSurface(service: ServiceName): Surface {
  let surface = ownSurfaces.get(service);
  if (!surface) {
    surface = readSurface(readFileSync(wsdlPath(service), 'utf8')) ?? NOTHING;
    ownSurfaces.set(service, surface);
  }
  return surface;
}
